/** Status, as controllers write it. */
import type { Deployment, ReplicaSet } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { invalidValue, nonNegative } from "./field.ts";

type Counts = Readonly<Record<string, number | undefined>>;

const tooMany = (counts: Counts, name: string, bound: string, detail: string): readonly FieldCause[] =>
  (counts[name] ?? 0) > (counts[bound] ?? 0) ? [invalidValue(`status.${name}`, counts[name] ?? 0, detail)] : [];

const validateCounts = (counts: Counts, partsOfReplicas: readonly string[]): readonly FieldCause[] => [
  ...Object.entries(counts).flatMap(([name, count]) => nonNegative(`status.${name}`, count)),
  ...partsOfReplicas.flatMap((name) => tooMany(counts, name, "replicas", "cannot be greater than status.replicas")),
  ...tooMany(counts, "availableReplicas", "readyReplicas", "cannot be greater than readyReplicas"),
];

/** A write of a Deployment's status; the collision count only grows. */
export const validateDeploymentStatus = (
  before: Deployment["status"],
  after: Deployment["status"],
): readonly FieldCause[] => {
  const { observedGeneration, replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas } =
    after ?? {};
  const { collisionCount } = after ?? {};
  const counts = {
    observedGeneration,
    replicas,
    updatedReplicas,
    readyReplicas,
    availableReplicas,
    unavailableReplicas,
    collisionCount,
  };
  const decremented = before?.collisionCount !== undefined && (collisionCount ?? 0) < before.collisionCount;
  return [
    ...validateCounts(counts, ["updatedReplicas", "readyReplicas", "availableReplicas"]),
    ...(decremented ? [invalidValue("status.collisionCount", collisionCount ?? null, "cannot be decremented")] : []),
  ];
};

export const validateReplicaSetStatus = (status: ReplicaSet["status"]): readonly FieldCause[] => {
  const { replicas, fullyLabeledReplicas, readyReplicas, availableReplicas, observedGeneration } = status ?? {};
  return validateCounts({ replicas, fullyLabeledReplicas, readyReplicas, availableReplicas, observedGeneration }, [
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
  ]);
};
