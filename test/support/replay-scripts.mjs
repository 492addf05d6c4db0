/**
 * Carries out scripts once more with the built library, on files, and prints the digest of each. The outcome must not depend
 * on the order in which anything was put in: manifests get their keys shuffled, and every other script has its ledger opened
 * anew before each step, so that everything in memory comes from the file, in the file's order.
 *
 * Standard input: a JSON array of scripts. Arguments: a folder for the ledgers.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../dist/index.js";

const [folder] = process.argv.slice(2);

/** The same value with the keys of every object in another order. */
const shuffled = (value, draw) => {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, draw));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [draw(), key, shuffled(member, draw)]);
  entries.sort(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([, key, member]) => [key, member]));
};

const drawFrom = (seed) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
};

const digestOf = async ({ seed, steps }, nth) => {
  const draw = drawFrom(nth);
  const path = join(folder, `${nth}.db`);
  const options = { create: true, clock: "manual", seed, user: "test", synchronous: "normal" };
  let ledger = openLedger(path, options);
  const reopen = () => {
    if (nth % 2 === 0) return;
    ledger.close();
    ledger = openLedger(path, options);
  };
  for (const { line, documents = [], advanceMs } of steps) {
    reopen();
    if (advanceMs === undefined) {
      const stdin = documents.map((document) => JSON.stringify(shuffled(document, draw))).join("\n---\n");
      await ledger.execute(line.split(" "), { stdin });
      continue;
    }
    const firstMs = draw() % (advanceMs + 1);
    await ledger.advance(firstMs);
    reopen();
    await ledger.advance(advanceMs - firstMs);
  }
  const digest = ledger.digest();
  ledger.close();
  return digest;
};

const scripts = JSON.parse(readFileSync(0, "utf8"));
const digests = [];
for (const [nth, script] of scripts.entries()) digests.push(await digestOf(script, nth));
console.log(JSON.stringify(digests));
