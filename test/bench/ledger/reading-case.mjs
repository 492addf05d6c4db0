/**
 * Scans a ledger as anybody would (its rows, and their JSON), then does the same with what the product makes of it: rebuild or
 * verify. In turns, on a copy. Prints the processor seconds of each round and the memory that was needed, as JSON.
 *
 * Arguments: `scan`, `rebuild` or `verify`, the ledger, the number of rounds, and a folder for the copy.
 */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Upkeep } from "../../../dist/engine/upkeep/upkeep.js";
import { right, stopwatch } from "../measure.mjs";

const [work, ledger, rounds, folder] = [process.argv[2], process.argv[3], Number(process.argv[4]), process.argv[5]];

const scan = (path) => {
  const db = new Database(path, { readonly: true });
  let parsed = 0;
  for (const row of db.prepare("SELECT * FROM events ORDER BY seq").iterate()) {
    JSON.parse(row.data);
    parsed += 1;
  }
  db.close();
  return { events: parsed, faults: [] };
};

const works = {
  scan,
  rebuild: async (path) => ({ ...right(await Upkeep.ofFile(path).rebuild()), faults: [] }),
  verify: async (path) => right(await Upkeep.ofFile(path).verify()),
};

const path = join(folder, `${work}.db`);
copyFileSync(ledger, path);
const timed = async (name) => {
  const stop = stopwatch();
  const { events, faults } = await works[name](path);
  return { events, faults, ...stop() };
};

const measurements = [];
for (let round = 0; round < rounds; round += 1) {
  const own = await timed(work);
  const maxRssMegabytes = process.resourceUsage().maxRSS / 1024;
  measurements.push({ own, scan: await timed("scan"), maxRssMegabytes });
}
for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
console.log(JSON.stringify(measurements));
