import type { Database, Statement } from "better-sqlite3";
import { StoreError } from "../store-error.ts";

/** Names kept in memory; when there are more, they are read again from the file. */
const maxCachedNames = 200_000;

/** Names by id. Once recorded a name never changes, so one string stands for it in every event read. */
export class Names {
  readonly #select: Statement<[id: number], string>;
  readonly #known = new Map<number, string>();
  readonly #table: string;

  constructor(db: Database, table: "streams" | "actors") {
    this.#select = db.prepare<[number], string>(`SELECT name FROM ${table} WHERE id = ?`).pluck();
    this.#table = table;
  }

  get(id: number): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const name = this.#select.get(id);
    if (name === undefined) throw new StoreError("Corrupt", `the ledger is damaged: ${this.#table} has no row ${id}`);
    if (this.#known.size >= maxCachedNames) this.#known.clear();
    this.#known.set(id, name);
    return name;
  }

  clear(): void {
    this.#known.clear();
  }
}
