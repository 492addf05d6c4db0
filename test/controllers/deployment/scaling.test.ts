import { describe, expect, test } from "vitest";
import { isScalingEvent } from "../../../src/controllers/deployment/scaling.ts";
import type { DeploymentSpec } from "../../../src/domain/state.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "../../../src/kubernetes/well-known.ts";
import {
  atRest,
  edit,
  only,
  progress,
  replicaSet,
  rollOut,
  settle,
  sizes,
  steps,
  sync,
} from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, replicaSetOf, rolling, startMs } from "../../support/workloads.ts";

interface Scaling {
  readonly why: string;
  readonly from: number;
  readonly to: number;
  readonly surge?: number;
  /** The surge when the ReplicaSets were last scaled. */
  readonly surgeBefore?: number;
  /** The size of the new ReplicaSet, if there is one. */
  readonly current: number | undefined;
  /** Sizes of the old ReplicaSets, the newest first. */
  readonly old: readonly number[];
  readonly expected: { readonly current?: number; readonly old: readonly number[] };
}

const scaledApi = (given: Scaling, strategy: DeploymentSpec["strategy"] = rolling(given.surge ?? 0, 1)): FakeApi => {
  const { from, to, surge = 0, surgeBefore = surge, current, old } = given;
  const annotations = { [DESIRED_REPLICAS]: String(from), [MAX_REPLICAS]: String(from + surgeBefore) };
  const before = old.map((replicas, i) =>
    replicaSetOf(`web-old${i}`, {
      template: `old${i}`,
      replicas,
      available: 0,
      meta: { annotations, createdAtMs: startMs - i * 1000 },
    }),
  );
  const now =
    current === undefined
      ? []
      : [
          replicaSetOf("web-new", {
            template: "new",
            replicas: current,
            available: 0,
            meta: { annotations, createdAtMs: startMs + 1000 },
          }),
        ];
  return new FakeApi(
    deploymentOf({ spec: { replicas: to, template: digestOf("new"), strategy, paused: true } }),
    ...before,
    ...now,
  );
};

describe("a paused Deployment is scaled proportionally, as in Kubernetes' own table", () => {
  test.each<Scaling>([
    { why: "up, one ReplicaSet", from: 10, to: 12, current: 10, old: [], expected: { current: 12, old: [] } },
    { why: "down, one ReplicaSet", from: 10, to: 5, current: 10, old: [], expected: { current: 5, old: [] } },
    { why: "up, two of them", from: 5, to: 10, current: 2, old: [3], expected: { current: 4, old: [6] } },
    { why: "down, two of them", from: 5, to: 3, current: 2, old: [3], expected: { current: 1, old: [2] } },
    { why: "down to the larger one", from: 9, to: 4, current: 8, old: [1], expected: { current: 4, old: [0] } },
    { why: "up, three of them", from: 7, to: 10, current: 2, old: [3, 2], expected: { current: 3, old: [4, 3] } },
    { why: "down, three of them", from: 13, to: 8, current: 2, old: [8, 3], expected: { current: 1, old: [5, 2] } },
    {
      why: "of equals the newest grows",
      from: 3,
      to: 4,
      current: 1,
      old: [1, 1],
      expected: { current: 2, old: [1, 1] },
    },
    {
      why: "of equals the oldest shrinks",
      from: 3,
      to: 2,
      current: 1,
      old: [1, 1],
      expected: { current: 1, old: [1, 0] },
    },
    {
      why: "without a new one the newest old one grows",
      from: 4,
      to: 5,
      current: undefined,
      old: [2, 2],
      expected: { old: [3, 2] },
    },
    { why: "down to nothing", from: 6, to: 0, current: 3, old: [2, 1], expected: { current: 0, old: [0, 0] } },
    { why: "up from nothing", from: 0, to: 6, current: 0, old: [0, 0], expected: { current: 6, old: [0, 0] } },
    {
      why: "up from nothing, the newest old one",
      from: 0,
      to: 6,
      current: undefined,
      old: [0, 0],
      expected: { old: [6, 0] },
    },
    { why: "with surge", from: 10, to: 20, surge: 2, current: 6, old: [6], expected: { current: 11, old: [11] } },
    {
      why: "with another surge",
      from: 10,
      to: 50,
      surge: 6,
      surgeBefore: 3,
      current: 5,
      old: [8],
      expected: { current: 22, old: [34] },
    },
    {
      why: "when the template changes too",
      from: 10,
      to: 14,
      current: undefined,
      old: [7, 3],
      expected: { old: [10, 4] },
    },
    {
      why: "not while the new one is not available",
      from: 2,
      to: 2,
      current: 2,
      old: [1],
      surge: 1,
      expected: { current: 2, old: [1] },
    },
  ])("$why: $from → $to", (given) => {
    const api = scaledApi(given);
    sync(api);
    const { new: current, ...old } = sizes(api);
    expect({ current, old: given.old.map((_, i) => old[`old${i}`]) }).toEqual({
      current: undefined,
      ...given.expected,
    });
  });
});

test("a saturated new ReplicaSet takes the old ones down, all of them", () => {
  const api = scaledApi({ why: "", from: 2, to: 2, current: 2, old: [1, 1], expected: { old: [] } });
  settle(api, only("new"));
  sync(api);
  expect(sizes(api)).toEqual({ new: 2, old0: 0, old1: 0 });
});

test("sizes that stay still get the new annotations, so that the next sync rolls on", () => {
  const given: Scaling = {
    why: "",
    from: 10,
    to: 8,
    surgeBefore: 1,
    surge: 3,
    current: 6,
    old: [5],
    expected: { old: [] },
  };
  const api = scaledApi(given);
  edit(api, { paused: false });
  sync(api);
  expect(steps(api)).toEqual([]);
  const written = api.changes.flatMap(({ after }) =>
    after?.kind === "ReplicaSet" ? [after.spec.template.digest] : [],
  );
  expect(written.slice(-2)).toEqual(["old0", "new"]);
  expect(isScalingEvent(api.deployment, api.replicaSets)).toBe(false);
  for (const { meta } of api.replicaSets) {
    expect(meta.annotations).toMatchObject({ [DESIRED_REPLICAS]: "8", [MAX_REPLICAS]: "11" });
  }
});

test("Recreate does not divide a size between several ReplicaSets", () => {
  const api = scaledApi({ why: "", from: 4, to: 8, current: 2, old: [2], expected: { old: [] } }, { type: "Recreate" });
  sync(api);
  expect(steps(api)).toEqual([]);
});

describe("scaling in the middle of a rollout", () => {
  test("old and new grow by their shares first, then the rollout goes on with the new totals", () => {
    const api = atRest({ replicas: 10, strategy: rolling(3, 2) });
    edit(api, { template: "broken" });
    rollOut(api, only("v1"));
    expect(sizes(api)).toEqual({ v1: 8, broken: 5 });
    edit(api, { replicas: 30 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 20, broken: 13 });
  });

  test("with a new template in the same update, the old ReplicaSet is scaled before the new one exists", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { replicas: 8, template: "v2" });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 8 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 6, v2: 2 });
  });

  test("to zero takes everything down at once", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { template: "v2" });
    sync(api);
    edit(api, { replicas: 0 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 0, v2: 0 });
  });

  test("a stuck rollout gives up an available pod although the minimum needs it", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { template: "broken" });
    rollOut(api, only("v1"));
    expect(sizes(api)).toEqual({ v1: 3, broken: 2 });
    edit(api, { replicas: 3 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 2, broken: 2 });
  });

  // kubernetes/kubernetes#102551: the stale annotation makes every later sync look like a scaling.
  test("to exactly the size of the only active ReplicaSet holds the rollout up for good", () => {
    const api = atRest({ replicas: 5, strategy: rolling(0, 1) });
    edit(api, { template: "v2" });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 4, v2: 0 });
    edit(api, { replicas: 4 });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 4, v2: 0 });
    expect(replicaSet(api, "v1").meta.annotations[DESIRED_REPLICAS]).toBe("5");
  });
});

test("scaling a complete Deployment says nothing about progress", () => {
  const api = atRest({ replicas: 3 });
  edit(api, { replicas: 5 });
  sync(api);
  expect(sizes(api)).toEqual({ v1: 5 });
  expect(progress(api)).toBe("True/NewReplicaSetAvailable");
  expect(api.deployment.status.observedGeneration).toBe(2);
});

test("a ReplicaSet without pods keeps its stale annotations, and they make no scaling", () => {
  const api = atRest({ replicas: 3 });
  edit(api, { template: "v2" });
  rollOut(api);
  edit(api, { replicas: 6 });
  rollOut(api);
  expect(replicaSet(api, "v1").meta.annotations[DESIRED_REPLICAS]).toBe("3");
  expect(isScalingEvent(api.deployment, api.replicaSets)).toBe(false);
});
