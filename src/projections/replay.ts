/** The log, folded into a world: what every read model must agree with. */
import type { EventCatalogue, EventType, FoldedEvent } from "../domain/events.ts";
import { World, type WorldRecord } from "../domain/world.ts";
import type { EventStore, RecordedEvent } from "../event-store/port.ts";

/** Data has the form its type and schema say; `decide` wrote it, and the chain proves that nobody else did. */
export const foldedEvent = (event: RecordedEvent): FoldedEvent => {
  const type = event.type as EventType;
  const data = event.data as EventCatalogue[typeof type];
  return { type, data, at: event.at, resourceVersion: event.commit.lastSeq } as FoldedEvent;
};

/** The world up to the end of the log, or up to a seq (the end of its commit is the caller's care). */
export const replay = (store: Pick<EventStore, "readPages">, to?: number): World => {
  const world = new World();
  for (const page of store.readPages(1, to)) {
    for (const event of page) world.apply(event.stream, foldedEvent(event));
  }
  return world;
};

/** What is known at a seam of the former bearers of a name. */
export const recallAtSeam = (store: Pick<EventStore, "baseOf">, stream: string): WorldRecord | undefined => {
  const base = store.baseOf(stream);
  return base && { version: base.version, creations: base.creations, children: 0 };
};
