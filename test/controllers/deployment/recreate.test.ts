import { describe, expect, test } from "vitest";
import type { PodPhase } from "../../../src/kubernetes/objects.ts";
import { MAX_REPLICAS } from "../../../src/kubernetes/well-known.ts";
import {
  atRest,
  edit,
  only,
  replicaSet,
  rollOut,
  settle,
  sizes,
  steps,
  sync,
} from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, podOf, replicaSetOf, startMs } from "../../support/workloads.ts";

const recreate = { type: "Recreate" as const };

test("the first ReplicaSet comes up at once", () => {
  const api = new FakeApi(deploymentOf({ spec: { strategy: recreate } }));
  sync(api);
  expect(steps(api)).toEqual(["v1 0→3"]);
  expect(replicaSet(api, "v1").meta.annotations[MAX_REPLICAS]).toBe("3");
});

describe("a new template", () => {
  test("takes everything old down before anything new comes up", () => {
    const api = atRest({ strategy: recreate });
    edit(api, { template: "v2" });
    sync(api);
    expect(steps(api)).toEqual(["v1 3→0"]);
    sync(api);
    expect(sizes(api)).toEqual({ v1: 0 });
    settle(api);
    sync(api);
    expect(steps(api)).toEqual(["v1 3→0", "v2 0→3"]);
  });

  test("waits for pods that are still terminating, though their ReplicaSet does not count them any more", () => {
    const api = atRest({ strategy: recreate });
    const deletion = { deadlineMs: startMs + 30_000, graceSeconds: 30 };
    const dying = podOf("web-v1-x", replicaSet(api, "v1"), "Running", { deletion });
    api.put(dying);
    edit(api, { template: "v2" });
    sync(api);
    settle(api);
    sync(api);
    expect(sizes(api)).toEqual({ v1: 0 });
    api.remove(dying);
    sync(api);
    expect(sizes(api)).toEqual({ v1: 0, v2: 3 });
  });
});

describe("whether old pods run", () => {
  const old = replicaSetOf("web-v1", { template: "v1", revision: 1 });
  const current = replicaSetOf("web-v2", { template: "v2", revision: 2, meta: { createdAtMs: startMs + 1000 } });
  const deployment = deploymentOf({ spec: { template: digestOf("v2"), strategy: recreate } });

  test.each<{ readonly phases: readonly PodPhase[]; readonly runs: boolean }>([
    { phases: [], runs: false },
    { phases: ["Failed", "Succeeded"], runs: false },
    { phases: ["Unknown"], runs: true },
    { phases: ["Pending"], runs: true },
    { phases: ["Running"], runs: true },
    { phases: ["Failed", "Pending", "Succeeded"], runs: true },
  ])("pods $phases of the old ReplicaSet: $runs", ({ phases, runs }) => {
    const api = new FakeApi(deployment, old, current, ...phases.map((phase, i) => podOf(`pod-${i}`, old, phase)));
    rollOut(api);
    expect(sizes(api).v2).toBe(runs ? 0 : 3);
  });

  test("the old ReplicaSet's status alone holds the new one back", () => {
    const api = new FakeApi(deployment, { ...old, status: { ...old.status, replicas: 1 } }, current);
    sync(api);
    sync(api);
    expect(sizes(api).v2).toBe(0);
  });

  test("pods of the new ReplicaSet, and pods outside the selector, do not count", () => {
    const stranger = podOf("stranger", old, "Running", { labels: { app: "other" } });
    const api = new FakeApi(deployment, old, current, podOf("ours", current, "Running"), stranger);
    rollOut(api);
    expect(sizes(api).v2).toBe(3);
  });
});

test("history is cleaned up once the rollout is complete, not before", () => {
  const api = atRest({ strategy: recreate, revisionHistoryLimit: 0 });
  edit(api, { template: "v2" });
  rollOut(api, only("v1"));
  expect(sizes(api)).toEqual({ v1: 0, v2: 3 });
  rollOut(api);
  expect(sizes(api)).toEqual({ v2: 3 });
});
