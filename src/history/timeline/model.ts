/**
 * What became of a Deployment, in the terms of a picture: its rollouts, its ReplicaSets with the lives of their pods, and
 * how many pods were available at each moment. Times are cluster time in ms; where two meet, the later state counts.
 *
 * All of it is what the log shows, not what a status said: a pod counts as available when it is ready, has been so for the
 * `minReadySeconds` of its ReplicaSet, and is not on its way out.
 */
import type { Digest, Uid } from "../../domain/state.ts";

/**
 * A pod's state from one moment to the next:
 * - `pending`: no node yet
 * - `starting`: on a node; images are pulled, init containers run, containers are created
 * - `running`: containers run, the pod is not ready
 * - `ready`: ready, but not for `minReadySeconds` yet
 * - `available`
 * - `backing-off`: a container ended or has no image, and waits for its next try
 * - `terminating`: deletion was requested
 * - `succeeded`, `failed`: over, but not deleted
 */
export type PodState =
  | "pending"
  | "starting"
  | "running"
  | "ready"
  | "available"
  | "backing-off"
  | "terminating"
  | "succeeded"
  | "failed";

export interface Segment {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something went wrong in a container: it ended by itself, or its image could not be pulled. */
export interface PodMark {
  readonly type: "exited" | "pull-failed";
  readonly atMs: number;
  readonly seq: number;
  readonly container: string;
  /** `exit 1`, `ErrImagePull`. */
  readonly what: string;
}

/** A pod for as long as it belonged to the Deployment. */
export interface PodBar {
  readonly name: string;
  readonly uid: Uid;
  readonly fromMs: number;
  /** The end of the history when `end` is absent: the pod is still there. */
  readonly toMs: number;
  /** `released`: its owner let go of it. */
  readonly end?: "deleted" | "released";
  /** Without gaps from `fromMs` to `toMs`. */
  readonly segments: readonly Segment[];
  readonly marks: readonly PodMark[];
}

/** A ReplicaSet can go by several revisions one after another: going back to its template gives it the newest number. */
export interface RevisionSpan {
  readonly revision: string;
  readonly fromMs: number;
}

export interface ReplicaSetBars {
  readonly name: string;
  readonly uid: Uid;
  /** Number of its template among all that the Deployment ever had, from 0: what has the same look in a picture. */
  readonly hue: number;
  readonly template: Digest;
  readonly images: readonly string[];
  readonly revisions: readonly RevisionSpan[];
  readonly fromMs: number;
  /** In order of creation. */
  readonly pods: readonly PodBar[];
}

/** A span of time; without `toMs` it has not ended. */
export interface Span {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** What follows from one change of the Deployment's template, the first being its creation. */
export interface Rollout {
  /** Counts the changes of the template; never reused, whatever becomes of the revision. */
  readonly number: number;
  /** Kubernetes' revision number as it was given for this rollout; absent while it has none. */
  readonly revision?: string;
  readonly atMs: number;
  readonly seq: number;
  readonly actor: string;
  readonly template: Digest;
  readonly hue: number;
  readonly images: readonly string[];
  /** Absent for the first. */
  readonly imagesBefore?: readonly string[];
  /** The earlier rollout whose template this is. */
  readonly restores?: number;
  /** The annotation `kubernetes.io/change-cause`, where it was set for this rollout. */
  readonly changeCause?: string;
  /** As typed. */
  readonly command?: string;
  /** What the client said it did: `undo`, `set image`. */
  readonly verb?: string;
  /** Absent as long as the Deployment is paused. */
  readonly startedAtMs?: number;
  readonly paused: readonly Span[];
  /** When all pods that should be there were of this template and available, and no others were left. */
  readonly completedAtMs?: number;
  /** When another template took over, before or after this one was complete. */
  readonly replacedAtMs?: number;
  readonly deadlineExceededAtMs?: number;
  /** When the Deployment was deleted. */
  readonly deletedAtMs?: number;
}

/** From this moment until that of the next step. */
export interface AvailabilityStep {
  readonly atMs: number;
  /** `spec.replicas`; 0 while there is no Deployment. */
  readonly desired: number;
  /** Desired pods less `maxUnavailable`. */
  readonly floor: number;
  /** Desired pods plus `maxSurge`. */
  readonly ceiling: number;
  /** What can be broken: a floor that was raised counts once it was reached. */
  readonly floorInForce: number;
  /** What can be broken: a ceiling that was lowered counts once the pods are below it. */
  readonly ceilingInForce: number;
  /** Pods that neither ended nor terminate. */
  readonly pods: number;
  readonly terminating: number;
  readonly available: number;
  /** The available pods by ReplicaSet (index into `replicaSets`), in that order; only those that have any. */
  readonly availableBy: readonly { readonly replicaSet: number; readonly pods: number }[];
}

/** The whole life of a Deployment's name, also when it was deleted and created anew. */
export interface History {
  readonly namespace: string;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rollouts: readonly Rollout[];
  /** In order of their newest revision, then of creation. */
  readonly replicaSets: readonly ReplicaSetBars[];
  readonly availability: readonly AvailabilityStep[];
}

/** When fewer pods were available than the floor in force, or more were there than the ceiling in force. */
export interface Breach {
  readonly fromMs: number;
  readonly toMs: number;
  /** The extreme within it. */
  readonly pods: number;
  /** The bound at that moment. */
  readonly bound: number;
}

/** The tightest moment of a bound. */
export interface Extreme {
  readonly atMs: number;
  readonly pods: number;
  readonly bound: number;
}

export interface Summary {
  /** Absent while no floor was in force. */
  readonly lowest?: Extreme;
  readonly highest?: Extreme;
  readonly shortfalls: readonly Breach[];
  readonly excesses: readonly Breach[];
}

/** A part of a history, to be drawn. */
export interface Timeline extends History {
  /** The moment that is called +0s. */
  readonly originMs: number;
  readonly summary: Summary;
}
