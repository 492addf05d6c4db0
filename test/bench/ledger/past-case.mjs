/**
 * Looks at a ledger as it was at random times, against looking at it as it is: in the library, and as commands in processes of
 * their own. Prints milliseconds, as JSON.
 *
 * Arguments: the ledger, the number of looks in the library, and of commands.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { World } from "../../../dist/domain/world.js";
import { openLedger } from "../../../dist/engine/open.js";
import { ObjectsProjection } from "../../../dist/projections/objects.js";
import { worldAt } from "../../../dist/projections/world-at.js";
import { drawing, right } from "../measure.mjs";

const [ledger, looks, commands] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const cli = fileURLToPath(new URL("../../../dist/cli/bundle/main.js", import.meta.url));
const { upTo } = drawing(11);

const session = right(openLedger(ledger));
const { store } = session;
const head = store.head().seq;
const objects = new ObjectsProjection(store.sql);

/** The end of a random commit. */
const randomMoment = () => {
  const [event] = store.readAll(1 + upTo(head), undefined, {});
  return { seq: event.commit.lastSeq, atMs: event.at };
};

const timed = (work) => {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
};

const measurements = { worldNow: [], worldThen: [], deploymentsThen: [], commandNow: [], commandThen: [] };
for (let look = 0; look < looks; look += 1) {
  const moment = randomMoment();
  measurements.worldNow.push(timed(() => objects.load(new World())));
  measurements.worldThen.push(timed(() => worldAt(store, moment.seq)));
  measurements.deploymentsThen.push(timed(() => session.at(moment).list("Deployment")));
}
const moments = Array.from({ length: commands }, randomMoment);
session.close();

const command = (...words) =>
  timed(() => execFileSync(process.execPath, [cli, "get", "deploy", "--ledger", ledger, ...words], { stdio: "pipe" }));
for (const { seq } of moments) {
  measurements.commandNow.push(command());
  measurements.commandThen.push(command("--as-of", `seq:${seq}`));
}
console.log(JSON.stringify(measurements));
