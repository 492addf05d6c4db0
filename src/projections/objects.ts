/** The read model of the present: one row for every object that exists, written in the transaction that appends. */

import { type Entity, refOf } from "../domain/state.ts";
import type { World, WorldRecord } from "../domain/world.ts";
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

export class ObjectsProjection {
  readonly #save: SqlStatement<SavedColumns, unknown>;
  readonly #remove: SqlStatement<[string], unknown>;
  readonly #clear: SqlStatement<[], unknown>;
  readonly #all: SqlStatement<[], ObjectRow>;

  constructor(sql: SqlAccess) {
    this.#save = sql.prepare(
      `INSERT INTO objects (stream, kind, namespace, name, version, creations, children, entity)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE SET version = excluded.version,
       creations = excluded.creations, children = excluded.children, entity = excluded.entity`,
    );
    this.#remove = sql.prepare("DELETE FROM objects WHERE stream = ?");
    this.#clear = sql.prepare("DELETE FROM objects");
    this.#all = sql.prepare("SELECT stream, version, creations, children, entity FROM objects ORDER BY stream");
  }

  /** Saves what changed: several changes of one object in a transaction cost one row. */
  save(streams: Iterable<string>, world: World): void {
    for (const stream of streams) {
      const { entity, version, creations, children } = world.record(stream);
      if (entity) {
        const { kind, namespace, name } = refOf(entity);
        this.#save.run(stream, kind, namespace, name, version, creations, children, JSON.stringify(entity));
      } else this.#remove.run(stream);
    }
  }

  /** Fills a new world with what was saved. */
  load(world: World): void {
    for (const row of this.#all.all()) world.restore(row.stream, recordOf(row));
  }

  /** The rows in order of stream. */
  rows(): readonly ObjectRow[] {
    return this.#all.all();
  }

  clear(): void {
    this.#clear.run();
  }
}

const recordOf = ({ version, creations, children, entity }: ObjectRow): WorldRecord => {
  const parsed: Entity = JSON.parse(entity);
  return { entity: parsed, version, creations, children };
};
