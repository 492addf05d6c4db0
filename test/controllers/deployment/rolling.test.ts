import { describe, expect, test } from "vitest";
import type { ReplicaSet } from "../../../src/domain/state.ts";
import type { Write } from "../../../src/domain/write.ts";
import { type Refusal, refusal } from "../../../src/kubernetes/refusal.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "../../../src/kubernetes/well-known.ts";
import {
  atRest,
  edit,
  only,
  replicaSet,
  report,
  rollOut,
  settle,
  sizes,
  steps,
  sync,
} from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, replicaSetOf, rolling, startMs } from "../../support/workloads.ts";

describe("a healthy rollout takes Kubernetes' steps", () => {
  test.each([
    { replicas: 1, surge: "25%", unavailable: "25%", expected: ["v2 0→1", "v1 1→0"] },
    {
      replicas: 3,
      surge: "25%",
      unavailable: "25%",
      expected: ["v2 0→1", "v1 3→2", "v2 1→2", "v1 2→1", "v2 2→3", "v1 1→0"],
    },
    {
      replicas: 4,
      surge: "25%",
      unavailable: "25%",
      expected: ["v2 0→1", "v1 4→3", "v2 1→2", "v1 3→1", "v2 2→4", "v1 1→0"],
    },
    {
      replicas: 10,
      surge: "25%",
      unavailable: "25%",
      expected: ["v2 0→3", "v1 10→8", "v2 3→5", "v1 8→3", "v2 5→10", "v1 3→0"],
    },
    { replicas: 10, surge: 0, unavailable: "50%", expected: ["v1 10→5", "v2 0→5", "v1 5→0", "v2 5→10"] },
    { replicas: 10, surge: "100%", unavailable: 0, expected: ["v2 0→10", "v1 10→0"] },
  ])("$replicas replicas, surge $surge, unavailable $unavailable", ({ replicas, surge, unavailable, expected }) => {
    const api = atRest({ replicas, strategy: rolling(surge, unavailable) });
    edit(api, { template: "v2" });
    rollOut(api);
    expect(steps(api)).toEqual(expected);
  });

  test("creation and the first scale-down share a sync; later growth and shrinking do not", () => {
    const api = atRest({ replicas: 10 });
    edit(api, { template: "v2" });
    sync(api);
    expect(steps(api)).toEqual(["v2 0→3", "v1 10→8"]);
    settle(api);
    sync(api);
    expect(steps(api).slice(2)).toEqual(["v2 3→5"]);
    sync(api);
    expect(steps(api).slice(3)).toEqual(["v1 8→5"]);
  });
});

const refuseScaling = (write: Write): Refusal | undefined =>
  write.verb === "replace" && write.entity.kind === "ReplicaSet"
    ? refusal("Conflict", "the object has been modified")
    : undefined;

/** The new ReplicaSet is `v2`, the old one `v1`; neither is out of step with the Deployment. */
const rollingApi = (at: {
  readonly replicas: number;
  readonly surge?: number;
  readonly unavailable: number;
  readonly old: number;
  readonly current: number;
  readonly readyOld: number;
  readonly readyNew: number;
}): FakeApi => {
  const { replicas, surge = 0, unavailable, old, current, readyOld, readyNew } = at;
  return new FakeApi(
    deploymentOf({ spec: { replicas, template: digestOf("v2"), strategy: rolling(surge, unavailable) } }),
    replicaSetOf("web-v1", { template: "v1", replicas: old, available: readyOld, revision: 1 }),
    replicaSetOf("web-v2", {
      template: "v2",
      replicas: current,
      available: readyNew,
      revision: 2,
      meta: { createdAtMs: startMs + 1000 },
    }),
  );
};

describe("the old ReplicaSet shrinks, as in Kubernetes' own table", () => {
  test.each([
    {
      why: "both limits 0 count as one unavailable",
      unavailable: 0,
      old: 10,
      current: 0,
      readyOld: 10,
      readyNew: 0,
      expected: 9,
    },
    {
      why: "available ones down to the minimum",
      unavailable: 2,
      old: 10,
      current: 0,
      readyOld: 10,
      readyNew: 0,
      expected: 8,
    },
    {
      why: "two that are not available first",
      unavailable: 2,
      old: 10,
      current: 0,
      readyOld: 8,
      readyNew: 0,
      expected: 8,
    },
    { why: "one that is not, one that is", unavailable: 2, old: 10, current: 0, readyOld: 9, readyNew: 0, expected: 8 },
    {
      why: "not while new ones are not available",
      unavailable: 2,
      old: 8,
      current: 2,
      readyOld: 8,
      readyNew: 0,
      expected: 8,
    },
  ])("$why", ({ expected, ...at }) => {
    const api = rollingApi({ replicas: 10, ...at });
    // Without surge the new one may not grow before the old one has shrunk.
    sync(api);
    sync(api);
    expect(sizes(api).v1).toBe(expected);
  });

  test("pods that are not available go first, even where availability gains nothing", () => {
    const api = rollingApi({ replicas: 10, unavailable: 2, old: 10, current: 0, readyOld: 8, readyNew: 0 });
    sync(api);
    sync(api);
    expect(steps(api)[0]).toBe("v1 10→8");
  });

  test("new pods that are not available are taken off what old ones may lose", () => {
    const api = rollingApi({ replicas: 10, surge: 3, unavailable: 2, old: 8, current: 5, readyOld: 8, readyNew: 0 });
    rollOut(api, only("v1"));
    expect(steps(api)).toEqual([]);
  });

  test("a status from before an earlier scale-down stops the step, not the sync", () => {
    const api = rollingApi({ replicas: 10, surge: 2, unavailable: 0, old: 8, current: 4, readyOld: 8, readyNew: 4 });
    report(api, replicaSet(api, "v1"), { replicas: 10, readyReplicas: 10, availableReplicas: 10 });
    expect(sync(api)).toEqual({});
    expect(steps(api)).toEqual([]);
    expect(api.deployment.status.availableReplicas).toBe(14);
  });

  test("a refused scale-down is no error: the status is still written", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { template: "v2" });
    api.refuse = refuseScaling;
    expect(sync(api)).toEqual({});
    expect(sizes(api)).toEqual({ v1: 4, v2: 1 });
    expect(api.deployment.status.observedGeneration).toBe(2);
  });
});

test("a refused scale-up ends the sync with its error", () => {
  const api = atRest({ replicas: 4 });
  edit(api, { template: "v2" });
  sync(api);
  settle(api);
  api.refuse = refuseScaling;
  expect(sync(api)).toEqual({ error: "the object has been modified" });
});

describe("rollover", () => {
  test("the half-rolled ReplicaSet gives up its unavailable pods first, then the third one grows", () => {
    const api = atRest({ replicas: 10, strategy: rolling(3, 2) });
    edit(api, { template: "v2" });
    rollOut(api, only("v1"));
    expect(sizes(api)).toEqual({ v1: 8, v2: 5 });

    api.changes.length = 0;
    edit(api, { template: "v3" });
    sync(api);
    expect(steps(api)).toEqual(["v2 5→0"]);
    expect(sizes(api).v3).toBe(0);
    settle(api, only("v1"));
    sync(api);
    expect(steps(api)).toEqual(["v2 5→0", "v3 0→5"]);
  });

  test("going back to the first template takes its ReplicaSet up again", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { template: "v2" });
    sync(api);
    settle(api);
    sync(api);
    edit(api, { template: "v1" });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 4, v2: 0 });
  });
});

test("every ReplicaSet that is scaled remembers the size and the limit it was scaled for", () => {
  const api = atRest({ replicas: 10 });
  edit(api, { template: "v2" });
  sync(api);
  for (const { meta } of api.replicaSets) {
    expect(meta.annotations).toMatchObject({ [DESIRED_REPLICAS]: "10", [MAX_REPLICAS]: "13" });
  }
});

describe("several old ReplicaSets", () => {
  const old = (nth: number, replicas: number, available: number) =>
    replicaSetOf(`web-old${nth}`, {
      template: `old${nth}`,
      replicas,
      available,
      revision: nth + 1,
      meta: { createdAtMs: startMs + nth * 1000 },
    });
  const current = replicaSetOf("web-v9", {
    template: "v9",
    replicas: 1,
    revision: 9,
    meta: { createdAtMs: startMs + 9000 },
  });
  const rollingOut = (
    replicas: number,
    strategy: ReturnType<typeof rolling>,
    ...olds: readonly ReplicaSet[]
  ): FakeApi => {
    const deployment = deploymentOf({ spec: { replicas, strategy, template: digestOf("v9") } });
    return new FakeApi(deployment, ...olds, current);
  };
  /** Writes of sizes that came in, refused or not. */
  const resizes = (api: FakeApi): number =>
    api.received.filter((write) => write.verb === "replace" && write.entity.kind === "ReplicaSet").length;

  const unavailable = (): FakeApi => rollingOut(5, rolling(0, 2), old(0, 2, 0), old(1, 3, 0));
  const available = (): FakeApi => rollingOut(3, rolling(2, 0), old(0, 1, 1), old(1, 3, 3));

  test("share one budget for pods that are not available, the oldest first", () => {
    const api = unavailable();
    sync(api);
    expect(sizes(api)).toEqual({ old0: 0, old1: 2, v9: 1 });
  });

  test("share one surplus of available pods, the oldest first", () => {
    const api = available();
    sync(api);
    expect(sizes(api)).toEqual({ old0: 0, old1: 2, v9: 1 });
  });

  test("that come after the budget is spent are not looked at, even where they have more pods than they should", () => {
    const api = rollingOut(5, rolling(0, 2), old(0, 3, 0), old(1, 1, 3));
    sync(api);
    expect(sizes(api)).toEqual({ old0: 0, old1: 1, v9: 1 });
  });

  test.each([{ make: unavailable }, { make: available }])(
    "are left alone after the first refusal, which is no error",
    ({ make }) => {
      const api = make();
      api.refuse = (write) =>
        write.verb === "replace" && write.entity.kind === "ReplicaSet" ? refusal("Conflict", "modified") : undefined;
      expect(sync(api).error).toBeUndefined();
      expect(resizes(api)).toBe(1);
      expect(api.deployment.status.observedGeneration).toBe(1);
    },
  );
});
