import type { Database, Statement } from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { chainHash, emptyHead, frameCommit } from "../hash-chain.ts";
import type { AppendRefusal, CommitRow, Committed, EventRow, Head, NewCommit, StreamWrite, View } from "../port.ts";
import type { SqliteBlobs } from "./blobs.ts";
import { isSameCommit } from "./idempotency.ts";
import type { LogReader } from "./log-reader.ts";

interface StreamHead {
  /** 0 until the stream has a row. */
  id: number;
  version: number;
}

interface ActorHead {
  readonly id: number;
  commits: number;
  isCounted: boolean;
}

/** Heads kept in memory; when there are more, they are read again from the file. */
const maxCachedStreams = 200_000;

/**
 * Appends rows under the write lock. Heads of the log, of streams and of actors are cached between transactions: they are
 * good as long as the log's head is the one this writer left, which {@link LogWriter.begin} checks.
 */
export class LogWriter {
  readonly #reader: LogReader;
  readonly #blobs: SqliteBlobs;
  readonly #statements: WriterStatements;
  readonly #streams = new Map<string, StreamHead>();
  readonly #actors = new Map<string, ActorHead>();
  readonly #types = new Map<string, number>();
  #head: Head = emptyHead;

  constructor(db: Database, reader: LogReader, blobs: SqliteBlobs) {
    this.#reader = reader;
    this.#blobs = blobs;
    this.#statements = prepare(db);
  }

  begin(): void {
    const head = this.#reader.head();
    if (head.seq !== this.#head.seq || this.#streams.size > maxCachedStreams) this.forget();
    this.#head = head;
  }

  /** Writes what is kept until the end of a transaction. */
  finish(): void {
    for (const actor of this.#actors.values()) {
      if (actor.isCounted) continue;
      this.#statements.countCommits.run(actor.commits, actor.id);
      actor.isCounted = true;
    }
  }

  /** What is cached is no longer what the file says. */
  forget(): void {
    this.#streams.clear();
    this.#actors.clear();
    this.#types.clear();
  }

  head(): Head {
    return this.#head;
  }

  /** A refusal may leave a part of the commit behind: the caller rolls back. */
  append(commit: NewCommit, nowMs: number): E.Either<AppendRefusal, Committed> {
    if (commit.key !== undefined) {
      const known = this.#reader.findCommit(commit.key);
      if (known !== undefined) return this.#repeat(commit, commit.key, known);
    }
    const head = this.#head;
    const firstSeq = head.seq + 1;
    const lastSeq = head.seq + countEvents(commit.writes);
    checkCommit(commit, head, lastSeq);

    const actor = this.#actor(commit.actor);
    const row: CommitRow = {
      firstSeq,
      lastSeq,
      actor: commit.actor,
      nth: actor.commits + 1,
      key: commit.key ?? null,
      at: commit.at,
      recordedAt: Math.max(nowMs, head.recordedAt),
      cause: commit.cause,
      view: typeof commit.view === "object" && commit.view !== null ? JSON.stringify(commit.view) : commit.view,
      intent: commit.intent === null ? null : JSON.stringify(commit.intent),
    };
    this.#insertCommit(row, actor.id);
    const hash = this.#appendEvents(commit.writes, firstSeq, frameCommit(row));
    if (E.isLeft(hash)) return hash;
    for (const { digest, body } of commit.blobs ?? []) this.#blobs.putUnder(digest, body);

    actor.commits = row.nth;
    actor.isCounted = false;
    this.#head = { seq: lastSeq, at: row.at, recordedAt: row.recordedAt, hash: hash.right };
    return E.right({ id: row.key ?? `${row.actor}/${row.nth}`, firstSeq, lastSeq, repeated: false });
  }

  #insertCommit(row: CommitRow, actorId: number): void {
    // Numbers are bound as doubles, and this column would keep one as it comes.
    const view = typeof row.view === "number" ? BigInt(row.view) : row.view;
    const { firstSeq, lastSeq, nth, key, at, recordedAt, cause, intent } = row;
    this.#statements.insertCommit.run(
      firstSeq,
      lastSeq - firstSeq + 1,
      actorId,
      nth,
      key,
      at,
      recordedAt,
      cause,
      view,
      intent,
    );
  }

  /** Returns the hash of the last event. */
  #appendEvents(
    writes: readonly StreamWrite[],
    firstSeq: number,
    commitFrame: string,
  ): E.Either<AppendRefusal, string> {
    let seq = firstSeq;
    let hash = this.#head.hash;
    for (const { stream, expectedVersion, events } of writes) {
      const head = this.#stream(stream);
      if (expectedVersion !== "any" && expectedVersion !== head.version) {
        return E.left({ _tag: "Conflict", stream, expected: expectedVersion, actual: head.version });
      }
      if (events.length === 0) continue;
      if (head.id === 0) head.id = Number(this.#statements.insertStream.run(stream).lastInsertRowid);
      for (const { type, schema, data, sourceAt = null } of events) {
        head.version += 1;
        const row: EventRow = {
          seq,
          stream,
          version: head.version,
          type,
          schema,
          sourceAt,
          data: JSON.stringify(data),
        };
        hash = chainHash(hash, row, commitFrame);
        this.#statements.insertEvent.run(
          seq,
          head.id,
          row.version,
          seq - firstSeq,
          this.#typeId(type),
          schema,
          sourceAt,
          row.data,
          hash,
        );
        seq += 1;
      }
    }
    return E.right(hash);
  }

  #repeat(commit: NewCommit, key: string, known: Committed): E.Either<AppendRefusal, Committed> {
    const { firstSeq, lastSeq } = known;
    return isSameCommit(commit, this.#reader.readAll(firstSeq, lastSeq))
      ? E.right(known)
      : E.left({ _tag: "KeyReused", key, firstSeq, lastSeq });
  }

  #stream(name: string): StreamHead {
    let head = this.#streams.get(name);
    if (head === undefined) {
      const id = this.#reader.streamId(name);
      head = id === undefined ? { id: 0, version: 0 } : { id, version: this.#reader.versionOf(id) };
      this.#streams.set(name, head);
    }
    return head;
  }

  #typeId(name: string): number {
    let id = this.#types.get(name);
    if (id === undefined) {
      id = this.#statements.selectType.get(name) ?? Number(this.#statements.insertType.run(name).lastInsertRowid);
      this.#types.set(name, id);
    }
    return id;
  }

  #actor(name: string): ActorHead {
    let head = this.#actors.get(name);
    if (head === undefined) {
      const row = this.#statements.selectActor.get(name);
      const id = row?.[0] ?? Number(this.#statements.insertActor.run(name).lastInsertRowid);
      head = { id, commits: row?.[1] ?? 0, isCounted: true };
      this.#actors.set(name, head);
    }
    return head;
  }
}

const countEvents = (writes: readonly StreamWrite[]): number => {
  let count = 0;
  for (const write of writes) count += write.events.length;
  return count;
};

/** A commit says something, goes on in time, and was caused by, and saw, only what was in the log before it. */
const checkCommit = ({ at, cause, view }: NewCommit, head: Head, lastSeq: number): void => {
  if (lastSeq === head.seq) throw new RangeError("a commit has at least one event");
  if (!(at >= head.at)) throw new RangeError(`a commit at ${at} ms lies before the head at ${head.at} ms`);
  if (cause !== null && !(cause >= 1 && cause <= head.seq)) {
    throw new RangeError(`the cause ${cause} of a commit is not among the ${head.seq} events before it`);
  }
  for (const seq of seqsOf(view)) {
    if (!(seq >= 0 && seq <= head.seq))
      throw new RangeError(`the view ${seq} of a commit is ahead of the head ${head.seq}`);
  }
};

const seqsOf = (view: View): readonly number[] => {
  if (view === null) return [];
  return typeof view === "number" ? [view] : Object.values(view);
};

type CommitParams = [
  firstSeq: number,
  size: number,
  actorId: number,
  nth: number,
  key: string | null,
  at: number,
  recordedAt: number,
  cause: number | null,
  view: bigint | string | null,
  intent: string | null,
];

type EventParams = [
  seq: number,
  streamId: number,
  version: number,
  place: number,
  typeId: number,
  schema: number,
  sourceAt: number | null,
  data: string,
  hash: string,
];

interface WriterStatements {
  readonly insertCommit: Statement<CommitParams>;
  readonly insertEvent: Statement<EventParams>;
  readonly insertStream: Statement<[name: string]>;
  readonly selectType: Statement<[name: string], number>;
  readonly insertType: Statement<[name: string]>;
  readonly insertActor: Statement<[name: string]>;
  readonly selectActor: Statement<[name: string], [id: number, commits: number]>;
  readonly countCommits: Statement<[commits: number, id: number]>;
}

const prepare = (db: Database): WriterStatements => ({
  insertCommit: db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
  insertEvent: db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, unhex(?))"),
  insertStream: db.prepare("INSERT INTO streams (name) VALUES (?)"),
  selectType: db.prepare<[string], number>("SELECT id FROM types WHERE name = ?").pluck(),
  insertType: db.prepare("INSERT INTO types (name) VALUES (?)"),
  insertActor: db.prepare("INSERT INTO actors (name) VALUES (?)"),
  selectActor: db.prepare<[string], [number, number]>("SELECT id, commits FROM actors WHERE name = ?").raw(),
  countCommits: db.prepare("UPDATE actors SET commits = ? WHERE id = ?"),
});
