/** Defaults of Deployments and ReplicaSets: Kubernetes' apps/v1 defaulting. */
import type { Deployment, DeploymentStrategy, ReplicaSet } from "../objects.ts";
import { assign, fill, orEmpty } from "./fill.ts";
import { podTemplateDefaults } from "./pod.ts";

const strategyDefaults = (strategy: DeploymentStrategy): DeploymentStrategy => {
  const typed = fill(strategy, { type: "RollingUpdate" });
  if (typed.type !== "RollingUpdate") return typed;
  return assign(typed, {
    rollingUpdate: fill(orEmpty(typed.rollingUpdate), { maxUnavailable: "25%", maxSurge: "25%" }),
  });
};

/** What the types require may be missing before validation. */
export const deploymentDefaults = (deployment: Deployment): Deployment => {
  const spec = fill(orEmpty(deployment.spec), { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  return assign(deployment, {
    spec: assign(spec, {
      template: podTemplateDefaults(orEmpty(spec.template)),
      strategy: strategyDefaults(orEmpty(spec.strategy)),
    }),
  });
};

/** What the types require may be missing before validation. */
export const replicaSetDefaults = (replicaSet: ReplicaSet): ReplicaSet => {
  const spec = fill(orEmpty(replicaSet.spec), { replicas: 1 });
  return assign(replicaSet, {
    spec: assign(spec, { template: podTemplateDefaults(orEmpty(spec.template)) }),
  });
};
