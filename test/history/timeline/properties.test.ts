import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controllerOf, isPodActive, isPodAvailable, type Pod, type ReplicaSet } from "../../../src/domain/state.ts";
import { World } from "../../../src/domain/world.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { AvailabilityStep, History, PodBar } from "../../../src/history/timeline/model.ts";
import { renderTimeline } from "../../../src/history/timeline/render.ts";
import { layOut } from "../../../src/history/timeline/scale.ts";
import { clip } from "../../../src/history/timeline/window.ts";
import { foldedEvent } from "../../../src/projections/replay.ts";
import { type Plan, troubledPlan } from "../../support/plan.ts";
import { playedOnce } from "../../support/played.ts";
import { typed } from "../../support/terminal.ts";
import { historyOf } from "./read.ts";

const played = playedOnce();

/** Holds for the history of every plan; numbers between 0 and 1 choose moments in it. */
const always = (
  law: (session: LedgerSession, history: History, chosen: readonly number[]) => void | Promise<void>,
  numRuns = 30,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      troubledPlan(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 12 }),
      async (plan: Plan, chosen) => {
        const session = await played.after(plan);
        await law(session, historyOf(session), chosen);
      },
    ),
    { numRuns, seed: played.seed },
  );

const barsOf = ({ replicaSets }: History): readonly PodBar[] => replicaSets.flatMap(({ pods }) => pods);

/** The Deployment's pods as they were at a moment, with the ReplicaSets that they belong to. */
const recount = (
  session: LedgerSession,
  atMs: number,
): Pick<AvailabilityStep, "pods" | "available" | "terminating"> => {
  const world = new World();
  const deploymentUids = new Set<string>();
  // A ReplicaSet that is gone still owns its pods: the last one that bore the uid counts.
  const replicaSets = new Map<string, ReplicaSet>();
  for (const event of session.log()) {
    if (event.at > atMs) break;
    const { after } = world.apply(event.stream, foldedEvent(event));
    if (after?.kind === "Deployment" && after.meta.name === "web") deploymentUids.add(after.meta.uid);
    if (after?.kind === "ReplicaSet") replicaSets.set(after.meta.uid, after);
  }
  const ownerOf = ({ meta }: Pod): ReplicaSet | undefined => {
    const owner = replicaSets.get(controllerOf(meta)?.uid ?? "");
    return owner && deploymentUids.has(controllerOf(owner.meta)?.uid ?? "") ? owner : undefined;
  };
  const owned = [...world.all("Pod")].filter((pod) => ownerOf(pod) !== undefined);
  const active = owned.filter(isPodActive);
  return {
    pods: active.length,
    available: active.filter((pod) => isPodAvailable(pod, ownerOf(pod)?.spec.minReadySeconds ?? 0, atMs)).length,
    terminating: owned.filter(({ meta }) => meta.deletion !== undefined).length,
  };
};

const stepAt = ({ availability }: History, atMs: number): AvailabilityStep => {
  const step = availability.findLast((each) => each.atMs <= atMs);
  if (!step) throw new Error(`no step at ${atMs}`);
  return step;
};

const momentIn = ({ fromMs, toMs }: History, share: number): number => Math.floor(fromMs + share * (toMs - fromMs));

describe("whatever people do and whatever goes wrong", () => {
  test("a pod's states follow one another without gap or overlap, from its beginning to its end", () =>
    always((_, history) => {
      for (const { fromMs, toMs, segments, name } of barsOf(history)) {
        let atMs = fromMs;
        for (const segment of segments) {
          expect(segment.fromMs, name).toBe(atMs);
          expect(segment.toMs, name).toBeGreaterThan(segment.fromMs);
          atMs = segment.toMs;
        }
        expect(atMs, name).toBe(toMs);
        for (const [i, { state }] of segments.entries()) expect(state).not.toBe(segments[i - 1]?.state);
      }
    }));

  test("bars reach from a pod's creation to its deletion, and bars of one pod do not overlap", () =>
    always((session, history) => {
      const lives = new Map<string, { createdMs: number; deletedMs: number | undefined }>();
      for (const { type, stream, at } of session.log()) {
        const name = stream.split("/")[2] ?? "";
        if (type === "PodCreated") lives.set(name, { createdMs: at, deletedMs: undefined });
        const life = lives.get(name);
        if (life && type === "PodDeleted") life.deletedMs = at;
      }
      const bars = barsOf(history);
      for (const name of new Set(bars.map((bar) => bar.name))) {
        const life = lives.get(name);
        const inOrder = bars.filter((bar) => bar.name === name).sort((a, b) => a.fromMs - b.fromMs);
        for (const [i, bar] of inOrder.entries()) expect(bar.fromMs).toBeGreaterThanOrEqual(inOrder[i - 1]?.toMs ?? 0);
        // Relabelled pods are let go of and, perhaps, taken in again: only the first bar begins with the pod.
        expect(inOrder[0]?.fromMs).toBe(life?.createdMs);
        const last = inOrder.at(-1);
        if (last?.end === "deleted") expect(last.toMs).toBe(life?.deletedMs);
        if (last?.end === undefined) expect([last?.toMs, life?.deletedMs]).toEqual([history.toMs, undefined]);
      }
    }));

  test("the curve says at any moment what a recount of the pods says", () =>
    always((session, history, chosen) => {
      const moments = [...chosen.map((share) => momentIn(history, share)), history.fromMs, history.toMs];
      for (const atMs of moments) {
        const { pods, available, terminating, availableBy } = stepAt(history, atMs);
        expect({ pods, available, terminating }, `at ${atMs}`).toEqual(recount(session, atMs));
        expect(availableBy.reduce((total, part) => total + part.pods, 0)).toBe(available);
      }
    }));

  test("there is a rollout for the creation and for each change of the template", () =>
    always((session, { rollouts }) => {
      const changes = [...session.log(1, undefined, { types: ["DeploymentCreated", "DeploymentTemplateChanged"] })];
      expect(rollouts.map(({ number, seq }) => ({ number, seq }))).toEqual(
        changes.map(({ seq }, i) => ({ number: i + 1, seq })),
      );
    }));

  test("a rollout is complete when as many pods are available as are wanted, and no more are there", () =>
    always((_, history) => {
      for (const { completedAtMs, startedAtMs = 0 } of history.rollouts) {
        if (completedAtMs === undefined) continue;
        const { pods, available, desired } = stepAt(history, completedAtMs);
        expect([pods, available]).toEqual([desired, desired]);
        expect(completedAtMs).toBeGreaterThanOrEqual(startedAtMs);
      }
    }));

  test("the history up to a moment is the beginning of the whole history", () =>
    always((session, history, [share = 0.5]) => {
      const atMs = momentIn(history, share);
      const early = historyOf(session, atMs);
      expect(early.availability.map(({ atMs: ms, pods, available }) => [ms, pods, available])).toEqual(
        history.availability.filter((step) => step.atMs <= atMs).map((step) => [step.atMs, step.pods, step.available]),
      );
    }));

  test("a picture of its later part is the same when only the state before it and the rest of the log are read", () =>
    always(async (session, history, [share = 0.5]) => {
      const fromMs = Math.min(momentIn(history, share), history.toMs - 1);
      const { out } = await typed(session, `timeline deploy/web --from ${new Date(fromMs).toISOString()}`);
      const whole = clip(history, { all: false, fromMs, nowMs: session.now() });
      expect(out).toBe(renderTimeline(whole, { columns: 100 }));
    }, 15));

  test("columns cover the time of the picture without gap, in the width asked for", () =>
    always((_, history, [first = 0, second = 1]) => {
      const width = 30 + Math.floor(first * 150);
      const timeline = clip(history, { all: second > 0.5 });
      const { columns, pieces } = layOut(timeline, width);
      expect(columns).toHaveLength(width);
      expect(columns[0]?.fromMs).toBe(timeline.fromMs);
      expect(columns.at(-1)?.toMs).toBeCloseTo(timeline.toMs, 3);
      for (const [i, column] of columns.entries()) {
        if (i > 0) expect(column.fromMs).toBeCloseTo(columns[i - 1]?.toMs ?? 0, 3);
        expect(column.toMs).toBeGreaterThan(column.fromMs);
      }
      expect(pieces[0]).toBe(0);
    }));

  test("no line is wider than asked for, and an ASCII picture is ASCII", () =>
    always((_, history, [first = 0, second = 1]) => {
      const columns = 40 + Math.floor(first * 160);
      const picture = renderTimeline(clip(history, { all: true }), { columns, ascii: true, everyPod: second > 0.5 });
      for (const line of picture.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
      expect(picture).toMatch(/^[\u0000-\u007f]*$/);
    }));
});
