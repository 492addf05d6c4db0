/**
 * What a report of one rollout says: did it go well, and where it did not, who and what was to blame. Times are cluster time
 * in ms; `seq` names the event of the log that proves a statement.
 */
import type { AvailabilityStep, Breach, PodState, Rollout, Scaling } from "../timeline/model.ts";

/**
 * Why a pod of the Deployment stopped being available, or ceased to be:
 * - `rollout`: the Deployment controller gave its ReplicaSet fewer pods for the sake of the rollout
 * - `scale-down`: somebody asked for fewer pods
 * - `deletion`: somebody deleted the pod, or what owns it
 * - `crash`: a container ended by itself
 * - `node`: its node fell silent or was removed
 * - `eviction`: its kubelet evicted it
 * - `readiness`: it runs, but said that it is not ready
 * - `finished`: all its containers ended for good
 * - `release`: it no longer belongs to the Deployment; labels or owners were changed
 * - `spec`: the pod is as it was, but more is asked of it, or its image was changed in place
 * - `unknown`: the log does not say
 */
export type Cause =
  | { readonly type: "rollout" | "scale-down"; readonly replicaSet: string; readonly scaling?: Scaling }
  | { readonly type: "deletion"; readonly object: string }
  | { readonly type: "crash"; readonly container: string; readonly exitCode: number }
  | { readonly type: "node"; readonly node: string }
  | { readonly type: "eviction"; readonly message: string }
  | { readonly type: "readiness" }
  | { readonly type: "finished"; readonly phase: "Failed" | "Succeeded" }
  | { readonly type: "release" }
  | { readonly type: "spec"; readonly change: string }
  | { readonly type: "unknown" };

/** A request or a fault that came from outside the cluster. */
export interface Origin {
  readonly actor: string;
  readonly seq: number;
  readonly atMs: number;
  /** As typed. */
  readonly command?: string;
}

/** One pod that was lost to its Deployment, for a while or for good. */
export interface Loss {
  readonly pod: string;
  readonly replicaSet: string;
  readonly atMs: number;
  readonly seq: number;
  /** Who recorded it. */
  readonly actor: string;
  readonly cause: Cause;
  /** What somebody did that led to it; absent where nobody did. */
  readonly origin?: Origin;
}

/** A container that ended by itself. */
export interface ContainerExit {
  readonly pod: string;
  readonly container: string;
  readonly atMs: number;
  readonly seq: number;
}

/** Losses of one cause. */
export interface Blame {
  readonly cause: Cause;
  readonly origin?: Origin;
  /** Pods missing below the bound for this cause, at most at once. */
  readonly pods: number;
  /** Sum over those pods of the time they were missing. */
  readonly podMs: number;
  readonly losses: readonly Loss[];
  /**
   * Of a crash: what ended in the pods that were not available for it, those included that the floor allowed to be missing, and
   * those that came back only to end again.
   */
  readonly exits?: readonly ContainerExit[];
}

/** A time in which fewer pods were available than the floor in force, and why. */
export interface Shortfall extends Breach {
  /** It lasted on when the report ends. */
  readonly isOpen: boolean;
  /** It began when the rollout was complete. */
  readonly isAfter: boolean;
  /** The one that weighs most first. */
  readonly blames: readonly Blame[];
}

/** Pods that came when the ceiling in force was reached. */
export interface Surplus {
  readonly pod: string;
  readonly replicaSet: string;
  readonly seq: number;
  readonly actor: string;
  /** Who asked for them, as the nearest scaling of the ReplicaSet tells. */
  readonly scaling?: Scaling;
}

/** A time in which more pods were there than the ceiling in force. */
export interface Excess extends Breach {
  readonly isAfter: boolean;
  readonly surplus: readonly Surplus[];
}

/** A floor that was raised and not reached yet: nothing is broken, more is due. */
export interface Awaited {
  readonly fromMs: number;
  /** When it was reached; absent while it is not. */
  readonly reachedAtMs?: number;
  /** When another floor took its place before it was reached, or the Deployment was deleted. */
  readonly givenUpAtMs?: number;
  readonly floor: number;
  readonly floorBefore: number;
  /** `created`, `scaled 4 → 8`. */
  readonly change: string;
  readonly origin?: Origin;
}

/**
 * A decision of a controller that would perhaps have been another, had it known what the log knew: it had not read all that
 * was recorded of its objects (`behind`), or it read statuses that promised more than there was (`believed`).
 */
export interface StaleDecision {
  readonly atMs: number;
  readonly seq: number;
  readonly actor: string;
  /** `rs/web-5db6 scaled 1 → 0`. */
  readonly what: string;
  /** What it had not read yet. */
  readonly behind?: { readonly events: number; readonly ms: number; readonly first: string };
  /** Pods it took for available, where fewer were. */
  readonly believed?: { readonly available: number; readonly inTruth: number };
}

/** Writes of the cluster's own parts that were refused for the same reason. */
export interface Refusals {
  readonly actor: string;
  /** `create Pod`. */
  readonly what: string;
  readonly code: number;
  readonly reason: string;
  /** Of the first. */
  readonly message: string;
  readonly times: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly seq: number;
}

/** Something that people or faults did to the Deployment while the rollout was its newest. */
export interface Happening extends Origin {
  /** `DeploymentScaled`. */
  readonly type: string;
  /** `4 → 8`. */
  readonly what: string;
}

/** How a pod came up. */
export interface PodStart {
  readonly pod: string;
  readonly node?: string;
  readonly fromMs: number;
  /** Until it was available, or until the rollout's end when it was not. */
  readonly tookMs: number;
  readonly isAvailable: boolean;
  /** In the order in which they were entered first. */
  readonly phases: readonly { readonly state: PodState; readonly ms: number }[];
}

/** Pods of the rollout that are not available at its end, and what they wait for. */
export interface HoldUp {
  readonly why: "image" | "crash" | "unschedulable" | "unready" | "starting";
  /** `nginx:1.99: ErrImagePull`. */
  readonly what: string;
  readonly pods: readonly string[];
  readonly sinceMs: number;
}

export interface Report {
  readonly namespace: string;
  readonly name: string;
  /** Its numbers: outcome, durations, pods, the tightest moments of both bounds. */
  readonly rollout: Rollout;
  readonly verdict: string;
  /** What took its place, or the deletion of the Deployment; absent while it is the newest. */
  readonly closed?: Origin;
  /** Until it was complete, another took its place, the Deployment was deleted, or now. */
  readonly endMs: number;
  /** Up to here the report looks: until another rollout began, the Deployment was deleted, or now. */
  readonly untilMs: number;
  /** What was promised when the rollout ended, or before the Deployment's deletion ended it. */
  readonly promise: Pick<AvailabilityStep, "desired" | "floor" | "ceiling">;
  /** The floors that were in force until the rollout's end, one after another, 0 left out. */
  readonly floors: readonly number[];
  /** As far as the rollout goes: at another moment than the tightest, against another bound, fewer pods were available, or more were there. */
  readonly hadFewer: boolean;
  readonly hadMore: boolean;
  /** In which no pod was available while some were wanted, whatever was promised; until the rollout's end. */
  readonly downMs: number;
  readonly shortfalls: readonly Shortfall[];
  readonly excesses: readonly Excess[];
  readonly awaited: readonly Awaited[];
  readonly staleDecisions: readonly StaleDecision[];
  /** Lost to anything but the controllers' own reckoning, also after the rollout's end. */
  readonly lost: readonly Loss[];
  /** Containers that ended by themselves after the rollout's end; those until then are told by the rollout. */
  readonly exitsAfter: number;
  /** Of those that were created until the rollout's end. */
  readonly slowest: readonly PodStart[];
  readonly heldUp: readonly HoldUp[];
  readonly refusals: readonly Refusals[];
  readonly happenings: readonly Happening[];
}
