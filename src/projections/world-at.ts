/** The cluster as it was: the world at any seq, for about what loading the world of now costs. */
import { type EntityKind, refOf, streamOf } from "../domain/state.ts";
import { refOfStream, World, type WorldRecord } from "../domain/world.ts";
import { FoldCursor, type FoldSource, type KeptFold } from "./kept-fold.ts";
import { keepWorld, keptRecords } from "./kept-world.ts";
import { foldedEvent } from "./replay.ts";

const newName: WorldRecord = { version: 0, creations: 0, children: 0 };

/** What the log up to `seq` says of the former bearers of a name that no living object has; undefined when there were none. */
export const recallAt = (
  source: Pick<FoldSource, "read" | "seam" | "baseOf">,
  seq: number,
  stream: string,
): WorldRecord | undefined => {
  const base = source.seam && seq >= source.seam.seq ? source.baseOf(stream) : undefined;
  let { version, creations } = base ?? newName;
  if (!base) {
    const [first] = source.read(stream, 1, 1);
    if (!first || first.seq > seq) return undefined;
  }
  for (const event of source.read(stream, version + 1)) {
    if (event.seq > seq) break;
    version = event.version;
    if (event.type.endsWith("Created")) creations += 1;
  }
  return { version, creations, children: 0 };
};

/** The fold of all objects that exist; of a kind alone, where one is named, as far as {@link kindAt} goes. */
export const worldFold = (source: FoldSource, only?: EntityKind): KeptFold<World> => ({
  name: "world",
  version: 3,
  begin: () => new World(),
  apply(world, event) {
    // A name that nobody had before need not be looked up.
    if (event.version === 1) world.restore(event.stream, newName);
    world.apply(event.stream, foldedEvent(event));
    return world;
  },
  keep: keepWorld,
  resume(kept, seq) {
    const records = keptRecords(kept, only);
    if (!records) return undefined;
    const world = new World((stream) => (refOfStream(stream) ? recallAt(source, seq, stream) : undefined));
    for (const record of records) world.restore(streamOf(refOf(record.entity)), record);
    return world;
  },
});

/**
 * The world at the end of `seq`: the same objects, in the same bytes, as when the log ended there. The end of a commit is the
 * caller's care.
 */
export const worldAt = (source: FoldSource, seq: number): World => new FoldCursor(source, worldFold(source)).at(seq);

/**
 * A world at the end of `seq` that holds the objects of one kind, in the same bytes: its other objects are not there, nor is what it
 * would count of them. Of a large cluster, a small kind is read in a fraction of the time.
 *
 * @param types the types of event that are about the kind.
 */
export const kindAt = (source: FoldSource, seq: number, kind: EntityKind, types: readonly string[]): World =>
  new FoldCursor(source, { ...worldFold(source, kind), types }).at(seq);
