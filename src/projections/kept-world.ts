/**
 * A world as JSON: for each kind, the text of its records. A reader of one kind so parses that kind alone: the few Deployments of a
 * large cluster, and not its thousands of pods.
 */
import { type EntityKind, refOf, streamOf } from "../domain/state.ts";
import type { LivingRecord, World } from "../domain/world.ts";
import type { Json } from "../event-store/port.ts";
import { resourceTypes, storedKindOf } from "../kubernetes/kinds.ts";
import { compareText } from "../kubernetes/sorted.ts";

type KeptWorld = { readonly [kind: string]: string };

const recordsOf = (world: World, kind: EntityKind): readonly LivingRecord[] =>
  Array.from(world.all(kind), (entity) => {
    const { version, creations, children } = world.record(streamOf(refOf(entity)));
    return { entity, version, creations, children };
  }).sort((a, b) => compareText(streamOf(refOf(a.entity)), streamOf(refOf(b.entity))));

/** The objects that exist, in the order of their streams: of one log the same text, however the world came there. */
export const keepWorld = (world: World): KeptWorld => {
  const kept: { [kind: string]: string } = {};
  for (const type of resourceTypes) {
    const kind = storedKindOf(type);
    if (kind !== undefined && world.count(kind) > 0) kept[kind] = JSON.stringify(recordsOf(world, kind));
  }
  return kept;
};

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isLivingRecord = (value: unknown, kind: string): value is LivingRecord =>
  isObject(value) &&
  ["version", "creations", "children"].every((count) => typeof value[count] === "number") &&
  isObject(value.entity) &&
  value.entity.kind === kind &&
  isObject(value.entity.meta);

const recordsIn = (text: unknown, kind: string): readonly LivingRecord[] | undefined => {
  if (typeof text !== "string") return undefined;
  try {
    const records: unknown = JSON.parse(text);
    const isRecord = (value: unknown): value is LivingRecord => isLivingRecord(value, kind);
    return Array.isArray(records) && records.every(isRecord) ? records : undefined;
  } catch {
    return undefined;
  }
};

/** What was kept, or what was kept of one kind; undefined where that is not what {@link keepWorld} made. */
export const keptRecords = (kept: Json, only?: EntityKind): readonly LivingRecord[] | undefined => {
  if (!isObject(kept)) return undefined;
  const records: LivingRecord[] = [];
  for (const [kind, text] of Object.entries(kept)) {
    if (only !== undefined && kind !== only) continue;
    const found = recordsIn(text, kind);
    if (!found) return undefined;
    for (const record of found) records.push(record);
  }
  return records;
};
