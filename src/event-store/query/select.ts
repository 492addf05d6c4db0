/** One SELECT of a person's on a connection that only reads: what it may be, and what was wrong with it. */
import type { Database } from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";

export type SqlCell = null | number | bigint | string | Uint8Array;

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlCell[])[];
  /** There were more rows than asked for. */
  readonly isCutOff: boolean;
}

/** Why there are no rows, in SQLite's words where they are its own. */
export interface SelectRefusal {
  readonly _tag: "Refused";
  readonly message: string;
  /** Where in the text, in characters from its beginning, where that is known. */
  readonly offset?: number;
}

const refused = (message: string, offset?: number): E.Either<SelectRefusal, never> =>
  E.left({ _tag: "Refused", message, ...(offset === undefined ? {} : { offset }) });

const blankOrComment = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))/;

/** The next word in upper case, and what stands behind it; white space and comments are passed over. */
const nextWord = (sql: string): readonly [word: string, rest: string] => {
  let rest = sql;
  for (let match = blankOrComment.exec(rest); match; match = blankOrComment.exec(rest))
    rest = rest.slice(match[0].length);
  const word = /^\w*/.exec(rest)?.[0] ?? "";
  return [word.toUpperCase(), rest.slice(word.length)];
};

const reading = new Set(["SELECT", "WITH", "VALUES"]);

/** Whether the text begins as a query does. What SQLite itself calls reading includes ATTACH and most PRAGMAs. */
const isQuery = (sql: string): boolean => {
  const [first, behind] = nextWord(sql);
  if (first !== "EXPLAIN") return reading.has(first);
  const [second, then] = nextWord(behind);
  return reading.has(second === "QUERY" ? nextWord(nextWord(then)[1])[0] : second);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const prepareFault = (db: Database, sql: string): string | undefined => {
  try {
    db.prepare(sql);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};

/** SQLite names the token it stumbled over, not which one of several it was: the first that a text ending with it stumbles over. */
const offsetOfToken = (db: Database, sql: string, token: string, message: string): number | undefined => {
  for (let at = sql.indexOf(token); at >= 0; at = sql.indexOf(token, at + 1)) {
    if (prepareFault(db, sql.slice(0, at + token.length)) === message) return at;
  }
  return undefined;
};

const offsetOfName = (sql: string, name: string): number | undefined => {
  const at = sql.toLowerCase().search(new RegExp(`\\b${name.toLowerCase().replace(/[^\w]/g, "\\$&")}\\b`));
  return at < 0 ? undefined : at;
};

const offsetOf = (db: Database, sql: string, message: string): number | undefined => {
  if (message === "incomplete input") return sql.trimEnd().length;
  const token = /^(?:near|unrecognized token:) "([\s\S]+)"/.exec(message)?.[1];
  if (token !== undefined) return offsetOfToken(db, sql, token, message);
  const name = /^(?:no such (?:table|column|function)|ambiguous column name): (\S+)$/.exec(message)?.[1];
  return name === undefined ? undefined : offsetOfName(sql, name);
};

/** Whole numbers are read exactly; those that a double holds come as numbers. */
const cellOf = (value: SqlCell): SqlCell =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** Together; an answer is held in memory. */
const maxAnswerBytes = 256 * 1024 * 1024;

const sizeOf = (cell: SqlCell): number =>
  typeof cell === "object" || typeof cell === "string" ? (cell?.length ?? 0) : 8;

/** Runs a query on a connection that was opened for reading; at most `limit` rows. */
export const runSelect = (db: Database, sql: string, limit: number): E.Either<SelectRefusal, QueryResult> => {
  if (!isQuery(sql))
    return refused("only SELECT, WITH, VALUES and EXPLAIN of them: the ledger is read here, never written");
  try {
    const statement = db.prepare<[], SqlCell[]>(sql).raw().safeIntegers();
    if (!statement.readonly || !statement.reader) return refused("the ledger is read here, never written");
    const columns = statement.columns().map(({ name }) => name);
    const rows: (readonly SqlCell[])[] = [];
    let bytes = 0;
    for (const row of statement.iterate()) {
      if (rows.length === limit) return E.right({ columns, rows, isCutOff: true });
      bytes = row.reduce<number>((sum, cell) => sum + sizeOf(cell), bytes);
      if (bytes > maxAnswerBytes)
        return refused("the rows hold more than 256 MiB: ask for fewer, or for fewer columns");
      rows.push(row.map(cellOf));
    }
    return E.right({ columns, rows, isCutOff: false });
  } catch (error) {
    const message = messageOf(error);
    return refused(message, offsetOf(db, sql, message));
  }
};
