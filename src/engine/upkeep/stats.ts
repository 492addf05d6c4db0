/** How much a ledger holds, and of what. */
import type { StoreFigures } from "../../event-store/sqlite/maintenance.ts";
import type { SqliteEventStore } from "../../event-store/sqlite/store.ts";

export interface LedgerStats extends StoreFigures {
  readonly head: { readonly seq: number; readonly hash: string };
  /** Cluster time of the first and the last event, ms; undefined while there are none. */
  readonly span: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** Where the log was divided: `events` and `commits` are those in this file, behind it and kept from before. */
  readonly seam: { readonly seq: number; readonly file: string; readonly isHere: boolean } | undefined;
  /** Of an archive: the ledger in which the log goes on. */
  readonly next: { readonly file: string } | undefined;
  /** Of the file, without pages that hold nothing. */
  readonly bytesPerEvent: number | undefined;
}

export const statsOf = (store: SqliteEventStore): LedgerStats =>
  store.consistently(() => {
    const figures = store.maintenance.figures();
    const { seq, hash, at } = store.head();
    const [first] = store.readAll(1, 1);
    const { seam, next } = store;
    return {
      ...figures,
      head: { seq, hash },
      span: first ? { fromMs: first.at, toMs: at } : undefined,
      seam: seam && { seq: seam.seq, file: seam.file, isHere: store.isWhole() },
      next: next && { file: next.file },
      bytesPerEvent: figures.events > 0 ? (figures.fileBytes - figures.freeBytes) / figures.events : undefined,
    };
  });
