import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainHash, digestOf, frameCommit, genesisHash } from "../../../src/event-store/hash-chain.ts";
import { readerSql } from "../../../src/event-store/sqlite/log-reader.ts";
import { createSchema } from "../../../src/event-store/sqlite/migrations.ts";
import { namesSql } from "../../../src/event-store/sqlite/names.ts";
import { SqliteEventStore } from "../../../src/event-store/sqlite/store.ts";
import { verifyChain } from "../../../src/event-store/verify.ts";
import { commitWith, right, unsteadyClock } from "../contract.ts";

/** A store and the database below it, which tests tamper with. */
const openBoth = (): { db: Database.Database; store: SqliteEventStore } => {
  const db = new Database(":memory:");
  db.pragma("recursive_triggers = ON");
  createSchema(db);
  return { db, store: new SqliteEventStore(db, unsteadyClock()) };
};

/** Twelve events in six commits of two actors over three streams; every column is used. */
const fill = (store: SqliteEventStore): void => {
  for (let i = 0; i < 6; i += 1) {
    const body = `{"body":${i}}`;
    const events = [{ type: "Changed", schema: 1, data: { text: `value ${i}`, n: i }, sourceAt: i }];
    right(
      store.append([
        commitWith(
          {
            at: i * 10,
            actor: i % 2 === 0 ? "user:alice" : "user:bob",
            cause: i === 0 ? null : 2 * i,
            view: i % 3 === 0 ? { pods: i } : i,
            intent: { verb: "apply" },
            key: `key-${i}`,
            blobs: [{ digest: digestOf(body), body }],
          },
          { stream: `stream-${i % 3}`, expectedVersion: "any", events },
          { stream: "shared", expectedVersion: i, events },
        ),
      ]),
    );
  }
};

/** Answers with what puts them back: that they are gone is a finding, too. */
const dropTriggers = (db: Database.Database): (() => void) => {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  return () => {
    for (const { sql } of triggers) db.exec(sql);
  };
};

/** What somebody does who knows how the chain is made. */
const rewriteChain = (db: Database.Database, store: SqliteEventStore): void => {
  const update = db.prepare("UPDATE events SET hash = unhex(?) WHERE seq = ?");
  let hash = genesisHash;
  for (const row of store.rows()) {
    hash = chainHash(hash, row, frameCommit(row.commit));
    update.run(hash, row.seq);
  }
};

describe("the tables of the log", () => {
  const tables = ["events", "commits", "streams", "types", "actors", "blobs"];

  it.each(tables)("refuse every change of %s", (table) => {
    const { db, store } = openBoth();
    fill(store);
    const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
    const before = db.prepare(`SELECT * FROM ${table}`).all();
    const changes = [
      `DELETE FROM ${table}`,
      `INSERT OR REPLACE INTO ${table} SELECT ${columns.join()} FROM ${table}`,
      ...columns.map((column) => `UPDATE ${table} SET ${column} = ${column}`),
    ];
    for (const change of changes) expect(() => db.exec(change), change).toThrow("append-only");
    expect(db.prepare(`SELECT * FROM ${table}`).all()).toEqual(before);
  });

  it("take at most 200 bytes for an event of a rollout's size", () => {
    const { db, store } = openBoth();
    const data = { podIP: "10.244.1.17", initialized: true };
    const commits = Array.from({ length: 20_000 }, (_, i) =>
      commitWith(
        { at: 1_767_225_600_000 + i, actor: `kubelet:node-${i % 3}`, cause: i === 0 ? null : i, view: i },
        {
          stream: `Pod/default/web-5db6c7d8f9-${i % 2500}`,
          expectedVersion: "any",
          events: [{ type: "PodStarted", schema: 1, data }],
        },
      ),
    );
    right(store.append(commits));
    const bytes = db
      .prepare<[], number>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
      .pluck()
      .get();
    expect((bytes ?? 0) / 20_000).toBeLessThan(200);
    expect(db.prepare("SELECT DISTINCT typeof(view) FROM commits").pluck().all()).toEqual(["integer"]);
  });
});

describe("verification", () => {
  it("finds nothing wrong with a log that was only appended to", () => {
    const { store } = openBoth();
    fill(store);
    expect(verifyChain(store)).toEqual({ events: 12, commits: 6, blobs: 6, hash: store.head().hash, faults: [] });
  });

  it("finds every change of every column, at the first event that it concerns", () => {
    const concerned: { readonly [table: string]: string } = {
      events: "SELECT ?",
      commits: "SELECT ?",
      streams: "SELECT min(seq) FROM events WHERE stream_id = ?",
      types: "SELECT min(seq) FROM events WHERE type_id = ?",
      actors: "SELECT min(first_seq) FROM commits WHERE actor_id = ?",
    };
    const { db, store } = openBoth();
    fill(store);
    const restore = dropTriggers(db);
    const cells = Object.keys(concerned).flatMap((table) => {
      const columns = db
        .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'commits'`)
        .pluck()
        .all();
      const ids = db.prepare<[], number>(`SELECT rowid FROM ${table}`).pluck().all();
      return columns.flatMap((column) => ids.map((id) => ({ table, column, id })));
    });
    expect(cells.length).toBeGreaterThan(150);
    for (const { table, column, id } of cells) {
      db.exec("BEGIN");
      const first = db.prepare<[number], number>(`SELECT * FROM (${concerned[table]})`).pluck().get(id);
      db.prepare(
        `UPDATE ${table} SET ${column} = CASE typeof(${column})
           WHEN 'integer' THEN ${column} + 1000 WHEN 'null' THEN 7 WHEN 'blob' THEN zeroblob(32) ELSE ${column} || ' ' END
         WHERE rowid = ?`,
      ).run(id);
      const fault = verifyChain(store).faults[0];
      expect(fault, `${table}.${column} of ${id}`).toMatchObject({ seq: first });
      db.exec("ROLLBACK");
    }
    restore();
    expect(verifyChain(store).faults).toEqual([]);
  });

  it("locates the event when any byte of its data is changed", () => {
    const { db, store } = openBoth();
    fill(store);
    dropTriggers(db);
    const update = db.prepare("UPDATE events SET data = CAST(? AS TEXT) WHERE seq = ?");
    const select = db.prepare<[number], Buffer>("SELECT CAST(data AS BLOB) FROM events WHERE seq = ?").pluck();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        (seq, position, flip) => {
          const original = select.get(seq) ?? Buffer.alloc(0);
          const changed = Buffer.from(original);
          const at = position % changed.length;
          changed[at] = (changed[at] ?? 0) ^ flip;
          update.run(changed, seq);
          const { events, faults } = verifyChain(store);
          expect([events, faults[0]]).toEqual([seq - 1, { _tag: "HashMismatch", seq }]);
          update.run(original, seq);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("finds events, commits and ends that are missing", () => {
    const faultAfter = (tampering: string): unknown => {
      const { db, store } = openBoth();
      fill(store);
      const restore = dropTriggers(db);
      db.exec(tampering);
      restore();
      return verifyChain(store).faults;
    };
    expect(faultAfter("DELETE FROM events WHERE seq = 5")).toEqual([{ _tag: "MissingEvent", seq: 5, found: 6 }]);
    expect(faultAfter("DELETE FROM events WHERE seq = 12")).toEqual([
      { _tag: "MissingEvent", seq: 12, found: undefined },
    ]);
    expect(faultAfter("DELETE FROM commits WHERE first_seq = 3")).toEqual([{ _tag: "MissingEvent", seq: 3, found: 5 }]);
  });

  it("does not believe a chain that was rewritten over an impossible log", () => {
    const faultAfter = (tampering: string): unknown => {
      const { db, store } = openBoth();
      fill(store);
      const restore = dropTriggers(db);
      db.exec(tampering);
      rewriteChain(db, store);
      restore();
      return verifyChain(store).faults;
    };
    expect(faultAfter("UPDATE events SET data = '{}' WHERE seq = 5")).toEqual([]);
    expect(faultAfter("UPDATE events SET version = version + 100 WHERE seq >= 5 AND stream_id = 2")).toEqual([
      { _tag: "VersionGap", seq: 6, stream: "shared", expected: 3, actual: 103 },
    ]);
    const broken = (seq: number, firstSeq: number) => [{ _tag: "BrokenCommit", seq, firstSeq }];
    expect(faultAfter("UPDATE commits SET nth = nth + 1 WHERE first_seq = 3")).toEqual(broken(3, 3));
    expect(faultAfter("UPDATE commits SET size = 4 WHERE first_seq = 3")).toEqual(broken(5, 5));
    expect(faultAfter("UPDATE commits SET size = 1 WHERE first_seq = 3")).toEqual(broken(4, 3));
    expect(faultAfter("UPDATE commits SET size = 3 WHERE first_seq = 11")).toEqual([
      { _tag: "MissingEvent", seq: 13, found: undefined },
    ]);
  });

  it("finds bodies that are not what their digest says", () => {
    const { db, store } = openBoth();
    fill(store);
    const restore = dropTriggers(db);
    const digest = digestOf('{"body":3}');
    db.prepare("UPDATE blobs SET body = '{}' WHERE digest = ?").run(digest);
    restore();
    expect(verifyChain(store)).toMatchObject({ events: 12, blobs: 6, faults: [{ _tag: "BlobMismatch", digest }] });
  });

  it.each(["{", "", "{},{}", "1],[2", "1]]"])("reports data that is not JSON as damage: %j", (data) => {
    const { db, store } = openBoth();
    fill(store);
    dropTriggers(db);
    db.prepare("UPDATE events SET data = ? WHERE seq = 4").run(data);
    expect(() => [...store.readAll()]).toThrow(
      expect.objectContaining({
        kind: "Corrupt",
        message: "the ledger is damaged: event 4 holds text that is not JSON",
      }),
    );
  });

  it("sees through a snapshot that cannot be read", () => {
    const { db, store } = openBoth();
    store.snapshots.save("world", 1, 1, { good: true });
    store.snapshots.save("world", 1, 2, { good: false });
    db.exec("UPDATE snapshots SET state = x'00' WHERE seq = 2");
    expect(store.snapshots.latest("world", 1)).toEqual({ seq: 1, state: { good: true } });
    db.exec("UPDATE snapshots SET state = '{' WHERE seq = 1");
    expect(store.snapshots.latest("world", 1)).toBeUndefined();
  });

  it("compresses a large snapshot", () => {
    const { db, store } = openBoth();
    store.snapshots.save("small", 1, 1, ["pod"]);
    store.snapshots.save(
      "large",
      1,
      1,
      Array.from({ length: 10_000 }, () => "pod"),
    );
    const rows = db
      .prepare("SELECT name, typeof(state) AS type, length(state) < 1000 AS small FROM snapshots ORDER BY name")
      .all();
    expect(rows).toEqual([
      { name: "large", type: "blob", small: 1 },
      { name: "small", type: "text", small: 1 },
    ]);
  });
});

describe("query plans", () => {
  it.each(Object.entries({ ...readerSql, ...namesSql }))("%s goes by an index", (_, sql) => {
    const { db, store } = openBoth();
    fill(store);
    const parameters = sql
      .split("?")
      .slice(1)
      .map(() => 1);
    const plan = db.prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    const details = plan.map((step) => step.detail);
    expect(details.length).toBeGreaterThan(0);
    for (const detail of details)
      expect(detail).not.toMatch(/^SCAN (e|c|s|t|events|commits|streams|types|actors)\b|TEMP B-TREE FOR ORDER/);
  });
});
