/** Questions to an open ledger, in SQL and by view. They read only, and let no time pass. */
import type { Either } from "fp-ts/lib/Either.js";
import { exportRecords } from "../event-store/export/export.ts";
import type { ExportRecord } from "../event-store/export/records.ts";
import type { QueryBounds, QueryRefusal } from "../event-store/query/process.ts";
import { queryStore, readRows } from "../event-store/query/query.ts";
import type { QueryResult } from "../event-store/query/select.ts";
import type { SqlValue } from "../event-store/sqlite/sql-access.ts";
import type { SqliteEventStore } from "../event-store/sqlite/store.ts";
import type { ViewName, ViewRows } from "../history/views.ts";
import { checkpointName } from "./checkpoint.ts";

export interface ViewQuery<Row> {
  /** Rows in which each of these columns has this value, or one of these (of which null is none). */
  readonly where?: { readonly [Column in keyof Row]?: Row[Column] | readonly Row[Column][] };
  /** In this order; a `-` in front turns it round. By default, in the order that costs least. */
  readonly orderBy?: readonly (keyof Row & string)[] | readonly `-${keyof Row & string}`[];
  /** At most so many rows. */
  readonly limit?: number;
}

interface Sql {
  readonly text: string;
  readonly params: SqlValue[];
}

/** Names cannot be parameters: anything else than the name of a column is a mistake of the caller's. */
const columnName = (name: string): string => {
  if (!/^\w+$/.test(name)) throw new RangeError(`not a column: ${JSON.stringify(name)}`);
  return name;
};

const isList = (value: unknown): value is readonly SqlValue[] => Array.isArray(value);

const condition = (column: string, wanted: SqlValue | readonly SqlValue[]): Sql => {
  const name = columnName(column);
  return isList(wanted)
    ? { text: `${name} IN (${wanted.map(() => "?").join(", ")})`, params: [...wanted] }
    : { text: `${name} IS ?`, params: [wanted] };
};

const selectFrom = <V extends ViewName>(view: V, { where = {}, orderBy = [], limit }: ViewQuery<ViewRows[V]>): Sql => {
  const wanted: readonly [string, SqlValue | readonly SqlValue[]][] = Object.entries(where);
  const conditions = wanted.map(([column, value]) => condition(column, value));
  const order = orderBy.map((key) => (key.startsWith("-") ? `${columnName(key.slice(1))} DESC` : columnName(key)));
  const text = [
    `SELECT * FROM ${columnName(view)}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.map((each) => each.text).join(" AND ")}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
    ...(limit === undefined ? [] : ["LIMIT ?"]),
  ].join(" ");
  const params = conditions.flatMap((each) => each.params);
  return { text, params: limit === undefined ? params : [...params, limit] };
};

export class Queries {
  readonly #store: SqliteEventStore;

  constructor(store: SqliteEventStore) {
    this.#store = store;
  }

  /** A query as people write it, in a process of its own, bounded in rows and time. */
  sql(text: string, bounds: QueryBounds): Promise<Either<QueryRefusal, QueryResult>> {
    return queryStore(this.#store, text, bounds);
  }

  /** The rows of a view, of one state of the ledger. */
  view<V extends ViewName>(view: V, query: ViewQuery<ViewRows[V]> = {}): AsyncGenerator<ViewRows[V], void> {
    const { text, params } = selectFrom(view, query);
    return readRows<ViewRows[V]>(this.#store, text, params);
  }

  /** The columns of a view or table, in order. */
  columnsOf(view: string): readonly string[] {
    const rows = this.#store.sql.prepare<[string], { readonly name: string }>("SELECT name FROM pragma_table_info(?)");
    return rows.all(view).map(({ name }) => name);
  }

  /** Everybody who ever recorded anything, in order of name; archived or not. */
  actors(): readonly string[] {
    const rows = this.#store.sql.prepare<[], { readonly name: string }>("SELECT name FROM actors ORDER BY name");
    return rows.all().map(({ name }) => name);
  }

  /** All of the ledger that cannot be told anew, as it is now. */
  records(): Generator<ExportRecord, void> {
    return exportRecords(this.#store, [checkpointName]);
  }
}
