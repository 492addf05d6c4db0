/** The pods of one owner, whether it belongs to a Deployment or not, counted by what can be expected of them. */
import { conditionOf, type Digest, type Pod, type ReplicaSet } from "../../domain/state.ts";
import type { PodTally } from "./levels.ts";
import { isUnschedulable, type PodState } from "./pod-state.ts";

type Prospect = "underway" | "running" | "heldUp" | "available" | "over";

const prospectOf = (state: PodState, pod: Pod): Prospect => {
  switch (state) {
    case "pending":
      return isUnschedulable(pod) ? "heldUp" : "underway";
    case "starting":
    case "ready":
      return "underway";
    case "backing-off":
      return "heldUp";
    case "running":
    case "available":
      return state;
    case "terminating":
    case "succeeded":
    case "failed":
      return "over";
  }
};

/** Whose groups are counted together: a Deployment. */
interface Holder<H extends Holder<H>> {
  readonly tally: PodTally;
  readonly groups: Set<PodGroup<H>>;
}

export interface TrackedPod<H extends Holder<H>> {
  readonly stream: string;
  readonly group: PodGroup<H>;
  pod: Pod;
  state: PodState;
  prospect: Prospect;
}

export class PodGroup<H extends Holder<H>> {
  /** Of the owner, by which the pods name it. */
  readonly uid: string;
  readonly pods = new Set<TrackedPod<H>>();
  /** Undefined once it is gone, and as long as it was not met. */
  replicaSet: ReplicaSet | undefined;
  /** Whose pods these are; those of a ReplicaSet that is gone remain the Deployment's until they are gone, too. */
  track: H | undefined;
  template: Digest | undefined;
  minReadySeconds = 0;
  underway = 0;
  running = 0;
  heldUp = 0;
  available = 0;
  /** Ready, for whatever time. */
  ready = 0;

  constructor(uid: string) {
    this.uid = uid;
  }

  /** Something keeps the ReplicaSet from creating or deleting pods. */
  get isRefused(): boolean {
    return conditionOf(this.replicaSet?.status.conditions ?? [], "ReplicaFailure")?.status === "True";
  }

  get isEmpty(): boolean {
    return this.pods.size === 0 && this.replicaSet === undefined;
  }

  add(tracked: TrackedPod<H>): void {
    this.pods.add(tracked);
    this.#count(tracked, 1);
    this.track?.tally.move(undefined, tracked.state);
  }

  remove(tracked: TrackedPod<H>): void {
    this.pods.delete(tracked);
    this.#count(tracked, -1);
    this.track?.tally.move(tracked.state, undefined);
  }

  /** The pod is in this state now. */
  update(tracked: TrackedPod<H>, pod: Pod, state: PodState): void {
    this.#count(tracked, -1);
    this.track?.tally.move(tracked.state, state);
    tracked.pod = pod;
    tracked.state = state;
    tracked.prospect = prospectOf(state, pod);
    this.#count(tracked, 1);
  }

  /** Hands all the pods over to another Deployment, or to none. */
  moveTo(track: H | undefined): void {
    for (const { state } of this.pods) {
      this.track?.tally.move(state, undefined);
      track?.tally.move(undefined, state);
    }
    this.track?.groups.delete(this);
    this.track = track;
    track?.groups.add(this);
  }

  #count({ prospect, state }: TrackedPod<H>, by: 1 | -1): void {
    if (prospect !== "over") this[prospect] += by;
    if (state === "ready" || state === "available") this.ready += by;
  }
}

export const trackedPod = <H extends Holder<H>>(
  stream: string,
  pod: Pod,
  group: PodGroup<H>,
  state: PodState,
): TrackedPod<H> => ({
  stream,
  pod,
  group,
  state,
  prospect: prospectOf(state, pod),
});
