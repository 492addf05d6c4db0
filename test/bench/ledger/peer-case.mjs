/**
 * Appends 100 events to a stream a transaction, expecting its version: our event store against `@event-driven-io/emmett-sqlite`,
 * both with a write-ahead log and synchronous=FULL. Prints the seconds of each round, as JSON.
 *
 * Arguments: the number of rounds, of transactions, and a folder for the files.
 */
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { openSqliteStore } from "../../../dist/event-store/sqlite/store.js";
import { right, stopwatch } from "../measure.mjs";

const [rounds, transactions, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const { getSQLiteEventStore } = createRequire(new URL("../peers/", import.meta.url))("@event-driven-io/emmett-sqlite");

const eventsPerTransaction = 100;
const streams = 10;
const dataOf = (nth) => ({ container: "web", podIP: `10.244.1.${nth % 250}`, initialized: true, nth });
const batches = Array.from({ length: transactions }, (_, nth) => ({
  stream: `Pod/default/web-${nth % streams}`,
  version: Math.floor(nth / streams) * eventsPerTransaction,
  events: Array.from({ length: eventsPerTransaction }, (_, i) => ({ type: "PodStarted", data: dataOf(i) })),
}));

const ours = async (path) => {
  const store = right(openSqliteStore(path, { synchronous: "full" }));
  const stop = stopwatch();
  for (const { stream, version, events } of batches) {
    const writes = [{ stream, expectedVersion: version, events: events.map((event) => ({ ...event, schema: 1 })) }];
    right(store.append([{ at: version, actor: "user:bench", cause: null, view: null, intent: null, writes }]));
  }
  const cost = stop();
  store.close();
  return cost;
};

const emmetts = async (path) => {
  const store = getSQLiteEventStore({ fileName: path });
  await store.appendToStream("first", batches[0].events);
  const stop = stopwatch();
  for (const { stream, version, events } of batches) {
    const expectedStreamVersion = version === 0 ? "STREAM_DOES_NOT_EXIST" : BigInt(version);
    await store.appendToStream(stream, events, { expectedStreamVersion });
  }
  return stop();
};

const ways = { ours, emmetts };
const measurements = [];
for (let round = 0; round < rounds; round += 1) {
  const measured = {};
  for (const name of round % 2 === 0 ? ["ours", "emmetts"] : ["emmetts", "ours"]) {
    const path = join(folder, `${name}-${round}.db`);
    measured[name] = await ways[name](path);
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  }
  measurements.push(measured);
}
console.log(JSON.stringify(measurements));
