/** What can be wrong with a ledger's file beside its rows: pages and indexes, and the schema that guards and tells them. */
import Database from "better-sqlite3";
import { classified } from "./classify.ts";
import { createSchema } from "./migrations.ts";
import { archiveGuard, isPastAsWritten, seamOf } from "./seam.ts";

type SchemaRow = readonly [type: string, name: string, table: string, sql: string | null];

const selectSchema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";

const schemaOf = (db: Database.Database): readonly SchemaRow[] =>
  db.prepare<[], SchemaRow>(selectSchema).raw().all() as readonly SchemaRow[];

/** The schema as this version writes it. */
const ownSchema = (isArchive: boolean): readonly SchemaRow[] => {
  const db = new Database(":memory:");
  try {
    createSchema(db);
    if (isArchive) db.exec(archiveGuard);
    return schemaOf(db);
  } finally {
    db.close();
  }
};

/**
 * Views that tell something else than the log, and guards that are gone or were added. What people may add for themselves, tables,
 * views and indexes, is theirs.
 */
const schemaFindings = (db: Database.Database): readonly string[] => {
  const found = new Map(schemaOf(db).map((row) => [row[1], row]));
  const own = ownSchema(seamOf(db, "next") !== undefined);
  const changed = own.flatMap(([type, name, table, sql]) => {
    const row = found.get(name);
    if (row === undefined) return [`the ${type} ${name} is missing`];
    return row[0] === type && row[2] === table && row[3] === sql ? [] : [`the ${type} ${name} is not as it was made`];
  });
  const names = new Set(own.map(([, name]) => name));
  const added = [...found.values()].flatMap(([type, name]) =>
    type === "trigger" && !names.has(name) ? [`the trigger ${name} was added`] : [],
  );
  return [...changed, ...added];
};

/** In SQLite's own words, or ours; none when all is sound. */
export const findings = (db: Database.Database): readonly string[] =>
  classified(() => [
    ...db
      .prepare<[], string>("PRAGMA integrity_check(10)")
      .pluck()
      .all()
      .filter((finding) => finding !== "ok"),
    ...schemaFindings(db),
    ...(isPastAsWritten(db)
      ? []
      : ["what the ledger knows of its archived past is not what was written when it was archived"]),
  ]);
