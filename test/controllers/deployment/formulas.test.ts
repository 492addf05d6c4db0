import { describe, expect, test } from "vitest";
import { newRSNewReplicas } from "../../../src/controllers/deployment/formulas.ts";
import { deploymentComplete, deploymentProgressing } from "../../../src/controllers/deployment/progress.ts";
import {
  getReplicaSetFraction,
  getReplicaSetProportion,
  isSaturated,
} from "../../../src/controllers/deployment/scaling.ts";
import type { DeploymentStatus } from "../../../src/domain/state.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "../../../src/kubernetes/well-known.ts";
import { deploymentOf, replicaSetOf, rolling } from "../../support/workloads.ts";

describe("newRSNewReplicas, as in Kubernetes' own table", () => {
  test.each([
    { replicas: 1, newSize: 5, strategy: rolling(1, 1), expected: 5, why: "with too many pods it cannot grow" },
    {
      replicas: 6,
      newSize: 2,
      strategy: rolling(10, 1),
      expected: 6,
      why: "it does not grow past the Deployment's size",
    },
    { replicas: 1, newSize: 2, strategy: rolling(6, 1), expected: 2, why: "without room it does not shrink either" },
    { replicas: 3, newSize: 1, strategy: { type: "Recreate" as const }, expected: 3, why: "Recreate comes up at once" },
  ])("$why", ({ replicas, newSize, strategy, expected }) => {
    const deployment = deploymentOf({ spec: { replicas, strategy } });
    const all = [replicaSetOf("old", { replicas: 5 }), replicaSetOf("new", { replicas: newSize })];
    expect(newRSNewReplicas(deployment, all, newSize)).toBe(expected);
  });
});

describe("getReplicaSetFraction, as in Kubernetes' own table", () => {
  test.each([
    { replicas: 0, surge: 0, status: 0, size: 10, before: undefined, expected: -10 },
    { replicas: 10, surge: 0, status: 0, size: 5, before: undefined, expected: 0 },
    { replicas: 10, surge: 0, status: 0, size: 5, before: "0", expected: 0 },
    { replicas: 120, surge: 0, status: 100, size: 50, before: undefined, expected: 10 },
    { replicas: 120, surge: 0, status: 100, size: 50, before: "0", expected: 10 },
    { replicas: 120, surge: 0, status: 100, size: 50, before: "many", expected: 10 },
    { replicas: 120, surge: 0, status: 0, size: 50, before: "100", expected: 10 },
    { replicas: 120, surge: 10, status: 0, size: 50, before: "110", expected: 9 },
    { replicas: 10, surge: 0, status: 0, size: 6, before: "12", expected: -1 },
    { replicas: 100, surge: 10, status: 0, size: 50, before: "130", expected: -8 },
  ])(
    "$size of $before, now $replicas with surge $surge: $expected",
    ({ replicas, surge, status, size, before, expected }) => {
      const deployment = deploymentOf({
        spec: { replicas, strategy: rolling(surge, 1) },
        status: { replicas: status },
      });
      const annotations = before === undefined ? {} : { [MAX_REPLICAS]: before };
      expect(getReplicaSetFraction(deployment, replicaSetOf("web-1", { replicas: size, meta: { annotations } }))).toBe(
        expected,
      );
    },
  );
});

test("there are no shares of nothing, whatever others have had", () => {
  const deployment = deploymentOf({ spec: { replicas: 10 }, status: { replicas: 20 } });
  const replicaSet = replicaSetOf("web-1", { replicas: 10 });
  expect(getReplicaSetProportion(deployment, replicaSet, -5, -2)).toBe(-3);
  expect(getReplicaSetProportion(deployment, replicaSet, 0, 2)).toBe(0);
});

type Counts = readonly [replicas: number, updated: number, ready: number, available: number];

const statusOf = (...[replicas, updated, ready, available]: Counts): DeploymentStatus => ({
  ...deploymentOf().status,
  observedGeneration: 1,
  replicas,
  updatedReplicas: updated,
  readyReplicas: ready,
  availableReplicas: available,
});

describe("deploymentComplete, as in Kubernetes' own table", () => {
  test.each([
    [5, 5, 5, 4, false],
    [5, 5, 5, 3, false],
    [5, 5, 5, 5, true],
    [5, 5, 4, 5, false],
    [1, 2, 1, 1, false],
    [1, 1, 1, 0, false],
  ])("desired %d, current %d, updated %d, available %d: %s", (replicas, current, updated, available, complete) => {
    const deployment = deploymentOf({ spec: { replicas } });
    expect(deploymentComplete(deployment, statusOf(current, updated, current, available))).toBe(complete);
  });

  test("a status about an older spec is not complete", () => {
    const deployment = deploymentOf({ meta: { generation: 2 } });
    expect(deploymentComplete(deployment, statusOf(3, 3, 3, 3))).toBe(false);
  });
});

describe("deploymentProgressing, as in Kubernetes' own table", () => {
  test.each<{ readonly from: Counts; readonly to: Counts; readonly progressing: boolean }>([
    { from: [10, 4, 4, 4], to: [10, 6, 4, 4], progressing: true },
    { from: [10, 4, 4, 4], to: [10, 4, 4, 4], progressing: false },
    { from: [10, 4, 6, 6], to: [8, 4, 6, 6], progressing: true },
    { from: [10, 7, 3, 3], to: [10, 6, 3, 3], progressing: false },
    { from: [10, 4, 7, 7], to: [8, 8, 5, 5], progressing: true },
    { from: [10, 10, 9, 8], to: [10, 10, 10, 8], progressing: true },
    { from: [10, 10, 10, 9], to: [10, 10, 10, 10], progressing: true },
  ])("$from to $to: $progressing", ({ from, to, progressing }) => {
    const deployment = deploymentOf({ spec: { replicas: 10 }, status: statusOf(...from) });
    expect(deploymentProgressing(deployment, statusOf(...to))).toBe(progressing);
  });
});

test("a new ReplicaSet is saturated when it has, was scaled for, and has available all replicas", () => {
  const newRS = (desired: string, replicas: number, available: number): boolean => {
    const annotations = { [DESIRED_REPLICAS]: desired };
    return isSaturated(deploymentOf(), replicaSetOf("web-1", { replicas, available, meta: { annotations } }));
  };
  expect(newRS("3", 3, 3)).toBe(true);
  expect(newRS("2", 3, 3)).toBe(false);
  expect(newRS("3", 2, 3)).toBe(false);
  expect(newRS("3", 3, 2)).toBe(false);
  expect(isSaturated(deploymentOf(), undefined)).toBe(false);
});
