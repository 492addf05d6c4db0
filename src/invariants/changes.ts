/** A log as statements read it: commit by commit, each with the object before and after it. */

import type { EventType } from "../domain/events.ts";
import type { Entity } from "../domain/state.ts";
import { World } from "../domain/world.ts";
import type { RecordedEvent } from "../event-store/port.ts";
import { foldedEvent } from "../projections/replay.ts";

/** What one commit did to one object. */
export interface Change {
  /** The last event of the commit. */
  readonly seq: number;
  /** Cluster time, ms. */
  readonly atMs: number;
  readonly stream: string;
  readonly types: readonly EventType[];
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

/** The changes of a log that starts at its first event, in order. */
export function* changesOf(log: Iterable<RecordedEvent>): Generator<Change> {
  const world = new World();
  let types: EventType[] = [];
  let before: Entity | undefined;
  let last: RecordedEvent | undefined;
  const change = ({ commit, at, stream }: RecordedEvent): Change => {
    return { seq: commit.lastSeq, atMs: at, stream, types, before, after: world.record(stream).entity };
  };
  for (const event of log) {
    if (last && (last.commit.firstSeq !== event.commit.firstSeq || last.stream !== event.stream)) {
      yield change(last);
      last = undefined;
    }
    const folded = foldedEvent(event);
    const applied = world.apply(event.stream, folded);
    if (!last) {
      types = [];
      before = applied.before;
    }
    types.push(folded.type);
    last = event;
  }
  if (last) yield change(last);
}
