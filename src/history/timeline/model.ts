/**
 * What became of a Deployment, in the terms of a picture: its rollouts, its ReplicaSets with the lives of their pods, and
 * how many pods were available at each moment. Times are cluster time in ms; where two meet, the later state counts.
 *
 * All of it is what the log shows, not what a status said: a pod counts as available when it is ready, has been so for the
 * `minReadySeconds` of its ReplicaSet, and is not on its way out.
 */
import type { Digest, Uid } from "../../domain/state.ts";
import type { LevelStep } from "../../projections/rollouts/levels.ts";
import type { Extreme, Rollout as NumberedRollout, Span } from "../../projections/rollouts/model.ts";
import type { PodState } from "../../projections/rollouts/pod-state.ts";

export type { Extreme } from "../../projections/rollouts/model.ts";
export type { PodState } from "../../projections/rollouts/pod-state.ts";

export interface Segment {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
  /** The event that led to it; absent where the passing of time did. */
  readonly seq?: number;
}

/** Something went wrong: a container ended by itself, its image could not be pulled, or no node has room for the pod. */
export interface PodMark {
  readonly type: "exited" | "pull-failed" | "unschedulable";
  readonly atMs: number;
  readonly seq: number;
  /** Empty where no single container is meant. */
  readonly container: string;
  /** `exit 1`, `ErrImagePull`, `0/3 nodes are available`. */
  readonly what: string;
}

/** A pod for as long as it belonged to the Deployment. */
export interface PodBar {
  readonly name: string;
  readonly uid: Uid;
  /** Where it runs, once it was scheduled. */
  readonly node?: string;
  readonly fromMs: number;
  /** The end of the history when `end` is absent: the pod is still there. */
  readonly toMs: number;
  /** `released`: its owner let go of it. */
  readonly end?: "deleted" | "released";
  /** The event that ended it. */
  readonly endSeq?: number;
  /** Without gaps from `fromMs` to `toMs`. */
  readonly segments: readonly Segment[];
  readonly marks: readonly PodMark[];
}

/** A ReplicaSet can go by several revisions one after another: going back to its template gives it the newest number. */
export interface RevisionSpan {
  readonly revision: string;
  readonly fromMs: number;
}

/** Somebody asked for another number of pods of a ReplicaSet. */
export interface Scaling {
  readonly atMs: number;
  readonly seq: number;
  readonly actor: string;
  readonly from: number;
  readonly to: number;
  /** The Deployment's pods that were available at that moment. */
  readonly available: number;
  /** So many were, as far as the writer could read in the statuses of the ReplicaSets; absent where nobody knows what it had read. */
  readonly believed?: number;
}

/** A container of a template, and its image; init containers stand first, as they run first. */
export interface NamedImage {
  readonly container: string;
  readonly image: string;
}

export interface ReplicaSetBars {
  readonly name: string;
  readonly uid: Uid;
  /** Number of its template among all that the Deployment ever had, from 0: what has the same look in a picture. */
  readonly hue: number;
  readonly template: Digest;
  readonly images: readonly string[];
  /** Of every container of the template. */
  readonly containers: readonly NamedImage[];
  readonly revisions: readonly RevisionSpan[];
  readonly scalings: readonly Scaling[];
  readonly fromMs: number;
  /** In order of creation. */
  readonly pods: readonly PodBar[];
}

/** What follows from one change of the Deployment's template, the first being its creation. */
export interface Rollout extends NumberedRollout {
  readonly hue: number;
  /** What changed beside images: `restarted`, `web: env`. */
  readonly otherChanges?: string;
}

/** From this moment until that of the next step. */
export interface AvailabilityStep extends LevelStep {
  /** The available pods by ReplicaSet (index into `replicaSets`), in that order; only those that have any. */
  readonly availableBy: readonly { readonly replicaSet: number; readonly pods: number }[];
}

/** The whole life of a Deployment's name, also when it was deleted and created anew. */
export interface History {
  readonly namespace: string;
  readonly name: string;
  /** Since when the log tells what happened; the Deployment may have come later. */
  readonly knownFromMs: number;
  /** When the Deployment was created first. */
  readonly fromMs: number;
  /** Until when the log tells what happened. */
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

export interface Summary {
  /** The tightest moments of both bounds. Absent while there was nothing to measure. */
  readonly lowest?: Extreme;
  readonly highest?: Extreme;
  /** At another moment, against another floor, fewer pods were available. */
  readonly hadFewer: boolean;
  /** At another moment, against another ceiling, there were more pods. */
  readonly hadMore: boolean;
  readonly shortfalls: readonly Breach[];
  readonly excesses: readonly Breach[];
}

/** A part of a history, to be drawn. */
export interface Timeline extends History {
  /** The moment that is called +0s. */
  readonly originMs: number;
  /** Times of which the log tells nothing, in order. */
  readonly unknown: readonly Required<Span>[];
  readonly summary: Summary;
}
