/** Bodies that were deleted for good, as the log tells. */
import type { EventCatalogue } from "../domain/events.ts";
import type { EventStore } from "../event-store/port.ts";
import type { OutlineSource } from "./bodies.ts";

/** The stream of redactions: the storage deletes no body that an event of it does not name. */
export const REDACTIONS = "redactions";

/** What is still known of them. Looks them up when it is asked: few are, and rarely. */
export const redactedIn =
  (store: Pick<EventStore, "read">): OutlineSource =>
  (digest) => {
    for (const { data } of store.read(REDACTIONS)) {
      // Written by `redact`, and by nobody else.
      const { digests, outlines } = data as EventCatalogue["BodiesRedacted"];
      if (digests.includes(digest)) return outlines[digest] ?? {};
    }
    return undefined;
  };

/** The digests of all of them. */
export function* redactedBodies(store: Pick<EventStore, "read">): Generator<string, void> {
  for (const { data } of store.read(REDACTIONS)) yield* (data as EventCatalogue["BodiesRedacted"]).digests;
}
