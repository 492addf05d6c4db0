/** Finding one's way in the log without reading all of it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Session } from "../../engine/session.ts";
import type { RecordedEvent } from "../../event-store/port.ts";

const eventAt = (session: Session, seq: number): RecordedEvent | undefined => {
  for (const event of session.log(seq, seq)) return event;
  return undefined;
};

/** The first seq whose event is not `isBefore`, where all that are come first; one past the end when there is none. */
const firstSeq = (session: Session, isBefore: (event: RecordedEvent) => boolean): number => {
  const isPast = (seq: number): boolean => {
    const event = eventAt(session, seq);
    return event === undefined || !isBefore(event);
  };
  let low = 0;
  let high = 1;
  while (!isPast(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle;
  }
  return high;
};

/** The seq of the last event; 0 when there is none. */
export const headSeq = (session: Session): number => firstSeq(session, () => true) - 1;

/** The first seq at or behind a moment of cluster time. */
export const seqSince = (session: Session, atMs: number): number => firstSeq(session, ({ at }) => at < atMs);

/** How far the log tells what happened, ms: on a manual clock up to now, else up to its last event. */
export const knownUntil = (session: Session): number => {
  if (session.clock === "manual") return session.now();
  return eventAt(session, headSeq(session))?.at ?? session.now();
};

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
