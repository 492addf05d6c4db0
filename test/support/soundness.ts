/** What must hold of a ledger at any moment, whoever wrote it and however they ended. */
import { expect } from "vitest";
import { World } from "../../src/domain/world.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { verifyChain } from "../../src/event-store/verify.ts";
import { ObjectsProjection, objectsReach } from "../../src/projections/objects.ts";
import { replay } from "../../src/projections/replay.ts";

/** Every object with what is remembered of its name, in the very bytes that would be saved. */
const contents = (world: World, streams: Iterable<string>): ReadonlyMap<string, unknown> =>
  new Map(
    Array.from(streams, (stream) => {
      const { entity, version, creations, children } = world.record(stream);
      return [stream, { entity: JSON.stringify(entity), version, creations, children }];
    }),
  );

/** The chain is whole and gapless, and the read model holds what the log tells up to its reach: no more, no less. */
export const expectSound = (session: LedgerSession): void => {
  expect(verifyChain(session.store).faults).toEqual([]);
  const objects = new ObjectsProjection(session.store.sql);
  const saved = new World();
  objects.load(saved);
  const reach = objectsReach(session.store.sql);
  const rebuilt = replay(session.store, reach);
  const streams = new Set(Array.from(session.log(1, reach), ({ stream }) => stream));
  const living = [...streams].filter((stream) => rebuilt.record(stream).entity);
  expect(objects.rows().map(({ stream }) => stream)).toEqual(living.sort());
  expect(contents(saved, living)).toEqual(contents(rebuilt, living));
};
