/**
 * Records a rolling update once, then writes its commits again and again: through the event store, with hash chain and the
 * read model of objects; and as bare rows. Prints the measurements of each round, as JSON.
 *
 * Arguments: the number of replicas, the number of rounds, and a folder for the files.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { runCommand } from "../../dist/commands/run.js";
import { World } from "../../dist/domain/world.js";
import { createLedger } from "../../dist/engine/open.js";
import { openSqliteStore } from "../../dist/event-store/sqlite/store.js";
import { ObjectsProjection } from "../../dist/projections/objects.js";
import { foldedEvent } from "../../dist/projections/replay.js";
import { measured, nodesFor, right } from "./measure.mjs";

const [replicas, rounds, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];

/** A session with a recorded rolling update, and the first and last seq of each of its transactions; what came before is one. */
const record = async (path) => {
  const session = right(createLedger(path, "user:bench", { clock: "manual", nodes: nodesFor(replicas) }));
  const io = { out: () => {}, err: (text) => process.stderr.write(text), isTerminal: false, columns: 80 };
  const run = (line) => runCommand({ session, io, actor: "user:bench", defaultNamespace: "default" }, line.split(" "));
  await run(`create deployment web --image=web:1 --replicas=${replicas}`);
  await run("expose deployment web --port=80");
  await session.advance(600_000);
  const transactions = [[1, session.store.head().seq]];
  session.store.subscribe((commits) => transactions.push([commits.at(0).firstSeq, commits.at(-1).lastSeq]));
  await run("set image deployment/web web=web:2");
  await session.advance(600_000);
  return { session, transactions };
};

/** The commits as they are handed to the event store. */
const commitsOf = (events) => {
  const commits = new Map();
  for (const { commit, at, actor, cause, view, stream, version, type, schema, data } of events) {
    const write = { stream, expectedVersion: version - 1, events: [] };
    const known = commits.get(commit.firstSeq) ?? { at, actor, cause, view, intent: commit.intent, writes: [write] };
    commits.set(commit.firstSeq, known);
    known.writes[0].events.push({ type, schema, data });
  }
  return [...commits.values()];
};

/** Those that are stored: generated ones are not listed. */
const columnsOf = (db, table) =>
  db
    .pragma(`table_info(${table})`)
    .map(({ name }) => name)
    .join();

/** All that a transaction writes. The folded objects are at hand, as they are to the engine, which decides on them. */
const batchesOf = (session, transactions, path) => {
  const db = new Database(path, { readonly: true });
  const commitRows = db
    .prepare(`SELECT ${columnsOf(db, "commits")} FROM commits WHERE first_seq BETWEEN ? AND ?`)
    .raw();
  const eventRows = db.prepare(`SELECT ${columnsOf(db, "events")} FROM events WHERE seq BETWEEN ? AND ?`).raw();
  const world = new World();
  const batches = transactions.map(([from, to]) => {
    const events = [...session.log(from, to)];
    for (const event of events) world.apply(event.stream, foldedEvent(event));
    return {
      commits: commitsOf(events),
      objects: new Map(Array.from(world.takeTouched(), (stream) => [stream, world.record(stream)])),
      commitRows: commitRows.all(from, to),
      eventRows: eventRows.all(from, to),
    };
  });
  db.close();
  return batches;
};

/** Writes the first batch, then the others, which are measured. */
const measureBatches = ([before, ...update], write) => {
  write(before);
  return measured(() => {
    for (const batch of update) write(batch);
  });
};

const throughTheStore = (path, batches) => {
  const store = right(openSqliteStore(path, { synchronous: "full" }));
  const projection = new ObjectsProjection(store.sql);
  const cost = measureBatches(batches, ({ commits, objects }) =>
    right(
      store.transaction(() => {
        const appended = store.append(commits);
        projection.save(objects.keys(), { record: (stream) => objects.get(stream) });
        return appended;
      }),
    ),
  );
  store.close();
  return cost;
};

const bareTables = `
  CREATE TABLE commits (first_seq INTEGER PRIMARY KEY, size INTEGER, actor_id INTEGER, nth INTEGER, key TEXT,
    at INTEGER, recorded_at INTEGER, cause INTEGER, view ANY, intent TEXT) STRICT;
  CREATE TABLE events (seq INTEGER PRIMARY KEY, stream_id INTEGER, version INTEGER, place INTEGER, type_id INTEGER,
    schema INTEGER, source_at INTEGER, data TEXT, hash BLOB, UNIQUE (stream_id, version)) STRICT;`;

/** The same rows in the same transactions; nothing is computed and nothing is checked. */
const asBareRows = (path, batches) => {
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(bareTables);
  const insertCommit = db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const insertEvent = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const write = db.transaction(({ commitRows, eventRows }) => {
    for (const row of commitRows) insertCommit.run(row);
    for (const row of eventRows) insertEvent.run(row);
  });
  const cost = measureBatches(batches, write);
  db.close();
  return cost;
};

const recorded = join(folder, "recorded.db");
const { session, transactions } = await record(recorded);
const batches = batchesOf(session, transactions, recorded);
const ways = { store: throughTheStore, bare: asBareRows };
const bytes = {};

const tried = (name) => {
  const path = join(folder, `${name}.db`);
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  const cost = ways[name](path, batches);
  bytes[name] = statSync(path).size;
  return cost;
};

const measurements = [];
for (let round = 0; round < rounds; round += 1) {
  // In turns, so that neither is always the second.
  const names = round % 2 === 0 ? ["store", "bare"] : ["bare", "store"];
  measurements.push(Object.fromEntries(names.map((name) => [name, tried(name)])));
}
const [, last] = transactions.at(-1);
const [[, before]] = transactions;
const events = { all: last, update: last - before };
console.log(JSON.stringify({ replicas, events, transactions: transactions.length - 1, bytes, measurements }));
