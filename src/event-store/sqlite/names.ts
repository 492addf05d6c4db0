import type { Database, Statement } from "better-sqlite3";
import { StoreError } from "../store-error.ts";
import { classified } from "./classify.ts";

/** Names kept in memory; when there are more, they are read again from the file. */
const maxCachedNames = 200_000;

/** Names by id. Once recorded a name never changes, so one string stands for it in every event read. */
class Names {
  readonly #select: Statement<[id: number], string>;
  readonly #known = new Map<number, string>();
  readonly #table: string;

  constructor(db: Database, table: "streams" | "types" | "actors") {
    this.#select = db.prepare<[number], string>(namesSql[table]).pluck();
    this.#table = table;
  }

  get(id: number): string {
    const name = this.find(id);
    if (name === undefined) throw new StoreError("Corrupt", `the ledger is damaged: ${this.#table} has no row ${id}`);
    return name;
  }

  find(id: number): string | undefined {
    return this.#known.get(id) ?? this.#read(id);
  }

  clear(): void {
    this.#known.clear();
  }

  #read(id: number): string | undefined {
    const name = classified(() => this.#select.get(id));
    if (name === undefined) return undefined;
    if (this.#known.size >= maxCachedNames) this.#known.clear();
    this.#known.set(id, name);
    return name;
  }
}

export const namesSql = {
  streams: "SELECT name FROM streams WHERE id = ?",
  types: "SELECT name FROM types WHERE id = ?",
  actors: "SELECT name FROM actors WHERE id = ?",
} as const;

/** What rows of the log name by id. */
export interface LogNames {
  readonly streams: Names;
  readonly types: Names;
  readonly actors: Names;
}

export const logNames = (db: Database): LogNames => ({
  streams: new Names(db, "streams"),
  types: new Names(db, "types"),
  actors: new Names(db, "actors"),
});
