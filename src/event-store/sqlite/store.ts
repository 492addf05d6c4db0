import { basename } from "node:path";
import type { Database, Statement } from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import type {
  AppendRefusal,
  BlobStore,
  ChainedRow,
  CheckpointStore,
  CommitListener,
  Committed,
  EventFilter,
  EventStore,
  Head,
  NewCommit,
  RecordedEvent,
  Seam,
  SnapshotStore,
  StreamBase,
} from "../port.ts";
import { StoreError } from "../store-error.ts";
import { Subscriptions } from "../subscriptions.ts";
import { SeamedLog } from "./archived.ts";
import { SqliteBlobs } from "./blobs.ts";
import { SqliteCheckpoints } from "./checkpoints.ts";
import { classified, classify } from "./classify.ts";
import { type ConnectOptions, connect } from "./connect.ts";
import { LogReader } from "./log-reader.ts";
import { LogWriter } from "./log-writer.ts";
import { Maintenance } from "./maintenance.ts";
import { PastBase, SeamedSnapshots, seamOf } from "./seam.ts";
import { SqliteSnapshots } from "./snapshots.ts";
import { findings } from "./soundness.ts";
import { type SqlAccess, sqlAccess } from "./sql-access.ts";
import { Transactions } from "./transactions.ts";

export interface OpenOptions extends ConnectOptions {
  /** The clock behind `recordedAt`, ms; `Date.now` by default. */
  readonly now?: () => number;
}

/**
 * Opens a ledger, creating the file if there is none; `:memory:` keeps it in memory. A file that is not ours, of another
 * version, truncated or damaged is refused with a StoreError that says so, and left as it was.
 *
 * @example
 * ```ts
 * const store = openSqliteStore("rollout.db");
 * if (E.isLeft(store)) console.error(store.left.message);
 * ```
 */
export const openSqliteStore = (path: string, options: OpenOptions = {}): E.Either<StoreError, SqliteEventStore> => {
  const db = connect(path, options);
  if (E.isLeft(db)) return db;
  try {
    return E.right(new SqliteEventStore(db.right, options.now ?? Date.now));
  } catch (error) {
    db.right.close();
    return E.left(unpreparable(path, classify(error)));
  }
};

/** The header was a ledger's, but statements do not compile: a damaged page, or a table that somebody changed. */
const unpreparable = (path: string, fault: unknown): StoreError =>
  fault instanceof StoreError && fault.kind !== "Unknown"
    ? new StoreError(fault.kind, `${path}: ${fault.message}`, fault.cause)
    : new StoreError("Corrupt", `${path}: its tables are not those of a ledger`, fault);

export class SqliteEventStore implements EventStore {
  readonly blobs: BlobStore;
  readonly snapshots: SnapshotStore;
  readonly checkpoints: CheckpointStore;
  /** The database behind the log, for tables that are built from it. */
  readonly sql: SqlAccess;
  readonly maintenance: Maintenance;
  readonly seam: Seam | undefined;
  /** Of an archive: where it ends, and the ledger in which the log goes on. Nothing is written to it. */
  readonly next: Seam | undefined;
  readonly #db: Database;
  readonly #now: () => number;
  readonly #reader: LogReader;
  readonly #base: PastBase | undefined;
  /** What a log is read through that is divided. */
  readonly #seamed: SeamedLog | undefined;
  readonly #writer: LogWriter;
  readonly #transactions: Transactions;
  readonly #subscriptions = new Subscriptions();
  readonly #beginRead: Statement<[]>;
  readonly #endRead: Statement<[]>;
  #recorded: Committed[] = [];

  constructor(db: Database, now: () => number) {
    const blobs = new SqliteBlobs(db);
    this.blobs = blobs;
    this.checkpoints = new SqliteCheckpoints(db);
    this.#db = db;
    this.#now = now;
    this.seam = seamOf(db, "past");
    this.next = seamOf(db, "next");
    this.#base = this.seam && new PastBase(db, this.seam);
    this.#reader = new LogReader(db, this.#base);
    this.#seamed =
      this.#base && new SeamedLog(this.#reader, this.#base, (path) => openSqliteStore(path, { readOnly: true }));
    this.snapshots = this.#base
      ? new SeamedSnapshots(new SqliteSnapshots(db), this.#base, () => this.#past().snapshots)
      : new SqliteSnapshots(db);
    this.#writer = new LogWriter(db, this.#reader, blobs);
    this.#transactions = new Transactions(db, {
      begin: () => {
        this.refuseInArchive();
        this.#writer.begin();
      },
      beforeCommit: () => this.#writer.finish(),
      committed: () => this.#announce(),
      rolledBack: () => this.#forget(),
    });
    this.maintenance = new Maintenance(db);
    this.sql = sqlAccess(db, () => this.#transactions.isOpen);
    this.#beginRead = db.prepare("BEGIN");
    this.#endRead = db.prepare("COMMIT");
  }

  append(commits: readonly NewCommit[]): E.Either<AppendRefusal, readonly Committed[]> {
    return this.#transactions.join(() => {
      const nowMs = this.#now();
      const results: Committed[] = [];
      for (const commit of commits) {
        const result = this.#writer.append(commit, nowMs);
        if (E.isLeft(result)) return result;
        results.push(result.right);
        if (!result.right.repeated) this.#recorded.push(result.right);
      }
      return E.right(results);
    });
  }

  transaction<L, A>(work: () => E.Either<L, A>): E.Either<L | AppendRefusal, A> {
    return this.#transactions.run(work);
  }

  /** Runs synchronous reads on one state of the ledger, whatever other processes write meanwhile. Takes no lock. */
  consistently<A>(reads: () => A): A {
    if (this.#db.inTransaction) return reads();
    classified(() => this.#beginRead.run());
    try {
      return reads();
    } finally {
      if (this.#db.inTransaction) this.#endRead.run();
    }
  }

  head(): Head {
    return this.#transactions.isOpen ? this.#writer.head() : this.#reader.head();
  }

  streamVersion(stream: string): number {
    const id = this.#reader.streamId(stream);
    return id === undefined ? 0 : this.#reader.versionOf(id);
  }

  findCommit(key: string): Committed | undefined {
    return this.#reader.findCommit(key);
  }

  read(stream: string, from?: number, to?: number): IterableIterator<RecordedEvent> {
    return (this.#seamed ?? this.#reader).read(stream, from, to);
  }

  readAll(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent> {
    return (this.#seamed ?? this.#reader).readAll(from, to, filter);
  }

  readPages(from?: number, to?: number): IterableIterator<readonly RecordedEvent[]> {
    return (this.#seamed ?? this.#reader).readPages(from, to);
  }

  rows(from?: number, to?: number): IterableIterator<ChainedRow> {
    return (this.#seamed ?? this.#reader).rows(from, to);
  }

  /** Throws a StoreError where the log has ended for good. */
  refuseInArchive(): void {
    if (!this.next) return;
    const { seq, file } = this.next;
    const name = basename(this.#db.name);
    throw new StoreError(
      "Archived",
      `${name} is an archive, closed after seq ${seq}: it can be read, and the log goes on in ${basename(file)}`,
    );
  }

  #announce(): void {
    const recorded = this.#recorded;
    this.#recorded = [];
    this.#subscriptions.deliver(recorded);
  }

  #forget(): void {
    this.#recorded = [];
    this.#writer.forget();
    this.#reader.forget();
  }

  isWhole(): boolean {
    return this.#seamed?.isWhole() ?? true;
  }

  baseOf(stream: string): StreamBase | undefined {
    const id = this.#base && this.#reader.streamId(stream);
    return id === undefined ? undefined : this.#base?.stream(id);
  }

  commitsOf(actor: string): number {
    return this.#reader.commitsOf(actor);
  }

  commitsAtSeam(actor: string): number {
    return this.#base?.commitsOf(actor) ?? 0;
  }

  selfCheck(): readonly string[] {
    return findings(this.#db);
  }

  subscribe(listener: CommitListener): () => void {
    return this.#subscriptions.add(listener);
  }

  close(): void {
    this.#seamed?.close();
    this.#db.close();
  }

  #past(): EventStore {
    if (!this.#seamed) throw new Error("this log was never divided");
    return this.#seamed.past;
  }
}
