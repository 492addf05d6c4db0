/** How far a rollout may go in one step. The limits of a rolling update themselves are in `int-or-percent.ts`. */

import type { Deployment, ReplicaSet } from "../../domain/state.ts";
import { maxSurge, maxUnavailable } from "../../kubernetes/int-or-percent.ts";
import { getAvailableReplicaCount, getReplicaCount } from "./replica-sets.ts";

/**
 * The size of the new ReplicaSet when it is created or grows: all at once for Recreate, otherwise as far as the surge allows
 * above what all ReplicaSets together (the new one included) should have now.
 */
export const newRSNewReplicas = (
  deployment: Deployment,
  allRSs: readonly Pick<ReplicaSet, "spec">[],
  newSize: number,
): number => {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === "Recreate") return replicas;
  const room = replicas + maxSurge(deployment.spec) - getReplicaCount(allRSs);
  return room <= 0 ? newSize : newSize + Math.min(room, replicas - newSize);
};

/** The pods that must stay available, whatever the strategy. */
const floorOf = ({ spec }: Deployment): number => spec.replicas - maxUnavailable(spec);

/**
 * How many pods the old ReplicaSets may lose in all. New pods that are not available yet count against it, so that a broken
 * new template does not eat up the old one.
 */
export const maxScaledDown = (deployment: Deployment, allRSs: readonly ReplicaSet[], newRS: ReplicaSet): number =>
  getReplicaCount(allRSs) - floorOf(deployment) - (newRS.spec.replicas - newRS.status.availableReplicas);

/** How many available pods the old ReplicaSets may lose: those above the minimum, by what the statuses say. */
export const availableSurplus = (deployment: Deployment, allRSs: readonly ReplicaSet[]): number =>
  getAvailableReplicaCount(allRSs) - floorOf(deployment);
