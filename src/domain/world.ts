/**
 * The cluster as the log tells it up to some seq: every object that exists, and for each name what the server must
 * remember of it (the length of its stream, how often it was created, how many children it made).
 * A mutable container of immutable entities: applying an event costs the same in a small and in a large cluster.
 */
import type { FoldedEvent } from "./events.ts";
import { evolve } from "./evolve.ts";
import {
  controllerOf,
  type Entity,
  type EntityKind,
  type EntityOf,
  type ObjectRef,
  refOf,
  streamOf,
  type Uid,
} from "./state.ts";

/** What is known of a name; `entity` is absent once the object is gone. */
export interface WorldRecord {
  readonly entity?: Entity;
  /** Events in its stream. */
  readonly version: number;
  /** How often an object of this name was created. */
  readonly creations: number;
  /** How many objects the one that bears the name ever controlled: the ordinal of the next one. */
  readonly children: number;
}

/** An object that exists, with what is known of its name. */
export interface LivingRecord extends WorldRecord {
  readonly entity: Entity;
}

const isLiving = (record: WorldRecord): record is LivingRecord => record.entity !== undefined;

const unknown: WorldRecord = { version: 0, creations: 0, children: 0 };

/** The name of a stream, taken apart; streams that are no object's answer undefined. */
export const refOfStream = (stream: string): ObjectRef | undefined => {
  const [kind, namespace, name] = stream.split("/");
  if (kind === undefined || namespace === undefined || name === undefined) return undefined;
  return { kind: kind as EntityKind, namespace, name };
};

export class World {
  readonly #records = new Map<string, WorldRecord>();
  /** The streams of the objects that exist. */
  readonly #streamsOfKind = new Map<EntityKind, Set<string>>();
  readonly #streamOfUid = new Map<Uid, string>();
  /** The last name that nobody had: an object's creation asks for it several times. */
  #unheardOf: string | undefined;
  #touched = new Set<string>();
  readonly #past: (stream: string) => WorldRecord | undefined;

  /** `past` recalls names that are not in memory: objects long gone. */
  constructor(past: (stream: string) => WorldRecord | undefined = () => undefined) {
    this.#past = past;
  }

  record(stream: string): WorldRecord {
    const known = this.#records.get(stream);
    if (known) return known;
    if (stream === this.#unheardOf) return unknown;
    const past = this.#past(stream);
    if (past) this.#records.set(stream, past);
    else this.#unheardOf = stream;
    return past ?? unknown;
  }

  get<K extends EntityKind>(ref: ObjectRef & { readonly kind: K }): EntityOf<K> | undefined {
    return this.record(streamOf(ref)).entity as EntityOf<K> | undefined;
  }

  /** The object that bears the name now, if there is one; the past is not asked. */
  living(stream: string): LivingRecord | undefined {
    const record = this.#records.get(stream);
    return record && isLiving(record) ? record : undefined;
  }

  byUid(uid: Uid): Entity | undefined {
    const stream = this.#streamOfUid.get(uid);
    return stream === undefined ? undefined : this.record(stream).entity;
  }

  /** Every object of the kind, in no order that may matter. */
  *all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>> {
    for (const stream of this.#streamsOfKind.get(kind) ?? []) {
      const { entity } = this.record(stream);
      if (entity) yield entity as EntityOf<K>;
    }
  }

  count(kind: EntityKind): number {
    return this.#streamsOfKind.get(kind)?.size ?? 0;
  }

  /** Puts a record as it was saved; for loading. */
  restore(stream: string, record: WorldRecord): void {
    this.#set(stream, undefined, record);
  }

  /** The streams whose records changed since the last call: what a read model has to save. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Lets go of those streams' objects that are gone, once the past can recall them. */
  forgetGone(streams: Iterable<string>): void {
    this.#unheardOf = undefined;
    for (const stream of streams) {
      if (refOfStream(stream) && !this.#records.get(stream)?.entity) this.#records.delete(stream);
    }
  }

  /** Folds one event in and answers with the entity before and after. */
  apply(
    stream: string,
    event: FoldedEvent,
  ): { readonly before: Entity | undefined; readonly after: Entity | undefined } {
    const record = this.record(stream);
    const before = record.entity;
    const ref = before ? refOf(before) : refOfStream(stream);
    const after = ref ? evolve(before, event, ref) : undefined;
    const isCreation = after !== undefined && before === undefined;
    const version = record.version + 1;
    const creations = record.creations + (isCreation ? 1 : 0);
    const children = isCreation ? 0 : record.children;
    // Two literals in place of a spread: this runs for every event.
    const next = after ? { entity: after, version, creations, children } : { version, creations, children };
    this.#set(stream, before, next);
    this.#touched.add(stream);
    if (isCreation) this.#countChild(after);
    return { before, after };
  }

  #countChild(child: Entity): void {
    const owner = controllerOf(child.meta);
    const stream = owner && this.#streamOfUid.get(owner.uid as Uid);
    if (stream === undefined) return;
    const record = this.record(stream);
    this.#records.set(stream, { ...record, children: record.children + 1 });
    this.#touched.add(stream);
  }

  #set(stream: string, before: Entity | undefined, record: WorldRecord): void {
    this.#records.set(stream, record);
    const { entity } = record;
    if (before?.meta.uid === entity?.meta.uid) return;
    if (before) {
      this.#streamOfUid.delete(before.meta.uid);
      this.#streamsOfKind.get(before.kind)?.delete(stream);
    }
    if (!entity) return;
    this.#streamOfUid.set(entity.meta.uid, stream);
    const streams = this.#streamsOfKind.get(entity.kind);
    if (streams) streams.add(stream);
    else this.#streamsOfKind.set(entity.kind, new Set([stream]));
  }
}
