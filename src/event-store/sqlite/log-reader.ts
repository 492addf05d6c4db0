import type { Database, Statement } from "better-sqlite3";
import { emptyHead } from "../hash-chain.ts";
import type { ChainedRow, Committed, EventFilter, Head, RecordedEvent } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { classified } from "./classify.ts";
import { type ChainedTuple, decodeEvents, decodeRows } from "./decode.ts";
import { type LogNames, logNames } from "./names.ts";
import type { PastBase } from "./seam.ts";

/** Reads the log. Long reads go page by page, so that the connection is free to write between two events. */
export class LogReader {
  readonly #db: Database;
  readonly #statements: ReaderStatements;
  readonly #pages: PageQueries;
  readonly #names: LogNames;
  readonly #base: PastBase | undefined;

  /** @param base what is known of the events before those that stand here. */
  constructor(db: Database, base?: PastBase) {
    this.#db = db;
    this.#base = base;
    this.#statements = prepare(db);
    this.#names = logNames(db);
    this.#pages = pageQueries(db, this.#names);
  }

  /** Names of a transaction that was rolled back are not names. */
  forget(): void {
    for (const names of Object.values(this.#names)) names.clear();
  }

  head(): Head {
    const row = classified(() => this.#statements.head.get());
    const start = this.#base?.head ?? emptyHead;
    if (row === undefined || row[0] <= start.seq) return start;
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
    const version = classified(() => this.#statements.version.get(streamId)) ?? 0;
    return this.#base ? Math.max(version, this.#base.stream(streamId)?.version ?? 0) : version;
  }

  commitsOf(actor: string): number {
    return classified(() => this.#statements.commitsOf.get(actor)) ?? 0;
  }

  findCommit(key: string): Committed | undefined {
    const row = classified(() => this.#statements.commitByKey.get(key));
    return row === undefined ? undefined : { id: key, firstSeq: row[0], lastSeq: row[1], repeated: true };
  }

  *read(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): Generator<RecordedEvent, void> {
    const id = this.streamId(stream);
    if (id === undefined) return;
    const last = Math.min(to, this.versionOf(id));
    for (const page of pages((after) => this.#pages.stream.get(id, after, last), from, versionOf)) yield* page;
  }

  *readAll(from = 1, to = Number.MAX_SAFE_INTEGER, filter: EventFilter = {}): Generator<RecordedEvent, void> {
    const last = Math.min(to, this.head().seq);
    const { types, streams } = filter;
    if (streams !== undefined) {
      yield* this.#readStreams(streams, from, last, types);
    } else if (types !== undefined) {
      const wanted = JSON.stringify(types);
      for (const page of pages((after) => this.#pages.types.get(after, last, wanted), from, seqOf)) yield* page;
    } else {
      for (const page of this.readPages(from, last)) yield* page;
    }
  }

  *readPages(from = 1, to = Number.MAX_SAFE_INTEGER): Generator<readonly RecordedEvent[], void> {
    const last = Math.min(to, this.head().seq);
    yield* pages((after) => this.#pages.log.get(after, last), from, seqOf);
  }

  *rows(from = 1, to = Number.MAX_SAFE_INTEGER): Generator<ChainedRow, void> {
    // Not those at hand: what is proven is what the file says now.
    const names = logNames(this.#db);
    const fetch = (after: number): readonly ChainedTuple[] => classified(() => this.#statements.chain.all(after, to));
    for (const page of pages(fetch, from, (row) => row[0])) yield* decodeRows(page, names);
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
      const page = this.#pages.seqs.get(JSON.stringify(seqs.slice(start, start + pageSize)));
      yield* wanted === undefined ? page : page.filter(({ type }) => wanted.has(type));
    }
  }
}

/** One statement that reads a page of events, as the text of their rows. */
class PageQuery<Params extends (number | string)[]> {
  readonly #db: Database;
  readonly #rows: string;
  readonly #page: Statement<Params, string | null>;
  readonly #names: LogNames;

  constructor(db: Database, rows: string, names: LogNames) {
    this.#db = db;
    this.#rows = rows;
    this.#page = db.prepare<Params, string | null>(pageOf(rows)).pluck();
    this.#names = names;
  }

  get(...params: Params): readonly RecordedEvent[] {
    const page = classified(() => this.#page.get(...params));
    return page ? decodeEvents(page, this.#names, () => this.#rowTexts(params)) : [];
  }

  #rowTexts(params: Params): readonly string[] {
    return classified(() =>
      this.#db
        .prepare<Params, string>(this.#rows)
        .pluck()
        .all(...params),
    );
  }
}

/** Few enough that a page is read, parsed and let go while it is young. */
const pageSize = 500;

const seqOf = ({ seq }: RecordedEvent): number => seq;
const versionOf = ({ version }: RecordedEvent): number => version;

/** Pages by key: each query starts behind the last row of the one before. */
function* pages<Row>(
  fetch: (after: number) => readonly Row[],
  from: number,
  positionOf: (row: Row) => number,
): Generator<readonly Row[], void> {
  let after = from - 1;
  for (;;) {
    const page = fetch(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = positionOf(last);
  }
}

const eventColumns = "e.seq, e.stream_id, e.version, e.type_id, e.schema";
const commitColumns = "c.first_seq, c.last_seq, c.actor_id, c.nth";
/** An event and its commit as a JSON array: numbers and JSON are written as they stand, and nothing is NULL. */
const rowText = `'[' || concat_ws(',', ${eventColumns}, coalesce(e.source_at, 'null'), e.data, ${commitColumns},
    json_quote(c.key), c.at, c.recorded_at, coalesce(c.cause, 'null'), coalesce(c.view, 'null'), coalesce(c.intent, 'null')) || ']'`;
const joined = "events AS e JOIN commits AS c ON c.first_seq = e.commit_seq";
const pageOf = (rows: string): string => `SELECT group_concat(row) FROM (${rows})`;

const rowsSql = {
  stream: `SELECT ${rowText} AS row FROM ${joined}
    WHERE e.stream_id = ? AND e.version > ? AND e.version <= ? ORDER BY e.version LIMIT ${pageSize}`,
  log: `SELECT ${rowText} AS row FROM ${joined} WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${pageSize}`,
  types: `SELECT ${rowText} AS row FROM ${joined} WHERE e.seq > ? AND e.seq <= ?
    AND e.type_id IN (SELECT t.id FROM json_each(?) AS wanted CROSS JOIN types AS t ON t.name = wanted.value)
    ORDER BY e.seq LIMIT ${pageSize}`,
  seqs: `SELECT ${rowText} AS row FROM json_each(?) AS wanted CROSS JOIN ${joined} WHERE e.seq = wanted.value`,
} as const;

/**
 * The statements that reading consists of; exported so that their query plans can be held to the indexes. CROSS JOIN fixes
 * the order of a join, from the few to the many.
 */
export const readerSql = {
  head: `SELECT e.seq, c.at, c.recorded_at, lower(hex(e.hash))
    FROM events AS e LEFT JOIN commits AS c ON c.first_seq = e.commit_seq WHERE e.seq = (SELECT max(seq) FROM events)`,
  streamId: "SELECT id FROM streams WHERE name = ?",
  version: "SELECT version FROM events WHERE stream_id = ? ORDER BY version DESC LIMIT 1",
  commitsOf: "SELECT commits FROM actors WHERE name = ?",
  commitByKey: "SELECT first_seq, last_seq FROM commits WHERE key = ?",
  stream: pageOf(rowsSql.stream),
  log: pageOf(rowsSql.log),
  types: pageOf(rowsSql.types),
  seqs: pageOf(rowsSql.seqs),
  seqsOfStreams: `SELECT e.seq FROM json_each(?) AS wanted
    CROSS JOIN streams AS s ON s.name = wanted.value
    CROSS JOIN events AS e ON e.stream_id = s.id WHERE e.seq >= ? AND e.seq <= ?`,
  chain: `SELECT ${eventColumns}, e.source_at, e.data, ${commitColumns}, c.key, c.at, c.recorded_at, c.cause, c.view,
    c.intent, lower(hex(e.hash)) FROM ${joined} WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${pageSize}`,
} as const;

interface ReaderStatements {
  readonly head: Statement<[], [seq: number, at: number | null, recordedAt: number | null, hash: string]>;
  readonly streamId: Statement<[name: string], number>;
  readonly version: Statement<[streamId: number], number>;
  readonly commitsOf: Statement<[actor: string], number>;
  readonly commitByKey: Statement<[key: string], [firstSeq: number, lastSeq: number]>;
  readonly seqsOfStreams: Statement<[streams: string, from: number, to: number], number>;
  readonly chain: Statement<[after: number, to: number], ChainedTuple>;
}

const prepare = (db: Database): ReaderStatements => ({
  head: db.prepare<[], [number, number | null, number | null, string]>(readerSql.head).raw(),
  streamId: db.prepare<[string], number>(readerSql.streamId).pluck(),
  version: db.prepare<[number], number>(readerSql.version).pluck(),
  commitsOf: db.prepare<[string], number>(readerSql.commitsOf).pluck(),
  commitByKey: db.prepare<[string], [number, number]>(readerSql.commitByKey).raw(),
  seqsOfStreams: db.prepare<[string, number, number], number>(readerSql.seqsOfStreams).pluck(),
  chain: db.prepare<[number, number], ChainedTuple>(readerSql.chain).raw(),
});

interface PageQueries {
  readonly stream: PageQuery<[streamId: number, after: number, to: number]>;
  readonly log: PageQuery<[after: number, to: number]>;
  readonly types: PageQuery<[after: number, to: number, types: string]>;
  readonly seqs: PageQuery<[seqs: string]>;
}

const pageQueries = (db: Database, names: LogNames): PageQueries => ({
  stream: new PageQuery(db, rowsSql.stream, names),
  log: new PageQuery(db, rowsSql.log, names),
  types: new PageQuery(db, rowsSql.types, names),
  seqs: new PageQuery(db, rowsSql.seqs, names),
});
