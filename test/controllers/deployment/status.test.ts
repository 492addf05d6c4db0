import { expect, test } from "vitest";
import { equalStatus } from "../../../src/controllers/deployment/status.ts";
import type { Condition, DeploymentStatus } from "../../../src/domain/state.ts";
import { deploymentOf, startMs } from "../../support/workloads.ts";

const condition: Condition = {
  type: "Progressing",
  status: "True",
  reason: "ReplicaSetUpdated",
  message: "ReplicaSet is progressing.",
  lastUpdateMs: startMs,
  lastTransitionMs: startMs,
};
const statusWith = (...conditions: readonly Condition[]): DeploymentStatus => ({
  ...deploymentOf().status,
  conditions,
});

test.each([
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
  "unavailableReplicas",
  "collisionCount",
] as const)("statuses that differ in %s are not equal", (count) => {
  expect(equalStatus(statusWith(condition), { ...statusWith(condition), [count]: 7 })).toBe(false);
});

test("a condition more, or less, is a difference", () => {
  expect(equalStatus(statusWith(condition), statusWith())).toBe(false);
  expect(equalStatus(statusWith(), statusWith(condition))).toBe(false);
});

test("statuses with equal conditions are equal", () => {
  expect(equalStatus(statusWith(condition), statusWith({ ...condition }))).toBe(true);
});

test.each<{ readonly what: string; readonly other: Partial<Condition> }>([
  { what: "type", other: { type: "Available" } },
  { what: "status", other: { status: "False" } },
  { what: "reason", other: { reason: "NewReplicaSetAvailable" } },
  { what: "message", other: { message: "ReplicaSet has successfully progressed." } },
  { what: "time of update", other: { lastUpdateMs: startMs + 1000 } },
  { what: "time of transition", other: { lastTransitionMs: startMs + 1000 } },
])("statuses that differ in the $what of a condition are not", ({ other }) => {
  expect(equalStatus(statusWith(condition), statusWith({ ...condition, ...other }))).toBe(false);
});
