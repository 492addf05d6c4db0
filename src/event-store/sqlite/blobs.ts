import type { Database, Statement } from "better-sqlite3";
import { digestOf } from "../hash-chain.ts";
import type { BlobStore, StoredBlob } from "../port.ts";
import { classified } from "./classify.ts";

/** Bodies may be large: a page holds few. */
const pageSize = 50;

export class SqliteBlobs implements BlobStore {
  readonly #insert: Statement<[digest: string, body: string]>;
  readonly #body: Statement<[digest: string], string>;
  readonly #exists: Statement<[digest: string], number>;
  readonly #page: Statement<[after: string], StoredBlob>;

  constructor(db: Database) {
    this.#insert = db.prepare("INSERT INTO blobs (digest, body) VALUES (?, ?)");
    this.#body = db.prepare<[string], string>("SELECT body FROM blobs WHERE digest = ?").pluck();
    this.#exists = db.prepare<[string], number>("SELECT 1 FROM blobs WHERE digest = ?").pluck();
    this.#page = db.prepare(`SELECT digest, body FROM blobs WHERE digest > ? ORDER BY digest LIMIT ${pageSize}`);
  }

  put(body: string): string {
    const digest = digestOf(body);
    if (!this.has(digest)) classified(() => this.#insert.run(digest, body));
    return digest;
  }

  /** Stores a body whose digest the caller has computed; a wrong one throws. */
  putUnder(digest: string, body: string): void {
    if (this.has(digest)) return;
    const actual = digestOf(body);
    if (actual !== digest) throw new RangeError(`the digest of the body is ${actual}, not ${digest}`);
    classified(() => this.#insert.run(digest, body));
  }

  get(digest: string): string | undefined {
    return classified(() => this.#body.get(digest));
  }

  has(digest: string): boolean {
    return classified(() => this.#exists.get(digest)) !== undefined;
  }

  *all(): Generator<StoredBlob, void> {
    let after = "";
    for (;;) {
      const page = classified(() => this.#page.all(after));
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      after = last.digest;
    }
  }
}
