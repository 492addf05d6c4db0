/**
 * One rollout in a process of its own: a Deployment with a Service comes up, then gets another image. Prints, as JSON, what it
 * cost from `set image` until `rollout status` said that it was done.
 *
 * Arguments: the number of replicas, and a file for the ledger.
 */
import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { openLedger } from "../../dist/index.js";
import { nodesFor, stopwatch } from "./measure.mjs";

const [replicas, path] = [Number(process.argv[2]), process.argv[3]];
const ledger = openLedger(path, { create: true, clock: "manual", nodes: nodesFor(replicas) });

const run = async (line) => {
  const { exitCode, stderr } = await ledger.execute(line);
  if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
};

const head = () => {
  const db = new Database(path, { readonly: true });
  const seq = db.prepare("SELECT max(seq) FROM events").pluck().get();
  db.close();
  return seq;
};

await run(`create deployment web --image=web:1 --replicas=${replicas}`);
await run("expose deployment web --port=80");
await ledger.advance("10m");
const before = head();

const stop = stopwatch();
await run("set image deployment/web web=web:2");
await run("rollout status deployment/web");
const cost = stop();

const maxRssMegabytes = process.resourceUsage().maxRSS / 1024;
ledger.close();
const events = head();
const bytes = statSync(path).size;
console.log(
  JSON.stringify({ replicas, ...cost, events: { all: events, rollout: events - before }, bytes, maxRssMegabytes }),
);
