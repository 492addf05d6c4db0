/** Why a pod was lost: read off the commit that took it, and off what led there. */
import { refOfStream } from "../../domain/world.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";
import type { Scaling } from "../timeline/model.ts";
import type { Cause, Loss, Origin } from "./model.ts";
import { objectText } from "./words.ts";

/** The events of the commit that a seq belongs to, in order; none where the log has no such seq. */
export type CommitAt = (seq: number) => readonly RecordedEvent[];

/** A pod at the moment at which it was lost. */
export interface LostPod {
  readonly name: string;
  readonly node?: string;
  readonly atMs: number;
  /** The event that took it. */
  readonly seq: number;
  readonly replicaSet: { readonly name: string; readonly scalings: readonly Scaling[] };
}

/** Longer chains are not followed: a chain has a few links for each pod that came and went before. */
const maxLinks = 10_000;

const isPerson = ({ actor }: RecordedEvent): boolean => actor.startsWith("user:");

const kindOf = ({ stream }: RecordedEvent): string => refOfStream(stream)?.kind ?? "";

export const eventAt = (commitAt: CommitAt, seq: number): RecordedEvent | undefined =>
  commitAt(seq).find((event) => event.seq === seq);

export const originOf = ({ actor, seq, at, commit: { intent } }: RecordedEvent): Origin => {
  const command =
    typeof intent === "object" && intent !== null && "command" in intent && typeof intent.command === "string"
      ? intent.command
      : undefined;
  return { actor, seq, atMs: at, ...(command === undefined ? {} : { command }) };
};

/** The event itself or the nearest one before it that led to it and is wanted. */
const nearest = (
  commitAt: CommitAt,
  from: RecordedEvent | undefined,
  isWanted: (event: RecordedEvent) => boolean,
): RecordedEvent | undefined => {
  let event = from;
  for (let links = 0; event && links < maxLinks; links++) {
    if (isWanted(event)) return event;
    event = event.cause === null ? undefined : eventAt(commitAt, event.cause);
  }
  return undefined;
};

interface Found {
  readonly cause: Cause;
  readonly origin?: RecordedEvent | undefined;
}

const isFault = (event: RecordedEvent): boolean => event.type === "FaultInjected";

/** A fault counts as the beginning only of what it did itself, not of all that came later. */
const faultBehind = (commitAt: CommitAt, event: RecordedEvent): RecordedEvent | undefined => {
  const cause = event.cause === null ? undefined : eventAt(commitAt, event.cause);
  return cause && isFault(cause) ? cause : undefined;
};

const nodeLoss = (pod: LostPod, event: RecordedEvent, commitAt: CommitAt): Found => ({
  cause: { type: "node", node: pod.node ?? "" },
  origin: nearest(commitAt, event, (each) => isFault(each) || (kindOf(each) === "Node" && isPerson(each))),
});

/** Whether somebody asked for fewer pods, or the Deployment controller moved them to another template. */
const shrunk = ({ replicaSet, seq }: LostPod, commitAt: CommitAt): Found => {
  const scaling = replicaSet.scalings.findLast((each) => each.to < each.from && each.seq < seq);
  const decision = scaling && eventAt(commitAt, scaling.seq);
  const origin = nearest(
    commitAt,
    decision,
    (each) => isPerson(each) && ["Deployment", "ReplicaSet"].includes(kindOf(each)),
  );
  const wasAskedFor = origin?.type === "DeploymentScaled" || origin?.type === "ReplicaSetScaled";
  const facts = { replicaSet: replicaSet.name, ...(scaling ? { scaling } : {}) };
  return { cause: { type: wasAskedFor ? "scale-down" : "rollout", ...facts }, origin };
};

const deletion = (pod: LostPod, event: RecordedEvent, commitAt: CommitAt): Found => {
  switch (event.actor) {
    case "controller:replicaset":
      return shrunk(pod, commitAt);
    case "controller:node-lifecycle":
    case "controller:pod-garbage-collector":
      return nodeLoss(pod, event, commitAt);
    default: {
      const origin = nearest(commitAt, event, (each) => isPerson(each) && /Delet/.test(each.type));
      return { cause: { type: "deletion", object: objectText((origin ?? event).stream) }, origin };
    }
  }
};

/** `minReadySeconds = 10`: the fields that were changed, as far as a line has room for them. */
const specChange = (event: RecordedEvent): Cause => {
  const folded = foldedEvent(event);
  if (folded.type !== "ReplicaSetSpecChanged") return { type: "unknown" };
  const changes = folded.data.patch.map((operation) => {
    const field = operation.path.replace(/^\//, "").replaceAll("/", ".");
    return "value" in operation ? `${field} = ${JSON.stringify(operation.value)}` : field;
  });
  return { type: "spec", change: changes.join(", ") };
};

/** What happened to the pod's containers, in the words of its kubelet. */
const kubeletFact = (pod: LostPod, commit: readonly RecordedEvent[], commitAt: CommitAt): Found | undefined => {
  for (const type of ["PodFailed", "PodSucceeded", "PodContainerTerminated", "PodUnready"]) {
    const recorded = commit.find((event) => event.type === type);
    if (!recorded) continue;
    const event = foldedEvent(recorded);
    const origin = faultBehind(commitAt, recorded);
    switch (event.type) {
      case "PodFailed": {
        const { reason, message = "" } = event.data;
        if (reason === "Evicted") return { cause: { type: "eviction", message }, origin };
        return { cause: { type: "finished", phase: "Failed" }, origin };
      }
      case "PodSucceeded":
        return { cause: { type: "finished", phase: "Succeeded" } };
      case "PodContainerTerminated": {
        const { container, exitCode } = event.data;
        const edit = nearest(commitAt, recorded, (each) => each.type === "PodSpecChanged");
        if (edit?.seq === recorded.cause)
          return { cause: { type: "spec", change: `image of ${container}` }, origin: edit };
        return { cause: { type: "crash", container, exitCode }, origin };
      }
      case "PodUnready":
        if (recorded.actor === "controller:node-lifecycle") return nodeLoss(pod, recorded, commitAt);
        return { cause: { type: "readiness" }, origin };
    }
  }
  return undefined;
};

const find = (pod: LostPod, commit: readonly RecordedEvent[], commitAt: CommitAt): Found => {
  const event = commit.find(({ seq }) => seq === pod.seq);
  if (!event) return { cause: { type: "unknown" } };
  const person = (): RecordedEvent | undefined => nearest(commitAt, event, isPerson);
  switch (event.type) {
    case "PodDeletionRequested":
    case "PodDeleted":
      return deletion(pod, event, commitAt);
    case "PodReleased":
    case "PodMetadataChanged":
    case "ReplicaSetReleased":
    case "ReplicaSetMetadataChanged":
      return { cause: { type: "release" }, origin: person() };
    case "ReplicaSetSpecChanged":
      return { cause: specChange(event), origin: person() };
    default:
      return kubeletFact(pod, commit, commitAt) ?? { cause: { type: "unknown" } };
  }
};

/**
 * Attributes the loss of a pod. It depends on nothing but the log: the commit that took the pod, and the chain of causes
 * behind it.
 */
export const lossOf = (pod: LostPod, commitAt: CommitAt): Loss => {
  const { name, replicaSet, atMs, seq } = pod;
  const commit = commitAt(seq);
  const { cause, origin } = find(pod, commit, commitAt);
  return {
    pod: name,
    replicaSet: replicaSet.name,
    atMs,
    seq,
    actor: commit[0]?.actor ?? "",
    cause,
    ...(origin ? { origin: originOf(origin) } : {}),
  };
};

/** Losses that come of the same deed have the same key. */
export const causeKey = ({ cause, origin }: Pick<Loss, "cause" | "origin">): string => {
  switch (cause.type) {
    case "node":
      return `node ${cause.node}`;
    case "rollout":
    case "scale-down":
      return `${cause.type} ${cause.scaling?.seq ?? cause.replicaSet}`;
    case "deletion":
      return `deletion ${origin?.actor ?? ""} ${origin?.command ?? cause.object}`;
    case "spec":
      return `spec ${cause.change}`;
    default:
      return cause.type;
  }
};

/** Took the pod because fewer were wanted, and not because something befell it. */
export const isVoluntary = ({ cause }: Loss): boolean => cause.type === "rollout" || cause.type === "scale-down";
