/** Questions to a ledger: free ones of people, bounded, and rows of a table or view, one after the other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as E from "fp-ts/lib/Either.js";
import { connect } from "../sqlite/connect.ts";
import type { SqlValue } from "../sqlite/sql-access.ts";
import type { SqliteEventStore } from "../sqlite/store.ts";
import { type QueryBounds, type QueryRefusal, queryInProcess } from "./process.ts";
import type { QueryResult } from "./select.ts";

/** A ledger in memory is asked in a copy of its own. */
export const queryStore = async (
  { maintenance }: SqliteEventStore,
  sql: string,
  bounds: QueryBounds,
): Promise<E.Either<QueryRefusal, QueryResult>> => {
  if (maintenance.path !== undefined) return queryInProcess(maintenance.path, sql, bounds);
  const folder = mkdtempSync(join(tmpdir(), "rollout-query-"));
  try {
    const copy = join(folder, "ledger.db");
    maintenance.copyTo(copy);
    return await queryInProcess(copy, sql, bounds);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const rowsBetweenTurns = 1000;

/**
 * The rows of a statement of ours, of one state of the ledger, however long the reader takes and whatever is written meanwhile. Those
 * of a ledger in memory are all read at once.
 */
export async function* readRows<Row>(
  { maintenance, sql: access }: SqliteEventStore,
  sql: string,
  params: SqlValue[],
): AsyncGenerator<Row, void> {
  if (maintenance.path === undefined) {
    yield* access.prepare<SqlValue[], Row>(sql).all(...params);
    return;
  }
  const db = connect(maintenance.path, { readOnly: true });
  if (E.isLeft(db)) throw db.left;
  try {
    let read = 0;
    for (const row of db.right.prepare<SqlValue[], Row>(sql).iterate(...params)) {
      yield row;
      if (++read % rowsBetweenTurns === 0) await nextTurn();
    }
  } finally {
    db.right.close();
  }
}
