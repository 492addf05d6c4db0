/**
 * Divides a ledger: its events up to a seq go into an archive, a ledger of its own that ends there, and what stays goes on from the
 * last of their hashes. The ledger changes in one transaction of its own file, when the archive is complete.
 */
import { dirname, relative, resolve } from "node:path";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import type { Head, JsonInput } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { classified, classify } from "./classify.ts";
import { connect } from "./connect.ts";
import { inspectFile, versionMismatch } from "./inspect-file.ts";
import { archiveGuard, digestOfPast } from "./seam.ts";
import { encode } from "./snapshots.ts";
import { SqliteEventStore } from "./store.ts";

/** A fold of the log at the seam, for those who go on from there. */
export interface KeptBase {
  readonly name: string;
  readonly version: number;
  readonly state: JsonInput;
}

/** What stays of the past. */
export interface WhatStays {
  /** Streams whose events stay. */
  readonly streams: readonly string[];
  /** Whether an event of this type creates its stream's object. */
  readonly isCreation: (type: string) => boolean;
  readonly bases: readonly KeptBase[];
}

/** Columns that are stored. */
const columnsOf = (db: Database.Database, table: string): string =>
  db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table).join(", ");

/** As seen from the folder of the file in which it is written. */
const nameIn = (file: string, other: string): string => relative(dirname(file), other);

/** A ledger that nobody else has open, and nobody can open until it is closed. */
export class Division {
  readonly store: SqliteEventStore;
  readonly #db: Database.Database;

  private constructor(db: Database.Database) {
    this.#db = db;
    this.store = new SqliteEventStore(db, Date.now);
  }

  /** Left, and nothing changed, when it is no ledger of this version, or somebody has it open. */
  static open(path: string): E.Either<StoreError, Division> {
    const refused = inspectFile(resolve(path), false);
    if (refused) return E.left(refused);
    const db = new Database(resolve(path), { timeout: 0 });
    try {
      // Before anything is read: then no process can come between two transactions.
      db.pragma("locking_mode = EXCLUSIVE");
      db.exec("BEGIN EXCLUSIVE; COMMIT");
      db.pragma("recursive_triggers = ON");
      db.pragma("trusted_schema = OFF");
      db.pragma("synchronous = FULL");
      const mismatch = versionMismatch(path, Number(db.pragma("user_version", { simple: true })));
      if (!mismatch) return E.right(new Division(db));
      db.close();
      return E.left(mismatch);
    } catch (error) {
      db.close();
      const fault = classify(error);
      if (!(fault instanceof StoreError)) throw fault;
      const isBusy = fault.kind === "Busy";
      return E.left(
        isBusy ? new StoreError("Busy", `${path} is open in another process: it must be closed first`) : fault,
      );
    }
  }

  /** Writes the log up to `seq`, with these bodies, into a new ledger. Its read models are still empty. */
  copyPast(file: string, seq: number, digests: Iterable<string>): void {
    const created = connect(file, { synchronous: "normal" });
    if (E.isLeft(created)) throw created.left;
    created.right.pragma("journal_mode = DELETE");
    created.right.close();
    this.#attached(file, () => this.#copy(file, seq, JSON.stringify([...digests])));
  }

  /** Hands the snapshots up to `seq` on to the archive. */
  copySnapshots(file: string, seq: number): void {
    const sql = "INSERT INTO archive.snapshots SELECT * FROM main.snapshots WHERE seq <= ?";
    this.#attached(file, () => this.#db.prepare<[number]>(sql).run(seq));
  }

  /** Lets go of what `file` holds, which ends with `head`: all at once, or not at all. */
  cut(file: string, head: Head, { streams, isCreation, bases }: WhatStays): void {
    const db = this.#db;
    const { seq } = head;
    this.#inTransaction(() => {
      const before = this.store.seam?.seq ?? 0;
      const types = db.prepare<[], { id: number; name: string }>("SELECT id, name FROM types").all();
      const creations = JSON.stringify(types.filter(({ name }) => isCreation(name)).map(({ id }) => id));
      db.prepare<[number, string, number, number, number, string]>(
        `INSERT INTO seams (side, seq, hash, at, recorded_at, commits, file, digest)
         VALUES ('past', ?, unhex(?), ?, ?, ?, ?, '') ON CONFLICT (side) DO UPDATE SET seq = excluded.seq,
         hash = excluded.hash, at = excluded.at, recorded_at = excluded.recorded_at, commits = excluded.commits,
         file = excluded.file, digest = ''`,
      ).run(seq, head.hash, head.at, head.recordedAt, this.commitsUpTo(seq), nameIn(db.name, file));
      db.prepare<[string, string, number, number]>(
        `INSERT INTO stream_bases (stream_id, version, creations, is_kept)
         SELECT e.stream_id, max(e.version), sum(e.type_id IN (SELECT value FROM json_each(?))),
           s.name IN (SELECT value FROM json_each(?))
         FROM events AS e JOIN streams AS s ON s.id = e.stream_id WHERE e.seq > ? AND e.seq <= ? GROUP BY e.stream_id
         ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, creations = creations + excluded.creations`,
      ).run(creations, JSON.stringify(streams), before, seq);
      db.prepare<[number, number]>(
        `INSERT INTO actor_bases (actor_id, commits)
         SELECT actor_id, max(nth) FROM commits WHERE first_seq > ? AND first_seq <= ? GROUP BY actor_id
         ON CONFLICT (actor_id) DO UPDATE SET commits = excluded.commits`,
      ).run(before, seq);
      db.prepare<[number, number]>(
        `DELETE FROM events WHERE seq <= ? AND stream_id NOT IN (SELECT stream_id FROM stream_bases WHERE is_kept)
         AND commit_seq NOT IN (SELECT first_seq FROM commits WHERE key IS NOT NULL AND first_seq <= ?)`,
      ).run(seq, seq);
      db.prepare<[number, number]>(
        `DELETE FROM commits WHERE first_seq <= ? AND key IS NULL
         AND first_seq NOT IN (SELECT commit_seq FROM events WHERE seq <= ?)`,
      ).run(seq, seq);
      db.prepare<[number]>("DELETE FROM snapshots WHERE seq <= ?").run(seq);
      db.exec("DELETE FROM bases");
      const keep = db.prepare<[string, number, string | Buffer]>("INSERT INTO bases VALUES (?, ?, ?)");
      for (const { name, version, state } of bases) keep.run(name, version, encode(state));
      db.prepare<[string]>("UPDATE seams SET digest = ? WHERE side = 'past'").run(digestOfPast(db));
    });
    this.#shrink();
  }

  /** How many commits the log has up to this seq. */
  commitsUpTo(seq: number): number {
    const { seq: from, commits } = this.store.seam ?? { seq: 0, commits: 0 };
    const count = "SELECT count(*) FROM commits WHERE first_seq > ? AND first_seq <= ?";
    return commits + (this.#db.prepare<[number, number], number>(count).pluck().get(from, seq) ?? 0);
  }

  close(): void {
    this.store.close();
  }

  #copy(file: string, seq: number, digests: string): void {
    const db = this.#db;
    const all = (table: string, condition = "", ...params: (number | string)[]): void => {
      const columns = columnsOf(db, table);
      const sql = `INSERT INTO archive.${table} (${columns}) SELECT ${columns} FROM main.${table} ${condition}`;
      db.prepare<(number | string)[]>(sql).run(...params);
    };
    all(
      "streams",
      `WHERE id IN (SELECT stream_id FROM main.events WHERE seq <= ? UNION SELECT stream_id FROM main.stream_bases)`,
      seq,
    );
    all("types");
    db.prepare<[number]>(
      `INSERT INTO archive.actors (id, name, commits) SELECT a.id, a.name, max(c.commits) FROM main.actors AS a JOIN (
         SELECT actor_id, max(nth) AS commits FROM main.commits WHERE first_seq <= ? GROUP BY actor_id
         UNION ALL SELECT actor_id, commits FROM main.actor_bases
       ) AS c ON c.actor_id = a.id GROUP BY a.id`,
    ).run(seq);
    all("commits", "WHERE first_seq <= ?", seq);
    all("events", "WHERE seq <= ?", seq);
    all("blobs", "WHERE digest IN (SELECT value FROM json_each(?))", digests);
    for (const table of ["stream_bases", "actor_bases", "bases"]) all(table);
    if (!this.store.seam) return;
    db.prepare<[string]>(
      `INSERT INTO archive.seams SELECT side, seq, hash, at, recorded_at, commits, ?, digest FROM main.seams`,
    ).run(nameIn(file, this.store.seam.file));
  }

  /** Needs room for a second copy. Without it the file stays as large as it was; the log is as it is to be all the same. */
  #shrink(): void {
    try {
      classified(() => this.#db.exec("VACUUM"));
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === "Full")) throw error;
    }
  }

  #attached(file: string, work: () => void): void {
    classified(() => this.#db.prepare<[string]>("ATTACH ? AS archive").run(file));
    try {
      this.#inTransaction(work);
    } finally {
      this.#db.exec("DETACH archive");
    }
  }

  #inTransaction(work: () => void): void {
    classified(() => this.#db.transaction(work).immediate());
  }
}

/** Marks a ledger as the archive before another one: it can be read, and nothing can be added to it. */
export const closeArchive = (file: string, head: Head, commits: number, next: string): void => {
  const db = new Database(file);
  try {
    db.transaction(() => {
      db.prepare<[number, string, number, number, number, string]>(
        "INSERT INTO seams VALUES ('next', ?, unhex(?), ?, ?, ?, ?, '')",
      ).run(head.seq, head.hash, head.at, head.recordedAt, commits, nameIn(file, next));
      db.exec(archiveGuard);
    })();
  } finally {
    db.close();
  }
};
