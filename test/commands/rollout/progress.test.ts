import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { progressOf } from "../../../src/commands/rollout/progress.ts";
import type { Deployment } from "../../../src/kubernetes/objects.ts";

interface Shape {
  readonly generation?: number;
  readonly replicas?: number;
  readonly status?: Deployment["status"];
  readonly revision?: string;
}

const deployment = ({ generation = 1, replicas, status, revision }: Shape): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "foo",
    generation,
    ...(revision === undefined ? {} : { annotations: { "deployment.kubernetes.io/revision": revision } }),
  },
  spec: { selector: {}, template: { spec: { containers: [] } }, ...(replicas === undefined ? {} : { replicas }) },
  ...(status ? { status } : {}),
});

const told = (shape: Shape, revision?: number): string => {
  const progress = progressOf(deployment(shape), revision);
  if (E.isLeft(progress)) return `error: ${progress.left}`;
  return `${progress.right.line}${progress.right.done ? " (done)" : ""}`;
};

describe("progress of a Deployment", () => {
  test.each<[string, Shape, string]>([
    [
      "counts new replicas first",
      {
        replicas: 1,
        status: {
          observedGeneration: 1,
          replicas: 1,
          updatedReplicas: 0,
          availableReplicas: 1,
          unavailableReplicas: 0,
        },
      },
      'Waiting for deployment "foo" rollout to finish: 0 out of 1 new replicas have been updated...',
    ],
    [
      "then old replicas",
      {
        replicas: 1,
        status: {
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 1,
          availableReplicas: 2,
          unavailableReplicas: 0,
        },
      },
      'Waiting for deployment "foo" rollout to finish: 1 old replicas are pending termination...',
    ],
    [
      "then available ones, of the updated",
      {
        replicas: 2,
        status: {
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 2,
          availableReplicas: 1,
          unavailableReplicas: 1,
        },
      },
      'Waiting for deployment "foo" rollout to finish: 1 of 2 updated replicas are available...',
    ],
    [
      "is done when all are",
      {
        replicas: 2,
        status: {
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 2,
          availableReplicas: 2,
          unavailableReplicas: 0,
        },
      },
      'deployment "foo" successfully rolled out (done)',
    ],
    [
      "waits for the controller to look before anything else",
      {
        generation: 2,
        replicas: 2,
        status: {
          observedGeneration: 1,
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
        },
      },
      "Waiting for deployment spec update to be observed...",
    ],
    [
      "fails when the deadline has passed",
      {
        replicas: 2,
        status: {
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 1,
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
        },
      },
      'error: deployment "foo" exceeded its progress deadline',
    ],
  ])("%s", (_, shape, expected) => {
    expect(told(shape)).toBe(expected);
  });

  test("fails when another revision is asked for than the one that runs, whatever its progress", () => {
    expect(told({ revision: "2", generation: 9 }, 1)).toBe(
      "error: desired revision (1) is different from the running revision (2)",
    );
    expect(told({ generation: 9 }, 1)).toBe("error: desired revision (1) is different from the running revision (0)");
    expect(told({ revision: "2", generation: 9 }, 2)).toBe("Waiting for deployment spec update to be observed...");
  });
});
