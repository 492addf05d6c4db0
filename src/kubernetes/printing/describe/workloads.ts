import type { Deployment, ObjectCondition, Pod, PodPhase, ReplicaSet } from "../../objects.ts";
import { formatSelector } from "../../selector.ts";
import { controllerOf, Description, longTime } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";
import { describePodTemplate } from "./pod-template.ts";

const describeConditions = (to: Description, conditions: readonly ObjectCondition[] = []): void => {
  if (conditions.length === 0) return;
  to.line(0, "Conditions:");
  to.line(1, "Type\tStatus\tReason");
  to.line(1, "----\t------\t------");
  for (const { type, status, reason = "" } of conditions) to.line(1, `${type} \t${status}\t${reason}`);
};

const formatReplicaSets = (replicaSets: readonly ReplicaSet[]): string =>
  replicaSets
    .map(
      ({ metadata, spec, status }) =>
        `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 1} replicas created)`,
    )
    .join(", ") || "<none>";

export interface DeploymentContext extends DescribeContext {
  /** All that are not the new one, those of size 0 included. */
  readonly oldReplicaSets: readonly ReplicaSet[];
  readonly newReplicaSet?: ReplicaSet | undefined;
}

/** What `kubectl describe deployment` prints. */
export const describeDeployment = (deployment: Deployment, context: DeploymentContext): string => {
  const { metadata, spec, status } = deployment;
  const to = new Description();
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Namespace", metadata.namespace ?? "");
  to.entry(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
  to.entry(0, "Selector", formatSelector(spec.selector));
  to.entry(
    0,
    "Replicas",
    `${spec.replicas ?? 1} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ` +
      `${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable`,
  );
  to.entry(0, "StrategyType", spec.strategy?.type ?? "");
  to.entry(0, "MinReadySeconds", spec.minReadySeconds ?? 0);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling) {
    const { maxUnavailable = 0, maxSurge = 0 } = rolling;
    to.entry(0, "RollingUpdateStrategy", `${maxUnavailable} max unavailable, ${maxSurge} max surge`);
  }
  describePodTemplate(to, spec.template);
  describeConditions(to, status?.conditions);
  const { oldReplicaSets, newReplicaSet } = context;
  if (oldReplicaSets.length > 0 || newReplicaSet) {
    to.entry(0, "OldReplicaSets", formatReplicaSets(oldReplicaSets));
    to.entry(0, "NewReplicaSet", formatReplicaSets(newReplicaSet ? [newReplicaSet] : []));
  }
  describeEvents(to, context);
  return to.aligned;
};

export interface ReplicaSetContext extends DescribeContext {
  /** The pods that the ReplicaSet controls. */
  readonly pods: readonly Pod[];
}

/** What `kubectl describe replicaset` prints. */
export const describeReplicaSet = (replicaSet: ReplicaSet, context: ReplicaSetContext): string => {
  const { metadata, spec, status } = replicaSet;
  const to = new Description();
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Namespace", metadata.namespace ?? "");
  to.entry(0, "Selector", formatSelector(spec.selector));
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
  const controller = controllerOf(replicaSet);
  if (controller) to.entry(0, "Controlled By", controller);
  to.entry(0, "Replicas", `${status?.replicas ?? 0} current / ${spec.replicas ?? 1} desired`);
  const count = (phase: PodPhase) => context.pods.filter((pod) => pod.status?.phase === phase).length;
  to.entry(
    0,
    "Pods Status",
    `${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ${count("Failed")} Failed`,
  );
  describePodTemplate(to, spec.template);
  describeConditions(to, status?.conditions);
  describeEvents(to, context);
  return to.aligned;
};
