import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { beforeAll, describe, expect, it } from "vitest";
import { archiveSteps } from "../../../src/engine/upkeep/archive.ts";
import { Upkeep } from "../../../src/engine/upkeep/upkeep.ts";
import { openSqliteStore, type SqliteEventStore } from "../../../src/event-store/sqlite/store.ts";
import { archived, commitEnds, copyOf, reopened } from "../../support/archives.ts";
import { scratchFolder } from "../../support/folder.ts";
import { typed } from "../../support/terminal.ts";
import { newPaths, storyFile, tamper, verified } from "./story.ts";

const newPath = newPaths();

let story: string;
let ends: readonly number[];
let rows: readonly unknown[];
beforeAll(async () => {
  story = await storyFile(newPath());
  const session = reopened(story);
  ends = commitEnds(session);
  rows = [...session.store.rows()];
  session.close();
});

const ledger = (): string => copyOf(story, newPath());
const middle = (): number => ends[Math.floor(ends.length / 2)] ?? 0;

const openStore = (path: string, readOnly = false): SqliteEventStore => {
  const opened = openSqliteStore(path, { readOnly });
  if (E.isLeft(opened)) throw opened.left;
  return opened.right;
};

const messageOf = async (path: string, upTo: number, file?: string): Promise<string> => {
  const report = await Upkeep.ofFile(path).archive({ upTo, ...(file === undefined ? {} : { file }) });
  return E.isLeft(report) ? report.left.message : "";
};

describe("archiving", () => {
  it("leaves two files that are proven, the same rows, and a smaller ledger", async () => {
    const path = ledger();
    const report = await archived(path, middle());
    expect(report).toMatchObject({ file: `${path}.archive-${middle()}.db`, events: middle() });
    expect(await verified(report.file)).toMatchObject({
      faults: [],
      events: middle(),
      head: { seq: middle(), hash: report.seam.hash },
    });
    const { seq, file } = { ...report.seam, file: report.file };
    expect(await verified(path)).toMatchObject({ faults: [], seam: { seq, file, isProven: true }, head: report.head });
    const store = openStore(path, true);
    expect([...store.rows()]).toEqual(rows);
    store.close();
    const db = new Database(path, { readonly: true });
    const left = db.prepare("SELECT count(*) FROM events WHERE seq <= ?").pluck().get(middle());
    db.close();
    // What people set, and how the ledger began.
    expect(left).toBe(1);
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("can be done again and again, and history reads through all archives", async () => {
    const path = ledger();
    for (const upTo of [middle(), ends.at(-4) ?? 0, ends.at(-1) ?? 0]) await archived(path, upTo);
    expect((await verified(path)).faults).toEqual([]);
    const store = openStore(path);
    expect(store.head().seq).toBe(ends.at(-1));
    expect([...store.rows()]).toEqual(rows);
    store.close();
    const session = reopened(path);
    expect(await typed(session, "scale deploy/web --replicas=1")).toMatchObject({ code: 0, err: "" });
    await session.advance(10_000);
    session.close();
    expect((await verified(path)).faults).toEqual([]);
  });

  it("can be done without the archives before", async () => {
    const path = ledger();
    const { file } = await archived(path, middle());
    renameSync(file, `${file}.away`);
    const second = await archived(path, ends.at(-4) ?? 0);
    expect((await verified(path)).faults).toEqual([]);
    expect((await verified(second.file)).faults).toEqual([]);
    renameSync(`${file}.away`, file);
    expect((await verified(path)).faults).toEqual([]);
    expect((await verified(second.file)).faults).toEqual([]);
    const store = openStore(path, true);
    expect([...store.rows()]).toEqual(rows);
    store.close();
  });

  it("into another folder is found there", async () => {
    const path = ledger();
    const folder = scratchFolder();
    const first = await archived(path, middle(), join(folder, "first.db"));
    expect(first.file).toBe(join(folder, "first.db"));
    mkdirSync(join(folder, "more"));
    await archived(path, ends.at(-4) ?? 0, join(folder, "more", "second.db"));
    expect((await verified(path)).faults).toEqual([]);
    expect((await verified(join(folder, "more", "second.db"))).faults).toEqual([]);
  });

  it("keeps commits with an idempotency key, so that none is recorded twice", async () => {
    const path = ledger();
    const commit = {
      at: Date.UTC(2027, 0, 1),
      actor: "user:test",
      cause: null,
      view: null,
      intent: null,
      key: "once",
      writes: [{ stream: "notes", expectedVersion: "any", events: [{ type: "Noted", schema: 1, data: { n: 1 } }] }],
    } as const;
    const before = openStore(path);
    const [first] = E.getOrElse((): readonly { lastSeq: number }[] => [])(before.append([commit]));
    before.append([{ ...commit, key: "twice" }]);
    before.close();
    await archived(path, first?.lastSeq ?? 0);
    const after = openStore(path);
    expect(after.append([commit])).toMatchObject({ right: [{ lastSeq: first?.lastSeq, repeated: true }] });
    expect(after.append([{ ...commit, at: commit.at + 1, actor: "user:other" }])).toMatchObject({
      left: { _tag: "KeyReused" },
    });
    expect(Array.from(after.read("notes"), ({ version }) => version)).toEqual([1, 2]);
    after.close();
  });

  it("takes the redaction of a body along with the events that name it, or nothing", async () => {
    const path = ledger();
    const session = reopened(path);
    expect((await typed(session, "redact --secrets --yes")).code).toBe(0);
    const redaction = session.store.head().seq;
    session.close();
    expect(await messageOf(path, redaction - 1)).toContain(`redacted by event ${redaction}`);
    expect((await verified(path)).faults).toEqual([]);
    const { file } = await archived(path, redaction);
    expect([(await verified(path)).faults, (await verified(file)).faults]).toEqual([[], []]);
  });

  it("refuses what it cannot do, and changes nothing", async () => {
    const path = ledger();
    const bytes = readFileSync(path);
    expect(await messageOf(path, 0)).toBe("there is nothing before that point");
    expect(await messageOf(path, middle(), join(dirname(path), "none", "x.db"))).toMatch(
      /^the directory .* does not exist$/,
    );
    const taken = newPath();
    writeFileSync(taken, readFileSync(story));
    expect(await messageOf(path, middle(), taken)).toBe(
      `${taken} exists already, and is not the archive of this ledger up to seq ${middle()}`,
    );
    expect(readFileSync(path)).toEqual(bytes);
    const busy = reopened(path);
    expect(await messageOf(path, middle())).toBe(`${path} is open in another process: it must be closed first`);
    busy.close();
    const { file } = await archived(path, middle());
    expect(await messageOf(path, ends[1] ?? 0)).toBe(`what lies before that point is archived already, in ${file}`);
    expect(await messageOf(file, ends[1] ?? 0)).toBe(`${file} is an archive itself: it does not change`);
  });

  it("does not let go of a past that is damaged", async () => {
    const path = ledger();
    tamper(path, (db) => db.exec("UPDATE events SET data = '{}' WHERE seq = 7"));
    expect(await messageOf(path, middle())).toMatch(/damaged/);
    expect(
      readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)) && name.includes("archive")),
    ).toEqual([]);
  });
});

describe("an archive", () => {
  it("can be read, and nothing is written to it", async () => {
    const path = ledger();
    const { file, seam } = await archived(path, middle());
    const session = reopened(file);
    expect(session.now()).toBe(seam.atMs);
    expect(await typed(session, "scale deploy/web --replicas=9")).toEqual({
      code: 1,
      out: "",
      err: `error: ${basename(file)} is an archive, closed after seq ${seam.seq}: it can be read, and the log goes on in ${basename(path)}\n`,
    });
    expect(await typed(session, "advance 5s")).toMatchObject({
      code: 1,
      err: expect.stringContaining("is an archive"),
    });
    const then = reopened(path);
    const asOf = await typed(then, `get deploy,rs,pods -o wide --as-of seq:${seam.seq}`);
    expect(await typed(session, "get deploy,rs,pods -o wide")).toEqual(asOf);
    session.close();
    then.close();
    const db = new Database(file);
    expect(() =>
      db.exec(
        "INSERT INTO commits SELECT first_seq + 1000, size, actor_id, nth + 1000, NULL, at, recorded_at, cause, view, intent FROM commits LIMIT 1",
      ),
    ).toThrow("this ledger is an archive");
    db.close();
    expect((await verified(file)).faults).toEqual([]);
  });

  it("is refused where it is not that of the ledger", async () => {
    const path = ledger();
    const { file } = await archived(path, middle());
    renameSync(file, `${file}.away`);
    copyOf(story, file);
    const found = await Upkeep.ofFile(path).verify();
    expect(E.isLeft(found) && found.left.message).toMatch(/but that file is another: it ends with seq \d+/);
  });
});

describe("the ledger that goes on", () => {
  const tampered = async (change: string): Promise<readonly unknown[]> => {
    const path = ledger();
    const { file } = await archived(path, middle());
    tamper(path, (db) => db.exec(change));
    const whole = (await verified(path)).faults;
    renameSync(file, `${file}.away`);
    const alone = (await verified(path)).faults;
    expect(alone).not.toEqual([]);
    return whole;
  };

  it.each([
    "UPDATE bases SET version = version + 1 WHERE name = 'world'",
    "UPDATE stream_bases SET creations = creations + 1 WHERE stream_id = 1",
    "UPDATE actor_bases SET commits = commits + 1 WHERE actor_id = 1",
    "UPDATE events SET data = replace(data, 'manual', 'wall') WHERE seq = 1",
    "DELETE FROM events WHERE seq = 1",
    "UPDATE seams SET commits = commits + 1",
  ])("is found out when what it knows of its past is changed: %s", async (change) => {
    expect(await tampered(change)).not.toEqual([]);
  });

  it.each(["events", "commits", "bases", "stream_bases", "actor_bases", "seams"])(
    "lets nobody delete %s",
    async (table) => {
      const path = ledger();
      await archived(path, middle());
      const db = new Database(path);
      expect(() => db.exec(`DELETE FROM ${table} WHERE rowid > 0 ${table === "events" ? "AND seq > 1" : ""}`)).toThrow(
        "append-only",
      );
      db.close();
    },
  );

  it("holds a kept hash of before against the archive, or says where that is", async () => {
    const path = ledger();
    const old = openStore(path, true);
    const [third] = old.rows(3, 3);
    old.close();
    const { file, seam } = await archived(path, middle());
    expect((await verified(path, third?.hash, 3)).faults).toEqual([]);
    renameSync(file, `${file}.away`);
    expect((await verified(path, seam.hash, seam.seq)).faults).toEqual([]);
    const refused = await Upkeep.ofFile(path).verify({ head: { hash: third?.hash ?? "", seq: 3 } });
    expect(E.isLeft(refused) && refused.left.message).toMatch(/^history up to .* which is not here/);
  });
});

describe("an archiving that ends early", () => {
  it("leaves the old ledger wherever it is stopped", async () => {
    const path = ledger();
    const bytes = readFileSync(path);
    for (let after = 0; ; after += 3) {
      const steps = archiveSteps(path, { upTo: middle() });
      let step = steps.next();
      for (let taken = 0; taken < after && !step.done; taken += 1) step = steps.next();
      if (step.done) break;
      steps.return(undefined);
      expect(readFileSync(path)).toEqual(bytes);
      expect((await verified(path)).seam).toBeUndefined();
    }
    expect((await verified(path)).faults).toEqual([]);
  });

  it("is gone on with when its archive was complete already", async () => {
    const path = ledger();
    const other = copyOf(path, newPath());
    const { file } = await archived(path, middle());
    renameSync(file, `${other}.archive-${middle()}.db`);
    expect(await archived(other, middle())).toMatchObject({ events: middle() });
    expect((await verified(other)).faults).toEqual([]);
  });

  it("leaves the old ledger or the new one when it is killed, and can be begun again", async () => {
    const main = fileURLToPath(new URL("../../../dist/cli/bundle/main.js", import.meta.url));
    const kills = Array.from({ length: 6 }, async (_, i) => {
      const path = ledger();
      const child = spawn(process.execPath, [main, "--ledger", path, "archive", "--before", `seq:${middle() + 1}`]);
      const ended = new Promise((done) => child.on("close", done));
      const isUnderWay = (): boolean =>
        i % 2 === 0
          ? readdirSync(dirname(path)).some((name) => name.startsWith(`${basename(path)}.archive`))
          : existsSync(`${path}.archive-${middle()}.db`);
      while (child.exitCode === null && !isUnderWay()) await sleep(1);
      await sleep(i * 3);
      child.kill("SIGKILL");
      await ended;
      const found = await verified(path);
      expect(found).toMatchObject({ faults: [], events: rows.length });
      if (!found.seam) await archived(path, middle());
      const store = openStore(path, true);
      expect(store.seam?.seq).toBe(middle());
      expect([...store.rows()]).toEqual(rows);
      store.close();
    });
    await Promise.all(kills);
  }, 20_000);
});
