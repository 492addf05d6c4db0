import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { Attribute, Span } from "../../../src/history/otlp/model.ts";
import { tracesOf } from "../../../src/history/otlp/traces.ts";
import { play, troubledPlan } from "../../support/plan.ts";
import { started, typed } from "../../support/terminal.ts";
import { historyOf } from "../timeline/read.ts";

const tracesIn = (session: LedgerSession): readonly (readonly Span[])[] =>
  Array.from(tracesOf(historyOf(session), "1.2.3"), ({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

const textOf = (attributes: readonly Attribute[], key: string): unknown => {
  const value = attributes.find((attribute) => attribute.key === key)?.value;
  return value && Object.values(value)[0];
};

const startMs = Date.UTC(2026, 0, 1);
const secondsOf = (nano: string): number => (Number(BigInt(nano) / 1_000_000n) - startMs) / 1000;

describe("a rollout as a trace", () => {
  const story = async (): Promise<LedgerSession> => {
    const session = started();
    await typed(session, "create deployment web --image=web:1 --replicas=2");
    await session.advance(60_000);
    await typed(session, "behave image=web:2 --ready 30s --crash-after 3s");
    await typed(session, "set image deploy/web web=web:2 --as alice");
    await session.advance(20_000);
    await typed(session, "rollout pause deploy/web");
    await session.advance(10_000);
    await typed(session, "rollout resume deploy/web");
    await typed(session, "rollout undo deploy/web");
    await session.advance(60_000);
    return session;
  };

  test("says who did what, what it was for, when and how it ended", async () => {
    const session = await story();
    const history = historyOf(session);
    const [, second] = tracesOf(history, "1.2.3");
    const [span] = second?.scopeSpans[0]?.spans ?? [];
    if (!second || !span) throw new Error("there is one rollout only");
    expect(second.resource.attributes).toEqual([
      { key: "service.name", value: { stringValue: "web" } },
      { key: "service.namespace", value: { stringValue: "default" } },
      { key: "k8s.namespace.name", value: { stringValue: "default" } },
      { key: "k8s.deployment.name", value: { stringValue: "web" } },
    ]);
    expect(second.scopeSpans[0]?.scope).toEqual({ name: "rollout-ledger", version: "1.2.3" });
    expect(span).toMatchObject({ name: "rollout", kind: 1, status: {} });
    expect([secondsOf(span.startTimeUnixNano), secondsOf(span.endTimeUnixNano)]).toEqual([60, 90]);
    expect(span.startTimeUnixNano).toBe("1767225660000000000");
    expect(span.attributes).toEqual(
      expect.arrayContaining([
        { key: "rollout.number", value: { intValue: "2" } },
        { key: "rollout.outcome", value: { stringValue: "rolled back" } },
        { key: "rollout.actor", value: { stringValue: "user:alice" } },
        { key: "rollout.images", value: { arrayValue: { values: [{ stringValue: "web:2" }] } } },
        { key: "rollout.images_before", value: { arrayValue: { values: [{ stringValue: "web:1" }] } } },
      ]),
    );
    expect(span.events.map(({ name, timeUnixNano }) => [name, secondsOf(timeUnixNano)])).toEqual([
      ["paused", 80],
      ["resumed", 90],
    ]);
    session.close();
  });

  test("holds the ReplicaSets and pods that took part, with the states the pods were in", async () => {
    const session = await story();
    const [first = [], second = []] = tracesIn(session);
    const named = (spans: readonly Span[], name: string) => spans.filter((span) => span.name === name);
    expect(first[0]?.status).toEqual({ code: 1 });
    expect(named(first, "replicaset")).toHaveLength(1);
    expect(named(first, "pod")).toHaveLength(2);
    expect(named(first, "pod pending")).toHaveLength(2);
    const replicaSets = named(second, "replicaset").map(({ attributes }) => textOf(attributes, "rollout.is_new"));
    expect(replicaSets.sort()).toEqual([false, true]);
    const crashed = named(second, "pod").filter(({ events }) => events.some(({ name }) => name === "exited"));
    expect(crashed.length).toBeGreaterThan(0);
    expect(textOf(crashed[0]?.events[0]?.attributes ?? [], "k8s.container.name")).toBe("web");
    for (const key of ["k8s.pod.name", "k8s.pod.uid", "k8s.node.name"]) {
      expect(textOf(crashed[0]?.attributes ?? [], key), key).toEqual(expect.any(String));
    }
    expect(named(second, "pod backing-off").length).toBeGreaterThan(0);
    session.close();
  });

  test("that exceeded its deadline has failed", async () => {
    const session = started();
    await typed(session, "create deployment web --image=web:404 --replicas=1");
    await session.advance(700_000);
    const [[span] = []] = tracesIn(session);
    expect(span?.status).toEqual({ code: 2, message: "progress deadline exceeded" });
    expect(span?.events.map(({ name }) => name)).toEqual(["deadline exceeded"]);
    session.close();
  });
});

test("whatever happens: ids differ and are derived, parents are there, and hold their children's beginnings", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      const traces = tracesIn(session);
      expect(traces).toEqual(tracesIn(session));
      expect(traces.length).toBe(historyOf(session).rollouts.length);
      const ids = new Set<string>();
      for (const spans of traces) {
        const byId = new Map(spans.map((span) => [span.spanId, span]));
        expect(byId.size).toBe(spans.length);
        for (const { traceId, spanId, parentSpanId, startTimeUnixNano: start, endTimeUnixNano: end } of spans) {
          expect(traceId).toMatch(/^[0-9a-f]{32}$/);
          expect(spanId).toMatch(/^[0-9a-f]{16}$/);
          expect(traceId).toBe(spans[0]?.traceId);
          ids.add(spanId);
          expect(BigInt(end)).toBeGreaterThanOrEqual(BigInt(start));
          if (parentSpanId === undefined) continue;
          const parent = byId.get(parentSpanId);
          expect(parent).toBeDefined();
          expect(BigInt(start)).toBeGreaterThanOrEqual(BigInt(parent?.startTimeUnixNano ?? 0));
          expect(BigInt(start)).toBeLessThanOrEqual(BigInt(parent?.endTimeUnixNano ?? 0));
        }
      }
      expect(ids.size).toBe(traces.flat().length);
      session.close();
    }),
    { numRuns: 10 },
  ));
