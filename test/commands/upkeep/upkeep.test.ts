import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sizeText } from "../../../src/commands/upkeep/stats.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { settle } from "../../engine/ledgers.ts";
import { tamper } from "../../engine/upkeep/story.ts";
import { scratchFolder } from "../../support/folder.ts";
import { started, typed } from "../../support/terminal.ts";

const folder = scratchFolder();

const path = join(folder, "rollout.db");
let session: LedgerSession;
beforeAll(async () => {
  session = started(path);
  await typed(session, "create deployment web --image=web:1 --replicas=2");
  await typed(session, "advance 10s");
});

describe("rollout verify", () => {
  it("says what is proven and ends with the head, as --head takes it", async () => {
    const { seq, hash } = session.store.head();
    const said = await typed(session, "verify");
    expect(said).toMatchObject({ code: 0, err: "" });
    const [first, ...lines] = said.out.trimEnd().split("\n");
    expect(first).toBe(`${path} is sound`);
    expect(lines[0]).toMatch(new RegExp(`^  ${seq} events in \\d+ commits, each chained to the one before it$`));
    expect(lines.at(-1)).toBe(`head ${seq}:${hash}`);
    expect(await typed(session, `verify --head ${seq}:${hash}`)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`  the hash that was kept is that of event ${seq}\n`),
    });
  });

  it("tells a kept hash of earlier apart from a rewritten log", async () => {
    const [row] = session.store.rows(3, 3);
    const { hash } = session.store.head();
    expect(await typed(session, `verify --head ${row?.hash}`)).toMatchObject({
      code: 1,
      out: "",
      err: `error: ${path} is not sound
  ${row?.hash} is not the hash of the head, but of event 3
  the log has grown since that hash was kept: --head 3:${row?.hash} checks its old place
`,
    });
    const { code, err } = await typed(session, `verify --head 3:${hash.replace(/./g, "0")}`);
    expect(code).toBe(1);
    expect(err).toContain("is not the hash of event 3, nor of any event that is proven");
  });

  it("prints its findings as JSON", async () => {
    const said = await typed(session, "verify -o json");
    const { seq, hash } = session.store.head();
    expect(JSON.parse(said.out)).toMatchObject({ sound: true, events: seq, head: { seq, hash }, faults: [] });
  });

  it("locates what was tampered with and says how far the log is proven", async () => {
    const copy = join(folder, "tampered.db");
    await typed(session, `backup ${copy}`);
    tamper(copy, (db) => db.exec("UPDATE events SET data = '{}' WHERE seq = 7"));
    const { openLedger } = await import("../../../src/engine/open.ts");
    const opened = openLedger(copy);
    if (opened._tag === "Left") throw opened.left;
    const said = await typed(opened.right, "verify");
    opened.right.close();
    expect(said.code).toBe(1);
    expect(said.err).toMatch(
      /^error: .*tampered\.db is not sound\n {2}event 7 is not what was recorded: .*\n {2}the first 6 events are proven: 6:[0-9a-f]{64}\n$/,
    );
    const json = JSON.parse((await typed(opened.right, "verify -o json")).out);
    expect(json).toMatchObject({ sound: false, faults: [{ _tag: "HashMismatch", seq: 7 }] });
  });

  it.each([
    ["verify now", "verify takes no arguments"],
    ["verify -o yaml", 'findings are printed as text or with -o json, not as "yaml"'],
    ["verify --head 12:abc", '--head is a hash of 64 hexadecimal digits, or SEQ:HASH: "12:abc"'],
  ])("refuses %j", async (line, message) => {
    expect(await typed(session, line)).toMatchObject({ code: 1, err: expect.stringContaining(`error: ${message}`) });
  });
});

describe("rollout rebuild", () => {
  it("says what it has rebuilt, after which nothing differs", async () => {
    settle(session);
    tamper(path, (db) => db.exec("UPDATE objects SET version = 99 WHERE kind = 'Deployment'"));
    const { err } = await typed(session, "verify");
    expect(err).toContain(
      "read model objects: Deployment/default/web is stored with another version than the log tells",
    );
    expect(err).toContain('the log is sound: "rollout rebuild" makes read models and snapshots agree with it');
    const said = await typed(session, "rebuild");
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toMatch(/^rebuilt from \d+ events: objects \(\d+ rows\)/);
    expect(await typed(session, "verify")).toMatchObject({ code: 0 });
  });
});

describe("rollout backup", () => {
  it("says what the copy holds, and refuses to overwrite", async () => {
    const copy = join(folder, "copy.db");
    const { seq, hash } = session.store.head();
    expect(await typed(session, `backup ${copy}`)).toEqual({
      code: 0,
      out: `${copy} holds ${seq} events, proven\nhead ${seq}:${hash}\n`,
      err: "",
    });
    expect(existsSync(copy)).toBe(true);
    expect(await typed(session, `backup ${copy}`)).toMatchObject({
      code: 1,
      err: `error: ${copy} exists already; --force replaces it\n`,
    });
    expect(await typed(session, `backup ${copy} --force`)).toMatchObject({ code: 0 });
    expect(await typed(session, "backup")).toMatchObject({ code: 1, err: expect.stringContaining("one file") });
    expect(await typed(session, `backup ${join(folder, "no/where.db")}`)).toMatchObject({
      err: `error: the directory ${join(folder, "no")} does not exist\n`,
    });
  });
});

describe("rollout stats", () => {
  it("counts what the ledger holds", async () => {
    const { seq, hash } = session.store.head();
    const { out } = await typed(session, "stats");
    expect(out).toContain(`${seq}:${hash}`);
    expect(out).toMatch(/^TYPE +EVENTS +DATA BYTES\/EVENT$/m);
    expect(out).toMatch(/^PodCreated +2 +\d+\.\d$/m);
    expect(out).toMatch(/^events +\d+ +\d+\.\d KiB +\d+\.\d$/m);
    expect(out).toMatch(/^controller:deployment +\d+$/m);
  });

  it("gives the same figures as JSON", async () => {
    const stats = JSON.parse((await typed(session, "stats -o json")).out);
    const events = [...session.log()];
    expect(stats.events).toBe(events.length);
    expect(stats.types).toContainEqual({ type: "PodCreated", events: 2, dataBytes: expect.any(Number) });
    const sum = stats.types.reduce((total: number, each: { readonly events: number }) => total + each.events, 0);
    expect(sum).toBe(events.length);
    expect(stats.commits).toBe(new Set(events.map(({ commit }) => commit.id)).size);
    expect(stats.span).toEqual({ fromMs: events.at(0)?.at, toMs: events.at(-1)?.at });
    expect(stats.tables.map(({ table }: { readonly table: string }) => table)).toContain("blobs");
  });

  it("writes sizes in the unit that suits them", () => {
    expect([512, 4096, 196_397_261, 5 * 1024 ** 3].map(sizeText)).toEqual(["512 B", "4.0 KiB", "187.3 MiB", "5.0 GiB"]);
  });
});

describe("rollout redact", () => {
  const manifest = "{ apiVersion: v1, kind: Secret, metadata: { name: login }, stringData: { password: hunter2 } }";

  it("asks for a yes, says what it would delete, and then what it has deleted", async () => {
    const ledger = started();
    await typed(ledger, "create -f s.yaml", { files: { "s.yaml": manifest } });
    expect(await typed(ledger, "redact secret/login")).toEqual({
      code: 1,
      out: "",
      err: "error: what is redacted cannot be brought back: add --yes, or see with --dry-run what it would be\n",
    });
    const planned = await typed(ledger, "redact secret/login --dry-run");
    expect(planned.out).toMatch(/^would delete 1 body for good:\n {2}[0-9a-f]{64} \d+ bytes\n$/);
    const done = await typed(ledger, "redact secret/login --reason leaked --yes");
    expect(done).toEqual({ code: 0, out: planned.out.replace("would delete", "deleted"), err: "" });
    expect((await typed(ledger, "verify")).out).toContain("; 1 body redacted\n");
    expect((await typed(ledger, "redact --secrets --yes")).out).toBe(
      "nothing to redact: the ledger holds no such body any more\n",
    );
    const [last] = ledger.log(ledger.store.head().seq);
    expect(last?.commit.intent).toMatchObject({ verb: "redact" });
  });

  it("warns of what commands said that are part of the log", async () => {
    const ledger = started();
    await typed(ledger, "create configmap settings --from-literal=token=abc");
    const { code, err } = await typed(ledger, "redact configmap/settings --yes");
    expect([code, err]).toEqual([
      0,
      "Warning: 1 command with --from-literal made them, and the log keeps commands as typed; " +
        "export --redact=commands writes a ledger without\n",
    ]);
  });

  it.each([
    ["redact", "say what: secret/NAME, configmap/NAME, a digest or --secrets"],
    ["redact login --yes", 'say secret/NAME, configmap/NAME or a digest, not "login"'],
    ["redact thing/login --yes", 'the server doesn\'t have a resource type "thing"'],
    ["redact secret/nobody --yes", "there never was a Secret nobody"],
  ])("refuses %j", async (line, message) => {
    expect(await typed(started(), line)).toMatchObject({ code: 1, err: expect.stringContaining(`error: ${message}`) });
  });
});
