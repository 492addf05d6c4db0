/** Changes of size outside a rollout: a Deployment that was scaled, and one that is paused. */
import * as E from "fp-ts/lib/Either.js";
import type { Deployment, ReplicaSet } from "../../domain/state.ts";
import { maxSurge } from "../../kubernetes/int-or-percent.ts";
import { replace } from "../replace.ts";
import { desiredReplicasOf, maxReplicasOf, replicasAnnotations, replicasAnnotationsNeedUpdate } from "./annotations.ts";
import {
  allOf,
  byCreation,
  findActiveOrLatest,
  getReplicaCount,
  isActive,
  type OwnedReplicaSets,
} from "./replica-sets.ts";
import type { Step, Sync } from "./step.ts";

export interface Scaled {
  /** Whether the size changed; annotations alone do not count. */
  readonly scaled: boolean;
  readonly replicaSet: ReplicaSet;
}

/** Writes the size and the annotations that go with it, if any of them differs. */
function* scaleReplicaSet(sync: Sync, replicaSet: ReplicaSet, replicas: number): Step<Scaled> {
  const { deployment } = sync;
  const scaled = replicaSet.spec.replicas !== replicas;
  if (!scaled && !replicasAnnotationsNeedUpdate(replicaSet, deployment)) return E.right({ scaled: false, replicaSet });
  const annotations = { ...replicaSet.meta.annotations, ...replicasAnnotations(deployment) };
  const answer = yield* replace({
    ...replicaSet,
    meta: { ...replicaSet.meta, annotations },
    spec: { ...replicaSet.spec, replicas },
  });
  return E.isLeft(answer) ? answer : E.right({ scaled, replicaSet: answer.right });
}

/** The same, but leaves a ReplicaSet that has the size already alone, whatever its annotations say. */
export function* resizeReplicaSet(sync: Sync, replicaSet: ReplicaSet, replicas: number): Step<Scaled> {
  if (replicaSet.spec.replicas === replicas) return E.right({ scaled: false, replicaSet });
  return yield* scaleReplicaSet(sync, replicaSet, replicas);
}

/**
 * Whether `spec.replicas` changed since the active ReplicaSets were last scaled. Those of size 0 keep stale annotations and do
 * not count; otherwise every rollback would look like a scaling.
 */
export const isScalingEvent = (deployment: Deployment, replicaSets: readonly ReplicaSet[]): boolean =>
  replicaSets.filter(isActive).some((replicaSet) => {
    const desired = desiredReplicasOf(replicaSet);
    return desired !== undefined && desired !== deployment.spec.replicas;
  });

/** The new ReplicaSet alone carries the whole Deployment, all of it available. */
export const isSaturated = (deployment: Deployment, newRS: ReplicaSet | undefined): boolean => {
  const { replicas } = deployment.spec;
  return (
    newRS !== undefined &&
    newRS.spec.replicas === replicas &&
    desiredReplicasOf(newRS) === replicas &&
    newRS.status.availableReplicas === replicas
  );
};

/** Half away from zero. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

/** By how much a ReplicaSet would grow (or shrink) to keep its share of a Deployment whose size changes. */
export const getReplicaSetFraction = (deployment: Deployment, replicaSet: ReplicaSet): number => {
  const { replicas } = replicaSet.spec;
  if (deployment.spec.replicas === 0) return 0 - replicas;
  const before = maxReplicasOf(replicaSet) || deployment.status.replicas;
  if (before === 0) return 0;
  const after = deployment.spec.replicas + maxSurge(deployment.spec);
  return round((replicas * after) / before) - replicas;
};

/** A ReplicaSet's part of `toAdd` (negative: to remove), `added` of which others have had already. */
export const getReplicaSetProportion = (
  deployment: Deployment,
  replicaSet: ReplicaSet,
  toAdd: number,
  added: number,
): number => {
  if (!isActive(replicaSet) || toAdd === 0 || toAdd === added) return 0;
  const fraction = getReplicaSetFraction(deployment, replicaSet);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
};

const largestFirst = (a: ReplicaSet, b: ReplicaSet): number => b.spec.replicas - a.spec.replicas;

/**
 * The sizes at which a rolling update goes on after a scaling: each ReplicaSet keeps its share. The largest is served first
 * and takes what rounding leaves; of equals, the newest grows first and the oldest shrinks first.
 */
const proportionalSizes = (
  deployment: Deployment,
  active: readonly ReplicaSet[],
): readonly { readonly replicaSet: ReplicaSet; readonly replicas: number }[] => {
  const { replicas } = deployment.spec;
  const allowed = replicas > 0 ? replicas + maxSurge(deployment.spec) : 0;
  const toAdd = allowed - getReplicaCount(active);
  const ordered =
    toAdd === 0
      ? active
      : active.toSorted((a, b) => largestFirst(a, b) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)));

  let added = 0;
  const sizes = ordered.map((replicaSet) => {
    const part = getReplicaSetProportion(deployment, replicaSet, toAdd, added);
    added += part;
    return { replicaSet, replicas: replicaSet.spec.replicas + part };
  });
  const leftover = toAdd - added;
  return sizes.map((size, index) =>
    index === 0 ? { ...size, replicas: Math.max(0, size.replicas + leftover) } : size,
  );
};

/** Brings a Deployment that is not rolling out (or is paused) to its size. */
export function* scale(sync: Sync, owned: OwnedReplicaSets): Step<void> {
  const { deployment } = sync;
  const newestFirst = { newRS: owned.newRS, oldRSs: owned.oldRSs.toReversed() };
  const activeOrLatest = findActiveOrLatest(owned);
  if (activeOrLatest !== undefined) {
    const scaled = yield* resizeReplicaSet(sync, activeOrLatest, deployment.spec.replicas);
    return E.map(() => undefined)(scaled);
  }
  if (isSaturated(deployment, owned.newRS)) {
    for (const old of newestFirst.oldRSs) {
      const scaled = yield* resizeReplicaSet(sync, old, 0);
      if (E.isLeft(scaled)) return scaled;
    }
    return E.right(undefined);
  }
  if (deployment.spec.strategy.type !== "RollingUpdate") return E.right(undefined);
  for (const { replicaSet, replicas } of proportionalSizes(deployment, allOf(newestFirst).filter(isActive))) {
    const scaled = yield* scaleReplicaSet(sync, replicaSet, replicas);
    if (E.isLeft(scaled)) return scaled;
  }
  return E.right(undefined);
}
