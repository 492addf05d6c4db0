import { describe, expect, test } from "vitest";
import { reconcileDeployment } from "../../../src/controllers/deployment/sync.ts";
import { hashTemplate } from "../../../src/kubernetes/pod-template-hash.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import { condition, edit, progress, rollOut, sizes, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, replicaSetOf, templateNamed, uidOf } from "../../support/workloads.ts";

const key = { namespace: "default", name: "web" };

test("a new ReplicaSet is named by the hash of its template", () => {
  const api = new FakeApi(deploymentOf());
  api.drive(reconcileDeployment(api.view(), key, api.nowMs));
  expect(api.replicaSets.map(({ meta }) => meta.name)).toEqual([`web-${hashTemplate(templateNamed("v1"), undefined)}`]);
});

describe("two templates with one hash", () => {
  const collide = { hashTemplate: (_: unknown, collisionCount: number | undefined) => `hash${collisionCount ?? ""}` };

  test("end the sync with the refusal and one more collision, and the next sync with another name", () => {
    const api = new FakeApi(deploymentOf());
    sync(api, collide);
    edit(api, { template: "v2" });
    expect(sync(api, collide)).toEqual({ error: 'replicasets.apps "web-hash" already exists' });
    expect(api.deployment.status.collisionCount).toBe(1);
    expect(sync(api, collide)).toEqual({});
    expect(api.replicaSets.map(({ meta, spec }) => [meta.name, spec.template.digest])).toEqual([
      ["web-hash", "v1"],
      ["web-hash1", "v2"],
    ]);
    expect(api.deployment.status.collisionCount).toBe(1);
  });

  test("count the collision even where the name belongs to somebody else", () => {
    const [owner] = replicaSetOf("x").meta.ownerReferences;
    const foreign = { ...owner, apiVersion: "apps/v1", kind: "Deployment", name: "other", uid: uidOf("other") };
    const api = new FakeApi(deploymentOf(), replicaSetOf("web-hash", { meta: { ownerReferences: [foreign] } }));
    expect(sync(api, collide).error).toContain("already exists");
    expect(api.deployment.status.collisionCount).toBe(1);
  });

  test("are none where the view has not seen the ReplicaSet yet: the sync is tried again", () => {
    const api = new FakeApi(deploymentOf(), replicaSetOf("web-another", { template: "v0" }));
    const stale = api.view();
    sync(api, collide);
    const retried = api.drive(reconcileDeployment(stale, key, api.nowMs, collide));
    expect(retried).toEqual({ error: 'replicaset.apps "web-hash" not found' });
    expect(api.deployment.status.collisionCount).toBeUndefined();
    expect(sync(api, collide).error).toBeUndefined();
    expect(sizes(api)).toEqual({ v0: 0, v1: 3 });
  });

  test("are none where the name belongs to our own ReplicaSet of this template", () => {
    const api = new FakeApi(deploymentOf());
    sync(api);
    const [ours] = api.replicaSets;
    const seen = api.view();
    // Not claimed when the sync began, but seen when it looks the name up.
    let listed = 0;
    const view = { ...seen, replicaSets: (namespace: string) => (listed++ === 0 ? [] : seen.replicaSets(namespace)) };
    const hash = { hashTemplate: () => "v1" };
    expect(api.drive(reconcileDeployment(view, key, api.nowMs, hash)).error).toBeUndefined();
    expect(api.replicaSets).toEqual([ours]);
    expect(api.deployment.meta.annotations[REVISION]).toBe("1");
  });
});

describe("a refused creation", () => {
  const refuseWith = (refused: ReturnType<typeof refusal>): FakeApi => {
    const api = new FakeApi(deploymentOf());
    api.refuse = ({ verb }) => (verb === "createDraft" ? refused : undefined);
    return api;
  };

  test("ends the sync, and is a condition", () => {
    const api = refuseWith(refusal("Forbidden", "exceeded quota"));
    expect(sync(api)).toEqual({ error: "exceeded quota" });
    expect(progress(api)).toBe("False/ReplicaSetCreateError");
    expect(condition(api, "Progressing")?.message).toBe('Failed to create new replica set "web-v1": exceeded quota');
  });

  test("is forgotten once it succeeds", () => {
    const api = refuseWith(refusal("Forbidden", "exceeded quota"));
    sync(api);
    api.refuse = () => undefined;
    rollOut(api);
    expect(progress(api)).toBe("True/NewReplicaSetAvailable");
  });

  test("is no error in a namespace that is going away, and no condition", () => {
    const message = "namespace default is being terminated";
    const cause = { reason: "NamespaceTerminating", field: "metadata.namespace", message };
    const api = refuseWith(refusal("Forbidden", message, { causes: [cause] }));
    expect(sync(api)).toEqual({});
    expect(api.changes).toEqual([]);
  });
});
