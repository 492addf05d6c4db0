/** Validation: all faults of an object at once, in the order in which the API server reports them. */
import type { StoredObject } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { validateNamespace, validateNode, validatePodDisruptionBudget } from "./cluster.ts";
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from "./config.ts";
import { validateMetadataUpdate } from "./metadata.ts";
import { validatePod, validatePodUpdate } from "./pod.ts";
import { validateService, validateServiceUpdate } from "./service.ts";
import { validateDeployment, validateReplicaSet, validateWorkloadUpdate } from "./workloads.ts";

export { invalid } from "./invalid.ts";
export { validateBeyondTemplate } from "./pod.ts";
export { validateDeploymentStatus, validateReplicaSetStatus } from "./status.ts";

/** The faults of an object, which must have its defaults. EndpointSlices come from their controller and are trusted. */
export const validate = (object: StoredObject): readonly FieldCause[] => {
  switch (object.kind) {
    case "Deployment":
      return validateDeployment(object);
    case "ReplicaSet":
      return validateReplicaSet(object);
    case "Pod":
      return validatePod(object);
    case "Service":
      return validateService(object);
    case "Namespace":
      return validateNamespace(object);
    case "Node":
      return validateNode(object);
    case "ConfigMap":
      return validateConfigMap(object);
    case "Secret":
      return validateSecret(object);
    case "PodDisruptionBudget":
      return validatePodDisruptionBudget(object);
    case "EndpointSlice":
      return [];
  }
};

/**
 * What an update must not change, beyond what `validate` finds in the new object. Both have their defaults, so that
 * a value left out is one that was meant to be the default.
 */
export const validateUpdate = (before: StoredObject, after: StoredObject): readonly FieldCause[] => {
  switch (before.kind) {
    case "Deployment":
      return after.kind === before.kind ? validateWorkloadUpdate(before, after) : otherKind(before, after);
    case "ReplicaSet":
      return after.kind === before.kind ? validateWorkloadUpdate(before, after) : otherKind(before, after);
    case "Pod":
      return after.kind === before.kind ? validatePodUpdate(before, after) : otherKind(before, after);
    case "Service":
      return after.kind === before.kind ? validateServiceUpdate(before, after) : otherKind(before, after);
    case "ConfigMap":
      return after.kind === before.kind ? validateConfigMapUpdate(before, after) : otherKind(before, after);
    case "Secret":
      return after.kind === before.kind ? validateSecretUpdate(before, after) : otherKind(before, after);
    case "Namespace":
    case "Node":
    case "PodDisruptionBudget":
    case "EndpointSlice":
      return validateMetadataUpdate(before.metadata, after.metadata);
  }
};

const otherKind = (before: StoredObject, after: StoredObject): never => {
  throw new Error(`a ${before.kind} cannot become a ${after.kind}`);
};
