/** A ledger goes through a pipe into another, and its log is followed from outside: processes of their own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchFolder } from "../support/folder.ts";
import { started, typed } from "../support/terminal.ts";
import { bash, rollout, startRollout } from "./rollout.ts";

const folder = scratchFolder();
const ledger = join(folder, "rollout.db");
const session = started(ledger);
await typed(session, "create deployment web --image=web:1 --replicas=2");
await session.advance(10_000);
const head = session.store.head();
session.close();

it("export | import makes the same ledger, and never over another", async () => {
  const line =
    "rollout export | rollout import - --ledger copy.db && rollout export --ledger copy.db > copy.jsonl && rollout export";
  const { code, out, err } = await bash(line, { cwd: folder });
  expect([code, err]).toEqual([0, ""]);
  const [said = "", ...exported] = out.split("\n");
  expect(said).toBe(`imported ${head.seq} events into copy.db; head ${head.hash}`);
  expect(readFileSync(join(folder, "copy.jsonl"), "utf8")).toBe(exported.join("\n"));
  expect(await rollout(["import", "copy.jsonl", "--ledger", "copy.db"], { cwd: folder })).toEqual({
    code: 1,
    out: "",
    err: `error: ${join(folder, "copy.db")} exists already; an export becomes a new ledger\n`,
  });
});

it("an import of something else leaves no file behind", async () => {
  const { code, err } = await rollout(["import", "-", "--ledger", "other.db"], { cwd: folder, input: "a: 1\n" });
  expect([code, err]).toEqual([1, "error: line 1: this is not JSON\n"]);
  expect(existsSync(join(folder, "other.db"))).toBe(false);
  expect((await rollout(["import", "nothing.jsonl"], { cwd: folder })).err).toBe(
    'error: the path "nothing.jsonl" does not exist\n',
  );
});

it("a log that is followed tells what other processes record, and ends well with Ctrl-C", async () => {
  const following = startRollout([
    "log",
    "--follow",
    "--tail",
    "1",
    "--type",
    "NamespaceCreated",
    "-o",
    "json",
    "--ledger",
    ledger,
  ]);
  while (!following.said().includes('"Namespace//default"')) await new Promise((resolve) => setTimeout(resolve, 10));
  await rollout(["create", "ns", "shop", "--ledger", ledger]);
  while (!following.said().includes("\n{")) await new Promise((resolve) => setTimeout(resolve, 10));
  following.process.kill("SIGINT");
  const { code, out, err } = await following.ended;
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line).stream]))).toEqual([
    "Namespace//default",
    "Namespace//shop",
  ]);
});

it("a query is ended when its time is up", async () => {
  const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
  expect(await rollout(["sql", endless, "--timeout", "200ms", "--ledger", ledger])).toEqual({
    code: 1,
    out: "",
    err: "error: the query was ended after 200ms; --timeout allows it longer\n",
  });
});
