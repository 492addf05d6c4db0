import { describe, expect, test } from "vitest";
import { setNewReplicaSetAnnotations } from "../../../src/controllers/deployment/annotations.ts";
import { reconcileDeployment } from "../../../src/controllers/deployment/sync.ts";
import { CHANGE_CAUSE, LAST_APPLIED, REVISION, REVISION_HISTORY } from "../../../src/kubernetes/well-known.ts";
import { atRest, edit, replicaSet, rollOut, steps, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, replicaSetOf, startMs, templateNamed } from "../../support/workloads.ts";

/** Revision and history of each template's ReplicaSet. */
const history = (api: FakeApi): Readonly<Record<string, string>> =>
  Object.fromEntries(
    api.replicaSets.map(({ meta, spec }) => {
      const { [REVISION]: revision = "-", [REVISION_HISTORY]: former } = meta.annotations;
      return [spec.template.digest, former === undefined ? revision : `${revision} (${former})`];
    }),
  );

const roll = (api: FakeApi, template: string): void => {
  edit(api, { template });
  rollOut(api);
};

describe("revisions", () => {
  test("going back to an old template takes its ReplicaSet with a new revision and remembers the old one", () => {
    const api = atRest();
    roll(api, "v2");
    expect(history(api)).toEqual({ v1: "1", v2: "2" });
    roll(api, "v1");
    expect(history(api)).toEqual({ v1: "3 (1)", v2: "2" });
    roll(api, "v2");
    expect(history(api)).toEqual({ v1: "3 (1)", v2: "4 (2)" });
    roll(api, "v1");
    expect(history(api)).toEqual({ v1: "5 (1,3)", v2: "4 (2)" });
    expect(api.deployment.meta.annotations[REVISION]).toBe("5");
    roll(api, "v1-restarted");
    expect(history(api)["v1-restarted"]).toBe("6");
  });

  test("the Deployment's revision is written through its status: the generation stays", () => {
    const api = atRest();
    expect(api.deployment.meta.annotations[REVISION]).toBe("1");
    expect(api.deployment.meta.generation).toBe(1);
  });

  test("the ReplicaSet is renumbered first, the Deployment follows in the next sync", () => {
    const api = atRest();
    roll(api, "v2");
    edit(api, { template: "v1" });
    sync(api);
    expect(replicaSet(api, "v1").meta.annotations[REVISION]).toBe("3");
    expect(api.deployment.meta.annotations[REVISION]).toBe("2");
    sync(api);
    expect(api.deployment.meta.annotations[REVISION]).toBe("3");
  });

  test("a ReplicaSet with an unreadable revision keeps it", () => {
    const api = new FakeApi(
      deploymentOf(),
      replicaSetOf("web-v1", { replicas: 3, meta: { annotations: { [REVISION]: "latest" } } }),
    );
    rollOut(api);
    expect(api.deployment.meta.annotations[REVISION]).toBe("latest");
  });

  test("a history that is too long loses its oldest entries", () => {
    const append = (former: string, maxLength: number): string | undefined => {
      const current = { [REVISION]: "11", [REVISION_HISTORY]: former };
      return setNewReplicaSetAnnotations(deploymentOf(), current, "12", true, maxLength).annotations[REVISION_HISTORY];
    };
    expect(append("9,10", 2000)).toBe("9,10,11");
    expect(append("9,10", 5)).toBe("10,11");
    expect(append("9,10", 2)).toBe("11");
    expect(append("9,10", 1)).toBe("9,10");
  });

  test("a history that begins with nothing begins anew; one that ends with nothing goes on", () => {
    const append = (former: string): string | undefined => {
      const current = { [REVISION]: "11", [REVISION_HISTORY]: former };
      return setNewReplicaSetAnnotations(deploymentOf(), current, "12", true).annotations[REVISION_HISTORY];
    };
    expect([append(",9"), append("9,")]).toEqual(["11", "9,,11"]);
  });
});

describe("the new ReplicaSet", () => {
  test("is the oldest of those whose template is equal, whatever its name", () => {
    const api = new FakeApi(
      deploymentOf({ spec: { template: digestOf("v2") } }),
      replicaSetOf("web-twin", { template: "v2", replicas: 1, meta: { createdAtMs: startMs + 2000 } }),
      replicaSetOf("web-first", { template: "v2", replicas: 2, meta: { createdAtMs: startMs + 1000 } }),
    );
    rollOut(api);
    expect(api.replicaSets.map(({ meta, spec }) => [meta.name, spec.replicas])).toEqual([
      ["web-first", 3],
      ["web-twin", 0],
    ]);
  });

  test("is known by what its template says, also where the stored bodies differ in form", () => {
    const api = new FakeApi(
      deploymentOf({ spec: { template: digestOf("v1-written-otherwise") } }),
      replicaSetOf("web-v1", { template: "v1", replicas: 3, revision: 1 }),
    );
    const view = api.view((digest) => {
      const { metadata, spec } = templateNamed("v1");
      return digest === "v1"
        ? { metadata: { ...metadata }, spec }
        : { metadata: { ...metadata, annotations: {} }, spec };
    });
    api.drive(reconcileDeployment(view, { namespace: "default", name: "web" }, api.nowMs));
    expect(api.replicaSets.map(({ meta }) => meta.name)).toEqual(["web-v1"]);
    expect(api.deployment.status.updatedReplicas).toBe(3);
  });

  test("carries the template's labels and the hash, and selects by it", () => {
    const api = atRest();
    const { meta, spec } = replicaSet(api, "v1");
    expect(meta.name).toBe("web-v1");
    expect(meta.labels).toEqual({ ...templateNamed("v1").metadata?.labels, "pod-template-hash": "v1" });
    expect(spec.selector).toEqual({ matchLabels: { app: "web", "pod-template-hash": "v1" } });
    expect(spec.template).toEqual({ digest: "v1", hash: "v1" });
    expect(meta.ownerReferences).toEqual([
      expect.objectContaining({ kind: "Deployment", name: "web", controller: true, blockOwnerDeletion: true }),
    ]);
  });

  test("gets the Deployment's annotations, but not those that speak of the Deployment alone", () => {
    const api = new FakeApi(deploymentOf({ meta: { annotations: { [CHANGE_CAUSE]: "first", [LAST_APPLIED]: "{}" } } }));
    rollOut(api);
    const { annotations } = replicaSet(api, "v1").meta;
    expect(annotations[CHANGE_CAUSE]).toBe("first");
    expect(annotations).not.toHaveProperty(LAST_APPLIED);
  });

  test("keeps an annotation that the Deployment has lost", () => {
    const api = new FakeApi(deploymentOf({ meta: { annotations: { [CHANGE_CAUSE]: "first" } } }));
    rollOut(api);
    const { deployment } = api;
    const { [CHANGE_CAUSE]: _, ...annotations } = deployment.meta.annotations;
    api.put({ ...deployment, meta: { ...deployment.meta, annotations } });
    rollOut(api);
    expect(replicaSet(api, "v1").meta.annotations[CHANGE_CAUSE]).toBe("first");
  });

  test("follows a change of minReadySeconds without a rollout", () => {
    const api = atRest();
    edit(api, { minReadySeconds: 30 });
    rollOut(api);
    expect(replicaSet(api, "v1").spec.minReadySeconds).toBe(30);
    expect(steps(api)).toEqual([]);
  });
});
