/** The read models told anew by the log: what `rebuild` puts in the place of those stored, and `verify` compares them with. */
import * as E from "fp-ts/lib/Either.js";
import { World, type WorldRecord } from "../domain/world.ts";
import type { EventStore, JsonInput, RecordedEvent, Seam } from "../event-store/port.ts";
import type { SqlAccess, SqlValue } from "../event-store/sqlite/sql-access.ts";
import { openSqliteStore, type SqliteEventStore } from "../event-store/sqlite/store.ts";
import { StoreError } from "../event-store/store-error.ts";
import { applied } from "./change.ts";
import { type ReadModelRow, ReadModels, type ReadModelTable, readModelTables } from "./read-models.ts";
import { recallAtSeam } from "./replay.ts";
import type { TemplateSource } from "./rollouts/deployment-track.ts";
import type { RolloutsState } from "./rollouts/fold.ts";

/** A table of the read models and how many rows it has. */
export interface ModelRows {
  readonly model: string;
  readonly rows: number;
}

/** The first row in which a stored read model is not what the log tells. */
export interface ModelDifference {
  readonly model: string;
  /** The row's key. */
  readonly row: string;
  /** The log tells it and it is not stored; it is stored and the log does not tell it; or both, and they differ. */
  readonly is: "missing" | "surplus" | "different";
  /** Of a row that is different. */
  readonly columns?: readonly string[];
}

/** The rows of the read models at a seam of the log: where the archive before it is not here, they are not told anew. */
type ReadModelBase = Readonly<Record<string, readonly ReadModelRow[]>>;

/** Under this they are kept. */
export const keptReadModels = { name: "read-models", version: 2 } as const;

/** The read models as they are stored. */
export const keepReadModels = (sql: SqlAccess): ReadModelBase =>
  Object.fromEntries(readModelTables.map((table) => [table.name, [...rowsOf(sql, table)]]));

/** Events between two savings: what waits to be saved is in memory. */
const eventsPerSave = 10_000;

/** Folds the log into tables of its own, in memory: all of it, or what stands behind the seam when the rest is not here. */
export class Refold {
  /** The seq of the first event to observe. */
  readonly from: number;
  readonly #scratch: SqliteEventStore;
  readonly #models: ReadModels;
  /** Former bearers of names that no object has now. */
  readonly #gone = new Map<string, WorldRecord>();
  /** As of the last event observed. */
  readonly world: World;
  readonly #objectsReach: number;
  #unsaved = 0;
  #seq: number;

  /** @param objectsReach where the objects shall stand; left out, at the end of what is observed. */
  constructor(store: EventStore, templateOf: TemplateSource, objectsReach = Number.POSITIVE_INFINITY) {
    const seam = store.isWhole() ? undefined : store.seam;
    this.from = seam ? seam.seq + 1 : 1;
    this.#seq = this.from - 1;
    this.#objectsReach = objectsReach;
    this.world = new World((stream) => this.#gone.get(stream) ?? (seam && recallAtSeam(store, stream)));
    const scratch = openSqliteStore(":memory:");
    if (E.isLeft(scratch)) throw scratch.left;
    this.#scratch = scratch.right;
    this.#models = new ReadModels(this.#scratch.sql, templateOf);
    if (seam) this.#begin(store, seam);
  }

  /** Every event of the log from {@link from} on, in order. */
  observe(event: RecordedEvent): void {
    const change = applied(this.world, event);
    if (change.before && !change.after) this.#gone.set(change.stream, this.world.record(change.stream));
    this.#models.observe(change);
    this.#seq = event.seq;
    this.#unsaved += 1;
    if (event.seq === this.#objectsReach) this.#saveObjects();
    else if (this.#unsaved >= eventsPerSave) this.#save();
  }

  /** The state of the fold of rollouts, as of the last event observed. */
  rolloutsState(): RolloutsState {
    return this.#models.rollouts.fold.state();
  }

  /** For each table, the first row that is stored otherwise than the log tells it, if there is one. */
  differencesFrom(stored: SqlAccess): readonly ModelDifference[] {
    this.#save();
    return readModelTables.flatMap((table) => {
      const difference = firstDifference(rowsOf(stored, table), rowsOf(this.#scratch.sql, table), table);
      return difference ? [{ model: table.name, ...difference }] : [];
    });
  }

  /** Puts what was observed in the place of all that is stored. Inside a transaction of the store. */
  replace(stored: SqlAccess): void {
    this.#saveObjects();
    for (const table of readModelTables) {
      stored.prepare(`DELETE FROM ${table.name}`).run();
      copy(rowsOf(this.#scratch.sql, table), stored, table.name);
    }
  }

  sizes(): readonly ModelRows[] {
    this.#save();
    const models = readModelTables.filter(({ isAddition }) => !isAddition);
    return models.map(({ name }) => {
      const [count] = this.#scratch.sql
        .prepare<[], { readonly rows: number }>(`SELECT count(*) AS rows FROM ${name}`)
        .all();
      return { model: name, rows: count?.rows ?? 0 };
    });
  }

  close(): void {
    this.#scratch.close();
  }

  #begin(store: EventStore, seam: Seam): void {
    const { name, version } = keptReadModels;
    const kept = store.snapshots.latest(name, version, seam.seq);
    if (!kept)
      throw new StoreError("Archived", "the read models at the seam are of another version: the archive is needed");
    // What `keepReadModels` made: it is seen under this name and version only.
    const base = kept.state as JsonInput as ReadModelBase;
    this.#scratch.transaction<never, void>(() => {
      for (const [table, rows] of Object.entries(base)) copy(rows, this.#scratch.sql, table);
      return E.right(undefined);
    });
    this.#models.load(this.world, seam);
  }

  #save(): void {
    this.#unsaved = 0;
    this.#scratch.transaction<never, void>(() => E.right(this.#models.saveRollouts(this.world)));
  }

  #saveObjects(): void {
    this.#save();
    this.#scratch.transaction<never, void>(() => E.right(this.#models.saveObjects(this.world, this.#seq)));
  }
}

/** Rows in memory at a time. */
const pageSize = 1000;

/** In order of key. */
function* rowsOf(sql: SqlAccess, { name, key }: ReadModelTable): Generator<ReadModelRow, void> {
  const columns = key.join(", ");
  const page = `ORDER BY ${columns} LIMIT ${pageSize}`;
  const first = sql.prepare<[], ReadModelRow>(`SELECT * FROM ${name} ${page}`);
  const places = key.map(() => "?").join(", ");
  const next = sql.prepare<SqlValue[], ReadModelRow>(`SELECT * FROM ${name} WHERE (${columns}) > (${places}) ${page}`);
  let rows = first.all();
  for (;;) {
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    rows = next.all(...keyOf(last, key));
  }
}

const keyOf = (row: ReadModelRow, key: readonly string[]): SqlValue[] => key.map((column) => row[column] ?? null);

const copy = (rows: Iterable<ReadModelRow>, to: SqlAccess, table: string): void => {
  let insert: ReturnType<typeof insertInto> | undefined;
  for (const row of rows) {
    insert ??= insertInto(to, table, Object.keys(row));
    insert.run(...Object.values(row));
  }
};

const insertInto = (sql: SqlAccess, table: string, columns: readonly string[]) =>
  sql.prepare<SqlValue[]>(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);

/** Both in order of key. */
const firstDifference = (
  stored: Iterator<ReadModelRow, void>,
  told: Iterator<ReadModelRow, void>,
  { key }: ReadModelTable,
): Omit<ModelDifference, "model"> | undefined => {
  for (;;) {
    const is = stored.next().value ?? undefined;
    const should = told.next().value ?? undefined;
    if (!is && !should) return undefined;
    const order = compareKeys(is, should, key);
    if (is && order < 0) return { row: keyOf(is, key).join(" "), is: "surplus" };
    if (should && order > 0) return { row: keyOf(should, key).join(" "), is: "missing" };
    if (!is || !should) continue;
    const columns = Object.keys(should).filter((column) => is[column] !== should[column]);
    if (columns.length > 0) return { row: keyOf(should, key).join(" "), is: "different", columns };
  }
};

/** A row that is not there comes last. */
const compareKeys = (a: ReadModelRow | undefined, b: ReadModelRow | undefined, key: readonly string[]): number => {
  if (!a || !b) return a ? -1 : 1;
  for (const column of key) {
    const [left, right] = [a[column] ?? "", b[column] ?? ""];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
};
