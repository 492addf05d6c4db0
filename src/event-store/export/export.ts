/** Reads all of a ledger that cannot be told anew. */
import type { ChainedRow, CommitRow } from "../port.ts";
import type { SqliteEventStore } from "../sqlite/store.ts";
import type { ExportedEvent, ExportRecord } from "./records.ts";

function* commits(rows: Iterable<ChainedRow>): Generator<ExportRecord, void> {
  let commit: CommitRow | undefined;
  let events: ExportedEvent[] = [];
  for (const { commit: next, ...event } of rows) {
    if (commit !== undefined && next.firstSeq !== commit.firstSeq) {
      yield { is: "commit", commit, events };
      events = [];
    }
    commit = next;
    events.push(event);
  }
  if (commit !== undefined) yield { is: "commit", commit, events };
}

/**
 * The ledger as it is when reading starts, whatever is written meanwhile: what is recorded does not change. Bodies may be more than
 * the events up to there name.
 */
export function* exportRecords(store: SqliteEventStore, checkpoints: readonly string[]): Generator<ExportRecord, void> {
  const [{ seq, hash }, saved] = store.consistently(() => [
    store.head(),
    checkpoints.flatMap((name) => {
      const checkpoint = store.checkpoints.load(name);
      return checkpoint ? [{ name, version: checkpoint.version, body: checkpoint.body }] : [];
    }),
  ]);
  yield { is: "header", head: { seq, hash } };
  for (const blob of store.blobs.all()) yield { is: "blob", ...blob };
  yield* commits(store.rows(1, seq));
  for (const checkpoint of saved) yield { is: "checkpoint", ...checkpoint };
}
