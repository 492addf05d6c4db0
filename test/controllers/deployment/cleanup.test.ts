import { describe, expect, test } from "vitest";
import { beyondHistoryLimit } from "../../../src/controllers/deployment/cleanup.ts";
import type { ReplicaSet } from "../../../src/domain/state.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import { atRest, edit, only, rollOut, sizes, sync } from "../../support/deployment-cluster.ts";
import { replicaSetOf, startMs } from "../../support/workloads.ts";

const old = (revision: number, size = 0, pods = 0, meta: Partial<ReplicaSet["meta"]> = {}): ReplicaSet => {
  const { meta: base, ...rest } = replicaSetOf(`web-${revision}`, { revision, replicas: size, available: pods });
  return { ...rest, meta: { ...base, ...meta } };
};
const deletion = { deadlineMs: startMs, graceSeconds: 0 };

const doomed = (limit: number | undefined, ...replicaSets: readonly ReplicaSet[]): readonly string[] =>
  beyondHistoryLimit(replicaSets, limit).map(({ meta }) => meta.name);

describe("the ReplicaSets beyond the history limit, as in Kubernetes' own table", () => {
  test("all but as many as the limit", () => expect(doomed(1, old(1), old(2), old(3))).toEqual(["web-1", "web-2"]));
  test("none that still has or should have pods", () =>
    expect(doomed(0, old(1), old(2, 0, 1), old(3, 1, 0), old(4, 1, 1))).toEqual(["web-1"]));
  test("all of them with a limit of 0", () => expect(doomed(0, old(1), old(2))).toEqual(["web-1", "web-2"]));
  test("none while all are in use", () => expect(doomed(0, old(1, 1, 1), old(2, 1, 1))).toEqual([]));
  test("none that is being deleted already", () => expect(doomed(0, old(1, 0, 0, { deletion }))).toEqual([]));
  test("none without a limit", () => {
    expect(doomed(2_147_483_647, old(1), old(2))).toEqual([]);
    expect(doomed(undefined, old(1), old(2))).toEqual([]);
  });
  test("none whose last change its controller has not seen", () => {
    const behind = old(1, 0, 0, { generation: 2 });
    expect(doomed(0, behind)).toEqual([]);
  });
  test("the lowest revisions, not the oldest", () =>
    expect(doomed(1, old(5, 0, 0, { createdAtMs: startMs - 9000 }), old(2))).toEqual(["web-2"]));
  test("of equal or unreadable revisions the older ones, however they are listed", () => {
    const named = (name: string, revision: string, ageMs: number) =>
      replicaSetOf(name, { meta: { annotations: { [REVISION]: revision }, createdAtMs: startMs - ageMs } });
    expect(doomed(1, named("young", "2", 0), named("elder", "2", 1000))).toEqual(["elder"]);
    expect(doomed(1, named("young", "x", 0), named("elder", "9", 1000))).toEqual(["elder"]);
    expect(doomed(1, named("young", "1", 0), named("elder", "x", 1000))).toEqual(["elder"]);
    expect(doomed(1, named("young", "x", 0), named("elder", "y", 1000))).toEqual(["elder"]);
  });
  test("one without a revision before all that have one", () => {
    const unnumbered = replicaSetOf("web-unnumbered", { meta: { createdAtMs: startMs + 1000 } });
    expect(doomed(1, old(1), unnumbered)).toEqual(["web-unnumbered"]);
  });
  test("one that is in use takes up its place among those to go", () =>
    expect(doomed(1, old(1, 1, 1), old(2), old(3))).toEqual(["web-2"]));
});

describe("history", () => {
  test("is cleaned up when a rollout is complete, not before", () => {
    const api = atRest({ revisionHistoryLimit: 1 });
    for (const template of ["v2", "v3"]) {
      edit(api, { template });
      rollOut(api);
    }
    expect(sizes(api)).toEqual({ v2: 0, v3: 3 });
    edit(api, { template: "broken" });
    rollOut(api, only("v3"));
    expect(sizes(api)).toEqual({ v2: 0, v3: 3, broken: 1 });
  });

  test("of a paused Deployment is cleaned up at any time", () => {
    const api = atRest();
    for (const template of ["v2", "v3", "v4"]) {
      edit(api, { template });
      rollOut(api);
    }
    edit(api, { paused: true, revisionHistoryLimit: 1, template: "v5" });
    sync(api);
    // v4 still has all the pods: it is old now, counts, and stays.
    expect(sizes(api)).toEqual({ v4: 3 });
  });

  test("that is gone already is no error; another refusal is", () => {
    const api = atRest({ revisionHistoryLimit: 0 });
    edit(api, { template: "v2" });
    api.refuse = ({ verb }) => (verb === "delete" ? refusal("NotFound", "gone") : undefined);
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 0, v2: 3 });
    api.refuse = ({ verb }) => (verb === "delete" ? refusal("Forbidden", "not allowed") : undefined);
    expect(sync(api)).toEqual({ error: "not allowed" });
  });
});
