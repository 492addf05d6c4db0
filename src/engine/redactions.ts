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

/**
 * The first event behind a seq that tells of one of some bodies being deleted; undefined when none does. Which bodies is asked
 * only where there is such an event: few ledgers have one.
 */
export const redactionAfter = (
  store: Pick<EventStore, "read">,
  after: number,
  bodies: () => ReadonlySet<string>,
): number | undefined => {
  let known: ReadonlySet<string> | undefined;
  for (const { seq, data } of store.read(REDACTIONS)) {
    if (seq <= after) continue;
    known ??= bodies();
    const digests = known;
    if ((data as EventCatalogue["BodiesRedacted"]).digests.some((digest) => digests.has(digest))) return seq;
  }
  return undefined;
};

/** The digests of all of them. */
export function* redactedBodies(store: Pick<EventStore, "read">): Generator<string, void> {
  for (const { data } of store.read(REDACTIONS)) yield* (data as EventCatalogue["BodiesRedacted"]).digests;
}
