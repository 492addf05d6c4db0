import { describe, expect, test } from "vitest";
import { conditionText, countsText, patchText, templateChange } from "../../../src/history/log/changes.ts";
import type { PodTemplate } from "../../../src/kubernetes/objects.ts";

const template = (
  image: string,
  more: Partial<PodTemplate["spec"]> = {},
  annotations?: Record<string, string>,
): PodTemplate => ({
  metadata: { labels: { app: "web" }, ...(annotations ? { annotations } : {}) },
  spec: { containers: [{ name: "web", image }], ...more },
});

describe("a change of a template", () => {
  test("names the image", () => {
    expect(templateChange(template("nginx:1.14"), template("nginx:1.15"))).toBe("image nginx:1.14 → 1.15");
  });

  test("names the fields that changed", () => {
    const before = template("web:1");
    const after = template("web:1", {
      containers: [{ name: "web", image: "web:1", env: [{ name: "A", value: "b" }] }],
      terminationGracePeriodSeconds: 5,
    });
    expect(templateChange(before, after)).toBe("web: env, terminationGracePeriodSeconds");
  });

  test("says that a restart is one", () => {
    const restarted = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
    expect(templateChange(template("web:1"), template("web:1", {}, restarted))).toBe("restarted");
    expect(templateChange(template("web:1"), template("web:1", {}, { note: "x" }))).toBe("annotations");
  });

  test("tells containers that come and go, and does not go on for ever", () => {
    const before = template("web:1", { containers: [{ name: "a", image: "a:1" }] });
    const after = template("web:1", {
      containers: [
        { name: "b", image: "b:1" },
        { name: "c", image: "c:1" },
      ],
    });
    expect(templateChange(before, after)).toBe("container b added, container c added, container a removed");
    const more = { ...after.spec, nodeSelector: { disk: "ssd" }, hostname: "h" };
    expect(templateChange(before, { ...after, spec: more })).toBe("container b added, container c added and 3 more");
  });
});

test("a patch names fields and short values", () => {
  expect(
    patchText([
      { op: "add", path: "/annotations/kubernetes.io~1change-cause", value: "a newer web" },
      { op: "remove", path: "/labels/tier" },
      { op: "replace", path: "/spec/text", value: "x".repeat(60) },
    ]),
  ).toBe("annotations.kubernetes.io/change-cause = a newer web, labels.tier removed, spec.text changed");
});

test("counts and conditions are told as far as they changed", () => {
  expect(countsText({ replicas: 5, updatedReplicas: 2, observedGeneration: 3 })).toBe(
    "pods 5, updated 2, generation 3",
  );
  expect(conditionText({ type: "Progressing", reason: "ReplicaSetUpdated" })).toBe("Progressing (ReplicaSetUpdated)");
  expect(conditionText({ type: "Available", status: "True", reason: "Minimum" })).toBe("Available True (Minimum)");
  expect(conditionText({ type: "ReplicaFailure", removed: true })).toBe("ReplicaFailure removed");
});
