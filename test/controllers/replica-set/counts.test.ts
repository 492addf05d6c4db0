import { expect, test } from "vitest";
import { addPods, noPods } from "../../../src/controllers/replica-set/counts.ts";
import { startMs } from "../../support/workloads.ts";
import { labels, running, terminating, webOf } from "./pods.ts";

test("pods that are terminating or finished do not count", () => {
  const web = webOf(3);
  const pod = running("web-1-a", web, { readyAtMs: startMs });
  const failed = { ...pod, status: { ...pod.status, phase: "Failed" as const } };
  expect(addPods(noPods, [terminating(pod), failed], web, labels, startMs)).toEqual(noPods);
  expect(addPods(noPods, [pod], web, labels, startMs)).toEqual({ active: 1, fullyLabeled: 1, ready: 1, available: 1 });
});
