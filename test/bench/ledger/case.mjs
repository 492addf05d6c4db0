/** What must be shown of a large ledger, as rows of the bench. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  atLeast,
  atMost,
  count,
  inChild,
  inFolder,
  median,
  megabytes,
  milliseconds,
  notMeasured,
  percentile,
  times,
} from "../frame.mjs";
import { stopwatch } from "../measure.mjs";
import { generatedLedgers } from "./files.mjs";

const smallSize = 1_000;
const appended = 20_000;

/** Each piece of work in a process of its own, so that none leaves memory to the next. */
const reading = (work, ledger, rounds) =>
  inFolder((folder) => inChild("ledger/reading-case.mjs", work, ledger, rounds, folder));

const medianOf = (measurements, value) => median(measurements.map(value));
const speedAgainstScan = (measurements) => medianOf(measurements, ({ own, scan }) => scan.cpuSeconds / own.cpuSeconds);
const faultsOf = ({ verify: [{ own }] }) => own.faults;
const perEvent = (measurements) => medianOf(measurements, ({ own }) => own.cpuSeconds / own.events);

const measureLedger = (ledger, continued, rounds) => ({
  append: inFolder((folder) => inChild("ledger/append-case.mjs", ledger, continued, 3 * rounds, folder)),
  rebuild: reading("rebuild", ledger, rounds),
  verify: reading("verify", ledger, rounds),
  past: inChild("ledger/past-case.mjs", ledger, 200, 40),
  bytes: inChild("ledger/bytes-case.mjs", ledger),
});

const getDeployments = (ledger) => {
  const cli = fileURLToPath(new URL("../../../dist/cli/bundle/main.js", import.meta.url));
  const stop = stopwatch();
  execFileSync(process.execPath, [cli, "get", "deploy", "--ledger", ledger], { stdio: "pipe" });
  return stop().seconds;
};

const commandRatio = (large, small, rounds) =>
  median(Array.from({ length: 5 * rounds }, () => getDeployments(large) / getDeployments(small)));

const peerRow = (rounds) => {
  const what = "append: 100 events to a stream, times @event-driven-io/emmett-sqlite";
  const peers = fileURLToPath(new URL("../peers/node_modules", import.meta.url));
  if (!existsSync(peers)) return notMeasured(what, "npm ci --prefix test/bench/peers");
  const measured = inFolder((folder) => inChild("ledger/peer-case.mjs", rounds, 200, folder));
  return atLeast(
    what,
    medianOf(measured, ({ ours, emmetts }) => emmetts.seconds / ours.seconds),
    3,
    times,
  );
};

const appendRows = ({ measurements }) => {
  const speed = (of) => medianOf(measurements, ({ store, bare }) => bare[of] / store[of]);
  return [
    atLeast("append: 100 events a transaction, speed of bare inserts = 1", speed("seconds"), 0.35, times),
    atLeast("  the same in processor time, which does not wait for the disk", speed("cpuSeconds"), undefined, times),
  ];
};

const pastRows = ({ worldNow, worldThen, deploymentsThen, commandNow, commandThen }) => [
  atMost(
    "get deploy --as-of, as a command: 95th percentile against now",
    percentile(commandThen, 95) / percentile(commandNow, 95),
    1.5,
    times,
  ),
  atMost("get deploy --as-of, in the library: 95th percentile", percentile(deploymentsThen, 95), 10, milliseconds),
  atMost("world at a random time against now, medians", median(worldThen) / median(worldNow), 3, times),
  atMost("  in milliseconds", median(worldThen), undefined, milliseconds),
];

const sizeRows = ({ all, bytes }) => {
  const { snapshots = 0, ...others } = bytes;
  const tables = Object.entries(others).filter(([, size]) => size >= 0.5);
  return [
    atMost("bytes an event on disk, without snapshots", all - snapshots, 200, count),
    atMost("bytes an event on disk, with snapshots", all, 230, count),
    ...tables.map(([table, size]) => atMost(`  ${table}, with its indexes`, size, undefined, (n) => n.toFixed(1))),
  ];
};

const growthRows = (smaller, larger) => {
  const growth = (what, of) => atMost(`growth: ${what}`, of(larger) / of(smaller), 1.25, times);
  const append = ({ append: { measurements } }) => medianOf(measurements, ({ store }) => store.cpuSeconds);
  return [
    growth("append, per event", append),
    growth("rebuild, per event", ({ rebuild }) => perEvent(rebuild)),
    growth("verify, per event", ({ verify }) => perEvent(verify)),
    growth("world at a random time", ({ past }) => median(past.worldThen)),
    growth("bytes an event, with snapshots", ({ bytes }) => bytes.all),
  ];
};

/** Rows for a ledger of so many events, and for one of a quarter as many. */
export const ledgerCase = (rounds = 3, events = 1_000_000) => {
  const [smallest, quarter, whole, continued] = generatedLedgers([smallSize, events / 4, events, events + appended]);
  const smaller = measureLedger(quarter, whole, rounds);
  const larger = measureLedger(whole, continued, rounds);
  return [
    atMost("events", larger.bytes.events, undefined, count),
    ...appendRows(larger.append),
    peerRow(rounds),
    atLeast("rebuild: speed of scanning the rows and parsing them = 1", speedAgainstScan(larger.rebuild), 0.5, times),
    atMost("  memory", Math.max(larger.rebuild[0].maxRssMegabytes), 300, megabytes),
    atMost("  microseconds an event", perEvent(larger.rebuild) * 1e6, undefined, (n) => n.toFixed(1)),
    atLeast("verify: speed of scanning the rows and parsing them = 1", speedAgainstScan(larger.verify), 0.3, times),
    atMost("  microseconds an event", perEvent(larger.verify) * 1e6, undefined, (n) => n.toFixed(1)),
    atMost("  faults found in either ledger", faultsOf(smaller).length + faultsOf(larger).length, 0, count),
    ...pastRows(larger.past),
    atMost(
      "get deploy as a command: against a ledger of 1,000 events",
      commandRatio(whole, smallest, rounds),
      1.5,
      times,
    ),
    ...sizeRows(larger.bytes),
    ...growthRows(smaller, larger),
  ];
};
