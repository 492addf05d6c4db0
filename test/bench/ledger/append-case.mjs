/**
 * Appends what happens next to a generated ledger, about 100 events a transaction: through the event store with hash chain,
 * fold and all read models; and the same rows bare, to tables that hold the same rows as the ledger's. Prints the measurements of each round, as JSON; a round before them, in which
 * both are compiled, is not among them.
 *
 * Arguments: the ledger, one that goes on where it ends, the number of rounds, and a folder for the files.
 */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { World } from "../../../dist/domain/world.js";
import { BodyStore } from "../../../dist/engine/bodies.js";
import { openSqliteStore } from "../../../dist/event-store/sqlite/store.js";
import { applied } from "../../../dist/projections/change.js";
import { ReadModels } from "../../../dist/projections/read-models.js";
import { measured, right } from "../measure.mjs";
import { bareCommit, bareTables, commitsOf, storedColumns } from "./rows.mjs";

const [ledger, continued, rounds, folder] = [...process.argv.slice(2, 4), Number(process.argv[4]), process.argv[5]];
const eventsPerTransaction = 100;
const appended = 20_000;

/** Whole commits, in transactions of at least 100 events. */
const transactionsOf = (store, from, to) => {
  const transactions = [];
  let events = [];
  for (const event of store.readAll(from, to)) {
    events.push(event);
    if (events.length < eventsPerTransaction || event.seq !== event.commit.lastSeq) continue;
    transactions.push(events);
    events = [];
  }
  return transactions;
};

const throughTheStore = (path, transactions) => {
  const store = right(openSqliteStore(path, { synchronous: "full" }));
  const bodies = new BodyStore(store.blobs);
  const models = new ReadModels(store.sql, (digest) => bodies.template(digest));
  const world = new World();
  models.load(world, store.head());
  const cost = measured(() => {
    for (const { events, commits } of transactions) {
      right(
        store.transaction(() => {
          for (const event of events) models.observe(applied(world, event));
          const appended = store.append(commits);
          models.save(world, store.head().seq);
          return E.isLeft(appended) ? appended : E.right(undefined);
        }),
      );
    }
  });
  store.close();
  return cost;
};

/** The rows of the ledger, in tables of their own: an index that holds a million rows is slower than one that holds none. */
const makeBare = (path, ledger) => {
  const db = new Database(path);
  db.exec(bareTables);
  db.prepare("ATTACH ? AS ledger").run(ledger);
  for (const [table, columns] of Object.entries(storedColumns))
    db.exec(`INSERT INTO main.${table} SELECT ${columns} FROM ledger.${table} ORDER BY 1`);
  db.close();
};

const asBareRows = (path, transactions) => {
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  const write = bareCommit(db);
  const cost = measured(() => {
    for (const { commitRows, eventRows } of transactions) write(commitRows, eventRows);
  });
  db.close();
  return cost;
};

const store = right(openSqliteStore(ledger, { readOnly: true }));
const head = store.head().seq;
store.close();
const source = right(openSqliteStore(continued, { readOnly: true }));
const db = new Database(continued, { readonly: true });
const commitRows = db.prepare(`SELECT ${storedColumns.commits} FROM commits WHERE first_seq BETWEEN ? AND ?`).raw();
const eventRows = db.prepare(`SELECT ${storedColumns.events} FROM events WHERE seq BETWEEN ? AND ?`).raw();
const bodies = [...source.blobs.all()];
const transactions = transactionsOf(source, head + 1, head + appended).map((events) => {
  const [from, to] = [events[0].seq, events.at(-1).seq];
  return {
    events,
    commits: commitsOf(events),
    commitRows: commitRows.all(from, to),
    eventRows: eventRows.all(from, to),
  };
});

const bare = join(folder, "bare.db");
makeBare(bare, ledger);
const path = join(folder, "append.db");
const clean = () => {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
};
const ways = {
  store: () => {
    clean();
    copyFileSync(ledger, path);
    // Bodies are in neither measurement: they are few, and no rows of the log.
    const copy = right(openSqliteStore(path));
    right(copy.transaction(() => E.right(bodies.map(({ body }) => copy.blobs.put(body)))));
    copy.close();
    return throughTheStore(path, transactions);
  },
  bare: () => {
    clean();
    copyFileSync(bare, path);
    return asBareRows(path, transactions);
  },
};

const measurements = [];
for (let round = 0; round <= rounds; round += 1) {
  const names = round % 2 === 0 ? ["store", "bare"] : ["bare", "store"];
  const measurement = Object.fromEntries(names.map((name) => [name, ways[name]()]));
  if (round > 0) measurements.push(measurement);
}
clean();
rmSync(bare);
const events = transactions.reduce((sum, { eventRows: rows }) => sum + rows.length, 0);
console.log(JSON.stringify({ events, transactions: transactions.length, measurements }));
