import type { Database, Statement } from "better-sqlite3";
import { classified } from "./classify.ts";

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface SqlStatement<Params extends SqlValue[], Row> {
  /** Writes; only inside the store's transaction, so that tables never say other than the log. Returns the rows changed. */
  run(...params: Params): number;
  get(...params: Params): Row | undefined;
  all(...params: Params): Row[];
}

/** For rooms that keep tables of their own in the ledger, built from the log. The log's tables are not theirs to write. */
export interface SqlAccess {
  /** Prepare once, use often: compiling costs more than running. `Params` and `Row` are the caller's word for the SQL's. */
  prepare<Params extends SqlValue[] = [], Row = unknown>(source: string): SqlStatement<Params, Row>;
}

export const sqlAccess = (db: Database, isWriting: () => boolean): SqlAccess => ({
  prepare: <Params extends SqlValue[], Row>(source: string) =>
    new GuardedStatement<Params, Row>(
      classified(() => db.prepare<Params, Row>(source)),
      isWriting,
    ),
});

class GuardedStatement<Params extends SqlValue[], Row> implements SqlStatement<Params, Row> {
  readonly #statement: Statement<Params, Row>;
  readonly #isWriting: () => boolean;

  constructor(statement: Statement<Params, Row>, isWriting: () => boolean) {
    this.#statement = statement;
    this.#isWriting = isWriting;
  }

  run(...params: Params): number {
    if (!this.#isWriting()) throw new Error("tables are written inside a transaction of the store");
    return classified(() => this.#statement.run(...params).changes);
  }

  get(...params: Params): Row | undefined {
    return classified(() => this.#statement.get(...params));
  }

  all(...params: Params): Row[] {
    return classified(() => this.#statement.all(...params));
  }
}
