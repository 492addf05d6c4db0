/** How many pods were there and available, against what the Deployment promised, moment by moment. */
import type { Deployment } from "../../domain/state.ts";
import { maxSurge, minAvailable } from "../../kubernetes/int-or-percent.ts";
import type { AvailabilityStep, PodState } from "./model.ts";
import { isActive } from "./pod-state.ts";

type Bounds = Pick<AvailabilityStep, "desired" | "floor" | "ceiling">;

const nothingPromised: Bounds = { desired: 0, floor: 0, ceiling: 0 };

/** What the spec promises. A Deployment that is being deleted, or was, promises nothing. */
const boundsOf = (deployment: Deployment | undefined): Bounds => {
  if (!deployment || deployment.meta.deletion) return nothingPromised;
  const { spec } = deployment;
  return { desired: spec.replicas, floor: minAvailable(spec), ceiling: spec.replicas + maxSurge(spec) };
};

const same = (a: AvailabilityStep, b: AvailabilityStep): boolean =>
  JSON.stringify({ ...a, atMs: 0 }) === JSON.stringify({ ...b, atMs: 0 });

export class AvailabilityTrack {
  readonly #steps: AvailabilityStep[] = [];
  /** By index of the ReplicaSet. */
  readonly #availableBy: number[] = [];
  #pods = 0;
  #terminating = 0;
  #available = 0;
  #floorInForce = 0;
  #ceilingInForce = 0;

  get steps(): readonly AvailabilityStep[] {
    return this.#steps;
  }

  /** Pods that neither ended nor terminate. */
  get pods(): number {
    return this.#pods;
  }

  availableIn(replicaSet: number): number {
    return this.#availableBy[replicaSet] ?? 0;
  }

  /** A pod of the ReplicaSet went from one state to another; undefined stands for not being there. */
  move(replicaSet: number, from: PodState | undefined, to: PodState | undefined): void {
    this.#count(replicaSet, from, -1);
    this.#count(replicaSet, to, 1);
  }

  /** All that happened at this moment is known: takes down what it led to. */
  settle(atMs: number, deployment: Deployment | undefined): void {
    const bounds = boundsOf(deployment);
    this.#enforce(bounds);
    const step: AvailabilityStep = {
      atMs,
      ...bounds,
      floorInForce: this.#floorInForce,
      ceilingInForce: this.#ceilingInForce,
      pods: this.#pods,
      terminating: this.#terminating,
      available: this.#available,
      availableBy: this.#availableBy.flatMap((pods, replicaSet) => (pods > 0 ? [{ replicaSet, pods }] : [])),
    };
    const last = this.#steps.at(-1);
    if (!last || !same(last, step)) this.#steps.push(step);
  }

  #enforce({ floor, ceiling }: Bounds): void {
    if (floor < this.#floorInForce || this.#available >= floor) this.#floorInForce = floor;
    if (ceiling > this.#ceilingInForce || this.#pods <= ceiling) this.#ceilingInForce = ceiling;
  }

  #count(replicaSet: number, state: PodState | undefined, by: 1 | -1): void {
    if (state === undefined) return;
    if (isActive(state)) this.#pods += by;
    if (state === "terminating") this.#terminating += by;
    if (state !== "available") return;
    this.#available += by;
    this.#availableBy[replicaSet] = this.availableIn(replicaSet) + by;
  }
}
