import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { applicationId, schemaVersion } from "../../../src/event-store/sqlite/migrations.ts";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { StoreError } from "../../../src/event-store/store-error.ts";
import { verifyChain } from "../../../src/event-store/verify.ts";
import { commitOf, left, right } from "../contract.ts";
import { filesIn, temporaryDirectories } from "./files.ts";

describe("opening a file", () => {
  const directory = temporaryDirectories();

  const ledgerWith = (commits: number): string => {
    const path = join(directory(), "rollout.db");
    const store = right(openSqliteStore(path));
    for (let version = 0; version < commits; version += 1) right(store.append([commitOf("a", version, "Changed")]));
    store.close();
    return path;
  };

  /** The refusal, after checking that the file is as it was and nothing was put beside it. */
  const refusal = (path: string): StoreError => {
    const [before, neighbours] = [readFileSync(path), filesIn(join(path, ".."))];
    for (const readOnly of [true, false]) {
      const error = left(openSqliteStore(path, { readOnly }));
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(filesIn(join(path, ".."))).toEqual(neighbours);
      if (!readOnly) return error;
    }
    throw new Error("unreachable");
  };

  const patched = (offset: number, value: number): string => {
    const path = ledgerWith(1);
    const bytes = readFileSync(path);
    bytes.writeUInt32BE(value, offset);
    writeFileSync(path, bytes);
    return path;
  };

  it("creates a ledger where there is no file, and one in an empty file", () => {
    const path = join(directory(), "rollout.db");
    writeFileSync(path, "");
    for (const version of [0, 1, 2]) {
      const store = right(openSqliteStore(path));
      expect(store.head().seq).toBe(version);
      right(store.append([commitOf("a", version, "Changed")]));
      store.close();
    }
    expect(filesIn(join(path, ".."))).toEqual(["rollout.db"]);
    const header = readFileSync(path);
    expect([header.readUInt32BE(68), header.readUInt32BE(60)]).toEqual([applicationId, schemaVersion]);
  });

  it("writes durably by default: a write-ahead log that is synced at every commit", () => {
    const pragma = (options: { synchronous?: "normal" }): unknown => {
      const store = right(openSqliteStore(join(directory(), "rollout.db"), options));
      const found = ["journal_mode", "synchronous"].map((name) => store.sql.prepare(`PRAGMA ${name}`).get());
      store.close();
      return found;
    };
    expect(pragma({})).toEqual([{ journal_mode: "wal" }, { synchronous: 2 }]);
    expect(pragma({ synchronous: "normal" })).toEqual([{ journal_mode: "wal" }, { synchronous: 1 }]);
  });

  it("refuses a directory", () => {
    const path = directory();
    expect(left(openSqliteStore(path))).toMatchObject({
      kind: "Foreign",
      message: `${path} is a directory, not a ledger`,
    });
    expect(left(openSqliteStore("")).message).toContain("is a directory");
    expect(filesIn(path)).toEqual([]);
  });

  it("refuses a path that leads nowhere", () => {
    const path = directory();
    const missing = left(openSqliteStore(join(path, "none", "rollout.db")));
    expect(missing).toMatchObject({ kind: "Missing", message: `the directory ${join(path, "none")} does not exist` });
    writeFileSync(join(path, "file"), "");
    expect(left(openSqliteStore(join(path, "file", "rollout.db")))).toMatchObject({ kind: "Missing" });
    const unread = left(openSqliteStore(join(path, "rollout.db"), { readOnly: true }));
    expect(unread).toMatchObject({ kind: "Missing", message: `${join(path, "rollout.db")} does not exist` });
    expect(filesIn(path)).toEqual(["file"]);
  });

  it("refuses a text file, and says how it begins", () => {
    const path = join(directory(), "web.yaml");
    writeFileSync(path, "apiVersion: apps/v1\nkind: Deployment\n");
    expect(refusal(path)).toMatchObject({
      kind: "Foreign",
      message: `${path} is not a ledger: it begins with "apiVersion: apps/v1"`,
    });
  });

  it("refuses a binary file, and a special one", () => {
    const path = join(directory(), "image.png");
    writeFileSync(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
    expect(refusal(path)).toMatchObject({
      kind: "Foreign",
      message: `${path} is not a ledger: it is not an SQLite database`,
    });
    expect(left(openSqliteStore("/dev/null"))).toMatchObject({
      kind: "Foreign",
      message: "/dev/null is not a regular file",
    });
  });

  it("refuses another program's database", () => {
    const path = join(directory(), "other.db");
    const db = new Database(path);
    db.exec("CREATE TABLE events (id INTEGER PRIMARY KEY)");
    db.close();
    expect(refusal(path)).toMatchObject({
      kind: "Foreign",
      message: `${path} is an SQLite database, but not a ledger`,
    });
  });

  it("refuses a ledger of a newer or an older version", () => {
    const newer = refusal(patched(60, schemaVersion + 1));
    expect(newer.kind).toBe("Newer");
    expect(newer.message).toContain(
      `its schema is version ${schemaVersion + 1}, this program's is ${schemaVersion}; upgrade`,
    );
    const older = refusal(patched(60, 0));
    expect(older.kind).toBe("Older");
    expect(older.message).toContain("ledgers from before version 0.1.0 are not migrated");
  });

  it("refuses a truncated ledger, wherever it was cut", () => {
    for (const kept of [10, 99, 100, 4095, 4096, 20_000]) {
      const path = ledgerWith(100);
      const size = readFileSync(path).length;
      truncateSync(path, kept);
      const error = refusal(path);
      expect(error.kind).toBe("Corrupt");
      expect(error.message).toBe(
        `${path} is truncated: it should have at least ${kept < 100 ? 100 : size} bytes and has ${kept}`,
      );
    }
  });

  it("refuses a truncated ledger beside an empty write-ahead log, but not one whose log holds the rest", () => {
    const path = join(directory(), "rollout.db");
    const writer = right(openSqliteStore(path));
    right(writer.append([commitOf("a", 0, ...Array.from({ length: 500 }, () => "Changed"))]));
    const [short, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    writer.close();
    const whole = readFileSync(path);
    expect(whole.length).toBeGreaterThan(short.length);

    // A process was killed while it copied pages from its log into the file: the first page is there, the last are not.
    whole.copy(short, 0, 0, 4096);
    writeFileSync(path, short);
    writeFileSync(`${path}-wal`, "");
    expect(refusal(path).message).toContain("is truncated");
    writeFileSync(`${path}-wal`, log);
    const store = right(openSqliteStore(path));
    expect(verifyChain(store)).toMatchObject({ events: 500, faults: [] });
    store.close();
  });

  it("refuses a ledger with a damaged schema, and one that lost a table", () => {
    const damaged = ledgerWith(10);
    const bytes = readFileSync(damaged);
    bytes.fill(0xff, 100, 2000);
    writeFileSync(damaged, bytes);
    expect(left(openSqliteStore(damaged)).kind).toBe("Corrupt");

    const robbed = ledgerWith(1);
    const db = new Database(robbed);
    db.exec("DROP TABLE checkpoints");
    db.close();
    const error = left(openSqliteStore(robbed));
    expect(error).toMatchObject({ kind: "Corrupt", message: `${robbed}: its tables are not those of a ledger` });
    expect(error.cause).toMatchObject({ message: "no such table: checkpoints" });
    expect(filesIn(join(robbed, ".."))).toEqual(["rollout.db"]);
  });

  it("reports damage inside the file when it is met, and verification says so instead of failing", () => {
    const path = ledgerWith(500);
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 8192);
    writeFileSync(path, bytes);
    const store = right(openSqliteStore(path));
    expect(() => [...store.readAll()]).toThrow(expect.objectContaining({ kind: "Corrupt" }));
    expect(verifyChain(store).faults.map((fault) => fault._tag)).toContain("Storage");
    store.close();
  });

  it("reads without writing when asked to", () => {
    const path = ledgerWith(2);
    const before = readFileSync(path);
    const store = right(openSqliteStore(path, { readOnly: true }));
    expect([...store.readAll()].map((event) => event.seq)).toEqual([1, 2]);
    expect(verifyChain(store).faults).toEqual([]);
    const writes = [
      () => store.append([commitOf("a", 2, "Changed")]),
      () => store.checkpoints.save("simulation", 1, "{}"),
      () => store.snapshots.save("world", 1, 1, {}),
      () => store.blobs.put("{}"),
    ];
    for (const write of writes) expect(write).toThrow(expect.objectContaining({ kind: "ReadOnly" }));
    store.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("reads, while another process's commits are still in the write-ahead log", () => {
    const path = ledgerWith(1);
    const writer = right(openSqliteStore(path));
    right(writer.append([commitOf("a", 1, "Changed")]));
    const reader = right(openSqliteStore(path, { readOnly: true }));
    expect(reader.head().seq).toBe(2);
    right(writer.append([commitOf("a", 2, "Changed")]));
    expect(reader.head().seq).toBe(3);
    reader.close();
    writer.close();
  });
});

describe("faults while it is open", () => {
  const directory = temporaryDirectories();

  it("says Busy when another process keeps the write lock", () => {
    const path = join(directory(), "rollout.db");
    const [one, two] = [right(openSqliteStore(path)), right(openSqliteStore(path, { busyTimeoutMs: 20 }))];
    one.transaction(() => {
      right(one.append([commitOf("a", 0, "Created")]));
      expect(() => two.append([commitOf("a", 0, "Created")])).toThrow(expect.objectContaining({ kind: "Busy" }));
      expect(two.head().seq).toBe(0);
      return E.right(null);
    });
    right(two.append([commitOf("a", 1, "Changed")]));
    one.close();
    two.close();
  });

  it("says Full when there is no space, records nothing, and goes on when there is", () => {
    const store = right(openSqliteStore(join(directory(), "rollout.db")));
    right(store.append([commitOf("a", 0, "Created")]));
    const pages = store.sql.prepare<[], { page_count: number }>("PRAGMA page_count").get()?.page_count ?? 0;
    store.sql.prepare(`PRAGMA max_page_count = ${pages + 2}`).get();
    const large = commitOf("b", 0, ...Array.from({ length: 2000 }, () => "Changed"));
    expect(() => store.append([large])).toThrow(expect.objectContaining({ kind: "Full", cause: expect.anything() }));
    expect(store.head().seq).toBe(1);
    expect(store.streamVersion("b")).toBe(0);
    store.sql.prepare("PRAGMA max_page_count = 1000000").get();
    right(store.append([large]));
    expect(verifyChain(store)).toMatchObject({ events: 2001, faults: [] });
    store.close();
  });

  it("sees what another connection appended, and conflicts with it", () => {
    const path = join(directory(), "rollout.db");
    const [one, two] = [right(openSqliteStore(path)), right(openSqliteStore(path))];
    right(one.append([commitOf("a", 0, "Created")]));
    right(two.append([commitOf("a", 1, "Changed")]));
    expect(left(one.append([commitOf("a", 1, "Changed")]))).toMatchObject({ expected: 1, actual: 2 });
    right(one.append([commitOf("a", 2, "Changed"), commitOf("b", 0, "Created")]));
    expect(left(two.append([commitOf("b", 0, "Created")]))).toMatchObject({ actual: 1 });
    const [last] = right(two.append([commitOf("b", 1, "Changed")]));
    expect(last?.id).toBe("user:alice/5");
    expect(verifyChain(one).faults).toEqual([]);
    one.close();
    two.close();
  });
});

describe("tables built from the log", () => {
  const directory = temporaryDirectories();

  it("are written in the transaction of the events they are built from, and with them rolled back", () => {
    const store = right(openSqliteStore(":memory:"));
    store.transaction(() => E.right(store.sql.prepare("CREATE TABLE pods (name TEXT PRIMARY KEY) STRICT").run()));
    const insert = store.sql.prepare<[name: string]>("INSERT INTO pods VALUES (?)");
    const names = store.sql.prepare<[], { readonly name: string }>("SELECT name FROM pods ORDER BY name");
    expect(() => insert.run("a")).toThrow("inside a transaction");
    store.transaction(() => {
      right(store.append([commitOf("a", 0, "Created")]));
      return E.right(insert.run("a"));
    });
    store.transaction(() => {
      insert.run("b");
      return E.left("no");
    });
    expect(names.all()).toEqual([{ name: "a" }]);
    expect(() =>
      store.transaction(() => {
        right(store.append([commitOf("a", 1, "Changed")]));
        return E.right(insert.run("a"));
      }),
    ).toThrow(StoreError);
    expect(store.head().seq).toBe(1);
    expect(names.get()).toEqual({ name: "a" });
    store.close();
  });

  it("cannot take rows of the log away by replacing them", () => {
    const store = right(openSqliteStore(":memory:"));
    right(store.append([commitOf("a", 0, "Created")]));
    const replace = store.sql.prepare(
      "INSERT OR REPLACE INTO events SELECT seq, stream_id, version, place, type_id, schema, source_at, data, hash FROM events",
    );
    expect(() => store.transaction(() => E.right(replace.run()))).toThrow("append-only");
    store.close();
  });

  it("are read together with the log as of one moment", () => {
    const path = join(directory(), "rollout.db");
    const [reader, writer] = [right(openSqliteStore(path)), right(openSqliteStore(path))];
    right(writer.append([commitOf("a", 0, "Created")]));
    const seen = reader.consistently(() => {
      const before = reader.head().seq;
      right(writer.append([commitOf("a", 1, "Changed")]));
      return [before, reader.head().seq, reader.streamVersion("a")];
    });
    expect(seen).toEqual([1, 1, 1]);
    expect(reader.head().seq).toBe(2);
    expect(() =>
      reader.consistently(() => {
        throw new EvalError("boom");
      }),
    ).toThrow(EvalError);
    right(reader.append([commitOf("a", 2, "Changed")]));
    reader.close();
    writer.close();
  });
});
