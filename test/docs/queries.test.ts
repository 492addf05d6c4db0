import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultPrinterNamed } from "../../src/commands/history/sql-results.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { runSelect } from "../../src/event-store/query/select.ts";
import { views } from "../../src/history/views.ts";
import { scratchFolder } from "../support/folder.ts";
import { started, typed } from "../support/terminal.ts";

const text = readFileSync("docs/queries.md", "utf8");

/** The commands of the story, `rollout init` left out. */
const story = (/```sh story\n([\s\S]*?)```/.exec(text)?.[1] ?? "")
  .split("\n")
  .filter((line) => /^rollout (?!init)/.test(line));
/** Every worked query, with its answer where one is shown. */
const worked = Array.from(
  text.matchAll(/```sql\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g),
  ([, sql = "", answer]) => ({
    sql,
    answer,
  }),
);

interface Column {
  readonly name: string;
  readonly type: string;
}
const documented = (view: string): readonly Column[] => {
  const section = new RegExp(`^### ${view}\\n([\\s\\S]*?)(?=^### |(?![\\s\\S]))`, "m").exec(text)?.[1] ?? "";
  return Array.from(section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm), ([, name = "", type = ""]) => ({ name, type }));
};

const folder = scratchFolder();
let session: LedgerSession;
let db: Database.Database;
beforeAll(async () => {
  const path = join(folder, "rollout.db");
  session = started(path, { roundTripMs: 100 });
  for (const line of story) {
    const { code, err } = await typed(session, line);
    expect([line, code, err]).toEqual([line, 0, ""]);
  }
  db = new Database(path, { readonly: true });
});
afterAll(() => {
  db.close();
  session.close();
});

test("the worked queries are there", () => {
  expect(worked.length).toBeGreaterThanOrEqual(5);
  expect(worked.filter(({ answer }) => answer !== undefined).length).toBeGreaterThanOrEqual(3);
});

test.each(worked)("a worked query gives what is shown: $sql", ({ sql, answer }) => {
  const result = runSelect(db, sql, 1000);
  if (E.isLeft(result)) throw new Error(result.left.message);
  if (answer === undefined) expect(result.right.rows.length).toBeGreaterThan(0);
  else expect(resultPrinterNamed("table")?.(result.right)).toBe(answer);
});

/** What SQLite calls the type of a value, as the documentation does. */
const typeOf = (value: unknown): string => (value === null ? "NULL" : typeof value === "number" ? "INTEGER" : "TEXT");

describe.each(views)("$name", ({ name }) => {
  test("has the columns that are documented, in their order", () => {
    expect(documented(name).map((column) => column.name)).toEqual(session.queries.columnsOf(name));
  });

  test("holds values of the types that are documented", async () => {
    let rows = 0;
    for await (const row of session.queries.view(name)) {
      rows += 1;
      const values = new Map<string, unknown>(Object.entries(row));
      for (const column of documented(name)) {
        expect(column.type.split(" or "), `${name}.${column.name}`).toContain(typeOf(values.get(column.name)));
      }
    }
    expect(rows).toBeGreaterThan(0);
  });
});

test("every view is documented", () => {
  expect(Array.from(text.matchAll(/^### (\w+)$/gm), ([, name]) => name)).toEqual(views.map(({ name }) => name));
  const inFile = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v\\_%' ESCAPE '\\'")
    .pluck()
    .all();
  expect(inFile.sort()).toEqual(views.map(({ name }) => name as string).sort());
});
