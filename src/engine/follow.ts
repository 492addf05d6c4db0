/** The log as it grows, whoever writes to it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventFilter, EventStore, RecordedEvent } from "../event-store/port.ts";

/** How often it is looked for what other processes have recorded: one read of the log's head. */
const pollMs = 200;
/** After so many events others get their turn. */
const batchSize = 1000;

type GrowingLog = Pick<EventStore, "head" | "readAll" | "subscribe">;

/** Resolves when this process has recorded something, when it is time to look for others, or when it is aborted. */
const somethingMayBeNew = (log: GrowingLog, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, pollMs);
    const unsubscribe = log.subscribe(done);
    signal?.addEventListener("abort", done);
  });

/** Batches end where commits end. */
function* batches(events: Iterable<RecordedEvent>): Generator<readonly RecordedEvent[], void> {
  let batch: RecordedEvent[] = [];
  for (const event of events) {
    if (batch.length >= batchSize && batch.at(-1)?.commit.firstSeq !== event.commit.firstSeq) {
      yield batch;
      batch = [];
    }
    batch.push(event);
  }
  if (batch.length > 0) yield batch;
}

/**
 * The events from a seq on that pass the filter, then those that this or any other process records, in batches that end with
 * a commit. Ends only when aborted. Following lets no time pass in the cluster.
 */
export async function* followLog(
  log: GrowingLog,
  from: number,
  filter?: EventFilter,
  signal?: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[], void> {
  let next = from;
  while (!signal?.aborted) {
    const { seq } = log.head();
    if (seq < next) {
      await somethingMayBeNew(log, signal);
      continue;
    }
    for (const batch of batches(log.readAll(next, seq, filter))) {
      yield batch;
      // Signals are heard, and what was handed out is written.
      await nextTurn();
      if (signal?.aborted) return;
    }
    next = seq + 1;
  }
}
