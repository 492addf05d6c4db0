import { describe, expect, test } from "vitest";
import type { PodFact } from "../../../src/domain/events.ts";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { containerRuns } from "../../../src/history/explain/container-runs.ts";
import type { JsonObject } from "../../../src/kubernetes/json.ts";

type Fact = PodFact | { readonly type: "PodCreated" | "PodSpecChanged"; readonly data: JsonObject };

/** One a second. */
const told = (facts: readonly Fact[]): readonly RecordedEvent[] =>
  facts.map(({ type, data }, i) => ({
    seq: i + 1,
    stream: "Pod/default/web",
    version: i + 1,
    type,
    schema: 1,
    at: (i + 1) * 1000,
    sourceAt: null,
    recordedAt: 0,
    actor: "kubelet:node-1",
    cause: null,
    view: null,
    commit: { id: `c/${i}`, firstSeq: i + 1, lastSeq: i + 1, intent: null },
    data,
  }));

const container = "web";
const created: Fact = { type: "PodCreated", data: {} };
const started: Fact = { type: "PodContainerStarted", data: { container } };
const ended = (exitCode = 1): Fact => ({
  type: "PodContainerTerminated",
  data: { container, exitCode, reason: exitCode === 0 ? "Completed" : "Error" },
});
const backOff = (delayMs: number): Fact => ({ type: "PodBackOff", data: { container, delayMs } });
const runs = (...facts: readonly Fact[]) => containerRuns(told(facts)).get(container);

describe("the runs of a container", () => {
  test("end in a row, each with what its kubelet then waits", () => {
    expect(runs(created, started, ended(), started, ended(7), backOff(10_000))).toEqual({
      row: [
        { seq: 3, atMs: 3000, exitCode: 1, delayMs: 0 },
        { seq: 5, atMs: 5000, exitCode: 7, delayMs: 10_000 },
      ],
      failedPulls: 0,
      startedAtMs: 4000,
      wasReady: false,
    });
  });

  test("begin a new row with an end that costs no wait", () => {
    const told = runs(created, started, ended(), started, ended(), backOff(10_000), started, ended(), started);
    expect(told?.row.map(({ seq }) => seq)).toEqual([8]);
  });

  test("know whether the container was ready since its last start", () => {
    const ready: Fact = { type: "PodReady", data: {} };
    expect(runs(created, started, ready)?.wasReady).toBe(true);
    expect(runs(created, started, ready, ended())?.wasReady).toBe(true);
    expect(runs(created, started, ready, ended(), started)?.wasReady).toBe(false);
    expect(runs(created, started, { type: "PodContainerReady", data: { container } })?.wasReady).toBe(true);
  });

  test("do not count the end that another image asks for", () => {
    const changed: Fact = { type: "PodSpecChanged", data: { from: "a", to: "b" } };
    expect(runs(created, started, changed, ended(0), started)?.row).toEqual([]);
    expect(runs(created, started, changed, ended(0), started, ended(0))?.row).toHaveLength(1);
  });

  test("count pulls in vain, not the notices between them", () => {
    const failed = (reason: string): Fact => ({ type: "PodImagePullFailed", data: { container, reason, message: "" } });
    expect(runs(created, failed("ErrImagePull"), failed("ImagePullBackOff"), failed("ErrImagePull"))).toMatchObject({
      failedPulls: 2,
      lastFailedPull: { seq: 4, atMs: 4000 },
    });
  });

  test("are those of the last pod of the name", () => {
    expect(runs(created, started, ended(), created, started)?.row).toEqual([]);
  });
});
