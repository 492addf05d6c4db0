import { chmodSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { verifyChain } from "../../../src/event-store/verify.ts";
import { commitOf, right } from "../contract.ts";
import { startWorker, type Worker } from "../process/spawn.ts";
import { temporaryDirectories } from "./files.ts";

const printed = async (worker: Worker): Promise<void> => {
  while (worker.lines().length === 0) await Promise.race([sleep(5), worker.ended]);
};

/** Lets the worker get going, and kills it at some moment. */
const killAfter = async (worker: Worker, delayMs: number): Promise<readonly string[]> => {
  await printed(worker);
  await sleep(delayMs);
  worker.process.kill("SIGKILL");
  await worker.ended;
  return worker.lines();
};

describe("several processes on one file", () => {
  const directory = temporaryDirectories();

  it("create it together", async () => {
    const path = directory();
    const start = Date.now() + 700;
    const actors = ["user:alice", "user:bob", "user:carol"];
    await Promise.all(actors.map((actor) => startWorker("createTogether", [path, actor, 30, start]).ended));
    for (let i = 0; i < 30; i += 1) {
      const store = right(openSqliteStore(join(path, `${i}.db`)));
      expect(verifyChain(store)).toMatchObject({ events: 3, commits: 3, faults: [] });
      store.close();
    }
  });

  it("append in turns: every event once, in one chain", async () => {
    const path = join(directory(), "rollout.db");
    const start = Date.now() + 700;
    const actors = ["user:alice", "user:bob"];
    const count = 100;
    await Promise.all(actors.map((actor) => startWorker("append", [path, actor, count, start]).ended));

    const store = right(openSqliteStore(path));
    expect(verifyChain(store)).toMatchObject({ events: 600, commits: 200, faults: [] });
    expect(store.streamVersion("shared")).toBe(200);
    for (const actor of actors) {
      const own = [...store.readAll(1, undefined, { streams: [actor] })];
      expect(own.map((event) => event.data)).toEqual(
        Array.from({ length: 200 }, (_, i) => ({ of: 2 * Math.floor(i / 2) })),
      );
      expect(own.at(-1)?.commit.id).toBe(`${actor}/100`);
    }
    expect(store.checkpoints.revision("count")).toBe(100);
    store.close();
  });

  it("keeps a prefix of whole commits, with its checkpoint, when one is killed", async () => {
    const path = join(directory(), "rollout.db");
    for (const [seed, delayMs] of [
      [1, 60],
      [2, 23],
      [3, 101],
    ] as const) {
      const lines = await killAfter(startWorker("appendForever", [path, seed]), delayMs);
      const promised = Number(lines.at(-1));
      expect(promised).toBeGreaterThan(0);

      const store = right(openSqliteStore(path));
      const head = store.head();
      expect(head.seq).toBeGreaterThanOrEqual(promised);
      expect(store.checkpoints.load("head")?.body).toBe(String(head.seq));
      expect(verifyChain(store)).toMatchObject({ events: head.seq, hash: head.hash, faults: [] });
      right(store.append([commitOf("after", "any", "Changed")]));
      expect(verifyChain(store).faults).toEqual([]);
      store.checkpoints.save("head", 1, String(store.head().seq));
      store.close();
    }
  });

  it("opens what a process that was killed while creating left behind", async () => {
    await Promise.all(
      [3, 10, 17].map(async (delayMs) => {
        const path = directory();
        const last = (await killAfter(startWorker("createForever", [path]), delayMs)).length - 1;
        for (let i = 0; i <= last; i += 1) {
          const store = right(openSqliteStore(join(path, `${i}.db`)));
          right(store.append([commitOf("a", 0, "Created")]));
          expect(verifyChain(store)).toMatchObject({ events: 1, faults: [] });
          store.close();
        }
      }),
    );
  });
});

describe("permissions", () => {
  const directory = temporaryDirectories();
  const inspected = async (path: string, mode = ""): Promise<string | undefined> => {
    const worker = startWorker("inspect", [path, mode]);
    await worker.ended;
    return worker.lines()[0];
  };

  it("are named when they forbid reading, writing, or a file beside the ledger", async () => {
    const path = directory();
    const ledger = join(path, "rollout.db");
    right(openSqliteStore(ledger)).close();
    chmodSync(path, 0o777);
    chmodSync(ledger, 0o444);
    expect(await inspected(ledger)).toBe(`ReadOnly: ${ledger} may not be written: permission denied`);
    chmodSync(ledger, 0o000);
    expect(await inspected(ledger)).toBe(`Denied: ${ledger} may not be read: permission denied`);
    chmodSync(ledger, 0o666);
    chmodSync(path, 0o555);
    const noJournal = `ReadOnly: the directory ${path} may not be written: permission denied; a ledger keeps a journal beside it`;
    expect(await inspected(ledger)).toBe(noJournal);
    expect(await inspected(join(path, "new.db"))).toBe(noJournal);
    expect(await inspected(ledger, "readOnly")).toBe(
      `Denied: ${ledger} cannot be read where it is: SQLite keeps files beside it even to read it, and may not in ${path}; copy it elsewhere`,
    );
    chmodSync(path, 0o755);
  });
});
