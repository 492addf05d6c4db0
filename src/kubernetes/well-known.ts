/** Labels, annotations and finalizers that the rollout machinery reads and writes. */

export const POD_TEMPLATE_HASH = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";
export const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
export const CHANGE_CAUSE = "kubernetes.io/change-cause";
export const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
export const ROLLBACK_TO = "deprecated.deployment.rollback.to";
export const POD_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
export const SERVICE_NAME = "kubernetes.io/service-name";

/** The owner stays until its blocking dependents are gone. */
export const FOREGROUND_FINALIZER = "foregroundDeletion";
/** The owner stays until its dependents have lost their reference to it. */
export const ORPHAN_FINALIZER = "orphan";
/** A namespace stays until its content is gone. */
export const NAMESPACE_FINALIZER = "kubernetes";
