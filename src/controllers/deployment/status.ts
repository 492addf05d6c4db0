/** The Deployment's status as it follows from its ReplicaSets. */
import * as E from "fp-ts/lib/Either.js";
import type { Condition, Deployment, DeploymentStatus } from "../../domain/state.ts";
import { maxUnavailable } from "../../kubernetes/int-or-percent.ts";
import { availability, setDeploymentCondition } from "./conditions.ts";
import {
  allOf,
  getActualReplicaCount,
  getAvailableReplicaCount,
  getReadyReplicaCount,
  getReplicaCount,
  type OwnedReplicaSets,
} from "./replica-sets.ts";
import { type Step, type Sync, updateStatus } from "./step.ts";

/**
 * The counters and the `Available` condition. Pods are counted from the ReplicaSets' statuses, unavailable ones from their
 * sizes. As in Kubernetes the ReplicaSets are those held since the sync began: a resize made by it is not yet
 * seen, only a creation is.
 */
export const calculateStatus = (deployment: Deployment, owned: OwnedReplicaSets, nowMs: number): DeploymentStatus => {
  const all = allOf(owned);
  const { spec, status, meta } = deployment;
  const availableReplicas = getAvailableReplicaCount(all);
  const enough = availableReplicas >= spec.replicas - maxUnavailable(spec);
  const counted: DeploymentStatus = {
    ...status,
    observedGeneration: meta.generation,
    replicas: getActualReplicaCount(all),
    updatedReplicas: owned.newRS?.status.replicas ?? 0,
    readyReplicas: getReadyReplicaCount(all),
    availableReplicas,
    unavailableReplicas: Math.max(0, getReplicaCount(all) - availableReplicas),
  };
  return setDeploymentCondition(counted, availability(enough, nowMs));
};

const equalConditions = (a: Condition, b: Condition): boolean =>
  a.type === b.type &&
  a.status === b.status &&
  a.reason === b.reason &&
  a.message === b.message &&
  a.lastUpdateMs === b.lastUpdateMs &&
  a.lastTransitionMs === b.lastTransitionMs;

/** Whether writing `b` over `a` would change nothing; the order of the conditions counts. */
export const equalStatus = (a: DeploymentStatus, b: DeploymentStatus): boolean =>
  a.observedGeneration === b.observedGeneration &&
  a.replicas === b.replicas &&
  a.updatedReplicas === b.updatedReplicas &&
  a.readyReplicas === b.readyReplicas &&
  a.availableReplicas === b.availableReplicas &&
  a.unavailableReplicas === b.unavailableReplicas &&
  a.collisionCount === b.collisionCount &&
  a.conditions.length === b.conditions.length &&
  a.conditions.every((condition, index) => {
    const other = b.conditions[index];
    return other !== undefined && equalConditions(condition, other);
  });

/** Writes the status where it differs; progress is none of its business. */
export function* syncDeploymentStatus(sync: Sync, owned: OwnedReplicaSets): Step<void> {
  const status = calculateStatus(sync.deployment, owned, sync.nowMs);
  if (equalStatus(sync.deployment.status, status)) return E.right(undefined);
  return yield* updateStatus(sync, { status });
}
