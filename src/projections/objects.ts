/**
 * The read model of the present: one row for every object that exists. It is kept from a checkpoint: the rows stand for a seq, their
 * reach, which may be some events behind the log, and whoever loads them folds what is behind.
 */
import { type Entity, refOf } from "../domain/state.ts";
import type { LivingRecord, World } from "../domain/world.ts";
import type { SqlAccess, SqlStatement } from "../event-store/sqlite/sql-access.ts";

export interface ObjectRow {
  readonly stream: string;
  readonly version: number;
  readonly creations: number;
  readonly children: number;
  /** JSON of the entity. */
  readonly entity: string;
}

type SavedColumns = [string, string, string, string, number, number, number, string];

/**
 * How far the rows may fall behind, in events: they are folded in a few milliseconds. To write the rows with every transaction
 * would be a third of what appending costs, because a pod changes ten times within seconds, and its row is seldom near the others.
 */
const maxEventsBehind = 1_000;

/** The seq at whose end the rows tell the objects; 0 when there are none. */
export const objectsReach = (sql: SqlAccess): number =>
  sql.prepare<[], { readonly seq: number }>("SELECT seq FROM objects_reach").get()?.seq ?? 0;

export class ObjectsProjection {
  readonly #sql: SqlAccess;
  readonly #save: SqlStatement<SavedColumns, unknown>;
  readonly #remove: SqlStatement<[string], unknown>;
  readonly #all: SqlStatement<[], ObjectRow>;
  readonly #saveReach: SqlStatement<[number], unknown>;
  /** What changed since the rows were read or saved here; another process may have brought them further meanwhile. */
  readonly #changed = new Set<string>();
  #reach = 0;

  constructor(sql: SqlAccess) {
    this.#sql = sql;
    this.#save = sql.prepare(
      `INSERT INTO objects (stream, kind, namespace, name, version, creations, children, entity)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE SET version = excluded.version,
       creations = excluded.creations, children = excluded.children, entity = excluded.entity`,
    );
    this.#remove = sql.prepare("DELETE FROM objects WHERE stream = ?");
    this.#all = sql.prepare("SELECT stream, version, creations, children, entity FROM objects ORDER BY stream");
    this.#saveReach = sql.prepare(
      "INSERT INTO objects_reach (id, seq) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq",
    );
  }

  /** Fills a new world with the rows: the objects at the end of their reach. */
  load(world: World): void {
    this.#changed.clear();
    this.#reach = objectsReach(this.#sql);
    for (const row of this.#all.all()) world.restore(row.stream, recordOf(row));
  }

  /** These have changed, and are saved one day. */
  note(streams: Iterable<string>): void {
    for (const stream of streams) this.#changed.add(stream);
  }

  /** Whether the rows would fall too far behind a log that ends with `seq`. */
  isDue(seq: number): boolean {
    return seq - this.#reach >= maxEventsBehind;
  }

  /** Saves what changed: the rows then stand for `seq`, at whose end the world is. Inside a transaction. */
  save(world: World, seq: number): void {
    const hasRows = objectsReach(this.#sql) > 0;
    for (const stream of this.#changed) {
      const record = world.living(stream);
      if (record) this.#write(stream, record);
      else if (hasRows) this.#remove.run(stream);
    }
    this.#changed.clear();
    this.#reach = seq;
    if (seq > 0) this.#saveReach.run(seq);
  }

  /** The rows in order of stream. */
  rows(): readonly ObjectRow[] {
    return this.#all.all();
  }

  #write(stream: string, { entity, version, creations, children }: LivingRecord): void {
    const { kind, namespace, name } = refOf(entity);
    this.#save.run(stream, kind, namespace, name, version, creations, children, JSON.stringify(entity));
  }
}

const recordOf = ({ version, creations, children, entity }: ObjectRow): LivingRecord => {
  const parsed: Entity = JSON.parse(entity);
  return { entity: parsed, version, creations, children };
};
