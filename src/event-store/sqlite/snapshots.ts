import { deflateSync, inflateSync } from "node:zlib";
import type { Database, Statement } from "better-sqlite3";
import type { Json, JsonInput, Snapshot, SnapshotStore } from "../port.ts";
import { classified } from "./classify.ts";

/** Below this, deflating costs more than it saves. */
const deflateAboveChars = 16 * 1024;

type Row = [seq: number, state: string | Buffer];

export class SqliteSnapshots implements SnapshotStore {
  readonly #save: Statement<[name: string, version: number, seq: number, state: string | Buffer]>;
  readonly #latest: Statement<[name: string, version: number, atOrBefore: number], Row>;
  readonly #deleteAll: Statement<[]>;

  constructor(db: Database) {
    this.#save = db.prepare("INSERT OR REPLACE INTO snapshots (name, version, seq, state) VALUES (?, ?, ?, ?)");
    this.#latest = db
      .prepare<[string, number, number], Row>(
        "SELECT seq, state FROM snapshots WHERE name = ? AND version = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
      )
      .raw();
    this.#deleteAll = db.prepare("DELETE FROM snapshots");
  }

  save(name: string, version: number, seq: number, state: JsonInput): void {
    const text = JSON.stringify(state);
    const stored = text.length > deflateAboveChars ? deflateSync(text, { level: 1 }) : text;
    classified(() => this.#save.run(name, version, seq, stored));
  }

  latest(name: string, version: number, atOrBefore = Number.MAX_SAFE_INTEGER): Snapshot | undefined {
    let limit = atOrBefore;
    for (;;) {
      const row = classified(() => this.#latest.get(name, version, limit));
      if (row === undefined) return undefined;
      const state = decode(row[1]);
      if (state !== undefined) return { seq: row[0], state };
      limit = row[0] - 1;
    }
  }

  deleteAll(): void {
    classified(() => this.#deleteAll.run());
  }
}

/** A snapshot that cannot be read is as good as none: the log has the truth. */
const decode = (stored: string | Buffer): Json | undefined => {
  try {
    return JSON.parse(typeof stored === "string" ? stored : inflateSync(stored).toString("utf8"));
  } catch {
    return undefined;
  }
};
