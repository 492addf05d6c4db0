/** What a ReplicaSet says of itself, and how it comes to be written. */
import * as E from "fp-ts/lib/Either.js";
import {
  type Condition,
  conditionOf,
  type ReplicaSet,
  type ReplicaSetStatus,
  refOf,
  truncateToSecond,
} from "../../domain/state.ts";
import { type Reconcile, readLive } from "../reconcile.ts";
import { answerOfKind, replace } from "../replace.ts";
import type { PodCounts } from "../view.ts";

const REPLICA_FAILURE = "ReplicaFailure";

/**
 * The status after a manage step that met `error`, or none. `counts` are of the pods before that step.
 * A ReplicaFailure that is there stays as it was as long as the step keeps failing, also when its text has changed.
 */
export const calculateStatus = (
  replicaSet: ReplicaSet,
  counts: PodCounts,
  error: string | undefined,
  nowMs: number,
): ReplicaSetStatus => ({
  observedGeneration: replicaSet.meta.generation,
  replicas: counts.active,
  fullyLabeledReplicas: counts.fullyLabeled,
  readyReplicas: counts.ready,
  availableReplicas: counts.available,
  conditions: conditionsAfter(replicaSet, counts, error, nowMs),
});

const conditionsAfter = (
  { spec, status }: ReplicaSet,
  { active }: PodCounts,
  error: string | undefined,
  nowMs: number,
): readonly Condition[] => {
  const { conditions } = status;
  const hasFailure = conditionOf(conditions, REPLICA_FAILURE) !== undefined;
  if (error === undefined) return hasFailure ? conditions.filter(({ type }) => type !== REPLICA_FAILURE) : conditions;
  if (hasFailure) return conditions;
  const reason = active < spec.replicas ? "FailedCreate" : active > spec.replicas ? "FailedDelete" : "";
  const lastTransitionMs = truncateToSecond(nowMs);
  return [...conditions, { type: REPLICA_FAILURE, status: "True", reason, message: error, lastTransitionMs }];
};

const isSame = (a: ReplicaSetStatus, b: ReplicaSetStatus): boolean =>
  a.observedGeneration === b.observedGeneration &&
  a.replicas === b.replicas &&
  a.fullyLabeledReplicas === b.fullyLabeledReplicas &&
  a.readyReplicas === b.readyReplicas &&
  a.availableReplicas === b.availableReplicas &&
  a.conditions === b.conditions;

/**
 * Writes the status if it differs, once more on a fresh copy if the first write is refused. The second write says what
 * the first one said, although the copy may be of a later generation: that is how Kubernetes comes to publish stale counts.
 * Answers with the error of a failed write.
 */
export function* updateStatus(replicaSet: ReplicaSet, status: ReplicaSetStatus): Reconcile<string | undefined> {
  if (isSame(replicaSet.status, status)) return undefined;
  const first = yield* replace({ ...replicaSet, status }, "status");
  if (E.isRight(first)) return undefined;
  const fresh = answerOfKind(yield* readLive(refOf(replicaSet)), "ReplicaSet");
  if (E.isLeft(fresh)) return fresh.left.message;
  const second = yield* replace({ ...fresh.right, status }, "status");
  return E.isLeft(second) ? second.left.message : undefined;
}
