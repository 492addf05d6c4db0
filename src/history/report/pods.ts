/** The pods of a rollout: how they came up, which were lost, what those wait for that are not available. */
import { compareText } from "../../kubernetes/sorted.ts";
import { shortImage } from "../images.ts";
import type { NamedImage, PodBar, PodMark, PodState, ReplicaSetBars } from "../timeline/model.ts";
import { type CommitAt, isVoluntary, lossOf } from "./causes.ts";
import type { HoldUp, Loss, PodStart } from "./model.ts";
import type { Scope } from "./shortfalls.ts";

const maxSlowest = 5;

const startOf = (pod: PodBar, endMs: number): PodStart => {
  const available = pod.segments.find(({ state }) => state === "available");
  const untilMs = Math.min(available?.fromMs ?? pod.toMs, Math.max(endMs, pod.fromMs));
  const phases = new Map<PodState, number>();
  for (const { state, fromMs, toMs } of pod.segments) {
    const ms = Math.min(toMs, untilMs) - fromMs;
    if (ms > 0) phases.set(state, (phases.get(state) ?? 0) + ms);
  }
  return {
    pod: pod.name,
    ...(pod.node === undefined ? {} : { node: pod.node }),
    fromMs: pod.fromMs,
    tookMs: untilMs - pod.fromMs,
    isAvailable: available !== undefined && available.fromMs <= endMs,
    phases: [...phases].map(([state, ms]) => ({ state, ms })),
  };
};

/** The first step on a pod's way out, and the event that led to it. */
const wayOut = ({
  segments,
  end,
  endSeq,
  toMs,
}: PodBar): { readonly atMs: number; readonly seq: number } | undefined => {
  const segment = segments.find(({ state }) => state === "terminating" || state === "failed" || state === "succeeded");
  if (segment?.seq !== undefined) return { atMs: segment.fromMs, seq: segment.seq };
  return end !== undefined && endSeq !== undefined ? { atMs: toMs, seq: endSeq } : undefined;
};

const isIn = (atMs: number, { fromMs, untilMs }: Scope): boolean => atMs >= fromMs && atMs <= untilMs;

const departures = (scope: Scope, commitAt: CommitAt): readonly Loss[] =>
  scope.history.replicaSets.flatMap((replicaSet) =>
    replicaSet.pods.flatMap((pod): readonly Loss[] => {
      const out = wayOut(pod);
      if (!out || !isIn(out.atMs, scope)) return [];
      const { name, node } = pod;
      return [lossOf({ name, ...(node === undefined ? {} : { node }), ...out, replicaSet }, commitAt)];
    }),
  );

/** The images that could not be pulled, by the reason: of the containers that failed last so, and of no others. */
const unpulled = (marks: readonly PodMark[], containers: readonly NamedImage[]): string => {
  const lastOf = new Map(marks.map((mark) => [mark.container, mark]));
  const byReason = new Map<string, string[]>();
  for (const { type, container, what } of lastOf.values()) {
    if (type !== "pull-failed") continue;
    const image = containers.find((each) => each.container === container)?.image;
    byReason.set(what, [...(byReason.get(what) ?? []), image === undefined ? container : shortImage(image)]);
  }
  return [...byReason]
    .map(([reason, images]) => `${[...new Set(images)].sort(compareText).join(", ")}: ${reason}`)
    .join("; ");
};

/** What a pod waits for, in words that are equal for pods that wait for the same. */
const waitOf = (
  pod: PodBar,
  containers: readonly NamedImage[],
  atMs: number,
): Pick<HoldUp, "why" | "what"> | undefined => {
  const segment = pod.segments.findLast(({ fromMs }) => fromMs <= atMs);
  const marks = pod.marks.filter((each) => each.atMs <= atMs);
  const mark = marks.at(-1);
  switch (segment?.state) {
    case "backing-off":
    case "starting":
      if (mark?.type === "pull-failed") return { why: "image", what: unpulled(marks, containers) };
      if (mark?.type === "exited") return { why: "crash", what: `${mark.container}: ${mark.what}` };
      return { why: "starting", what: "containers not running yet" };
    case "pending":
      return mark?.type === "unschedulable"
        ? { why: "unschedulable", what: mark.what }
        : { why: "starting", what: "no node yet" };
    case "running":
      if (mark?.type === "exited") return { why: "crash", what: `${mark.container}: ${mark.what}` };
      return { why: "unready", what: "running, not ready" };
    case "ready":
      return { why: "starting", what: "ready, not for minReadySeconds yet" };
    default:
      return undefined;
  }
};

/** The pods of the ReplicaSet that are there but not available at a moment, by what they wait for. */
export const holdUpsAt = ({ pods, containers }: ReplicaSetBars, atMs: number): readonly HoldUp[] => {
  const held = new Map<string, HoldUp>();
  for (const pod of pods) {
    const lives = pod.fromMs <= atMs && (pod.toMs > atMs || (pod.end === undefined && pod.toMs === atMs));
    const wait = lives ? waitOf(pod, containers, atMs) : undefined;
    if (!wait) continue;
    const key = `${wait.why} ${wait.what}`;
    const known = held.get(key);
    const sinceMs =
      pod.segments.findLast(({ state, toMs }) => state === "available" && toMs <= atMs)?.toMs ?? pod.fromMs;
    held.set(key, {
      ...wait,
      pods: [...(known?.pods ?? []), pod.name],
      sinceMs: Math.min(known?.sinceMs ?? sinceMs, sinceMs),
    });
  }
  return [...held.values()];
};

/** The pods that were lost in the scope to anything but their ReplicaSet's controller. */
export const lostIn = (scope: Scope, commitAt: CommitAt): readonly Loss[] =>
  departures(scope, commitAt).filter((loss) => !isVoluntary(loss));

/** Containers that ended by themselves after the rollout's own end. */
export const exitsAfter = ({ history, endMs, untilMs }: Scope): number =>
  history.replicaSets
    .flatMap(({ pods }) => pods.flatMap(({ marks }) => marks))
    .filter(({ type, atMs }) => type === "exited" && atMs > endMs && atMs <= untilMs).length;

/** The pods created until the rollout's end that took longest. */
export const slowestOf = (scope: Scope): readonly PodStart[] =>
  scope.history.replicaSets
    .flatMap(({ pods }) => pods)
    .filter(({ fromMs }) => fromMs >= scope.fromMs && fromMs <= scope.endMs)
    .map((pod) => startOf(pod, scope.endMs))
    .sort((a, b) => b.tookMs - a.tookMs || a.fromMs - b.fromMs || compareText(a.pod, b.pod))
    .slice(0, maxSlowest);
