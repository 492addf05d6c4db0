/** The conditions of a Deployment's status: `Available`, `Progressing` and `ReplicaFailure`. */

import { type Condition, conditionOf, type DeploymentStatus, truncateToSecond } from "../../domain/state.ts";
import type { ConditionStatus } from "../../kubernetes/objects.ts";

const AVAILABLE = "Available";
export const PROGRESSING = "Progressing";
export const REPLICA_FAILURE = "ReplicaFailure";

/** Why `Progressing` has its status. `NewReplicaSetAvailable` means complete, `ProgressDeadlineExceeded` timed out. */
export type ProgressReason =
  | "NewReplicaSetCreated"
  | "FoundNewReplicaSet"
  | "ReplicaSetUpdated"
  | "ReplicaSetCreateError"
  | "NewReplicaSetAvailable"
  | "ProgressDeadlineExceeded"
  | "DeploymentPaused"
  | "DeploymentResumed";

type AvailableReason = "MinimumReplicasAvailable" | "MinimumReplicasUnavailable";

const newCondition = (
  type: string,
  status: ConditionStatus,
  reason: string,
  message: string,
  nowMs: number,
): Condition => {
  const atMs = truncateToSecond(nowMs);
  return { type, status, reason, message, lastUpdateMs: atMs, lastTransitionMs: atMs };
};

export const progressing = (
  status: ConditionStatus,
  reason: ProgressReason,
  message: string,
  nowMs: number,
): Condition => newCondition(PROGRESSING, status, reason, message, nowMs);

export const availability = (available: boolean, nowMs: number): Condition => {
  const reason: AvailableReason = available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable";
  const message = `Deployment ${available ? "has" : "does not have"} minimum availability.`;
  return newCondition(AVAILABLE, available ? "True" : "False", reason, message, nowMs);
};

export const progressingOf = (status: DeploymentStatus): Condition | undefined =>
  conditionOf(status.conditions, PROGRESSING);

export const removeDeploymentCondition = (status: DeploymentStatus, type: string): DeploymentStatus => ({
  ...status,
  conditions: status.conditions.filter((condition) => condition.type !== type),
});

/**
 * Sets a condition as Kubernetes does: same status and reason change nothing, neither message nor times; otherwise the
 * condition goes to the end of the list, and its transition time moves only with its status.
 */
export const setDeploymentCondition = (status: DeploymentStatus, condition: Condition): DeploymentStatus => {
  const current = conditionOf(status.conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return status;
  const lastTransitionMs = current?.status === condition.status ? current.lastTransitionMs : condition.lastTransitionMs;
  const others = status.conditions.filter(({ type }) => type !== condition.type);
  return { ...status, conditions: [...others, { ...condition, lastTransitionMs }] };
};
