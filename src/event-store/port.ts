/**
 * The event store as the rest of the product sees it: one append-only log of commits over streams, and beside it bodies
 * by digest, snapshots and checkpoints. It knows nothing of what the events mean.
 *
 * Expected refusals are values ({@link AppendRefusal}); faults of the storage throw a {@link StoreError}; misuse (a commit
 * that goes back in time, a cause that does not exist yet) throws a RangeError.
 */
import type { Either } from "fp-ts/lib/Either.js";

/** A JSON value, as it comes back from the store. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is handed over to be stored as JSON: anything that `JSON.stringify` writes without loss, interfaces included. */
export type JsonInput = null | boolean | number | string | object;

interface NewEvent {
  /** Names a fact in the past tense. */
  readonly type: string;
  /** Version of the data's form, for upcasting. */
  readonly schema: number;
  readonly data: JsonInput;
  /** For imported events: the time read at the source, ms, where the log's own order did not allow it as `at`. */
  readonly sourceAt?: number;
}

export interface StreamWrite {
  readonly stream: string;
  /** The version that the stream has now: 0 when it does not exist. `"any"` writes without a check. */
  readonly expectedVersion: number | "any";
  /** None only checks the version. */
  readonly events: readonly NewEvent[];
}

/** A body stored once under its digest: sha256 of the text in UTF-8, in hex. */
export interface StoredBlob {
  readonly digest: string;
  readonly body: string;
}

/** How far the writer had read when it decided: one seq, or one per kind that it watches; null when nobody knows. */
export type View = number | Readonly<Record<string, number>> | null;

/** One write: all of it is recorded, or nothing. */
export interface NewCommit {
  /** Cluster time, ms; at least that of the head. */
  readonly at: number;
  /** `user:alice`, `controller:deployment`. */
  readonly actor: string;
  /** The seq of the event that led to this write, if any. */
  readonly cause: number | null;
  readonly view: View;
  /** What the client wanted, as far as it said. */
  readonly intent: JsonInput | null;
  /**
   * The client's idempotency key. A second commit with the same key and the same actor, intent and events is not recorded
   * again; the first result is returned.
   */
  readonly key?: string;
  readonly writes: readonly StreamWrite[];
  readonly blobs?: readonly StoredBlob[];
}

/** Where a commit stands in the log. */
export interface Committed {
  /** The client's key, or the actor and the count of its commits: `user:alice/12`. */
  readonly id: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The key was known: this is the earlier commit, and nothing was recorded now. */
  readonly repeated: boolean;
}

/** The stream is not at the version that the writer expected. */
interface Conflict {
  readonly _tag: "Conflict";
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;
}

/** The idempotency key belongs to an earlier commit that said something else. */
interface KeyReused {
  readonly _tag: "KeyReused";
  readonly key: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export type AppendRefusal = Conflict | KeyReused;

/** The commit that an event belongs to; one object shared by all its events. */
interface RecordedCommit {
  readonly id: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly intent: Json | null;
}

export interface RecordedEvent {
  /** Position in the log, from 1, without gaps. */
  readonly seq: number;
  readonly stream: string;
  /** Position in the stream, from 1, without gaps. */
  readonly version: number;
  readonly type: string;
  readonly schema: number;
  /** Cluster time, ms; never decreases along seq. */
  readonly at: number;
  readonly sourceAt: number | null;
  /** Clock of the machine that recorded it, ms; never decreases along seq. */
  readonly recordedAt: number;
  readonly actor: string;
  readonly cause: number | null;
  readonly view: View;
  readonly commit: RecordedCommit;
  readonly data: Json;
}

/** A commit's columns as they are stored: what the hash chain covers. */
export interface CommitRow {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly actor: string;
  /** 1 for the actor's first commit. */
  readonly nth: number;
  readonly key: string | null;
  readonly at: number;
  readonly recordedAt: number;
  readonly cause: number | null;
  /** A seq, or JSON text. */
  readonly view: number | string | null;
  /** JSON text. */
  readonly intent: string | null;
}

/** An event's columns as they are stored, names in place of ids. */
export interface EventRow {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schema: number;
  readonly sourceAt: number | null;
  /** JSON text. */
  readonly data: string;
}

export interface ChainedRow extends EventRow {
  readonly commit: CommitRow;
  /** Hex. */
  readonly hash: string;
}

/** The end of the log; all zero while it is empty. */
export interface Head {
  readonly seq: number;
  /** Cluster time of the last commit, ms. */
  readonly at: number;
  readonly recordedAt: number;
  /** Hex. */
  readonly hash: string;
}

/** Where the log was divided: the events up to `seq`, the end of a commit, stand in an archive. The chain goes on from its hash. */
export interface Seam extends Head {
  /** How many commits the archive and those before it hold. */
  readonly commits: number;
  /** The archive, absolute. */
  readonly file: string;
}

/** What is known of a stream at the seam, also where the archive is not at hand. */
export interface StreamBase {
  readonly version: number;
  /** How often its object was created. */
  readonly creations: number;
}

/** Both lists must match where given. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly streams?: readonly string[];
}

export interface BlobStore {
  /** Stores a body and returns its digest; a body that is there is not stored again. */
  put(body: string): string;
  get(digest: string): string | undefined;
  has(digest: string): boolean;
  /** In order of digest. */
  all(): IterableIterator<StoredBlob>;
}

export interface Snapshot {
  /** The state is the fold of all events up to here. */
  readonly seq: number;
  readonly state: Json;
}

/** Where a snapshot stands, and what it costs. */
export interface SnapshotSize {
  readonly seq: number;
  /** As stored: compressed when large. */
  readonly bytes: number;
}

/** Folds of the log kept for speed. Deleting them changes nothing else. */
export interface SnapshotStore {
  /** `version` is that of the folding code: other versions do not see this snapshot. */
  save(name: string, version: number, seq: number, state: JsonInput): void;
  /** The latest readable snapshot at or before a position; by default, the latest of all. */
  latest(name: string, version: number, atOrBefore?: number): Snapshot | undefined;
  /** The latest of all without its state, readable or not: what tells whether the next one is due. */
  newest(name: string, version: number): SnapshotSize | undefined;
  /** Of all names and versions. */
  count(): number;
  /** Where there are snapshots, from a position on, in order; for verification. */
  seqs(name: string, version: number, from: number): readonly number[];
  /** The JSON text of the snapshot at a position; undefined where there is none, or none that can be read. */
  text(name: string, version: number, seq: number): string | undefined;
  deleteAll(): void;
}

export interface Checkpoint {
  /** Version of the body's form. */
  readonly version: number;
  /** 1 for the first save under this name, one more with each. */
  readonly revision: number;
  /** JSON text. */
  readonly body: string;
}

/** State that a process leaves for the next one; saved in the transaction that appends what it speaks of. */
export interface CheckpointStore {
  /** Returns the revision. */
  save(name: string, version: number, body: string): number;
  load(name: string): Checkpoint | undefined;
  /** 0 while there is none. Cheaper than `load`: tells whether somebody else has saved since. */
  revision(name: string): number;
}

export type CommitListener = (commits: readonly Committed[]) => void;

export interface EventStore {
  readonly blobs: BlobStore;
  readonly snapshots: SnapshotStore;
  readonly checkpoints: CheckpointStore;
  /**
   * Where this log was divided, if it was. What lies before is read from the archive, as if it stood here; reading it throws a
   * StoreError of the kind Archived where the archive is not at hand.
   */
  readonly seam: Seam | undefined;

  /** Whether all of the log can be read, from the first event on. */
  isWhole(): boolean;
  /** What is known of a stream at the seam; undefined where it began later. */
  baseOf(stream: string): StreamBase | undefined;
  /** How many commits of an actor the store counts: its next one has the number behind. */
  commitsOf(actor: string): number;
  /** How many commits an actor had recorded at the seam. */
  commitsAtSeam(actor: string): number;

  /**
   * Records the commits in order, all or none. A refusal leaves no trace. Inside {@link EventStore.transaction} a refusal
   * rolls that whole transaction back, whatever its work returns.
   */
  append(commits: readonly NewCommit[]): Either<AppendRefusal, readonly Committed[]>;

  /**
   * Runs synchronous work under the write lock; what it appends, saves and projects is recorded when it returns a Right, and
   * none of it when it returns a Left or throws. Does not nest.
   */
  transaction<L, A>(work: () => Either<L, A>): Either<L | AppendRefusal, A>;

  head(): Head;
  /** 0 when the stream does not exist. */
  streamVersion(stream: string): number;
  /** The commit that was recorded under an idempotency key. */
  findCommit(key: string): Committed | undefined;

  /** Events of one stream in order, versions `from`..`to` inclusive; by default all that are there when reading starts. */
  read(stream: string, from?: number, to?: number): IterableIterator<RecordedEvent>;
  /** Events of the log in order, seqs `from`..`to` inclusive; by default all that are there when reading starts. */
  readAll(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent>;
  /** The same in pages, for those who read long stretches: a page at a time is about a quarter cheaper. */
  readPages(from?: number, to?: number): IterableIterator<readonly RecordedEvent[]>;
  /** The rows as they are stored, seqs `from`..`to` inclusive, for verification; by default until no more are found. */
  rows(from?: number, to?: number): IterableIterator<ChainedRow>;

  /** What the storage finds wrong with itself (pages, indexes, types), in its own words; none when it is sound. */
  selfCheck(): readonly string[];
  /**
   * Calls the listener after each of this process's own transactions that recorded something. What a listener throws is
   * reported as an uncaught exception: the commit stands. Returns the function that ends the subscription.
   */
  subscribe(listener: CommitListener): () => void;
  close(): void;
}
