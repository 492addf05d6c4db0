/**
 * What the tests let other processes do to a ledger, with the built library. Standard input: the task's own JSON. Prints a
 * line for each thing done.
 */
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../dist/index.js";

/** As in script.ts. */
const roundTripMs = 100;

const say = (line) => writeSync(1, `${line}\n`);
const input = JSON.parse(readFileSync(0, "utf8"));

const carryOut = async (ledger, { line, documents = [], advanceMs }) => {
  if (advanceMs !== undefined) return await ledger.advance(advanceMs);
  const stdin = documents.map((document) => JSON.stringify(document)).join("\n---\n");
  return await ledger.execute(line.split(" "), { stdin });
};

const drawFrom = (seed) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
};

/** The same value with the keys of every object in another order. */
const shuffled = (value, draw) => {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, draw));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [draw(), key, shuffled(member, draw)]);
  entries.sort(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([, key, member]) => [key, member]));
};

/** A step as several that must come to the same. */
const variant = (step, draw) => {
  if (step.advanceMs === undefined) return [{ ...step, documents: shuffled(step.documents, draw) }];
  const firstMs = draw() % (step.advanceMs + 1);
  return [{ advanceMs: firstMs }, { advanceMs: step.advanceMs - firstMs }];
};

const tasks = {
  /**
   * Carries out scripts once more, on files, and prints their digests. The outcome must not depend on the order in which
   * anything was put in: manifests get their keys shuffled, and every other script has its ledger opened anew before a third
   * of its steps, so that everything in memory comes from the file, in the file's order.
   */
  async replay(folder) {
    const digests = [];
    for (const [nth, { seed, steps }] of input.entries()) {
      const draw = drawFrom(nth);
      const path = join(folder, `${nth}.db`);
      const options = { create: true, clock: "manual", seed, user: "test", roundTripMs, synchronous: "normal" };
      let ledger = openLedger(path, options);
      for (const step of steps.flatMap((step) => variant(step, draw))) {
        if (nth % 2 === 1 && draw() % 3 === 0) {
          ledger.close();
          ledger = openLedger(path, options);
        }
        await carryOut(ledger, step);
      }
      digests.push(ledger.digest());
      ledger.close();
    }
    say(JSON.stringify(digests));
  },

  /** Carries out steps on a ledger that exists, and says of each whether it was done. */
  async carryOut(path) {
    const ledger = openLedger(path, { user: "test", roundTripMs });
    for (const [nth, step] of input.entries()) {
      const result = await carryOut(ledger, step);
      say(`${nth} ${result?.exitCode ?? 0}`);
    }
    ledger.close();
  },
};

const [task, ...parameters] = process.argv.slice(2);
await tasks[task](...parameters);
