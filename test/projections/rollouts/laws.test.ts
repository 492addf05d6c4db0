import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { World } from "../../../src/domain/world.ts";
import { BodyStore } from "../../../src/engine/bodies.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { applied } from "../../../src/projections/change.ts";
import { ReadModels, readModelTables } from "../../../src/projections/read-models.ts";
import type { TemplateSource } from "../../../src/projections/rollouts/deployment-track.ts";
import { RolloutsFold, type RolloutsState } from "../../../src/projections/rollouts/fold.ts";
import { endOf, type Rollout } from "../../../src/projections/rollouts/model.ts";
import { settle } from "../../engine/ledgers.ts";
import { begin, carryOut, manifestOf, type Plan, troubledPlan } from "../../support/plan.ts";
import { started, typed } from "../../support/terminal.ts";

const templatesOf = (session: LedgerSession): TemplateSource => {
  const bodies = new BodyStore(session.store.blobs);
  return (digest) => bodies.template(digest);
};

/** The plan, with the Deployment deleted and created anew in the middle of it. */
const playWithDeletion = async (session: LedgerSession, plan: Plan): Promise<void> => {
  await begin(session, plan);
  const middle = Math.floor(plan.ops.length / 2);
  for (const [i, op] of plan.ops.entries()) {
    if (i === middle && plan.seed % 2 === 0) {
      await typed(session, `delete deploy/web --wait=false${plan.seed % 3 === 0 ? " --cascade=foreground" : ""}`);
      await session.advance(plan.seed % 5 === 0 ? 40_000 : 5);
      await typed(session, "apply -f web.yaml", { files: { "web.yaml": manifestOf(plan) } });
    }
    await carryOut(session, op);
  }
};

const contents = (session: LedgerSession): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    readModelTables.map(({ name, key }) => [
      name,
      session.store.sql.prepare(`SELECT * FROM ${name} ORDER BY ${key.join(", ")}`).all(),
    ]),
  );

/** Tells the read models anew, the events handed over in pieces, each saved. */
const rebuild = (session: LedgerSession, events: readonly RecordedEvent[], pieces: readonly number[]): void => {
  const { store } = session;
  store.transaction(() => {
    const world = new World();
    const models = new ReadModels(store.sql, templatesOf(session));
    for (const { name } of readModelTables) store.sql.prepare(`DELETE FROM ${name}`).run();
    for (const [i, event] of events.entries()) {
      models.observe(applied(world, event));
      if (pieces.includes(i)) models.rollouts.save();
    }
    models.save(world, events.length);
    models.saveObjects(world, events.length);
    return { _tag: "Right", right: undefined };
  });
};

const allRollouts = (fold: RolloutsFold, closed: readonly Rollout[], atMs: number): readonly Rollout[] => {
  const open = fold.openAt("Deployment/default/web", atMs);
  return open ? [...closed, open] : closed;
};

describe("the read model of rollouts", () => {
  it("is the same kept while it was written, told anew by the log, and saved in whatever pieces", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(), fc.array(fc.nat({ max: 400 }), { maxLength: 6 }), async (plan, pieces) => {
        const session = started(":memory:", { seed: plan.seed });
        await playWithDeletion(session, plan);
        settle(session);
        const kept = contents(session);
        const events = [...session.log()];
        rebuild(session, events, []);
        expect(contents(session)).toEqual(kept);
        rebuild(session, events, pieces);
        expect(contents(session)).toEqual(kept);
        session.close();
      }),
      { numRuns: 8 },
    );
  });

  it("numbers Deployments in the order they appeared in, in whatever pieces it is saved", async () => {
    const session = started(":memory:");
    await typed(session, "create deployment idle --image=idle:1 --replicas=0");
    await typed(session, "create deployment web --image=web:1");
    await typed(session, "set image deploy/web web=web:2");
    await typed(session, "advance 10s");
    settle(session);
    const kept = contents(session);
    rebuild(session, [...session.log()], []);
    expect(contents(session)).toEqual(kept);
    session.close();
  });

  it("goes on from any saved state as if it had not been interrupted", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(), fc.double({ min: 0, max: 1, noNaN: true }), async (plan, share) => {
        const session = started(":memory:", { seed: plan.seed });
        await playWithDeletion(session, plan);
        const events = [...session.log()];
        const cut = Math.floor(share * events.length);
        const templateOf = templatesOf(session);
        const [whole, world, otherWorld] = [new RolloutsFold(templateOf), new World(), new World()];
        const first = new RolloutsFold(templateOf);
        let interrupted: RolloutsFold | undefined;
        for (const [i, event] of events.entries()) {
          if (i === cut) {
            const saved: RolloutsState = JSON.parse(JSON.stringify(first.state()));
            first.take();
            interrupted = RolloutsFold.restore(saved, otherWorld, templateOf);
          }
          whole.observe(applied(world, event));
          const change = applied(otherWorld, event);
          if (i < cut) first.observe(change);
          else interrupted?.observe(change);
          if (i + 1 === cut) whole.take();
        }
        if (interrupted) {
          expect(interrupted.state()).toEqual(whole.state());
          const [left, right] = [interrupted.take(), whole.take()];
          expect(left.closed).toEqual(right.closed);
          expect(left.steps).toEqual(right.steps);
        }
        session.close();
      }),
      { numRuns: 8 },
    );
  });

  it("numbers every change of the template, and its parts add up", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(), async (plan) => {
        const session = started(":memory:", { seed: plan.seed });
        await playWithDeletion(session, plan);
        const [fold, world] = [new RolloutsFold(templatesOf(session)), new World()];
        const closed: Rollout[] = [];
        const changes: number[] = [];
        for (const event of session.log()) {
          if (/^Deployment(Created|TemplateChanged)$/.test(event.type)) changes.push(event.seq);
          fold.observe(applied(world, event));
          closed.push(...fold.take().closed.map(({ rollout }) => rollout));
        }
        const nowMs = session.now();
        const rollouts = allRollouts(fold, closed, nowMs);
        expect(rollouts.map(({ number }) => number)).toEqual(changes.map((_, i) => i + 1));
        expect(rollouts.map(({ seq }) => seq)).toEqual(changes);
        for (const rollout of rollouts) {
          const { startedAtMs, progressingMs, pausedMs, waitingMs, outcome, supersededBy } = rollout;
          const spentMs = startedAtMs === undefined ? 0 : (endOf(rollout) ?? nowMs) - startedAtMs;
          expect(progressingMs + pausedMs + waitingMs).toBe(spentMs);
          if (outcome === "rolled back") expect(rollouts[(supersededBy ?? 0) - 1]?.restores).toBeDefined();
        }
        session.close();
      }),
      { numRuns: 8 },
    );
  });
});
