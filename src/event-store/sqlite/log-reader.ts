import type { Database, Statement } from "better-sqlite3";
import { emptyHead } from "../hash-chain.ts";
import type { ChainedRow, Committed, EventFilter, Head, RecordedEvent } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { classified } from "./classify.ts";
import { type ChainedTuple, decodeEvents, decodeRows, type EventTuple } from "./decode.ts";
import { Names } from "./names.ts";

/** Reads the log. Long reads go page by page, so that the connection is free to write between two events. */
export class LogReader {
  readonly #statements: ReaderStatements;
  readonly #streams: Names;
  readonly #actors: Names;

  constructor(db: Database) {
    this.#statements = prepare(db);
    this.#streams = new Names(db, "streams");
    this.#actors = new Names(db, "actors");
  }

  /** Names of a transaction that was rolled back are not names. */
  forget(): void {
    this.#streams.clear();
    this.#actors.clear();
  }

  head(): Head {
    const row = classified(() => this.#statements.head.get());
    if (row === undefined) return emptyHead;
    const [seq, at, recordedAt, hash] = row;
    if (at === null || recordedAt === null) {
      throw new StoreError("Corrupt", `the ledger is damaged: event ${seq} has lost its commit`);
    }
    return { seq, at, recordedAt, hash };
  }

  streamId(name: string): number | undefined {
    return classified(() => this.#statements.streamId.get(name));
  }

  versionOf(streamId: number): number {
    return classified(() => this.#statements.version.get(streamId)) ?? 0;
  }

  findCommit(key: string): Committed | undefined {
    const row = classified(() => this.#statements.commitByKey.get(key));
    return row === undefined ? undefined : { id: key, firstSeq: row[0], lastSeq: row[1], repeated: true };
  }

  *read(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): Generator<RecordedEvent, void> {
    const id = this.streamId(stream);
    if (id === undefined) return;
    const last = Math.min(to, this.versionOf(id));
    yield* this.#decoded((after) => this.#statements.stream.all(id, after, last), from, versionOf);
  }

  *readAll(from = 1, to = Number.MAX_SAFE_INTEGER, filter: EventFilter = {}): Generator<RecordedEvent, void> {
    const last = Math.min(to, this.head().seq);
    const { types, streams } = filter;
    if (streams !== undefined) {
      yield* this.#readStreams(streams, from, last, types);
    } else if (types !== undefined) {
      const wanted = JSON.stringify(types);
      yield* this.#decoded((after) => this.#statements.types.all(after, last, wanted), from, seqOf);
    } else {
      yield* this.#decoded((after) => this.#statements.log.all(after, last), from, seqOf);
    }
  }

  *rows(from = 1, to = Number.MAX_SAFE_INTEGER): Generator<ChainedRow, void> {
    for (const page of pages((after) => this.#statements.chain.all(after, to), from, seqOf)) {
      yield* decodeRows(page);
    }
  }

  /** The index of streams knows the seqs of each; in order they lead to the rows. */
  *#readStreams(
    streams: readonly string[],
    from: number,
    to: number,
    types: readonly string[] | undefined,
  ): Generator<RecordedEvent, void> {
    const seqs = classified(() => this.#statements.seqsOfStreams.all(JSON.stringify([...new Set(streams)]), from, to));
    seqs.sort((a, b) => a - b);
    const wanted = types === undefined ? undefined : new Set(types);
    for (let start = 0; start < seqs.length; start += pageSize) {
      const page = JSON.stringify(seqs.slice(start, start + pageSize));
      const rows = classified(() => this.#statements.seqs.all(page));
      const kept = wanted === undefined ? rows : rows.filter((row) => wanted.has(row[3]));
      yield* decodeEvents(kept, this.#streams, this.#actors);
    }
  }

  *#decoded(
    fetch: (after: number) => readonly EventTuple[],
    from: number,
    positionOf: (row: EventTuple) => number,
  ): Generator<RecordedEvent, void> {
    for (const page of pages(fetch, from, positionOf)) yield* decodeEvents(page, this.#streams, this.#actors);
  }
}

const pageSize = 1000;

const seqOf = (row: EventTuple | ChainedTuple): number => row[0];
const versionOf = (row: EventTuple): number => row[2];

/** Pages by key: each query starts behind the last row of the one before. */
function* pages<Row>(
  fetch: (after: number) => readonly Row[],
  from: number,
  positionOf: (row: Row) => number,
): Generator<readonly Row[], void> {
  let after = from - 1;
  for (;;) {
    const page = classified(() => fetch(after));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = positionOf(last);
  }
}

const eventColumns = "e.version, e.type, e.schema, e.source_at, e.data, c.first_seq, c.last_seq";
const commitColumns = "c.nth, c.key, c.at, c.recorded_at, c.cause, c.view, c.intent";
const columns = `e.seq, e.stream_id, ${eventColumns}, c.actor_id, ${commitColumns}`;
const joined = "events AS e JOIN commits AS c ON c.first_seq = e.commit_seq";

/**
 * The statements that reading consists of; exported so that their query plans can be held to the indexes. CROSS JOIN fixes
 * the order of a join, from the few to the many.
 */
export const readerSql = {
  head: `SELECT e.seq, c.at, c.recorded_at, lower(hex(e.hash))
    FROM events AS e LEFT JOIN commits AS c ON c.first_seq = e.commit_seq WHERE e.seq = (SELECT max(seq) FROM events)`,
  streamId: "SELECT id FROM streams WHERE name = ?",
  version: "SELECT version FROM events WHERE stream_id = ? ORDER BY version DESC LIMIT 1",
  commitByKey: "SELECT first_seq, last_seq FROM commits WHERE key = ?",
  stream: `SELECT ${columns} FROM ${joined}
    WHERE e.stream_id = ? AND e.version > ? AND e.version <= ? ORDER BY e.version LIMIT ${pageSize}`,
  log: `SELECT ${columns} FROM ${joined} WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${pageSize}`,
  types: `SELECT ${columns} FROM ${joined}
    WHERE e.seq > ? AND e.seq <= ? AND e.type IN (SELECT value FROM json_each(?)) ORDER BY e.seq LIMIT ${pageSize}`,
  seqsOfStreams: `SELECT e.seq FROM json_each(?) AS wanted
    CROSS JOIN streams AS s ON s.name = wanted.value
    CROSS JOIN events AS e ON e.stream_id = s.id WHERE e.seq >= ? AND e.seq <= ?`,
  seqs: `SELECT ${columns} FROM json_each(?) AS wanted CROSS JOIN ${joined} WHERE e.seq = wanted.value`,
  chain: `SELECT e.seq, s.name, ${eventColumns}, a.name, ${commitColumns}, lower(hex(e.hash))
    FROM ${joined} JOIN streams AS s ON s.id = e.stream_id JOIN actors AS a ON a.id = c.actor_id
    WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${pageSize}`,
} as const;

interface ReaderStatements {
  readonly head: Statement<[], [seq: number, at: number | null, recordedAt: number | null, hash: string]>;
  readonly streamId: Statement<[name: string], number>;
  readonly version: Statement<[streamId: number], number>;
  readonly commitByKey: Statement<[key: string], [firstSeq: number, lastSeq: number]>;
  readonly stream: Statement<[streamId: number, after: number, to: number], EventTuple>;
  readonly log: Statement<[after: number, to: number], EventTuple>;
  readonly types: Statement<[after: number, to: number, types: string], EventTuple>;
  readonly seqsOfStreams: Statement<[streams: string, from: number, to: number], number>;
  readonly seqs: Statement<[seqs: string], EventTuple>;
  readonly chain: Statement<[after: number, to: number], ChainedTuple>;
}

const prepare = (db: Database): ReaderStatements => ({
  head: db.prepare<[], [number, number | null, number | null, string]>(readerSql.head).raw(),
  streamId: db.prepare<[string], number>(readerSql.streamId).pluck(),
  version: db.prepare<[number], number>(readerSql.version).pluck(),
  commitByKey: db.prepare<[string], [number, number]>(readerSql.commitByKey).raw(),
  stream: db.prepare<[number, number, number], EventTuple>(readerSql.stream).raw(),
  log: db.prepare<[number, number], EventTuple>(readerSql.log).raw(),
  types: db.prepare<[number, number, string], EventTuple>(readerSql.types).raw(),
  seqsOfStreams: db.prepare<[string, number, number], number>(readerSql.seqsOfStreams).pluck(),
  seqs: db.prepare<[string], EventTuple>(readerSql.seqs).raw(),
  chain: db.prepare<[number, number], ChainedTuple>(readerSql.chain).raw(),
});
