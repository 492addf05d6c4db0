import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventFilter, RecordedEvent } from "../../../src/event-store/port.ts";
import { chainTo, effectOf, originOf } from "../../../src/history/explain/chain.ts";
import { ConsequencesFold, effectsInOrder } from "../../../src/history/explain/forward.ts";
import { chainLines } from "../../../src/history/explain/render/chain-lines.ts";
import { renderConsequences } from "../../../src/history/explain/render/forward-lines.ts";
import { eventAt, type LogReader, stepOf } from "../../../src/history/explain/step.ts";
import { plainPaint, printLines } from "../../../src/history/ink.ts";

const startMs = Date.UTC(2026, 0, 1);

type Sketch = Partial<Pick<RecordedEvent, "actor" | "at" | "cause" | "view" | "type" | "data">> & {
  /** This many events before this one belong to the same commit. */
  readonly behind?: number;
};

/** A log of these events, one every 100 ms; unless they say otherwise, about a pod, up to date and caused by nothing. */
const logOf = (sketches: readonly Sketch[]): readonly RecordedEvent[] => {
  const firstSeqs = sketches.map(({ behind = 0 }, i) => i + 1 - behind);
  return sketches.map((sketch, i) => {
    const firstSeq = firstSeqs[i] ?? 0;
    return {
      seq: i + 1,
      stream: "Pod/default/web",
      version: i + 1,
      type: sketch.type ?? "PodReady",
      schema: 1,
      at: sketch.at ?? startMs + (firstSeq - 1) * 100,
      sourceAt: null,
      recordedAt: 0,
      actor: sketch.actor ?? "kubelet:node-1",
      cause: sketch.cause ?? null,
      view: sketch.view === undefined ? firstSeq - 1 : sketch.view,
      commit: { id: `c/${firstSeq}`, firstSeq, lastSeq: firstSeqs.lastIndexOf(firstSeq) + 1, intent: null },
      data: sketch.data ?? {},
    };
  });
};

const noBody = (): never => {
  throw new Error("no body is needed here");
};

const reading = (events: readonly RecordedEvent[]): LogReader & { readonly read: number[] } => {
  const read: number[] = [];
  return {
    read,
    bodies: { template: noBody, podSpec: noBody, content: noBody },
    *log(from = 1, to = events.length, _filter?: EventFilter) {
      for (const event of events.slice(from - 1, to)) {
        read.push(event.seq);
        yield event;
      }
    },
  };
};

const effect = (reader: LogReader, seq: number): RecordedEvent => {
  const event = eventAt(reader, seq);
  if (!event) throw new Error(`no event ${seq}`);
  return event;
};

describe("a chain of causes", () => {
  test("goes back to the person who began it, whole commits at a time", () => {
    const reader = reading(
      logOf([
        { actor: "user:alice" },
        {},
        { cause: 1, type: "PodStarted", data: { podIP: "10.0.0.1", initialized: true } },
        { cause: 1, behind: 1 },
        { cause: 2 },
        { cause: 4 },
      ]),
    );
    const chain = chainTo(reader, effect(reader, 6));
    expect(chain.steps.map(({ seq }) => seq)).toEqual([1, 4, 6]);
    expect(chain.steps[1]?.wrote).toBe("started: 10.0.0.1; ready");
    expect(chain.origin).toBe("person");
    expect(originOf(chain).actor).toBe("user:alice");
    expect(effectOf(chain).seq).toBe(6);
  });

  test("says so where no cause was recorded", () => {
    const reader = reading(logOf([{}, { cause: 1, view: null }]));
    const chain = chainTo(reader, effect(reader, 2));
    expect(chain.origin).toBe("notRecorded");
    expect(chain.steps[1]?.sight).toEqual({ is: "notRecorded" });
    const printed = printLines(chainLines(chain, { columns: 100, nowMs: startMs, full: false }), plainPaint);
    expect(printed).toContain("cause not recorded");
    expect(printed).toMatch(/ 2 .* kubelet:node-1 +\? +pod\/web ready/);
  });

  test("ends at a cause that does not lie before its effect", () => {
    const reader = reading(logOf([{}, { cause: 2 }]));
    expect(chainTo(reader, effect(reader, 2))).toMatchObject({ origin: "notRecorded", steps: [{ seq: 2 }] });
  });

  test("reads no more of the log than its steps", () => {
    const sketches = Array.from({ length: 500 }, (_, i): Sketch => (i % 100 === 99 ? { cause: i - 99 || null } : {}));
    const reader = reading(logOf(sketches));
    chainTo(reader, effect(reader, 500));
    expect(new Set(reader.read)).toEqual(new Set([400, 300, 200, 100, 500].filter((seq) => reader.read.includes(seq))));
    expect(reader.read.length).toBeLessThan(20);
  });

  test("shows both ends of a long chain, and all of it when asked", () => {
    const reader = reading(logOf(Array.from({ length: 40 }, (_, i) => (i === 0 ? { actor: "user:a" } : { cause: i }))));
    const chain = chainTo(reader, effect(reader, 40));
    const lines = (full: boolean): readonly string[] =>
      printLines(chainLines(chain, { columns: 100, nowMs: startMs, full }), plainPaint)
        .split("\n")
        .slice(1, -1);
    expect(lines(true)).toHaveLength(40);
    expect(lines(false)).toHaveLength(12);
    expect(lines(false)[3]).toBe("  … 29 more steps between, shown with --full");
    expect(lines(false)[4]).toMatch(/^ +33 /);
  });
});

describe("what the writer had read", () => {
  test("is all, or so many events ago", () => {
    const reader = reading(logOf([{}, {}, {}, {}, { view: 2 }, { view: 5 }]));
    expect(stepOf(reader, effect(reader, 5)).sight).toEqual({ is: "behind", events: 2, ms: 200 });
    expect(stepOf(reader, effect(reader, 6)).sight).toEqual({ is: "upToDate" });
  });

  test("does not lack what the same turn has written", () => {
    const turn = { cause: 1, view: 2, at: startMs + 200 };
    const reader = reading(logOf([{}, {}, turn, turn, { ...turn, behind: 1 }, turn]));
    expect(stepOf(reader, effect(reader, 6)).sight).toEqual({ is: "upToDate" });
  });

  test("counts from the kind that lags furthest behind", () => {
    const reader = reading(logOf([{}, {}, {}, { view: { Pod: 1, ReplicaSet: 3 } }]));
    expect(stepOf(reader, effect(reader, 4)).sight).toEqual({ is: "behind", events: 2, ms: 200 });
  });

  test("is told in a line of its own when it was not all", () => {
    const reader = reading(logOf([{ actor: "user:a" }, {}, { view: 1, cause: 1 }]));
    const chain = chainTo(reader, effect(reader, 3));
    const printed = printLines(chainLines(chain, { columns: 120, nowMs: startMs, full: false }), plainPaint);
    expect(printed).toMatch(/ -1 +pod\/web ready\n +decided without having seen the last event: behind by 100ms\n/);
  });
});

/** Logs in which an event is caused by an earlier one, or by none. */
const logs = fc
  .array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 60 })
  .map((draws) => logOf(draws.map((draw, i) => ({ cause: draw === 0 || draw > i ? null : draw }))));

describe("what followed", () => {
  const foldOf = (events: readonly RecordedEvent[], rootSeq: number, limit: number) => {
    const reader = reading(events);
    const fold = new ConsequencesFold(effect(reader, rootSeq), limit);
    for (const event of events.slice(rootSeq)) fold.apply(event);
    return fold.finish(reader);
  };

  test("is every event whose chain of causes leads to the root, and no other", () => {
    fc.assert(
      fc.property(logs, fc.nat(), (events, draw) => {
        const root = 1 + (draw % events.length);
        const reader = reading(events);
        const expected = events
          .filter(({ seq }) => seq > root)
          .filter((event) => chainTo(reader, event).steps.some(({ seq }) => seq === root))
          .map(({ seq }) => seq);
        const told = foldOf(events, root, 1000);
        expect(effectsInOrder(told).map(({ seq }) => seq)).toEqual(expected);
        expect([told.total, told.shown]).toEqual([expected.length, expected.length]);
      }),
    );
  });

  test("is shown from the first on when there is too much, and counted to the end", () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 5 }), (events, limit) => {
        const whole = foldOf(events, 1, 1000);
        const part = foldOf(events, 1, limit);
        expect(effectsInOrder(part)).toEqual(effectsInOrder(whole).slice(0, limit));
        expect(part.total).toBe(whole.total);
      }),
    );
  });

  /** The effects as printed, each with its depth in its part of the tree; a part's top is named above it. */
  const drawn = (printed: string) => {
    const lines = printed.matchAll(
      /^(?: +(\d+) +\+\d+(?:\.\d+)?m?s {2}kubelet:node-1 {2}((?:[│ ] )*)(├─ |└─ )?pod|↓ From (\d+))/gm,
    );
    return Array.from(lines, ([, seq, indent = "", branch, top]) => ({
      seq: Number(seq ?? top),
      depth: branch === undefined ? 0 : indent.length / 2 + 1,
      isLast: branch === "└─ ",
      isHeading: top !== undefined,
    }));
  };

  test("is drawn as a tree: each effect once, one level below its cause, brothers in the order of the log", () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 60, max: 200 }), (events, columns) => {
        const told = foldOf(events, 1, 1000);
        const rows = drawn(renderConsequences(told, { columns, nowMs: startMs }));
        const order = rows.filter(({ isHeading }) => !isHeading).map(({ seq }) => seq);
        expect(order.toSorted((a, b) => a - b)).toEqual([1, ...effectsInOrder(told).map(({ seq }) => seq)]);
        const causes = new Map(effectsInOrder(told).map(({ seq, cause }) => [seq, cause]));
        const path: number[] = [];
        for (const [i, { seq, depth, isLast, isHeading }] of rows.entries()) {
          const before = path[depth];
          path.length = depth;
          if (depth > 0) {
            expect(path[depth - 1], `the cause of ${seq}`).toBe(causes.get(seq));
            if (before !== undefined && rows[i - 1]?.isHeading !== true) expect(before).toBeLessThan(seq);
            const brothers = [...causes].filter(([, cause]) => cause === causes.get(seq)).map(([brother]) => brother);
            expect(isLast).toBe(seq === Math.max(...brothers));
          } else expect(isHeading || seq === 1).toBe(true);
          path.push(seq);
        }
      }),
    );
  });

  test("begins anew at the left where it would leave no room for words", () => {
    const events = logOf(Array.from({ length: 40 }, (_, i) => (i === 0 ? {} : { cause: i })));
    const told = foldOf(events, 1, 1000);
    const printed = renderConsequences(told, { columns: 80, nowMs: startMs });
    for (const line of printed.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    const tops = drawn(printed).filter(({ isHeading }) => isHeading);
    expect(tops.length).toBeGreaterThan(1);
    for (const { seq } of tops) expect(printed).toMatch(new RegExp(`^ +${seq} .*pod/web ready ↓$`, "m"));
    expect(renderConsequences(told, { columns: 200, nowMs: startMs })).not.toContain("↓");
  });

  test("is drawn of a chain that is longer than any stack", () => {
    const events = logOf(Array.from({ length: 20_000 }, (_, i) => ({ at: startMs, cause: i === 0 ? null : i })));
    const printed = renderConsequences(foldOf(events, 1, 20_000), { columns: 80, nowMs: startMs });
    expect(drawn(printed).filter(({ isHeading }) => !isHeading)).toHaveLength(20_000);
  });
});
