import { expect, test } from "vitest";
import { CHANGE_CAUSE, REVISION, ROLLBACK_TO } from "../../../src/kubernetes/well-known.ts";
import { atRest, edit, rollOut, sizes, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, replicaSetOf } from "../../support/workloads.ts";

const annotate = (api: FakeApi, annotations: Readonly<Record<string, string>>): void => {
  const { deployment } = api;
  const { meta } = deployment;
  api.put({ ...deployment, meta: { ...meta, annotations: { ...meta.annotations, ...annotations } } });
};

const threeRevisions = (): FakeApi => {
  const api = atRest();
  for (const template of ["v2", "v3"]) {
    annotate(api, { [CHANGE_CAUSE]: `to ${template}` });
    edit(api, { template });
    rollOut(api);
  }
  return api;
};

test.each([
  { to: "0", template: "v2", cause: "to v2", why: "0 means the revision before this one" },
  { to: "2", template: "v2", cause: "to v2", why: "a revision brings its template and annotations back" },
  { to: "3", template: "v3", cause: "to v3", why: "the current revision changes nothing" },
  { to: "9", template: "v3", cause: "to v3", why: "an unknown revision changes nothing" },
])("$why", ({ to, template, cause }) => {
  const api = threeRevisions();
  annotate(api, { [ROLLBACK_TO]: to });
  sync(api);
  const { meta, spec } = api.deployment;
  expect(spec.template).toBe(template);
  expect(meta.annotations[CHANGE_CAUSE]).toBe(cause);
  expect(meta.annotations).not.toHaveProperty(ROLLBACK_TO);
});

test("the rollout to the old revision follows, and renumbers it", () => {
  const api = threeRevisions();
  annotate(api, { [ROLLBACK_TO]: "1" });
  rollOut(api);
  expect(api.deployment.spec.template).toBe("v1");
  expect(api.deployment.meta.annotations[REVISION]).toBe("4");
  expect(api.deployment.status.updatedReplicas).toBe(3);
});

test("there is no way back from the first revision", () => {
  const api = atRest();
  annotate(api, { [ROLLBACK_TO]: "0" });
  sync(api);
  expect(api.deployment.spec.template).toBe("v1");
  expect(api.deployment.meta.annotations).not.toHaveProperty(ROLLBACK_TO);
});

test("a ReplicaSet without a revision is none to go back to", () => {
  const api = new FakeApi(deploymentOf(), replicaSetOf("web-unnumbered", { template: "v0" }));
  rollOut(api);
  annotate(api, { [ROLLBACK_TO]: "0" });
  sync(api);
  expect(api.deployment.spec.template).toBe("v1");
  expect(api.deployment.meta.annotations).not.toHaveProperty(ROLLBACK_TO);
});

test("a request that is no number is ignored", () => {
  const api = atRest();
  annotate(api, { [ROLLBACK_TO]: "last" });
  rollOut(api);
  expect(api.deployment.meta.annotations[ROLLBACK_TO]).toBe("last");
});

test("while a rollback is asked for, a paused Deployment keeps its history", () => {
  const api = threeRevisions();
  annotate(api, { [ROLLBACK_TO]: "1" });
  edit(api, { paused: true, revisionHistoryLimit: 0 });
  sync(api);
  expect(sizes(api)).toEqual({ v1: 0, v2: 0, v3: 3 });
});
