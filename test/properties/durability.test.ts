import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { openLedger } from "../../src/engine/open.ts";
import { canonicalDigest } from "../../src/event-store/hash-chain.ts";
import { scratchFolder } from "../support/folder.ts";
import { record, roundTripMs, type Script, type Step, story } from "../support/script.ts";
import { expectSound } from "../support/soundness.ts";
import { started, typed } from "../support/terminal.ts";
import { startWorker, type Worker } from "../support/worker.ts";

const folder = scratchFolder();

let files = 0;
const newFile = (): string => join(folder, `${++files}.db`);

const reopened = (path: string): LedgerSession => {
  const opened = openLedger(path, { roundTripMs });
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};

/** When to kill a process that works on the file, asked again and again. */
type Moment = (path: string) => boolean;

/** Once it has written so many bytes since the file was last opened: in the middle of a transaction as well as between two. */
const afterBytes =
  (bytes: number): Moment =>
  (path) =>
    (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) >= bytes;

/** Once it has recorded this event. */
const afterSeq =
  (seq: number): Moment =>
  (path) => {
    const db = new Database(path, { readonly: true });
    const head = db.prepare<[], number>("SELECT max(seq) FROM events").pluck().get() ?? 0;
    db.close();
    return head >= seq;
  };

const never: Moment = () => false;

interface Cut {
  readonly moment: Moment;
  /** From the moment to the kill. */
  readonly delayMs: number;
}

/** Kills the worker at that moment, unless it ends before; answers how many steps it said were done. */
const killAt = async (worker: Worker, path: string, moment: Moment, delayMs = 0): Promise<number> => {
  let isRunning = true;
  const ended = worker.ended.finally(() => {
    isRunning = false;
  });
  while (isRunning && !moment(path)) await sleep(1);
  await Promise.race([ended, sleep(delayMs)]);
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
const carryOutAmidKills = async (script: Script, undisturbed: LedgerSession, cuts: readonly Cut[]): Promise<void> => {
  const path = newFile();
  started(path, { seed: script.seed, roundTripMs }).close();
  let steps = script.steps;
  for (const { moment, delayMs } of [...cuts, { moment: never, delayMs: 0 }]) {
    if (steps.length === 0) return;
    const worker = startWorker("carryOut", path, steps);
    const said = await killAt(worker, path, moment, delayMs);
    const done = script.steps.length - steps.length + said;

    const session = reopened(path);
    const { seq } = session.store.head();
    expect(seq).toBeGreaterThanOrEqual(script.marks[done - 1]?.seq ?? 0);
    expect(session.now()).toBeGreaterThanOrEqual(script.marks[done - 1]?.atMs ?? 0);
    const [next] = undisturbed.log(seq + 1, seq + 1);
    if (next) expect(next.commit.firstSeq).toBe(seq + 1);
    expect(session.digest()).toBe(canonicalDigest(undisturbed.store, seq));
    expectSound(session);
    steps = remaining(script, session, done);
    session.close();
  }
  expect(steps).toEqual([]);
};

describe("a process that is killed", () => {
  it("at any write leaves all it had acknowledged and no half commit, and its work is continued to the same log", async () => {
    const cuts = fc.array(
      fc.integer({ min: 1, max: 250_000 }).map((bytes): Cut => ({ moment: afterBytes(bytes), delayMs: 0 })),
      { minLength: 4, maxLength: 4 },
    );
    for (const [one, cutsOfOne] of fc.sample(fc.tuple(story(20), cuts), 6)) {
      const { script, session } = await record(one);
      await carryOutAmidKills(script, session, cutsOfOne);
      session.close();
    }
  }, 60_000);

  it("in the middle of a long stretch of virtual time is continued to the same log, too", async () => {
    const [one] = fc.sample(story(0, 0), 1);
    if (!one) throw new Error("no story");
    const happenings = [
      { op: "scale", replicas: 8 },
      { op: "behave", tag: 1, how: "--crash-after 5s" },
      { op: "advance", ms: 18 * 3_600_000 },
    ] as const;
    const { script, session } = await record({ ...one, cpu: "100m", happenings });
    const { seq } = session.store.head();
    expect(seq).toBeGreaterThan(5_000);
    const delays = fc.sample(fc.integer({ min: 0, max: 400 }), 3);
    const cuts = delays.map((delayMs, nth): Cut => ({ moment: afterSeq((seq * (nth + 1)) / 4), delayMs }));
    await carryOutAmidKills(script, session, cuts);
    session.close();
  }, 60_000);
});

/** Three of eight pods are new, and the others are on their way. */
const beginRollout = async (session: LedgerSession): Promise<void> => {
  await typed(session, "create deployment web --image=web:1 --replicas=8");
  await typed(session, "expose deployment web --port=80");
  await session.advance(60_000);
  await typed(session, "set image deploy/web web=web:2");
  await session.advance(2_500);
};

describe("two processes at once", () => {
  const lines = Array.from({ length: 25 }, (_, n) => [
    `label deploy/web n=${n} --overwrite`,
    `set image deploy/web web=web:${n % 3}`,
    `scale deploy/web --replicas=${3 + (n % 5)}`,
  ]).flat();
  const commands: readonly Step[] = lines.map((line) => ({ line }));
  const advances: readonly Step[] = Array.from({ length: 60 }, () => ({ advanceMs: 1_500 }));

  /** The person's commands as the log tells them, after an event. */
  const commandsIn = (
    session: LedgerSession,
    from: number,
  ): readonly { readonly line: string; readonly atMs: number }[] => {
    const seen = new Map<number, { line: string; atMs: number }>();
    for (const { actor, at, commit } of session.log(from)) {
      if (actor !== "user:test") continue;
      seen.set(commit.firstSeq, { line: String(Object(commit.intent).command), atMs: at });
    }
    return [...seen.values()];
  };

  const expectAcknowledged = (worker: Worker, session: LedgerSession): void => {
    const recorded = commandsIn(session, 1).map(({ line }) => line);
    const done = worker.lines().flatMap((said) => {
      const [nth, exitCode] = said.split(" ");
      return exitCode === "0" ? (lines[Number(nth)] ?? []) : [];
    });
    const labels = done.filter((line) => line.startsWith("label"));
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) expect(recorded.filter((line) => line.endsWith(label))).toHaveLength(1);
  };

  it("write a log that one process could have written, and lose nothing", async () => {
    const path = newFile();
    const begun = started(path, { roundTripMs });
    await beginRollout(begun);
    const { seq } = begun.store.head();
    begun.close();

    const commanding = startWorker("carryOut", path, commands);
    await Promise.all([commanding.ended, startWorker("carryOut", path, advances).ended]);
    const together = reopened(path);
    expectSound(together);
    expectAcknowledged(commanding, together);

    const alone = started(":memory:", { roundTripMs });
    await beginRollout(alone);
    for (const { line, atMs } of commandsIn(together, seq + 1)) {
      await alone.advance(atMs - alone.now());
      await typed(alone, line);
    }
    await alone.advance(together.now() - alone.now());
    expect(together.digest()).toBe(alone.digest());
    alone.close();
    together.close();
  }, 60_000);

  it("on a wall clock lose nothing either", async () => {
    const path = newFile();
    const begun = started(path, { clock: "wall" });
    await beginRollout(begun);
    begun.close();
    const commanding = startWorker("carryOut", path, commands);
    await Promise.all([commanding.ended, startWorker("carryOut", path, advances).ended]);
    const together = reopened(path);
    expectSound(together);
    expectAcknowledged(commanding, together);
    together.close();
  }, 60_000);
});

describe("a process that waits", () => {
  it("hears what another one brings about", async () => {
    const path = newFile();
    const one = started(path);
    await beginRollout(one);
    const waiting = typed(one, "rollout status deploy/web");
    const other = reopened(path);
    await other.advance(60_000);
    expect((await waiting).out).toMatch(/successfully rolled out\n$/);
    expect(one.now()).toBe(other.now());
    one.close();
    other.close();
  });
});

describe("a checkpoint", () => {
  const tamper = (path: string, statement: string): void => {
    const db = new Database(path);
    expect(db.prepare(statement).run().changes).toBe(1);
    db.close();
  };

  const set = (path: string, value: string): string =>
    `UPDATE checkpoints SET body = json_set(body, '$.${path}', '${value}')`;

  const damages = {
    "is missing": "DELETE FROM checkpoints",
    "is no JSON": "UPDATE checkpoints SET body = '{'",
    "has another form": `UPDATE checkpoints SET body = '{"headSeq": 1}'`,
    "is of another version": "UPDATE checkpoints SET version = 99",
    "is of another position": set("headSeq", "3"),
    "remembers what no actor understands": set("simulation.memories.kubelet", "x"),
    "plans for an actor that is not there": set("simulation.agenda.tasks[0][3]", "x"),
  };

  const addresses = async (session: LedgerSession): Promise<readonly string[]> =>
    (await typed(session, "get pods -o jsonpath={.items[*].status.podIP}")).out.split(" ");

  it.each(Object.entries(damages))(
    "that %s makes the actors start over, and the rollout finishes",
    async (_, damage) => {
      const path = newFile();
      const session = started(path);
      await beginRollout(session);
      session.close();
      tamper(path, damage);

      const after = reopened(path);
      for (let i = 0; i < 20; i += 1) {
        await after.advance(500);
        const given = await addresses(after);
        expect(new Set(given).size).toBe(given.length);
      }
      const { out } = await typed(after, "rollout status deploy/web");
      expect(out).toBe('deployment "web" successfully rolled out\n');
      await after.advance(60_000);
      expect(after.list("Pod", "default")).toHaveLength(8);
      expectSound(after);
      after.close();

      const again = reopened(path);
      expect([...again.log(1, undefined, { types: ["SimulationRestarted"] })]).toHaveLength(1);
      again.close();
    },
  );

  it("that is missing leaves a node down that a fault took down, until it is up again", async () => {
    const path = newFile();
    const session = started(path);
    await beginRollout(session);
    await typed(session, "fault node node-1 down");
    await session.advance(10_000);
    session.close();
    tamper(path, "DELETE FROM checkpoints");

    const after = reopened(path);
    const statusOfNode = async (): Promise<string> => (await typed(after, "get node node-1")).out;
    await after.advance(60_000);
    expect(await statusOfNode()).toContain("NotReady");
    await after.advance(400_000);
    expect((await typed(after, "get pods -o wide")).out).toMatch(/Terminating.*node-1/);
    await typed(after, "fault node node-1 up");
    await after.advance(60_000);
    expect(await statusOfNode()).not.toContain("NotReady");
    expect(after.list("Pod", "default")).toHaveLength(8);
    expectSound(after);
    after.close();
  });
});
