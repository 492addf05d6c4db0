/** The read models, told anew by the log. */
import * as E from "fp-ts/lib/Either.js";
import type { SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { type ModelRows, Refold } from "../../projections/rebuild.ts";
import { BodyStore } from "../bodies.ts";
import { forgetMemories } from "../checkpoint.ts";
import { redactedIn } from "../redactions.ts";

export interface RebuildProgress {
  readonly done: number;
  /** Events of the log when the rebuild began. */
  readonly total: number;
}

export interface RebuildReport {
  /** That were folded. */
  readonly events: number;
  /** The seq behind which they stand: more than 0 where the log was divided and the archive is not here. */
  readonly since: number;
  readonly readModels: readonly ModelRows[];
}

/**
 * Folds the log without a lock, then, in one transaction, what others have written meanwhile, and puts the result in the place
 * of what is stored. Interrupted anywhere, the old read models stay. Snapshots are dropped: they come back as the log grows.
 */
export function* rebuildSteps(store: SqliteEventStore): Generator<RebuildProgress, RebuildReport> {
  const bodies = new BodyStore(store.blobs, redactedIn(store));
  const refold = new Refold(store, (digest) => bodies.template(digest));
  try {
    let seq = refold.from - 1;
    const total = store.head().seq;
    for (const page of store.readPages(refold.from, total)) {
      for (const event of page) {
        refold.observe(event);
        seq = event.seq;
      }
      yield { done: seq, total };
    }
    const saved = store.transaction<never, RebuildReport>(() => {
      for (const event of store.readAll(seq + 1)) {
        refold.observe(event);
        seq = event.seq;
      }
      refold.replace(store.sql);
      store.snapshots.deleteAll();
      forgetMemories(store);
      const since = refold.from - 1;
      return E.right({ events: seq - since, since, readModels: refold.sizes() });
    });
    if (E.isLeft(saved)) throw new Error("a rebuild appends nothing");
    return saved.right;
  } finally {
    refold.close();
  }
}
