/** When the steps of a recording took effect. kubectl needs a while to get to the server; what it changed says how long. */
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import type { KubectlStep, Recording, Step, WatchedChange } from "./recording.ts";

/** A watching client may receive a change after the command that made it has ended. */
const slackMs = 50;

const writing = /^(apply|create|replace|set|scale|delete|label|annotate|patch|edit|expose|autoscale|run)$/;
const writingRollouts = /^(undo|pause|resume|restart)$/;

const writes = ({ argv: [, verb = "", second = ""] }: KubectlStep): boolean =>
  writing.test(verb) || (verb === "rollout" && writingRollouts.test(second));

const uses = (text: object | undefined): string => JSON.stringify(text ?? {});

const own = (annotations: object | undefined): string =>
  uses(
    Object.fromEntries(
      Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("deployment.kubernetes.io/")),
    ),
  );

const isOwned = ({ metadata }: KubeObject): boolean => (metadata.ownerReferences ?? []).length > 0;

/** Whether a person may have made this change; controllers write status, and generations of what they own. */
const isPersonal = ({ type, object }: WatchedChange, before: KubeObject | undefined): boolean => {
  if (object.kind === "Event" || object.kind === "Endpoints" || object.kind === "EndpointSlice") return false;
  if (type === "DELETED") return before?.metadata.deletionTimestamp === undefined;
  if (!before) return !isOwned(object);
  const [is, was] = [object.metadata, before.metadata];
  return (
    is.generation !== was.generation ||
    (is.deletionTimestamp !== undefined && was.deletionTimestamp === undefined) ||
    uses(is.labels) !== uses(was.labels) ||
    own(is.annotations) !== own(was.annotations)
  );
};

/** Objects with an owner are changed by controllers too, so that a person's command must mean them. */
const isMeant = (object: KubeObject, step: Step): boolean => {
  const { name } = object.metadata;
  if (step.kind === "kubelet") return object.kind === "Pod" && step.pods.includes(name);
  if (step.kind !== "kubectl") return false;
  if (!isOwned(object)) return true;
  const [, , ...words] = step.argv;
  const named = words.some((word) => word === name || word.endsWith(`/${name}`));
  const kinds = object.kind === "Pod" ? /^(po|pods?)$/ : /^(rs|replicasets?)$/;
  return named || (words.some((word) => kinds.test(word)) && words.some((word) => /^(--all|-l|--selector)/.test(word)));
};

export interface TimedStep {
  readonly step: Step;
  /** When it takes effect, ms since the start. */
  readonly at: number;
}

/** The steps in the order in which they take effect. */
export const timelineOf = ({ steps, changes = [] }: Recording): readonly TimedStep[] => {
  const claimed = new Set<WatchedChange>();
  const befores = new Map<WatchedChange, KubeObject | undefined>();
  const latest = new Map<string, KubeObject>();
  for (const change of changes) {
    const { kind, metadata } = change.object;
    const key = `${kind}/${metadata.name}`;
    befores.set(change, latest.get(key));
    if (change.type === "DELETED") latest.delete(key);
    else latest.set(key, change.object);
  }
  const effectOf = (step: Step): WatchedChange | undefined => {
    if (step.kind === "kubelet") {
      return changes.find(({ t, object }) => t >= step.t && isMeant(object, step));
    }
    if (step.kind !== "kubectl" || !writes(step)) return undefined;
    return changes.find(
      (change) =>
        change.t >= step.t &&
        change.t <= step.t_end + slackMs &&
        !claimed.has(change) &&
        isMeant(change.object, step) &&
        isPersonal(change, befores.get(change)),
    );
  };
  const timed = steps.map((step): TimedStep => {
    const effect = effectOf(step);
    if (effect) claimed.add(effect);
    const firstLine = step.kind === "kubectl" ? step.said?.printed[0] : undefined;
    return { step, at: effect?.t ?? firstLine?.t ?? step.t };
  });
  return timed.filter(({ step }) => step.kind !== "wait").toSorted((a, b) => a.at - b.at);
};

/** `web.18e9c143536aa1f9`: the part behind the dot is the time in nanoseconds. */
const bornMs = ({ kind, metadata: { name, creationTimestamp } }: KubeObject): number => {
  const [, nanos] = /\.([0-9a-f]{16})$/.exec(name) ?? [];
  return kind === "Event" && nanos !== undefined
    ? Number(BigInt(`0x${nanos}`) / 1_000_000n)
    : Date.parse(creationTimestamp ?? "");
};

/**
 * Cluster time at the recording's start, ms: the latest that agrees with every time that the server's objects carry. Names of
 * events hold nanoseconds, which makes it exact to the way of one watch event.
 */
export const startOf = ({ changes = [] }: Recording): number => {
  let startMs = 0;
  for (const { t, object } of changes) {
    const beganMs = bornMs(object) - t;
    if (beganMs > startMs) startMs = beganMs;
  }
  return startMs;
};
