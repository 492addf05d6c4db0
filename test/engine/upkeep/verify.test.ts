import { readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Upkeep } from "../../../src/engine/upkeep/upkeep.ts";
import { started, typed } from "../../support/terminal.ts";
import { reopened } from "../ledgers.ts";
import { copied, newPaths, proven, storyFile, tamper, verified } from "./story.ts";

const newPath = newPaths();

let path = "";
beforeAll(async () => {
  path = await storyFile(newPath());
});

/** The first event that a change of one row of a table concerns. */
const concerned: Readonly<Record<string, string>> = {
  events: "SELECT ?",
  commits: "SELECT ?",
  streams: "SELECT min(seq) FROM events WHERE stream_id = ?",
  types: "SELECT min(seq) FROM events WHERE type_id = ?",
  actors: "SELECT min(first_seq) FROM commits WHERE actor_id = ?",
};

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly id: number;
}

/** Every value of every row that the chain covers. */
const cellsOf = (db: Database.Database): readonly Cell[] =>
  Object.keys(concerned).flatMap((table) => {
    const columns = db
      .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'commits'`)
      .pluck()
      .all();
    const ids = db.prepare<[], number>(`SELECT rowid FROM ${table}`).pluck().all();
    return columns.flatMap((column) => ids.map((id) => ({ table, column, id })));
  });

/** The value with one bit of one of its bytes turned over. */
const flipped = (value: unknown, position: number, bit: number): unknown => {
  if (value === null) return bit;
  if (typeof value === "number") return value ^ (1 << bit);
  const bytes = Buffer.from(value as string | Buffer);
  const at = position % Math.max(bytes.length, 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return typeof value === "string" ? bytes.toString("latin1") : bytes;
};

/** All that the log, the bodies and the read models say. */
const contentOf = (file: string): unknown => {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('snapshots', 'checkpoints') ORDER BY name",
      )
      .pluck()
      .all();
    return tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  } finally {
    db.close();
  }
};

describe("verification of a ledger", () => {
  it("finds a ledger sound that was only written by the product, and says where its head is", async () => {
    const found = await verified(path);
    const session = reopened(path);
    const head = session.store.head();
    session.close();
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({ events: head.seq, redacted: 0, head: { seq: head.seq, hash: head.hash } });
    expect(found.readModels).toContainEqual({ model: "objects", rows: expect.any(Number) });
    expect(found.bodies).toBeGreaterThan(4);
  });

  it("finds a turned bit in any value of the log, at the first event that it concerns", async () => {
    const copy = copied(path, newPath());
    let cells: readonly Cell[] = [];
    tamper(copy, (db) => {
      cells = cellsOf(db);
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 6 }), async (nth, position, bit) => {
        const { table, column, id } = cells[nth % cells.length] ?? { table: "", column: "", id: 0 };
        let first: number | undefined;
        let original: unknown;
        tamper(copy, (db) => {
          first = db
            .prepare<[number], number>(concerned[table] ?? "")
            .pluck()
            .get(id);
          original = db.prepare<[number]>(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck().get(id);
          const key = column === "id" || column === "seq" || column === "first_seq" ? `rowid` : column;
          // A value that another row has already is refused by SQLite itself.
          db.prepare(`UPDATE OR IGNORE ${table} SET ${key} = ? WHERE rowid = ?`).run(
            flipped(original, position, bit),
            id,
          );
          if (db.prepare("SELECT changes()").pluck().get() === 0) first = undefined;
        });
        const { faults, events } = await verified(copy);
        if (first !== undefined) {
          expect(faults[0], `${table}.${column} of ${id}`).toMatchObject({ seq: first });
          expect(events).toBe(first - 1);
        }
        writeFileSync(copy, readFileSync(path));
      }),
      { numRuns: 20 },
    );
  });

  it("finds a body that was changed, and one that is gone", async () => {
    const changed = copied(path, newPath());
    let digest = "";
    tamper(changed, (db) => {
      digest = db.prepare<[], string>("SELECT digest FROM blobs WHERE body LIKE '%debug%'").pluck().get() ?? "";
      db.prepare("UPDATE blobs SET body = replace(body, 'debug', 'error') WHERE digest = ?").run(digest);
    });
    expect((await verified(changed)).faults).toEqual([{ _tag: "BlobMismatch", digest }]);

    const lost = copied(path, newPath());
    tamper(lost, (db) => db.prepare("DELETE FROM blobs WHERE digest = ?").run(digest));
    const { faults } = await verified(lost);
    expect(faults).toEqual([{ _tag: "MissingBody", digest, seq: expect.any(Number) }]);
  });

  it("finds any byte of the file that was changed, unless it changes nothing that can be read", async () => {
    const bytes = readFileSync(path);
    const copy = copied(path, newPath());
    const whole = contentOf(path);
    let foundCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 101 }), fc.integer({ min: 0, max: 7 }), async (offset, bit) => {
        const changed = Buffer.from(bytes);
        // Behind the file's header: a file whose header is another's is refused before anything is read.
        const at = 100 + offset;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        writeFileSync(copy, changed);
        const found = await Upkeep.ofFile(copy).verify();
        const isFound = found._tag === "Left" || (found.right?.faults.length ?? 0) > 0;
        if (isFound) foundCount += 1;
        else expect(contentOf(copy), `byte ${at}`).toEqual(whole);
      }),
      { numRuns: 30 },
    );
    expect(foundCount).toBeGreaterThan(2);
  });

  it("names the row of a read model that is not what the log tells", async () => {
    const change = async (sql: string) => {
      const copy = copied(path, newPath());
      tamper(copy, (db) => db.exec(sql));
      return (await verified(copy)).faults;
    };
    const row = "Deployment/default/web";
    const different = { _tag: "ReadModel", model: "objects", row, is: "different" };
    expect(await change(`UPDATE objects SET children = children + 1 WHERE stream = '${row}'`)).toEqual([
      { ...different, columns: ["children"] },
    ]);
    expect(await change(`DELETE FROM objects WHERE stream = '${row}'`)).toEqual([
      { _tag: "ReadModel", model: "objects", row, is: "missing" },
    ]);
    expect(await change("UPDATE objects SET stream = 'Deployment/default/other' WHERE name = 'web'")).toEqual([
      { _tag: "ReadModel", model: "objects", row: "Deployment/default/other", is: "surplus" },
    ]);
  });

  it("holds a kept hash against the head, or against the place where it was", async () => {
    const { head } = await verified(path);
    const session = reopened(path);
    const [row] = session.store.rows(5, 5);
    session.close();
    const early = row?.hash ?? "";
    expect((await verified(path, head.hash)).faults).toEqual([]);
    expect((await verified(path, early, 5)).faults).toEqual([]);
    expect((await verified(path, early)).faults).toEqual([{ _tag: "OtherHead", claim: { hash: early }, foundAt: 5 }]);
    const other = "f".repeat(64);
    expect((await verified(path, other, 5)).faults).toMatchObject([{ _tag: "OtherHead", foundAt: undefined }]);
    expect((await verified(path, head.hash, 5)).faults).toMatchObject([{ _tag: "OtherHead", foundAt: head.seq }]);
  });

  it("sees one state while another process writes, and writes nothing itself", async () => {
    const copy = copied(path, newPath());
    const before = readFileSync(copy);
    expect((await verified(copy)).faults).toEqual([]);
    expect(readFileSync(copy).equals(before)).toBe(true);

    const session = reopened(copy);
    const { seq } = session.store.head();
    let isWritten = false;
    const found = await Upkeep.ofFile(copy).verify({
      onProgress: () => {
        if (isWritten) return;
        isWritten = true;
        void typed(session, "scale deploy/web --replicas=5");
      },
    });
    expect(found).toMatchObject({ right: { events: seq, faults: [] } });
    expect(session.store.head().seq).toBeGreaterThan(seq);
    session.close();
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const found = await Upkeep.ofFile(path).verify({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(found).toEqual({ _tag: "Right", right: undefined });
  });

  it("proves a ledger in memory, too, which can be worked with afterwards", async () => {
    const session = started();
    await typed(session, "create deployment web --image=web:1");
    expect(await session.upkeep.verify()).toMatchObject({ right: { faults: [] } });
    expect(await typed(session, "scale deploy/web --replicas=2")).toMatchObject({ code: 0 });
  });
});

describe("what the rows of the log are kept and read by", () => {
  const said = async (sql: string): Promise<readonly unknown[]> => {
    const copy = copied(path, newPath());
    const db = new Database(copy);
    db.exec(sql);
    db.close();
    return (await verified(copy)).faults;
  };

  it.each([
    [
      "DROP VIEW v_rollouts; CREATE VIEW v_rollouts AS SELECT 'web' AS deployment, 'complete' AS outcome",
      "the view v_rollouts is not as it was made",
    ],
    ["DROP TRIGGER events_are_not_updated", "the trigger events_are_not_updated is missing"],
    ["CREATE TRIGGER quiet AFTER INSERT ON events BEGIN DELETE FROM snapshots; END", "the trigger quiet was added"],
  ])("%s is found", async (sql, message) => {
    expect(await said(sql)).toEqual([{ _tag: "Storage", message }]);
  });

  it("may stand beside views and tables of others", async () => {
    expect(await said("CREATE VIEW mine AS SELECT 1; CREATE TABLE notes (text TEXT)")).toEqual([]);
  });

  it("counts the commits of each actor as the log does, or else the next one would not belong", async () => {
    const faults = await said(
      "DROP TRIGGER actors_are_not_renamed; UPDATE actors SET commits = 0 WHERE name = 'controller:deployment'",
    );
    expect(faults).toEqual([
      { _tag: "Storage", message: expect.stringMatching(/^the ledger counts 0 commits of controller:deployment, and/) },
      { _tag: "Storage", message: "the trigger actors_are_not_renamed is missing" },
    ]);
  });
});

describe("the snapshots that the past is told from", () => {
  /** A ledger with snapshots of every fold. */
  const long = async (): Promise<string> => {
    const file = newPath();
    const session = started(file, { synchronous: "normal" });
    await typed(session, "create deployment web --image=web:1 --replicas=6");
    for (let tag = 2; tag < 14; tag += 1) {
      await typed(session, `set image deploy/web web=web:${tag}`);
      await typed(session, "advance 1m");
    }
    session.close();
    return file;
  };

  const snapshotsIn = (file: string): readonly { readonly name: string; readonly seq: number }[] => {
    const db = new Database(file, { readonly: true });
    const rows = db
      .prepare<[], { name: string; seq: number }>("SELECT name, seq FROM snapshots ORDER BY seq, name")
      .all();
    db.close();
    return rows;
  };

  it("are compared with the log, whoever wrote the ledger and however often it was opened", async () => {
    const file = await long();
    for (let i = 0; i < 3; i += 1) {
      const session = reopened(file, { synchronous: "normal" });
      await typed(session, "rollout restart deploy/web");
      await typed(session, "scale deploy/web --replicas=9");
      await typed(session, "advance 5m");
      await typed(session, "scale deploy/web --replicas=6");
      await typed(session, "advance 5m");
      session.close();
    }
    const kept = snapshotsIn(file);
    expect(new Set(kept.map(({ name }) => name))).toEqual(new Set(["world", "kube-events", "rollouts"]));
    expect(await proven(file, { snapshots: true })).toMatchObject({
      faults: [],
      snapshots: { count: kept.length, areProven: true },
    });
  });

  it("are not compared unless that is asked for, which is said", async () => {
    const file = await long();
    tamper(file, (db) => db.exec("UPDATE snapshots SET state = '[]' WHERE name = 'world'"));
    const { faults, snapshots } = await verified(file);
    expect([faults, snapshots]).toEqual([[], { count: snapshotsIn(file).length, areProven: false }]);
    const session = reopened(file);
    expect((await typed(session, "verify")).out).toMatch(/^ {2}\d+ snapshots for reading the past, not compared: /m);
    expect(await typed(session, "verify --snapshots")).toMatchObject({ code: 1 });
    session.close();
  });

  it("are findings where they tell something else, have another form, or stand where no event is", async () => {
    const file = await long();
    const [first] = snapshotsIn(file).filter(({ name }) => name === "world");
    const forge = (state: string) =>
      tamper(file, (db) =>
        db.prepare("UPDATE snapshots SET state = ? WHERE name = 'world' AND seq = ?").run(state, first?.seq),
      );
    const fault = { _tag: "Snapshot", name: "world", seq: first?.seq };
    const session = reopened(file);
    const { out } = await typed(session, `get deploy,pods --as-of seq:${first?.seq ?? 0}`);
    session.close();
    for (const state of ['{"Pod":"["}', '{"Pod":"[{}]"}', "[]", "7"]) {
      forge(state);
      expect((await proven(file, { snapshots: true })).faults).toEqual([fault]);
    }
    // What has no form to go on from is as good as none.
    const other = reopened(file);
    expect((await typed(other, `get deploy,pods --as-of seq:${first?.seq ?? 0}`)).out).toBe(out);
    other.close();
    tamper(file, (db) => db.exec("UPDATE snapshots SET seq = 999999 WHERE name = 'rollouts'"));
    expect((await proven(file, { snapshots: true })).faults).toContainEqual({
      _tag: "Snapshot",
      name: "rollouts",
      seq: 999999,
    });
    expect(await typed(reopened(file), "rebuild")).toMatchObject({ code: 0 });
    expect((await proven(file, { snapshots: true })).faults).toEqual([]);
  });
});
