import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { World } from "../../src/domain/world.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { openLedger } from "../../src/engine/open.ts";
import { ObjectsProjection } from "../../src/projections/objects.ts";
import { foldedEvent, replay } from "../../src/projections/replay.ts";
import { scratchFolder } from "../support/folder.ts";
import { begin, carryOut, play, troubledPlan } from "../support/plan.ts";
import { started } from "../support/terminal.ts";

const folder = scratchFolder();

let files = 0;
const newFile = (): string => join(folder, `${++files}.db`);

const reopened = (session: LedgerSession, path: string): LedgerSession => {
  session.close();
  const opened = openLedger(path);
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};

/** What a world holds of every object that the read model names, each in the very bytes that would be saved. */
const contents = (session: LedgerSession, world: World): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    new ObjectsProjection(session.store.sql).rows().map(({ stream }) => {
      const { entity, version, creations, children } = world.record(stream);
      return [stream, { entity: JSON.stringify(entity), version, creations, children }];
    }),
  );

describe("the log is the only truth", () => {
  it("gives the same world folded event by event, stream by stream, and as it was kept while it was written", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(), async (plan) => {
        const session = started(":memory:", { seed: plan.seed });
        await play(session, plan);

        const kept = new World();
        new ObjectsProjection(session.store.sql).load(kept);
        const byEvent = replay(session.store);
        const byStream = new World();
        const streams = new Set(Array.from(session.log(), ({ stream }) => stream));
        // Owners before what they own, so that the count of children is complete.
        const inOrder = [...streams].sort((a, b) => order(a) - order(b));
        for (const stream of inOrder) {
          for (const event of session.store.read(stream)) byStream.apply(stream, foldedEvent(event));
        }
        expect(contents(session, byEvent)).toEqual(contents(session, kept));
        expect(contents(session, byStream)).toEqual(contents(session, kept));
        session.close();
      }),
      { numRuns: 40 },
    );
  });

  it("is written the same by one process and by one process for every command", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(10), async (plan) => {
        const [onePath, manyPath] = [newFile(), newFile()];
        const one = started(onePath, { seed: plan.seed, roundTripMs: 100 });
        await play(one, plan);

        let many = started(manyPath, { seed: plan.seed, roundTripMs: 100 });
        await begin(many, plan);
        for (const op of plan.ops) {
          many = reopened(many, manyPath);
          await carryOut(many, op);
        }
        expect(many.digest()).toBe(one.digest());
        one.close();
        many.close();
      }),
      { numRuns: 25 },
    );
  });

  it("is written the same by two processes that take turns", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(10), async (plan) => {
        const [onePath, twoPath] = [newFile(), newFile()];
        const one = started(onePath, { seed: plan.seed, roundTripMs: 100 });
        await play(one, plan);

        const left = started(twoPath, { seed: plan.seed, roundTripMs: 100 });
        const right = openLedger(twoPath);
        if (right._tag === "Left") throw right.left;
        await begin(left, plan);
        for (const [i, op] of plan.ops.entries()) await carryOut(i % 2 === 0 ? right.right : left, op);
        expect(right.right.digest()).toBe(one.digest());
        for (const session of [one, left, right.right]) session.close();
      }),
      { numRuns: 15 },
    );
  });
});

const kinds = ["Namespace", "Node", "Deployment", "ReplicaSet", "Service"];
const order = (stream: string): number => {
  const at = kinds.indexOf(stream.split("/")[0] ?? "");
  return at < 0 ? kinds.length : at;
};
