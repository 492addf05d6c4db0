/** How many pods a Deployment has, against what it promises. */
import type { Deployment, DeploymentSpec } from "../../domain/state.ts";
import { maxSurge, minAvailable } from "../../kubernetes/int-or-percent.ts";
import { isActive, type PodState } from "./pod-state.ts";

export interface Levels {
  /** `spec.replicas`; 0 while there is no Deployment, and while it is being deleted. */
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
}

/** From this moment until that of the next step. */
export interface LevelStep extends Levels {
  readonly atMs: number;
}

export const noLevels: Levels = {
  desired: 0,
  floor: 0,
  ceiling: 0,
  floorInForce: 0,
  ceilingInForce: 0,
  pods: 0,
  terminating: 0,
  available: 0,
};

/** Counts pods by what matters for the levels. */
export class PodTally {
  pods = 0;
  terminating = 0;
  available = 0;

  /** A pod went from one state to another; undefined stands for not being there. */
  move(from: PodState | undefined, to: PodState | undefined): void {
    this.#count(from, -1);
    this.#count(to, 1);
  }

  #count(state: PodState | undefined, by: 1 | -1): void {
    if (state === undefined) return;
    if (isActive(state)) this.pods += by;
    if (state === "terminating") this.terminating += by;
    if (state === "available") this.available += by;
  }
}

type Promised = Pick<Levels, "desired" | "floor" | "ceiling">;

const nothing: Promised = { desired: 0, floor: 0, ceiling: 0 };

/** Specs are immutable, and asked for at every moment. */
const promisedBy = new WeakMap<DeploymentSpec, Promised>();

/** A Deployment that is being deleted promises nothing. */
const promisesOf = (deployment: Deployment | undefined): Promised => {
  if (!deployment || deployment.meta.deletion) return nothing;
  const { spec } = deployment;
  const known = promisedBy.get(spec);
  if (known) return known;
  const promised = { desired: spec.replicas, floor: minAvailable(spec), ceiling: spec.replicas + maxSurge(spec) };
  promisedBy.set(spec, promised);
  return promised;
};

/** The levels at the end of a moment, after those that were before. */
export const levelsAfter = (before: Levels, deployment: Deployment | undefined, tally: PodTally): Levels => {
  const { pods, terminating, available } = tally;
  const { desired, floor, ceiling } = promisesOf(deployment);
  const isFloorInForce = floor < before.floorInForce || available >= floor;
  const isCeilingInForce = ceiling > before.ceilingInForce || pods <= ceiling;
  return {
    desired,
    floor,
    ceiling,
    floorInForce: isFloorInForce ? floor : before.floorInForce,
    ceilingInForce: isCeilingInForce ? ceiling : before.ceilingInForce,
    pods,
    terminating,
    available,
  };
};

export const sameLevels = (a: Levels, b: Levels): boolean =>
  a.pods === b.pods &&
  a.available === b.available &&
  a.terminating === b.terminating &&
  a.desired === b.desired &&
  a.floor === b.floor &&
  a.ceiling === b.ceiling &&
  a.floorInForce === b.floorInForce &&
  a.ceilingInForce === b.ceilingInForce;

/**
 * All pods that should be there are of the Deployment's template and available, and no others are left but those that
 * terminate: what `kubectl rollout status` calls rolled out, by what the log shows.
 */
export const isRolledOut = (
  deployment: Deployment | undefined,
  { pods }: Pick<PodTally, "pods">,
  availableOfTemplate: number,
): boolean => {
  if (!deployment || deployment.meta.deletion) return false;
  const { replicas } = deployment.spec;
  return pods === replicas && availableOfTemplate === replicas;
};
