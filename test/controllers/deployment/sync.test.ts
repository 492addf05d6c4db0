import { describe, expect, test } from "vitest";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { atRest, edit, replicaSet, report, rollOut, sizes, steps, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, replicaSetOf, startMs } from "../../support/workloads.ts";

test("a Deployment that is gone needs nothing", () => {
  expect(sync(new FakeApi())).toEqual({});
});

test("a Deployment at rest is not written to", () => {
  const api = atRest();
  sync(api);
  expect(api.received).toEqual([]);
});

test("a Deployment that is being deleted only reports", () => {
  const api = atRest();
  const { deployment } = api;
  api.put({ ...deployment, meta: { ...deployment.meta, deletion: { deadlineMs: startMs, graceSeconds: 0 } } });
  edit(api, { template: "v2", replicas: 5 });
  report(api, replicaSet(api, "v1"), { availableReplicas: 1 });
  sync(api);
  expect(steps(api)).toEqual([]);
  expect(api.deployment.status).toMatchObject({ observedGeneration: 2, availableReplicas: 1 });
});

test("a Deployment that selects all pods is left alone", () => {
  const api = new FakeApi(deploymentOf({ spec: { selector: {} } }));
  expect(sync(api)).toEqual({});
  expect(api.replicaSets).toEqual([]);
  expect(api.deployment.status.observedGeneration).toBe(1);
  expect(sync(api)).toEqual({});
  expect(api.received).toHaveLength(1);
});

test("a Deployment whose selector has expressions alone is rolled out", () => {
  const selector = { matchExpressions: [{ key: "app", operator: "In" as const, values: ["web"] }] };
  const api = new FakeApi(deploymentOf({ spec: { selector } }));
  sync(api);
  expect(sizes(api)).toEqual({ v1: 3 });
});

test("a stale view ends the sync with a conflict, and the next one succeeds", () => {
  const api = atRest();
  edit(api, { template: "v2" });
  api.refuse = (write) =>
    write.verb === "replace" && write.subresource === "status" ? refusal("Conflict", "modified") : undefined;
  expect(sync(api)).toEqual({ error: "modified" });
  api.refuse = () => undefined;
  rollOut(api);
  expect(sizes(api)).toEqual({ v1: 0, v2: 3 });
});

describe("claiming", () => {
  test("an orphan that matches is adopted; its revision is counted on from", () => {
    const orphan = replicaSetOf("web-orphan", {
      template: "v0",
      replicas: 1,
      revision: 7,
      meta: { ownerReferences: [] },
    });
    const api = new FakeApi(deploymentOf(), orphan);
    rollOut(api);
    expect(sizes(api)).toEqual({ v0: 0, v1: 3 });
    expect(replicaSet(api, "v0").meta.ownerReferences).toMatchObject([{ name: "web", controller: true }]);
    expect(replicaSet(api, "v1").meta.annotations["deployment.kubernetes.io/revision"]).toBe("8");
  });

  test("orphans are adopted in order of their creation, whatever the order of the view", () => {
    const orphan = (name: string, ageMs: number) =>
      replicaSetOf(name, { template: name, meta: { ownerReferences: [], createdAtMs: startMs - ageMs } });
    const api = new FakeApi(deploymentOf(), orphan("b", 1000), orphan("c", 2000), orphan("a", 1000));
    sync(api);
    const adopted = api.changes.slice(0, 3).map(({ after }) => after?.meta.name);
    expect(adopted).toEqual(["c", "a", "b"]);
  });

  test("a ReplicaSet whose labels no longer match is released, and replaced", () => {
    const api = atRest();
    const { meta, ...rest } = replicaSet(api, "v1");
    api.put({ ...rest, meta: { ...meta, name: "web-lost", labels: { app: "other" } } });
    api.remove({ ...rest, meta });
    sync(api);
    const [lost, fresh] = [api.replicaSets.find(({ meta }) => meta.name === "web-lost"), replicaSet(api, "v1")];
    expect(lost?.meta.ownerReferences).toEqual([]);
    expect(fresh.spec.replicas).toBe(3);
  });

  test("a refused adoption ends the sync before anything else", () => {
    const orphan = replicaSetOf("web-orphan", { template: "v0", meta: { ownerReferences: [] } });
    const api = new FakeApi(deploymentOf(), orphan);
    api.refuse = ({ verb }) => (verb === "replace" ? refusal("Forbidden", "not yours") : undefined);
    expect(sync(api)).toEqual({ error: "not yours" });
    expect(api.changes).toEqual([]);
  });
});
