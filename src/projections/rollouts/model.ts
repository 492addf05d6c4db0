/**
 * What a rollout was, in numbers. Times are cluster time in ms; what is absent is not known, or not yet.
 *
 * All of it is what the log shows, not what a status said: a pod counts as available when it is ready, has been so for the
 * `minReadySeconds` of its ReplicaSet, and is not on its way out.
 */
import type { Digest } from "../../domain/state.ts";

/** A span of time; without `toMs` it has not ended. */
export interface Span {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** The tightest moment of a bound: when it began, how many pods there were, and how many were asked for. */
export interface Extreme {
  readonly atMs: number;
  readonly pods: number;
  readonly bound: number;
}

/**
 * How a rollout came out, or how it stands:
 * - `complete`: all pods that should be there were of its template and available, and no others were left
 * - `superseded`: another template took over before that
 * - `rolled back`: the rollout that took over, before or after it was complete, restores the template of an earlier one
 * - `superseded before start`: the Deployment was paused all the while
 * - `deleted`: the Deployment's deletion was requested before the rollout was complete
 * - `deadline exceeded`: the controller gave up waiting for progress; it goes on trying
 * - `paused`, `in progress`
 */
export type Outcome =
  | "complete"
  | "superseded"
  | "rolled back"
  | "superseded before start"
  | "deleted"
  | "deadline exceeded"
  | "paused"
  | "in progress";

/**
 * What a rollout's time was spent on. From its start to its end, each moment belongs to one of these, by what stood in the log
 * at that moment; so the three durations add up to end less start.
 * - `pausedMs`: `spec.paused` is set.
 * - `progressingMs`: it is not, and a pod of the template is on its way: to be scheduled, on a node with images being pulled
 *   and containers being created for the first time, or ready and not yet available. Also when no pod of the template is short
 *   of being available: then it is the controllers' turn to make or remove pods.
 * - `waitingMs`: no pod of the template is on its way, and some are held up: unschedulable, backing off (an image that is not
 *   pulled, a container that ended), or not made because the ReplicaSet may not create them (`ReplicaFailure`).
 * While all that a rollout can do is wait for running pods to become ready, nobody can tell yet which it is. That time counts
 * as progress once a pod of the template becomes ready, and as waiting as long as none does.
 */
export interface Durations {
  readonly progressingMs: number;
  readonly pausedMs: number;
  readonly waitingMs: number;
}

/** What follows from one change of the Deployment's template, the first being its creation. */
export interface Rollout extends Durations {
  /** Counts the changes of the template, also when the Deployment was deleted and created anew; never reused. */
  readonly number: number;
  /** The event that changed the template. */
  readonly seq: number;
  readonly atMs: number;
  readonly actor: string;
  /** The Deployment was created with it: nothing was before. */
  readonly isCreation: boolean;
  /** What the client did: `create`, `apply`, `set image`, `undo`, `restart`. */
  readonly verb?: string;
  /** The revision that an undo asked for. */
  readonly toRevision?: number;
  /** The client did not say what it did: `verb` is what the change itself tells. */
  readonly inferred?: true;
  /** As typed. */
  readonly command?: string;
  /** The annotation `kubernetes.io/change-cause`, where it was set for this rollout. */
  readonly changeCause?: string;
  readonly template: Digest;
  readonly templateBefore?: Digest;
  readonly images: readonly string[];
  readonly imagesBefore?: readonly string[];
  /** Kubernetes' revision number as it was given for this rollout. */
  readonly revision?: string;
  /** The last earlier rollout whose template this is. */
  readonly restores?: number;
  /** Absent as long as the Deployment has been paused since before it. */
  readonly startedAtMs?: number;
  readonly paused: readonly Span[];
  readonly completedAtMs?: number;
  readonly deadlineExceededAtMs?: number;
  /** When another template took over, before or after this one was complete. */
  readonly replacedAtMs?: number;
  /** The rollout that took over. */
  readonly supersededBy?: number;
  /** When the Deployment's deletion was requested. */
  readonly deletedAtMs?: number;
  /** The event that replaced or deleted it: from then on nothing here changes. */
  readonly closedSeq?: number;
  readonly outcome: Outcome;
  /** How far the durations are counted. */
  readonly countedToMs: number;
  /** From its start to its end, here and below, of whatever template. */
  readonly podsCreated: number;
  /**
   * Pods that were alive and were taken away, ended, or left, by anyone but their ReplicaSet's controller deleting what is too
   * much: deleted by hand, evicted, failed, gone with a node, relabelled.
   */
  readonly podsLost: number;
  /** Containers that ended in pods that were not on their way out. */
  readonly containerExits: number;
  /**
   * Availability at its lowest against the floor in force, of equally tight moments at its lowest at all; against a floor of 0
   * where the strategy promises nothing. Absent while no pods were wanted, or none were there yet.
   */
  readonly lowest?: Extreme;
  /** The number of pods at its highest against the ceiling in force, of equally tight moments the most; absent while no ceiling was. */
  readonly highest?: Extreme;
}

/** When the rollout was over: complete, replaced or deleted. */
export const endOf = ({ completedAtMs, replacedAtMs, deletedAtMs }: Rollout): number | undefined =>
  completedAtMs ?? replacedAtMs ?? deletedAtMs;

/** Its progress deadline passed before it was over, whatever became of it then. */
export const wasOverdue = (rollout: Rollout, atMs = Number.POSITIVE_INFINITY): boolean =>
  rollout.deadlineExceededAtMs !== undefined &&
  rollout.deadlineExceededAtMs <= Math.min(atMs, endOf(rollout) ?? Number.POSITIVE_INFINITY);
