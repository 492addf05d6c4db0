/** What an event takes on disk, by table. Argument: the ledger. Prints bytes an event, as JSON. */
import { statSync } from "node:fs";
import Database from "better-sqlite3";

const ledger = process.argv[2];
const db = new Database(ledger, { readonly: true });
const events = db.prepare("SELECT count(*) FROM events").pluck().get();
const tables = db
  .prepare(
    `SELECT s.tbl_name, sum(d.pgsize) FROM sqlite_schema AS s JOIN dbstat AS d ON d.name = s.name AND d.aggregate = TRUE
     GROUP BY s.tbl_name ORDER BY 2 DESC`,
  )
  .raw()
  .all();
db.close();
const bytes = Object.fromEntries(tables.map(([table, size]) => [table, size / events]));
console.log(JSON.stringify({ events, all: statSync(ledger).size / events, bytes }));
