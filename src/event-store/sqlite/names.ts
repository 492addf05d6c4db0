import type { Database, Statement } from "better-sqlite3";
import { StoreError } from "../store-error.ts";
import { classified } from "./classify.ts";

/** Names kept in memory; when there are more, they are read again from the file. */
const maxCachedNames = 200_000;

/** Names read at once, when ids are asked for in order. */
const ahead = 500;

/** Names by id. Once recorded a name never changes, so one string stands for it in every event read. */
class Names {
  readonly #select: Statement<[from: number, to: number], [id: number, name: string]>;
  readonly #known = new Map<number, string>();
  readonly #table: string;
  /** The id behind those that were read last. */
  #next = 0;

  constructor(db: Database, table: "streams" | "types" | "actors") {
    this.#select = db.prepare<[number, number], [number, string]>(namesSql[table]).raw();
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
    const last = id === this.#next ? id + ahead : id;
    if (this.#known.size >= maxCachedNames) this.#known.clear();
    for (const [known, name] of classified(() => this.#select.all(id, last))) this.#known.set(known, name);
    this.#next = last + 1;
    return this.#known.get(id);
  }
}

export const namesSql = {
  streams: "SELECT id, name FROM streams WHERE id BETWEEN ? AND ?",
  types: "SELECT id, name FROM types WHERE id BETWEEN ? AND ?",
  actors: "SELECT id, name FROM actors WHERE id BETWEEN ? AND ?",
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
