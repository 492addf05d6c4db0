/** Drives the Deployment controller sync by sync, with stand-ins for the ReplicaSet controller and the kubelets. */
import { type DeploymentOptions, reconcileDeployment } from "../../src/controllers/deployment/sync.ts";
import type { SyncResult } from "../../src/controllers/reconcile.ts";
import { type Condition, conditionOf, type Deployment, type ReplicaSet } from "../../src/domain/state.ts";
import { FakeApi } from "./fake-api.ts";
import { deploymentOf, digestOf } from "./workloads.ts";

/** One sync of `web` on a view that has seen every write so far. ReplicaSets are named by their template. */
export const sync = (api: FakeApi, options: DeploymentOptions = {}): SyncResult => {
  const hashTemplate = options.hashTemplate ?? ((template) => template);
  return api.drive(reconcileDeployment(api.view(), { namespace: "default", name: "web" }, api.nowMs, { hashTemplate }));
};

/** A person's change of the spec: another generation. */
export const edit = (
  api: FakeApi,
  spec: Partial<Omit<Deployment["spec"], "template">> & { template?: string },
): void => {
  const { deployment } = api;
  const { template = deployment.spec.template, ...rest } = spec;
  api.put({
    ...deployment,
    meta: { ...deployment.meta, generation: deployment.meta.generation + 1 },
    spec: { ...deployment.spec, ...rest, template: digestOf(template) },
  });
};

type Judge = (replicaSet: ReplicaSet) => boolean;

/** Judges a ReplicaSet by its template. */
export const only =
  (...templates: readonly string[]): Judge =>
  ({ spec }) =>
    templates.includes(spec.template.digest);

/** Every ReplicaSet gets the pods it should have; those of healthy ones become available, others gain none. */
export const settle = (api: FakeApi, isHealthy: Judge = () => true): void => {
  for (const replicaSet of api.replicaSets) {
    const { replicas } = replicaSet.spec;
    const available = isHealthy(replicaSet) ? replicas : Math.min(replicas, replicaSet.status.availableReplicas);
    report(api, replicaSet, { replicas, readyReplicas: available, availableReplicas: available });
  }
};

/** What the ReplicaSet's controller believes. */
export const report = (api: FakeApi, replicaSet: ReplicaSet, status: Partial<ReplicaSet["status"]>): void => {
  const observedGeneration = replicaSet.meta.generation;
  api.put({ ...replicaSet, status: { ...replicaSet.status, observedGeneration, ...status } });
};

/** `v1 3→2` for each change of a size so far, in order; the ReplicaSet is named by its template. */
export const steps = (api: FakeApi): readonly string[] =>
  api.changes.flatMap(({ before, after }) => {
    if (after?.kind !== "ReplicaSet") return [];
    const from = before?.kind === "ReplicaSet" ? before.spec.replicas : 0;
    return from === after.spec.replicas ? [] : [`${after.spec.template.digest} ${from}→${after.spec.replicas}`];
  });

/** The size of each ReplicaSet by its template. */
export const sizes = (api: FakeApi): Readonly<Record<string, number>> =>
  Object.fromEntries(api.replicaSets.map(({ spec }) => [spec.template.digest, spec.replicas]));

export const replicaSet = (api: FakeApi, template: string): ReplicaSet => {
  const found = api.replicaSets.find(({ spec }) => spec.template.digest === template);
  if (found === undefined) throw new Error(`there is no ReplicaSet of ${template}`);
  return found;
};

export const condition = (api: FakeApi, type: string): Condition | undefined =>
  conditionOf(api.deployment.status.conditions, type);

/** `True/ReplicaSetUpdated`, or nothing. */
export const progress = (api: FakeApi): string | undefined => {
  const found = condition(api, "Progressing");
  return found && `${found.status}/${found.reason}`;
};

/** Syncs until nothing changes any more; between syncs, a second apart, pods come and go. */
export const rollOut = (api: FakeApi, isHealthy?: Judge): void => {
  for (let round = 0; round < 200; round++) {
    const before = JSON.stringify([api.deployment, api.replicaSets]);
    const { error } = sync(api);
    if (error !== undefined) throw new Error(error);
    settle(api, isHealthy);
    api.nowMs += 1000;
    if (JSON.stringify([api.deployment, api.replicaSets]) === before) return;
  }
  throw new Error("the rollout does not come to rest");
};

/** `web` at rest, with all its pods on template `v1`, and nothing on record. */
export const atRest = (spec: Partial<Deployment["spec"]> = {}): FakeApi => {
  const api = new FakeApi(deploymentOf({ spec }));
  rollOut(api);
  api.changes.length = 0;
  api.received.length = 0;
  return api;
};
