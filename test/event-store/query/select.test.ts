import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { afterAll, describe, expect, test } from "vitest";
import { runSelect } from "../../../src/event-store/query/select.ts";
import { connect } from "../../../src/event-store/sqlite/connect.ts";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { scratchFolder } from "../../support/folder.ts";
import { commitWith, right } from "../contract.ts";

const folder = scratchFolder();
const path = join(folder, "ledger.db");
const store = right(openSqliteStore(path));
right(
  store.append([
    commitWith(
      { at: 1, actor: "user:alice", cause: null },
      {
        stream: "Pod/default/a",
        expectedVersion: 0,
        events: [1, 2, 3].map((n) => ({ type: "Changed", schema: 1, data: { n } })),
      },
    ),
  ]),
);
store.close();
const db: Database.Database = right(connect(path, { readOnly: true }));
afterAll(() => {
  db.close();
});

describe("what may be asked", () => {
  test.each([
    "select 1",
    "  \n-- a word\n/* and\nanother */ SELECT 1;",
    "with x as (select 1) select * from x",
    "values (1)",
    "explain select 1",
    "explain query plan select * from events",
    "EXPLAIN /* how */ QUERY PLAN WITH x AS (SELECT 1) SELECT * FROM x",
    "select name from pragma_table_info('events')",
  ])("%j", (sql) => {
    expect(runSelect(db, sql, 100)._tag).toBe("Right");
  });
});

describe("what is refused, and changes nothing", () => {
  test.each([
    "",
    "-- nothing",
    "attach database 'other.db' as other",
    "detach main",
    "pragma journal_mode = delete",
    "/* select */ pragma user_version = 9",
    "explain pragma user_version = 9",
    "explain query plan attach 'other.db' as other",
    "vacuum into 'copy.db'",
    "insert into checkpoints values ('x', 1, 1, '')",
    "with x as (select 1) delete from snapshots",
    "with x as (select 1) insert into snapshots select * from x returning *",
    "update checkpoints set body = ''",
    "drop view v_events",
    "create temp table t (a)",
    "select load_extension('x')",
    "select writefile('x', 'y')",
    "select readfile('/etc/passwd')",
    "select 1; drop view v_events",
    "select * from pragma_optimize(65538)",
    "select ?",
    "begin",
    "reindex",
    "analyze",
  ])("%j", (sql) => {
    const before = readFileSync(path);
    const answer = runSelect(db, sql, 100);
    expect(answer).toMatchObject({ _tag: "Left", left: { _tag: "Refused", message: expect.stringMatching(/./) } });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("where it went wrong", () => {
  test.each([
    ["select seq form v_events", "v_events"],
    ["select 'form' as a, form form, 1 form v_events", "v_events"],
    ["select seq, from v_events, (select 1 from v_events)", "from v_events, "],
    ["select 1 + $ from v_events", "$"],
    ["select v_events from v_event", "v_event"],
    ["select a.seq, SQ from v_events as a", "SQ"],
    ["select seq from v_events as a, v_events as b", "seq"],
    ["select upperr('a')", "upperr"],
  ])("%s", (sql, place) => {
    const answer = runSelect(db, sql, 1);
    if (E.isRight(answer)) throw new Error("it did not");
    expect(sql.slice(answer.left.offset)).toMatch(new RegExp(`^${place.replace("$", "\\$&")}`));
  });

  test("behind the end of what is not complete", () => {
    expect(runSelect(db, "select (1 \n", 1)).toMatchObject({ left: { message: "incomplete input", offset: 9 } });
  });
});

test("so many rows, and whether there were more", () => {
  const rows = (limit: number) => right(runSelect(db, "select version from v_events order by seq", limit));
  expect(rows(2)).toEqual({ columns: ["version"], rows: [[1], [2]], isCutOff: true });
  expect(rows(3)).toEqual({ columns: ["version"], rows: [[1], [2], [3]], isCutOff: false });
});

test("values come as they are: whole numbers exactly, bytes as bytes", () => {
  const [row] = right(runSelect(db, "select 9007199254740993, 7, 1.5, 'x', null, x'00ff'", 1)).rows;
  expect(row).toEqual([9007199254740993n, 7, 1.5, "x", null, Buffer.from([0, 255])]);
});

test("not more than can be held", () => {
  const sql = "with n(i) as (values (1), (2), (3)) select hex(zeroblob(50000000)) from n";
  expect(runSelect(db, sql, 3)).toMatchObject({
    left: { message: expect.stringMatching(/^the rows hold more than 256 MiB/) },
  });
});
