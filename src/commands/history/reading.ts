/** Finding one's way in the log without reading all of it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Session } from "../../engine/session.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import type { Moment } from "../../history/moment.ts";

/** The event at a seq, if the session has come so far. */
export const eventAt = (session: Session, seq: number): RecordedEvent | undefined => {
  for (const event of session.log(seq, seq)) return event;
  return undefined;
};

/** The seq of the last event; 0 when there is none. */
export const headSeq = (session: Session): number => session.moment().seq;

/** The first seq at or behind a moment of cluster time; one past the end when there is none. */
export const seqSince = (session: Session, atMs: number): number => {
  const { seam } = session.store;
  const head = headSeq(session);
  // Behind a seam, what lies before it need not be looked at.
  let low = seam && seam.seq <= head && seam.at < atMs ? seam.seq : 0;
  let high = head + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const event = eventAt(session, middle);
    if (event === undefined || event.at >= atMs) high = middle;
    else low = middle;
  }
  return high;
};

/** Everything that had happened by a time. */
export const momentAtTime = (session: Session, atMs: number): Moment => ({
  seq: seqSince(session, atMs + 1) - 1,
  atMs,
});

const pageSize = 1000;

/**
 * The events that are wanted, in pages. After so many events read, signals are heard and output is written; aborted, there
 * are no more.
 */
export async function* inPages(
  events: Iterable<RecordedEvent>,
  signal: AbortSignal | undefined,
  isWanted: (event: RecordedEvent) => boolean = () => true,
): AsyncGenerator<readonly RecordedEvent[], void> {
  let page: RecordedEvent[] = [];
  let read = 0;
  for (const event of events) {
    if (isWanted(event)) page.push(event);
    read += 1;
    if (read % pageSize !== 0) continue;
    if (page.length > 0) yield page;
    page = [];
    await nextTurn();
    if (signal?.aborted) return;
  }
  if (page.length > 0) yield page;
}
