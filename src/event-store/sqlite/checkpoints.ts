import type { Database, Statement } from "better-sqlite3";
import type { Checkpoint, CheckpointStore } from "../port.ts";
import { classified } from "./classify.ts";

export class SqliteCheckpoints implements CheckpointStore {
  readonly #save: Statement<[name: string, version: number, body: string], number>;
  readonly #load: Statement<[name: string], Checkpoint>;
  readonly #revision: Statement<[name: string], number>;

  constructor(db: Database) {
    this.#save = db
      .prepare<[string, number, string], number>(
        `INSERT INTO checkpoints (name, version, revision, body) VALUES (?, ?, 1, ?)
         ON CONFLICT (name) DO UPDATE SET version = excluded.version, revision = revision + 1, body = excluded.body
         RETURNING revision`,
      )
      .pluck();
    this.#load = db.prepare("SELECT version, revision, body FROM checkpoints WHERE name = ?");
    this.#revision = db.prepare<[string], number>("SELECT revision FROM checkpoints WHERE name = ?").pluck();
  }

  save(name: string, version: number, body: string): number {
    const revision = classified(() => this.#save.get(name, version, body));
    if (revision === undefined) throw new Error("an upsert returns its row");
    return revision;
  }

  load(name: string): Checkpoint | undefined {
    return classified(() => this.#load.get(name));
  }

  revision(name: string): number {
    return classified(() => this.#revision.get(name)) ?? 0;
  }
}
