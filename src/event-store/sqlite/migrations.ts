import { readdirSync, readFileSync } from "node:fs";
import type { Database } from "better-sqlite3";

/** Written into the header of every ledger: "RLDG". Tells `file` and us whose SQLite database it is. */
export const applicationId = 0x524c4447;

// The same distance from the sources and from the build.
const directory = new URL("../../../migrations/sqlite/", import.meta.url);

const scripts: readonly string[] = readdirSync(directory)
  .filter((name) => name.endsWith(".sql"))
  .sort();

scripts.forEach((name, index) => {
  if (Number.parseInt(name, 10) !== index + 1) throw new Error(`migrations are numbered without gaps: ${name}`);
});

/** The number of the last migration: the `user_version` of a ledger that this version reads and writes. */
export const schemaVersion = scripts.length;

/** Builds the whole schema in an empty database, in the transaction that is open. */
export const createSchema = (db: Database): void => {
  for (const name of scripts) db.exec(readFileSync(new URL(name, directory), "utf8"));
  db.pragma(`application_id = ${applicationId}`);
  db.pragma(`user_version = ${schemaVersion}`);
};
