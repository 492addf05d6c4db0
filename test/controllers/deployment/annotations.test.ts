import { describe, expect, test } from "vitest";
import {
  desiredReplicasOf,
  parseInteger,
  setNewReplicaSetAnnotations,
} from "../../../src/controllers/deployment/annotations.ts";
import { CHANGE_CAUSE, DESIRED_REPLICAS, REVISION } from "../../../src/kubernetes/well-known.ts";
import { deploymentOf, replicaSetOf } from "../../support/workloads.ts";

describe("a revision is read as Go reads a decimal integer", () => {
  test.each([
    ["3", 3],
    ["+5", 5],
    ["-5", -5],
    ["007", 7],
  ])("%j: %d", (text, value) => expect(parseInteger(text)).toBe(value));

  test.each(["", "x3", "3x", "1e3", "0x10", " 7", "7 ", "1.0", "9007199254740993"])("%j: not at all", (text) =>
    expect(parseInteger(text)).toBeUndefined(),
  );
});

describe("a former size is an int32 that is not negative", () => {
  const read = (text: string): number | undefined =>
    desiredReplicasOf(replicaSetOf("web-1", { meta: { annotations: { [DESIRED_REPLICAS]: text } } }));

  test.each([
    ["0", 0],
    ["2147483647", 2_147_483_647],
  ])("%j: %d", (text, value) => expect(read(text)).toBe(value));

  test.each(["", "2147483648", "-1", "+1", "1e1", "0x1", " 1", "1 ", "1.5"])("%j: unreadable", (text) =>
    expect(read(text)).toBeUndefined(),
  );

  test("and unknown where nothing is written", () => expect(desiredReplicasOf(replicaSetOf("web-1"))).toBeUndefined());
});

test("annotations that the ReplicaSet has already are no change", () => {
  const deployment = deploymentOf({ meta: { annotations: { [CHANGE_CAUSE]: "first" } } });
  const current = { [REVISION]: "2", [CHANGE_CAUSE]: "first" };
  expect(setNewReplicaSetAnnotations(deployment, current, "2", true)).toEqual({ annotations: current, changed: false });
});
