import { describe, expect, test } from "vitest";
import { aggregateErrors, claim, isControlledBy } from "../../src/controllers/claim.ts";
import type { Deployment, ReplicaSet } from "../../src/domain/state.ts";
import { refusal } from "../../src/kubernetes/refusal.ts";
import { FakeApi } from "../support/fake-api.ts";
import { deploymentOf, replicaSetOf, startMs, uidOf } from "../support/workloads.ts";

const deletion = { deadlineMs: startMs, graceSeconds: 0 };
const matching = (labels: Readonly<Record<string, string>>): boolean => labels.app === "web";

const orphan = (name: string, meta: Partial<ReplicaSet["meta"]> = {}): ReplicaSet =>
  replicaSetOf(name, { meta: { ownerReferences: [], ...meta } });

const claims = (api: FakeApi, owner: Deployment, ...candidates: readonly ReplicaSet[]) => {
  api.put(...candidates);
  const { claimed, errors } = api.drive(claim(owner, matching, candidates));
  return { claimed: claimed.map(({ meta }) => meta.name), errors };
};

const owner = deploymentOf();

describe("an owner", () => {
  test("keeps what it owns and its selector matches, without a write", () => {
    const api = new FakeApi(owner);
    expect(claims(api, owner, replicaSetOf("mine"))).toEqual({ claimed: ["mine"], errors: [] });
    expect(api.changes).toEqual([]);
  });

  test("leaves what another controller owns", () => {
    const [reference] = replicaSetOf("mine").meta.ownerReferences;
    const theirs = replicaSetOf("theirs");
    const ownerReferences = reference === undefined ? [] : [{ ...reference, uid: uidOf("other") }];
    const foreign = { ...theirs, meta: { ...theirs.meta, ownerReferences } };
    const api = new FakeApi(owner);
    expect(claims(api, owner, foreign)).toEqual({ claimed: [], errors: [] });
    expect(api.changes).toEqual([]);
  });

  test("adopts orphans that match, and no others", () => {
    const api = new FakeApi(owner);
    const stranger = orphan("stranger", { labels: { app: "other" } });
    expect(claims(api, owner, orphan("a"), stranger, orphan("b")).claimed).toEqual(["a", "b"]);
    expect(api.replicaSets.map(({ meta }) => [meta.name, meta.ownerReferences.map(({ uid }) => uid)])).toEqual([
      ["a", ["uid-web"]],
      ["stranger", []],
      ["b", ["uid-web"]],
    ]);
  });

  test("adopts nothing that is being deleted, and nothing while it is being deleted itself", () => {
    const dying = { ...owner, meta: { ...owner.meta, deletion } };
    const nothing = { claimed: [], errors: [] };
    expect(claims(new FakeApi(owner), owner, orphan("a", { deletion }))).toEqual(nothing);
    expect(claims(new FakeApi(dying), dying, orphan("a"))).toEqual(nothing);
  });

  test("releases what no longer matches, unless it is being deleted", () => {
    const lost = replicaSetOf("lost", { meta: { labels: { app: "other" } } });
    const api = new FakeApi(owner);
    expect(claims(api, owner, lost)).toEqual({ claimed: [], errors: [] });
    expect(api.replicaSets[0]?.meta.ownerReferences).toEqual([]);

    const dying = { ...owner, meta: { ...owner.meta, deletion } };
    const other = new FakeApi(dying);
    claims(other, dying, lost);
    expect(other.changes).toEqual([]);
  });

  test("controls nothing that has no controller", () => {
    expect(isControlledBy(replicaSetOf("mine").meta, owner)).toBe(true);
    expect(isControlledBy(orphan("a").meta, owner)).toBe(false);
  });

  test("leaves the references of other owners to what it releases", () => {
    const other = { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "x" };
    const ownerReferences = [...replicaSetOf("lost").meta.ownerReferences, other];
    const api = new FakeApi(owner);
    claims(api, owner, replicaSetOf("lost", { meta: { labels: { app: "other" }, ownerReferences } }));
    expect(api.replicaSets[0]?.meta.ownerReferences).toEqual([other]);
  });

  test("keeps the references of other owners", () => {
    const other = { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "x" };
    const api = new FakeApi(owner);
    claims(api, owner, orphan("a", { ownerReferences: [other] }));
    expect(api.replicaSets[0]?.meta.ownerReferences).toMatchObject([other, { uid: "uid-web" }]);
  });
});

describe("before it adopts, an owner is read past the view", () => {
  test("and adopts nothing when it has been replaced by another of its name", () => {
    const api = new FakeApi(deploymentOf({ meta: { uid: uidOf("younger") } }));
    const { claimed, errors } = claims(api, owner, orphan("a"), orphan("b"));
    expect(claimed).toEqual([]);
    expect(errors[0]).toBe(
      "can't adopt ReplicaSet default/a (uid-a): can't recheck DeletionTimestamp: original Deployment default/web is gone: " +
        "got uid uid-younger, wanted uid-web",
    );
    expect(errors).toHaveLength(2);
  });

  test("and adopts nothing when it is gone", () => {
    expect(claims(new FakeApi(), owner, orphan("a"))).toEqual({
      claimed: [],
      errors: [
        `can't adopt ReplicaSet default/a (uid-a): can't recheck DeletionTimestamp: deployments "web" not found`,
      ],
    });
  });

  test("and adopts nothing when its deletion has begun", () => {
    const api = new FakeApi({ ...owner, meta: { ...owner.meta, deletion } });
    expect(claims(api, owner, orphan("a")).errors).toEqual([
      "can't adopt ReplicaSet default/a (uid-a): default/web has just been deleted at 2026-01-01 00:00:00 +0000 UTC",
    ]);
  });
});

describe("a refused write", () => {
  test("is passed over where the object is gone", () => {
    const api = new FakeApi(owner);
    api.refuse = () => refusal("NotFound", "gone");
    const lost = replicaSetOf("lost", { meta: { labels: { app: "other" } } });
    expect(claims(api, owner, orphan("a"), lost)).toEqual({ claimed: [], errors: [] });
  });

  test("is passed over where what was to be released is another object by now", () => {
    const api = new FakeApi(owner);
    api.refuse = () => refusal("Invalid", "another uid");
    const lost = replicaSetOf("lost", { meta: { labels: { app: "other" } } });
    expect(claims(api, owner, lost)).toEqual({ claimed: [], errors: [] });
  });

  test("is an error otherwise, and the others are claimed all the same", () => {
    const api = new FakeApi(owner);
    api.refuse = (write) =>
      write.verb === "replace" && write.entity.meta.name === "a" ? refusal("Conflict", "modified") : undefined;
    expect(claims(api, owner, orphan("a"), orphan("b"))).toEqual({ claimed: ["b"], errors: ["modified"] });
  });
});

test("a release that is refused otherwise is an error, too", () => {
  const api = new FakeApi(owner);
  api.refuse = () => refusal("Conflict", "modified");
  const lost = replicaSetOf("lost", { meta: { labels: { app: "other" } } });
  expect(claims(api, owner, lost)).toEqual({ claimed: [], errors: ["modified"] });
});

test("several errors are one text, each of them once", () => {
  expect(aggregateErrors(["a"])).toBe("a");
  expect(aggregateErrors(["a", "a"])).toBe("a");
  expect(aggregateErrors(["a", "b", "a"])).toBe("[a, b]");
});
