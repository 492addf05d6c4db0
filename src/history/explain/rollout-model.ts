/** What is told of a rollout. Times are ms of cluster time. */
import type { Plan } from "./next.ts";
import type { Hindrance, PodState } from "./pod-state.ts";
import type { Scheduled } from "./scheduled.ts";

/** A pod of the Deployment, and whether it is of the current template. */
export interface RolloutPod extends PodState {
  readonly isNew: boolean;
}

/** Counted on the pods themselves, whatever the statuses say. Pods on their way out count only as such. */
export interface Sizes {
  readonly desired: number;
  /** So many must stay available. */
  readonly floor: number;
  /** So many may exist. */
  readonly ceiling: number;
  readonly existing: number;
  readonly updated: number;
  readonly available: number;
  readonly terminating: number;
}

type BlockKind =
  | Exclude<Hindrance, "nothing" | "ended">
  | "deletion"
  | "paused"
  | "refused"
  | "floor"
  | "ceiling"
  | "deadline";

/** One thing that keeps a rollout from going on. */
export interface Block {
  readonly kind: BlockKind;
  readonly text: string;
  readonly sinceMs?: number;
  /** `runs again`: what came of it meanwhile, at `sinceMs`, though it is not over. */
  readonly again?: string;
  /** When it ends by itself. */
  readonly untilMs?: number;
}

/** What passes by itself: a rollout that waits for nothing else is on its way. */
const passing: ReadonlySet<BlockKind> = new Set<BlockKind>(["starting", "minReadySeconds", "terminating"]);

/** Whether a rollout with these blocks is on its way all the same. */
export const isMoving = (blocks: readonly Block[]): boolean => {
  const [root] = blocks;
  return root === undefined || (passing.has(root.kind) && !blocks.some(({ kind }) => kind === "deadline"));
};

export interface RolloutState {
  /** Every pod is of the current template, and enough of them are available. */
  readonly complete: boolean;
  /** It was complete once; what is missing now was lost since. */
  readonly settled: boolean;
  /** It goes on by itself: what it waits for takes its time, nothing more. */
  readonly moving: boolean;
  /** Behind the Deployment's name: `is not moving: 1 new pod cannot pull its image`. */
  readonly verdict: string;
  /** What is still missing: `1 new pod to become available`. */
  readonly awaits: readonly string[];
  /** When the controller last noticed progress. */
  readonly lastProgressMs: number;
  readonly sizes: Sizes;
  /** What keeps the rollout from going on, the root of it first. None: it is complete, or the controllers go on at once. */
  readonly blocks: readonly Block[];
  /** The pods that are waited for, new ones first. */
  readonly pods: readonly RolloutPod[];
  readonly plan: Plan;
  /** What becomes of the pods though nobody does anything, in order of time. */
  readonly scheduled: readonly Scheduled[];
  /** When the rollout counts as failed unless something moves; or when that was noticed. */
  readonly deadline?: { readonly atMs: number; readonly exceeded: boolean };
}

/** `1 new pod`, `3 new pods`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
