import type { DomainEvent } from "../../../src/domain/events.ts";
import { evolve } from "../../../src/domain/evolve.ts";
import {
  type Digest,
  type Entity,
  type EntityKind,
  type EntityOf,
  ofKind,
  type Uid,
} from "../../../src/domain/state.ts";
import { refTo, startMs } from "../api-server.ts";

/** Events of one commit, and when it happened. */
export interface Commit {
  readonly afterMs?: number;
  readonly events: readonly DomainEvent[];
}

/** Folds commits over an object called `one`; each commit's resourceVersion is the count of events up to its end. */
export const fold = <K extends EntityKind>(kind: K, ...commits: readonly (DomainEvent | Commit)[]): EntityOf<K> => {
  let entity: Entity | undefined;
  let atMs = startMs;
  let seq = 0;
  for (const item of commits) {
    const { afterMs = 0, events } = "events" in item ? item : { events: [item] };
    atMs += afterMs;
    seq += events.length;
    for (const event of events)
      entity = evolve(entity, { ...event, at: atMs, resourceVersion: seq }, refTo(kind, "one"));
  }
  if (!entity) throw new Error("nothing is left");
  return ofKind(entity, kind);
};

export const uid = "uid-one" as Uid;
export const digest = (name: string): Digest => name as Digest;
export const commit = (afterMs: number, ...events: readonly DomainEvent[]): Commit => ({ afterMs, events });
export const secondsOn = (seconds: number): number => startMs + seconds * 1000;
