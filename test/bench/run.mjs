/**
 * Measures what the README promises: `npm run bench`, or `npm run bench -- append rollout --rounds 5 --json`.
 * Ends with 0 whatever it finds: it measures, it does not judge a change.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { count, inChild, inFolder, median, atMost as row, seconds, times } from "./frame.mjs";
import { ledgerCase } from "./ledger/case.mjs";

const explanation = `Ratios, each of two things measured in turns in this run: they hold on another machine, seconds do not.
Files are written with synchronous=FULL, a process for each case, medians over rounds.

  append   the commits of a rolling update of 1,000 replicas, as the simulation recorded them, through the event store
           (expected versions, hash chain, read model of objects) against bare inserts of the same rows with
           better-sqlite3, in the same transactions
  rollout  a rolling update from "set image" to the end of "rollout status", simulation included: 10,000 replicas
           against 1,000, and what memory it takes
  ledger   a ledger of 1,000,000 events (--events N), generated once and kept in the temp folder, some minutes: append,
           rebuild, verify, looks into the past, size; and how they grow from a quarter of it
`;

const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, rounds: { type: "string" }, events: { type: "string" } },
});

const appendCase = (rounds = 9) =>
  inFolder((folder) => {
    const { events, transactions, bytes, measurements } = inChild("append-case.mjs", 1_000, rounds, folder);
    const ratio = (of) => median(measurements.map(({ store, bare }) => store[of] / bare[of]));
    const storeSeconds = median(measurements.map(({ store }) => store.seconds));
    return [
      row("append: through the event store against bare rows", ratio("seconds"), 3, times),
      row("  the same in processor time, which does not wait for the disk", ratio("cpuSeconds"), undefined, times),
      row(`  events, in ${transactions} transactions`, events.update, undefined, count),
      row("  events a second", events.update / storeSeconds, undefined, count),
      row("  bytes an event on disk, with indexes and read model", bytes.store / events.all, undefined, count),
    ];
  });

const rolloutOf = (replicas) => inFolder((folder) => inChild("rollout-case.mjs", replicas, join(folder, "rollout.db")));

const rolloutCase = (rounds = 3) => {
  const measured = Array.from({ length: rounds }, () => ({ small: rolloutOf(1_000), large: rolloutOf(10_000) }));
  const ratio = (of) => median(measured.map(({ small, large }) => large[of] / small[of]));
  const [{ small, large }] = measured;
  const medianOf = (size, of) => median(measured.map((round) => round[size][of]));
  return [
    row("rollout: 10,000 replicas against 1,000", ratio("seconds"), 12, times),
    row("  the same in processor time", ratio("cpuSeconds"), undefined, times),
    row("  memory at 10,000 replicas, MB", medianOf("large", "maxRssMegabytes"), 600, count),
    row("  memory at 1,000 replicas, MB", medianOf("small", "maxRssMegabytes"), undefined, count),
    row(
      "  1,000 replicas (a real control plane with 2 cores needs 7.9 s)",
      medianOf("small", "seconds"),
      undefined,
      seconds,
    ),
    row("  10,000 replicas", medianOf("large", "seconds"), undefined, seconds),
    row("  events of 1,000 replicas", small.events.rollout, undefined, count),
    row("  events a second at 1,000 replicas", small.events.rollout / medianOf("small", "seconds"), undefined, count),
    row("  bytes an event on disk at 10,000 replicas", large.bytes / large.events.all, undefined, count),
  ];
};

const growthCase = () => {
  const sizes = [1_000, 2_000, 4_000, 8_000];
  const measured = sizes.map(rolloutOf);
  return measured.slice(1).map(({ replicas, cpuSeconds }, nth) => {
    const before = measured[nth];
    const what = `growth: ${count(replicas)} replicas against ${count(before.replicas)}, processor time`;
    return row(what, cpuSeconds / before.cpuSeconds, undefined, times);
  });
};

const numberOf = (text) => (text === undefined ? undefined : Number(text));

const cases = {
  append: appendCase,
  rollout: rolloutCase,
  growth: growthCase,
  ledger: (rounds) => ledgerCase(rounds, numberOf(options.events)),
};

const print = ({ what, shown, shownLimit = "", verdict = "" }) => {
  console.log(`${what.padEnd(66)}${shown.padStart(10)}  ${shownLimit.padEnd(16)}${verdict}`.trimEnd());
};

const names = chosen.length > 0 ? chosen : ["append", "rollout", "growth"];
const unknown = names.find((name) => !Object.hasOwn(cases, name));
if (unknown !== undefined) throw new Error(`no such case: ${unknown}; there are ${Object.keys(cases).join(", ")}`);

if (!options.json) console.log(explanation);
const rows = [];
for (const name of names) {
  for (const measured of cases[name](numberOf(options.rounds))) {
    rows.push(measured);
    if (!options.json) print(measured);
  }
}
if (options.json) console.log(JSON.stringify(rows, null, 2));
