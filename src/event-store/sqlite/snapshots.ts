import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Database, Statement } from "better-sqlite3";
import type { Json, JsonInput, Snapshot, SnapshotSize, SnapshotStore } from "../port.ts";
import { classified } from "./classify.ts";

/** Below this, compressing costs more than it saves. */
const compressAboveChars = 2 * 1024;

/** Of a large cluster's state, a third less than deflate makes of it in the same time. */
const compress = (text: string): Buffer =>
  brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
  });

/** As a state is stored: JSON text, compressed when it is long. */
export const encode = (state: JsonInput): string | Buffer => {
  const text = JSON.stringify(state);
  return text.length > compressAboveChars ? compress(text) : text;
};

type Row = [seq: number, state: string | Buffer];

export class SqliteSnapshots implements SnapshotStore {
  readonly #db: Database;
  readonly #save: Statement<[name: string, version: number, seq: number, state: string | Buffer]>;
  readonly #latest: Statement<[name: string, version: number, atOrBefore: number], Row>;
  readonly #newest: Statement<[name: string, version: number], SnapshotSize>;
  readonly #seqs: Statement<[name: string, version: number, from: number], number>;
  readonly #at: Statement<[name: string, version: number, seq: number], string | Buffer>;
  readonly #deleteAll: Statement<[]>;

  constructor(db: Database) {
    this.#db = db;
    this.#save = db.prepare("INSERT OR REPLACE INTO snapshots (name, version, seq, state) VALUES (?, ?, ?, ?)");
    this.#latest = db
      .prepare<[string, number, number], Row>(
        "SELECT seq, state FROM snapshots WHERE name = ? AND version = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
      )
      .raw();
    this.#newest = db.prepare(
      `SELECT seq, octet_length(state) AS bytes FROM snapshots WHERE name = ? AND version = ? ORDER BY seq DESC LIMIT 1`,
    );
    this.#seqs = db
      .prepare<[string, number, number], number>(
        "SELECT seq FROM snapshots WHERE name = ? AND version = ? AND seq >= ? ORDER BY seq",
      )
      .pluck();
    this.#at = db
      .prepare<[string, number, number], string | Buffer>(
        "SELECT state FROM snapshots WHERE name = ? AND version = ? AND seq = ?",
      )
      .pluck();
    this.#deleteAll = db.prepare("DELETE FROM snapshots");
  }

  save(name: string, version: number, seq: number, state: JsonInput): void {
    classified(() => this.#save.run(name, version, seq, encode(state)));
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

  newest(name: string, version: number): SnapshotSize | undefined {
    return classified(() => this.#newest.get(name, version));
  }

  count(): number {
    const sql = "SELECT count(*) FROM snapshots";
    return classified(() => this.#db.prepare<[], number>(sql).pluck().get()) ?? 0;
  }

  seqs(name: string, version: number, from: number): readonly number[] {
    return classified(() => this.#seqs.all(name, version, from));
  }

  text(name: string, version: number, seq: number): string | undefined {
    const stored = classified(() => this.#at.get(name, version, seq));
    return stored === undefined ? undefined : textOf(stored);
  }

  deleteAll(): void {
    classified(() => this.#deleteAll.run());
  }
}

const textOf = (stored: string | Buffer): string | undefined => {
  try {
    return typeof stored === "string" ? stored : brotliDecompressSync(stored).toString("utf8");
  } catch {
    return undefined;
  }
};

/** A snapshot that cannot be read is as good as none: the log has the truth. */
export const decode = (stored: string | Buffer): Json | undefined => {
  try {
    const text = textOf(stored);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
