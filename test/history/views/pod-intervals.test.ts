import fc from "fast-check";
import { expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { play, troubledPlan } from "../../support/plan.ts";
import { started, typed } from "../../support/terminal.ts";
import { historyOf } from "../timeline/read.ts";

interface Interval {
  readonly replica_set: string;
  readonly uid: string;
  readonly state: string;
  readonly from_ms: number;
  readonly to_ms: number | null;
}

/** The view's intervals of pods of `web`; what goes on is cut at `toMs`, as a picture would. */
const viewed = (session: LedgerSession, toMs: number): readonly string[] =>
  session.store.sql
    .prepare<[], Interval>("SELECT * FROM v_pod_intervals WHERE namespace = 'default' AND deployment = 'web'")
    .all()
    .filter(({ from_ms }) => from_ms < toMs)
    .map(({ replica_set, uid, state, from_ms, to_ms }) => `${replica_set} ${uid} ${from_ms}-${to_ms ?? toMs} ${state}`)
    .sort();

const pictured = (session: LedgerSession, toMs: number): readonly string[] =>
  historyOf(session, toMs)
    .replicaSets.flatMap(({ name, pods }) =>
      pods.flatMap(({ uid, segments }) =>
        segments.map((segment) => `${name} ${uid} ${segment.fromMs}-${segment.toMs} ${segment.state}`),
      ),
    )
    .sort();

test("the intervals of pods are the bars of the timeline, whatever people do and whatever goes wrong", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      // Up to the last event: later, a pod can become available without an event.
      const toMs = session.store.head().at;
      expect(viewed(session, toMs)).toEqual(pictured(session, toMs));
      session.close();
    }),
    { numRuns: 12 },
  ));

test("containers, init containers and pulls that fail count as they do in the timeline", async () => {
  const session = started();
  const podSpec = {
    initContainers: [{ name: "init", image: "init:1" }],
    containers: [
      { name: "web", image: "web:1" },
      { name: "side", image: "side:1" },
    ],
  };
  const manifest = JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      minReadySeconds: 3,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: podSpec },
    },
  });
  await typed(session, "behave image=side:1 --ready 4s --crash-after 9s");
  await typed(session, "apply -f web.json", { files: { "web.json": manifest } });
  await session.advance(60_000);
  await typed(session, "set image deploy/web web=web:404");
  await session.advance(60_000);
  const toMs = session.store.head().at;
  const states = new Set(viewed(session, toMs).map((line) => line.split(" ").at(-1)));
  expect([...states].sort()).toEqual(
    expect.arrayContaining(["available", "backing-off", "pending", "ready", "running", "starting"]),
  );
  expect(viewed(session, toMs)).toEqual(pictured(session, toMs));
  session.close();
});
