import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommandContext } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/run.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { Queries } from "../../../src/engine/queries.ts";
import type { Session } from "../../../src/engine/session.ts";
import { runSelect } from "../../../src/event-store/query/select.ts";
import { views } from "../../../src/history/views.ts";
import { scratchFolder } from "../../support/folder.ts";
import { type Output, started, typed } from "../../support/terminal.ts";

/** The ledger, asked in this process: that queries have one of their own is tested with it. */
const asked = (ledger: LedgerSession, path: string): Session => {
  const queries = new Queries(ledger.store);
  queries.sql = async (text, { limit }) => {
    const db = new Database(path, { readonly: true });
    const result = runSelect(db, text, limit);
    db.close();
    return result;
  };
  return Object.create(ledger, { queries: { value: queries }, store: { value: ledger.store } });
};

const folder = scratchFolder();
let ledger: LedgerSession;
let session: Session;
beforeAll(async () => {
  const path = join(folder, "rollout.db");
  ledger = started(path);
  await typed(ledger, "create deployment web --image=web:1 --replicas=2");
  await typed(ledger, "set image deploy/web web=web:2 --as alice");
  session = asked(ledger, path);
});
afterAll(() => {
  ledger.close();
});

/** A query is one word, whatever stands in it. */
const ask = async (query: string, words = ""): Promise<Output> => {
  const text = { out: "", err: "" };
  const ctx: CommandContext = {
    session,
    actor: "user:test",
    defaultNamespace: "default",
    io: {
      out: (more) => {
        text.out += more;
      },
      err: (more) => {
        text.err += more;
      },
      readStdin: () => "select 1 as one",
      readFile: (path) => {
        if (path === "query.sql") return "select 2 as two";
        throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      },
      listFolder: () => undefined,
      isTerminal: false,
      columns: 100,
    },
  };
  const argv = ["sql", ...(query === "" ? [] : [query]), ...words.split(" ").filter((word) => word !== "")];
  return { code: await runCommand(ctx, argv), ...text };
};

describe("a query", () => {
  test("is answered with a table, JSON, CSV or YAML", async () => {
    const query = `select type, actor, cause, 'a, "b"' as text from v_events where type = 'DeploymentTemplateChanged'`;
    const row = { type: "DeploymentTemplateChanged", actor: "user:alice", cause: null, text: 'a, "b"' };
    expect(await ask(query)).toEqual({
      code: 0,
      out: 'TYPE                        ACTOR        CAUSE    TEXT\nDeploymentTemplateChanged   user:alice   <none>   a, "b"\n',
      err: "",
    });
    expect(JSON.parse((await ask(query, "-o json")).out)).toEqual([row]);
    expect((await ask(query, "-o csv")).out).toBe(
      'type,actor,cause,text\nDeploymentTemplateChanged,user:alice,,"a, ""b"""\n',
    );
    expect((await ask(query, "-o yaml")).out).toContain("- actor: user:alice\n");
  });

  test("can come from a file or standard input", async () => {
    expect(await ask("", "-f - -o csv")).toEqual({ code: 0, out: "one\n1\n", err: "" });
    expect(await ask("", "-f query.sql -o csv")).toEqual({ code: 0, out: "two\n2\n", err: "" });
  });

  test("keeps numbers, bytes and columns that JSON would lose", async () => {
    const { out } = await ask("select 9007199254740993 as large, 2 as n, 3 as n, x'00ff' as bytes", "-o json");
    expect(JSON.parse(out)).toEqual([{ large: "9007199254740993", n: 2, n_2: 3, bytes: "00ff" }]);
  });

  test("has its rows cut off behind the limit, which is said", async () => {
    expect(await ask("select seq from v_events order by seq", "--limit 2 -o csv")).toEqual({
      code: 0,
      out: "seq\n1\n2\n",
      err: "the first 2 rows; there are more: --limit allows up to 100000\n",
    });
    expect((await ask("select seq from v_events where seq <= 2", "--limit 2")).err).toBe("");
  });

  test("lets no time pass", async () => {
    const before = [ledger.now(), ledger.store.head()];
    await ask("select * from v_pod_intervals");
    expect([ledger.now(), ledger.store.head()]).toEqual(before);
  });
});

describe("what is wrong is shown, with what could be meant", () => {
  const all = `  the views are ${views.map(({ name }) => name).join(", ")}\n`;
  const commits =
    "commit_id, first_seq, last_seq, at, at_ms, recorded_at, actor, cause, view, verb, command, change_cause, intent";
  test.each([
    [
      "select seq,\n  actor form v_events\nwhere seq = 1",
      'near "v_events": syntax error',
      "  actor form v_events",
      13,
      "",
    ],
    ["select * from pods", "no such table: pods", "select * from pods", 14, all],
    ["select * from rollout", "no such table: rollout", "select * from rollout", 14, `  perhaps v_rollouts\n${all}`],
    ["select sq from v_commits", "no such column: sq", "select sq from v_commits", 7, `  v_commits has ${commits}\n`],
  ])("%j", async (query, message, line, column, advice) => {
    const err = `error: ${message}\n  ${line}\n  ${" ".repeat(column)}^\n${advice}`;
    expect(await ask(query)).toEqual({ code: 1, out: "", err });
  });

  test.each([
    ["drop view v_events", "", "only SELECT, WITH, VALUES and EXPLAIN of them: the ledger is read here, never written"],
    ["select 1", "-o xml", '-o is table, json, csv or yaml, not "xml"'],
    ["select 1", "--limit 0", "--limit is a number from 1 to 100000: 0"],
    ["select 1", "-f -", "either a query or -f, not both"],
    ["", "-f other.sql", 'the path "other.sql" does not exist'],
    ["select 1", "--timeout=-1s", "--timeout must not be negative: -1s"],
    [
      "select",
      "1",
      "the query is one word: put it in quotes, \"select …\"\nSee 'rollout sql -h' for help and examples",
    ],
  ])("%s %s", async (query, words, message) => {
    expect(await ask(query, words)).toEqual({ code: 1, out: "", err: `error: ${message}\n` });
  });
});

test("without a query, the views are listed with their columns", async () => {
  const { code, out } = await ask("");
  expect(code).toBe(0);
  for (const { name, rows } of views) expect(out).toMatch(new RegExp(`^${name} +${rows}$`, "m"));
  expect(out).toContain("commit_id, first_seq, last_seq");
});
