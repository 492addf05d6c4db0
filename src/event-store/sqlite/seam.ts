/** What a ledger knows of its past where it was divided: where that is, and what holds there. */
import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import type { Database, Statement } from "better-sqlite3";
import type { Head, Seam, Snapshot, SnapshotSize, SnapshotStore, StreamBase } from "../port.ts";
import { classified } from "./classify.ts";
import { decode } from "./snapshots.ts";

/** Which of its two seams: that to the archive before it, or that of an archive to the ledger which goes on. */
type Side = "past" | "next";

type SeamRow = [
  seq: number,
  hash: string,
  at: number,
  recordedAt: number,
  commits: number,
  file: string,
  digest: string,
];

const rowOf = (db: Database, side: Side): SeamRow | undefined =>
  classified(() =>
    db
      .prepare<[side: string], SeamRow>(
        "SELECT seq, lower(hex(hash)), at, recorded_at, commits, file, digest FROM seams WHERE side = ?",
      )
      .raw()
      .get(side),
  );

/** The seam on that side; file names are absolute. */
export const seamOf = (db: Database, side: Side): Seam | undefined => {
  const row = rowOf(db, side);
  if (row === undefined) return undefined;
  const [seq, hash, at, recordedAt, commits, file] = row;
  return { seq, hash, at, recordedAt, commits, file: resolve(dirname(db.name), file) };
};

/** What is known of the past without the archive. A ledger stays divided where it is as long as somebody has it open. */
export class PastBase {
  readonly seam: Seam;
  readonly #streamBase: Statement<[streamId: number], [version: number, creations: number, isKept: number]>;
  readonly #actorBase: Statement<[name: string], number>;
  readonly #state: Statement<[name: string, version: number], string | Buffer>;

  constructor(db: Database, seam: Seam) {
    this.seam = seam;
    this.#streamBase = db
      .prepare<[number], [number, number, number]>(
        "SELECT version, creations, is_kept FROM stream_bases WHERE stream_id = ?",
      )
      .raw();
    this.#actorBase = db
      .prepare<[string], number>(
        "SELECT b.commits FROM actors AS a JOIN actor_bases AS b ON b.actor_id = a.id WHERE a.name = ?",
      )
      .pluck();
    this.#state = db
      .prepare<[string, number], string | Buffer>("SELECT state FROM bases WHERE name = ? AND version = ?")
      .pluck();
  }

  /** That of a log which has nothing behind the seam. */
  get head(): Head {
    const { seq, at, recordedAt, hash } = this.seam;
    return { seq, at, recordedAt, hash };
  }

  stream(id: number): (StreamBase & { readonly isKept: boolean }) | undefined {
    const row = classified(() => this.#streamBase.get(id));
    return row && { version: row[0], creations: row[1], isKept: row[2] === 1 };
  }

  commitsOf(actor: string): number {
    return classified(() => this.#actorBase.get(actor)) ?? 0;
  }

  /** A fold at the seam, by the version of the code that folds now. */
  fold(name: string, version: number): { readonly snapshot: Snapshot; readonly size: SnapshotSize } | undefined {
    const stored = classified(() => this.#state.get(name, version));
    const state = stored === undefined ? undefined : decode(stored);
    if (stored === undefined || state === undefined) return undefined;
    const { seq } = this.seam;
    return { snapshot: { seq, state }, size: { seq, bytes: Buffer.byteLength(stored) } };
  }
}

/** Snapshots, and where there are none the folds at the seam; behind it, those that the archive has. */
export class SeamedSnapshots implements SnapshotStore {
  readonly #own: SnapshotStore;
  readonly #base: PastBase;
  readonly #past: () => SnapshotStore;

  constructor(own: SnapshotStore, base: PastBase, past: () => SnapshotStore) {
    this.#own = own;
    this.#base = base;
    this.#past = past;
  }

  save(...params: Parameters<SnapshotStore["save"]>): void {
    this.#own.save(...params);
  }

  latest(name: string, version: number, atOrBefore = Number.MAX_SAFE_INTEGER): Snapshot | undefined {
    if (atOrBefore < this.#base.seam.seq) return this.#past().latest(name, version, atOrBefore);
    return this.#own.latest(name, version, atOrBefore) ?? this.#base.fold(name, version)?.snapshot;
  }

  newest(name: string, version: number): SnapshotSize | undefined {
    return this.#own.newest(name, version) ?? this.#base.fold(name, version)?.size;
  }

  count(): number {
    return this.#own.count();
  }

  seqs(name: string, version: number, from: number): readonly number[] {
    const own = this.#own.seqs(name, version, from);
    return from > this.#base.seam.seq ? own : [...this.#past().seqs(name, version, from), ...own];
  }

  text(name: string, version: number, seq: number): string | undefined {
    return (seq > this.#base.seam.seq ? this.#own : this.#past()).text(name, version, seq);
  }

  deleteAll(): void {
    this.#own.deleteAll();
  }
}

/** What an archive has beside the schema of every ledger. */
export const archiveGuard = `CREATE TRIGGER archives_do_not_grow BEFORE INSERT ON commits
BEGIN SELECT raise(ABORT, 'this ledger is an archive: nothing is added to it'); END`;

/** All that a divided ledger knows of its past: what the seam's digest is over. In an order that copying does not change. */
const knownOfPast = [
  "SELECT seq, lower(hex(hash)), at, recorded_at, commits FROM seams WHERE side = 'past'",
  "SELECT name, version, CASE typeof(state) WHEN 'blob' THEN hex(state) ELSE state END FROM bases ORDER BY name",
  `SELECT s.name, b.version, b.creations, b.is_kept FROM stream_bases AS b LEFT JOIN streams AS s ON s.id = b.stream_id
   ORDER BY b.stream_id`,
  "SELECT a.name, b.commits FROM actor_bases AS b LEFT JOIN actors AS a ON a.id = b.actor_id ORDER BY b.actor_id",
  `SELECT e.seq, s.name, e.version, t.name, e.schema, e.source_at, e.data, lower(hex(e.hash)), e.commit_seq
   FROM events AS e LEFT JOIN streams AS s ON s.id = e.stream_id LEFT JOIN types AS t ON t.id = e.type_id
   WHERE e.seq <= (SELECT seq FROM seams WHERE side = 'past') ORDER BY e.seq`,
  `SELECT c.first_seq, c.size, a.name, c.nth, c.key, c.at, c.recorded_at, c.cause, c.view, c.intent
   FROM commits AS c LEFT JOIN actors AS a ON a.id = c.actor_id
   WHERE c.first_seq <= (SELECT seq FROM seams WHERE side = 'past') ORDER BY c.first_seq`,
] as const;

/** Digest of what is known of the past: sha256, hex. */
export const digestOfPast = (db: Database): string => {
  const digest = createHash("sha256");
  for (const sql of knownOfPast) {
    for (const row of db.prepare<[], unknown[]>(sql).raw().iterate()) digest.update(`${JSON.stringify(row)}\n`);
    digest.update("\n");
  }
  return digest.digest("hex");
};

/** Whether what is known of the past is what was written when the ledger was divided. */
export const isPastAsWritten = (db: Database): boolean => {
  const row = rowOf(db, "past");
  return row === undefined || row[6] === classified(() => digestOfPast(db));
};
