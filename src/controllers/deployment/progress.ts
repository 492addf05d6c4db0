/** How far a rollout is: complete, progressing or stuck, and the `Progressing` condition that says so. */
import * as E from "fp-ts/lib/Either.js";
import { type Condition, conditionOf, type Deployment, type DeploymentStatus } from "../../domain/state.ts";
import { done, type SyncResult } from "../reconcile.ts";
import {
  PROGRESSING,
  progressing,
  progressingOf,
  REPLICA_FAILURE,
  removeDeploymentCondition,
  setDeploymentCondition,
} from "./conditions.ts";
import { allOf, type OwnedReplicaSets } from "./replica-sets.ts";
import { calculateStatus, equalStatus } from "./status.ts";
import { type Step, type Sync, updateStatus } from "./step.ts";

/** Kubernetes reads the largest int32 as "no deadline". */
const noDeadline = 2_147_483_647;

const deadlineMsOf = (deployment: Deployment): number | undefined => {
  const { progressDeadlineSeconds } = deployment.spec;
  return progressDeadlineSeconds === noDeadline || progressDeadlineSeconds === undefined
    ? undefined
    : progressDeadlineSeconds * 1000;
};

export const hasProgressDeadline = (deployment: Deployment): boolean => deadlineMsOf(deployment) !== undefined;

/** Every pod is new, none is missing, all are available, and the status is about the latest spec. */
export const deploymentComplete = (deployment: Deployment, status: DeploymentStatus): boolean =>
  status.updatedReplicas === deployment.spec.replicas &&
  status.replicas === deployment.spec.replicas &&
  status.availableReplicas === deployment.spec.replicas &&
  status.observedGeneration >= deployment.meta.generation;

/** Since the stored status there are more new pods, fewer old ones, or more that are ready or available. */
export const deploymentProgressing = (deployment: Deployment, status: DeploymentStatus): boolean => {
  const before = deployment.status;
  return (
    status.updatedReplicas > before.updatedReplicas ||
    status.replicas - status.updatedReplicas < before.replicas - before.updatedReplicas ||
    status.readyReplicas > before.readyReplicas ||
    status.availableReplicas > before.availableReplicas
  );
};

/**
 * No progress for longer than the deadline, counted from the last update of `Progressing`. A completed rollout never times
 * out, whatever becomes of its pods; one that timed out stays so until it progresses.
 */
export const deploymentTimedOut = (deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean => {
  const deadlineMs = deadlineMsOf(deployment);
  const condition = progressingOf(status);
  if (deadlineMs === undefined || condition === undefined) return false;
  if (condition.reason === "NewReplicaSetAvailable") return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  return (condition.lastUpdateMs ?? 0) + deadlineMs < nowMs;
};

/** Puts progress as it is now into the status. The first that holds wins: complete, progressing, timed out. */
const withProgress = (sync: Sync, owned: OwnedReplicaSets, counted: DeploymentStatus): DeploymentStatus => {
  const { deployment, nowMs } = sync;
  const current = progressingOf(deployment.status);
  if (!hasProgressDeadline(deployment)) return removeDeploymentCondition(counted, PROGRESSING);
  if (counted.replicas === counted.updatedReplicas && current?.reason === "NewReplicaSetAvailable") return counted;

  const subject = owned.newRS ? `ReplicaSet "${owned.newRS.meta.name}"` : `Deployment "${deployment.meta.name}"`;
  if (deploymentComplete(deployment, counted)) {
    const message = `${subject} has successfully progressed.`;
    return setDeploymentCondition(counted, progressing("True", "NewReplicaSetAvailable", message, nowMs));
  }
  if (deploymentProgressing(deployment, counted)) {
    // Progress restarts the deadline's clock, even where status and reason stay: the old condition makes way.
    const condition = progressing("True", "ReplicaSetUpdated", `${subject} is progressing.`, nowMs);
    const lastTransitionMs = current?.status === "True" ? current.lastTransitionMs : condition.lastTransitionMs;
    return setDeploymentCondition(removeDeploymentCondition(counted, PROGRESSING), { ...condition, lastTransitionMs });
  }
  if (deploymentTimedOut(deployment, counted, nowMs)) {
    const message = `${subject} has timed out progressing.`;
    return setDeploymentCondition(counted, progressing("False", "ProgressDeadlineExceeded", message, nowMs));
  }
  return counted;
};

/** The failure to show: the new ReplicaSet's, or else the first among all. */
const replicaFailureOf = (owned: OwnedReplicaSets): Condition | undefined => {
  const candidates = owned.newRS ? [owned.newRS, ...allOf(owned)] : allOf(owned);
  for (const { status } of candidates) {
    const failure = conditionOf(status.conditions, REPLICA_FAILURE);
    if (failure !== undefined) return { ...failure, lastUpdateMs: failure.lastTransitionMs };
  }
  return undefined;
};

const withReplicaFailure = (owned: OwnedReplicaSets, status: DeploymentStatus): DeploymentStatus => {
  const failure = replicaFailureOf(owned);
  return failure === undefined
    ? removeDeploymentCondition(status, REPLICA_FAILURE)
    : setDeploymentCondition(status, failure);
};

/**
 * When to look again at a rollout that stands still, in ms: after its deadline. Kubernetes adds a second to a long wait and
 * polls at its queue's pace through the last second; we wake in the first millisecond in which the deadline has
 * passed. Undefined where time alone changes nothing.
 */
export const requeueStuckDeployment = (
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined => {
  const deadlineMs = deadlineMsOf(deployment);
  const current = progressingOf(deployment.status);
  if (deadlineMs === undefined || current === undefined) return undefined;
  if (deploymentComplete(deployment, status) || current.reason === "ProgressDeadlineExceeded") return undefined;
  const leftMs = (current.lastUpdateMs ?? 0) + deadlineMs - nowMs;
  if (leftMs >= 1000) return leftMs + 1000;
  return leftMs >= 0 ? leftMs + 1 : undefined;
};

/** Writes status and progress where they differ; otherwise sees to it that the deadline is noticed. */
export function* syncRolloutStatus(sync: Sync, owned: OwnedReplicaSets): Step<SyncResult> {
  const { deployment, nowMs } = sync;
  const counted = calculateStatus(deployment, owned, nowMs);
  const status = withReplicaFailure(owned, withProgress(sync, owned, counted));
  if (!equalStatus(deployment.status, status)) {
    return E.map(() => done)(yield* updateStatus(sync, { status }));
  }
  const requeueAfterMs = requeueStuckDeployment(deployment, status, nowMs);
  return E.right(requeueAfterMs === undefined ? done : { requeueAfterMs });
}
