import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { openLedger } from "../../src/engine/open.ts";
import { canonicalDigest } from "../../src/event-store/hash-chain.ts";
import { manifestOf, type Plan } from "../support/plan.ts";
import { carryOut, record, roundTripMs, type Script, type Step, story } from "../support/script.ts";
import { expectSound } from "../support/soundness.ts";
import { started, typed } from "../support/terminal.ts";
import { startWorker, type Worker } from "../support/worker.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-durability-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, `${++files}.db`);

const reopened = (path: string): LedgerSession => {
  const opened = openLedger(path, { roundTripMs });
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};

/** Kills the worker once it has written so many bytes, unless it ends before; answers how many steps it said were done. */
const killAtWrite = async (worker: Worker, path: string, bytes: number): Promise<number> => {
  let isRunning = true;
  const ended = worker.ended.finally(() => {
    isRunning = false;
  });
  const written = (): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  while (isRunning && written() < bytes) await setImmediate();
  worker.process.kill("SIGKILL");
  await ended;
  return worker.lines().length;
};

/** What is left to do of a script: the steps that left no trace yet, and the rest of an advance that was cut. */
const remaining = ({ steps, marks }: Script, session: LedgerSession, done: number): readonly Step[] => {
  const { seq } = session.store.head();
  const nowMs = session.now();
  const cut = marks.findIndex((mark, nth) => nth >= done && (mark.seq > seq || mark.atMs > nowMs));
  if (cut < 0) return [];
  const [step, ...more] = steps.slice(cut);
  if (!step) return [];
  return "advanceMs" in step ? [{ advanceMs: (marks[cut]?.atMs ?? nowMs) - nowMs }, ...more] : [step, ...more];
};

/** Lets processes carry out the script one after the other, killing each, until one comes to the end. */
const carryOutAmidKills = async (script: Script, undisturbed: LedgerSession, cutsAtBytes: readonly number[]) => {
  const path = newFile();
  started(path, { seed: script.seed }).close();
  let steps = script.steps;
  for (const bytes of [...cutsAtBytes, Infinity]) {
    const worker = startWorker("carryOut", path, steps);
    const acknowledged = script.steps.length - steps.length + (await killAtWrite(worker, path, bytes));

    const session = reopened(path);
    const { seq } = session.store.head();
    expect(seq).toBeGreaterThanOrEqual(script.marks[acknowledged - 1]?.seq ?? 0);
    expect(session.now()).toBeGreaterThanOrEqual(script.marks[acknowledged - 1]?.atMs ?? 0);
    const [next] = undisturbed.log(seq + 1, seq + 1);
    if (next) expect(next.commit.firstSeq).toBe(seq + 1);
    expect(session.digest()).toBe(canonicalDigest(undisturbed.store, seq));
    expectSound(session);
    steps = remaining(script, session, acknowledged);
    session.close();
  }
  expect(steps).toEqual([]);
};

describe("a process that is killed", () => {
  it("at any write leaves all it had acknowledged and no half commit, and its work is continued to the same log", async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 2, maxLength: 3 });
    for (const [one, bytes] of fc.sample(fc.tuple(story(14), cuts), 6)) {
      const { script, session } = await record(one);
      await carryOutAmidKills(script, session, bytes);
      session.close();
    }
  }, 60_000);
});
