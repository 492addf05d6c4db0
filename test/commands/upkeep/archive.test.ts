import { existsSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { reopened } from "../../support/archives.ts";
import { scratchFolder } from "../../support/folder.ts";
import { type Output, started, typed } from "../../support/terminal.ts";
import { startChildrenFromSources } from "../../support/typescript-children.ts";

const folder = scratchFolder();
const path = join(folder, "rollout.db");
const file = join(folder, "older.db");
let closed: LedgerSession;
let head: string;
beforeAll(async () => {
  startChildrenFromSources();
  closed = started(path);
  await typed(closed, "create deployment web --image=web:1 --replicas=2");
  await typed(closed, "advance 10s");
  await typed(closed, "set image deploy/web web=web:2");
  await typed(closed, "advance 10s");
  const { seq, hash } = closed.store.head();
  head = `${seq}:${hash}`;
  closed.close();
});

/** One command line on a ledger that is opened for it, as a process would. */
const once = async (line: string): Promise<Output> => {
  const session = reopened(path);
  const said = await typed(session, line);
  session.close();
  return said;
};

describe("rollout archive", () => {
  it("moves what is before the point, which it says first when it is asked to", async () => {
    const before = await once("log -o json");
    const seam = JSON.parse(before.out.split("\n").find((line) => line.includes("TemplateChanged")) ?? "").seq - 1;
    const what = `${seam} events in \\d+ commits, up to seq ${seam} of 2026-01-01T00:00:0\\dZ`;
    const dry = await typed(closed, `archive --before rollout:2 --to ${file} --dry-run`);
    expect(dry).toMatchObject({ code: 0, err: "", out: expect.stringMatching(`^would move ${what}, into ${file}\n$`) });
    expect(existsSync(file)).toBe(false);

    const said = await typed(closed, `archive --before rollout:2 --to ${file}`);
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toMatch(
      new RegExp(
        `^${file} holds ${what}, proven \\(.*\\)\nrollout.db goes on from there \\(.* before, .* now\\)\nhead ${head}\n$`,
      ),
    );
    expect(await once("log -o json")).toEqual(before);
    expect((await typed(closed, "verify")).out).toContain(
      `each chained to the one before it, those up to seq ${seam} in ${file}\n`,
    );
    expect((await typed(closed, "stats")).out).toContain(`seq 1 to ${seam}, in ${file}\n`);
    expect((await typed(closed, `verify --head ${head}`)).code).toBe(0);
  });

  it("is told of wherever less is shown than there is", async () => {
    renameSync(file, `${file}.away`);
    const missing = /^error: history up to .* is in older\.db, which is not here: it was .*older\.db\n$/;
    expect(await once("log")).toEqual({ code: 1, out: "", err: expect.stringMatching(missing) });
    expect(await once("export")).toMatchObject({ code: 1, err: expect.stringMatching(missing) });
    expect(await once("get pods --as-of +1s")).toMatchObject({ code: 1, err: expect.stringMatching(missing) });
    expect((await once("get pods --as-of -1s")).code).toBe(0);
    expect((await once("log --tail 3")).out.split("\n")).toHaveLength(4);
    expect(
      (await once("ledger deploy/web")).out
        .split("\n")
        .slice(1, 3)
        .map((line) => line[0]),
    ).toEqual(["1", "2"]);
    expect((await typed(closed, "verify")).out).toMatch(
      / since seq \d+, each chained .* in .*older\.db, which is not here\n/,
    );
    const queried = await once("sql values(1)");
    expect(queried).toMatchObject({ code: 0, err: expect.stringMatching(/^this file has the log from seq \d+ on, /) });
    expect((await typed(closed, "stats")).out).toMatch(/in .*older\.db, which is not here\n/);
    renameSync(`${file}.away`, file);
  });

  it("can be done again, and answers in JSON", async () => {
    const said = await typed(closed, "archive --before -1s -o json");
    const report = JSON.parse(said.out);
    expect(report).toMatchObject({ file: `${path}.archive-${report.seam.seq}.db`, head: { hash: head.split(":")[1] } });
    expect((await once("log")).code).toBe(0);
    expect(basename(report.file)).toMatch(/^rollout\.db\.archive-\d+\.db$/);
  });

  it.each([
    ["archive", 'required flag(s) "before" not set'],
    ["archive now --before -5m", "archive takes no arguments: --before says what, --to where to"],
    ["archive --before 12", '"12" could be several things: say revision:12 or rollout:12'],
    ["archive --before seq:1", "there is nothing before that point"],
    ["archive --before -5s -o yaml", 'archives are printed as text or with -o json, not as "yaml"'],
  ])("refuses %j", async (line, message) => {
    expect(await typed(closed, line)).toMatchObject({ code: 1, err: expect.stringContaining(`error: ${message}`) });
  });
});
