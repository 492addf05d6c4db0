import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import { StoreError } from "../store-error.ts";
import { classify } from "./classify.ts";
import { inspectFile, versionMismatch } from "./inspect-file.ts";
import { createSchema } from "./migrations.ts";

export interface ConnectOptions {
  /** Reads only; the file must exist. */
  readonly readOnly?: boolean;
  /**
   * `full` (the default): what was committed survives a power cut. `normal` does not wait for the disk at each commit: a
   * power cut or a crash of the operating system may lose the last commits, never the log's consistency; a crash of the
   * process alone loses nothing.
   */
  readonly synchronous?: "full" | "normal";
  /** How long a writer waits for another process's transaction, ms; 5000 by default. */
  readonly busyTimeoutMs?: number;
}

/** Opens or creates a ledger's database. A file that is refused is left as it was. */
export const connect = (path: string, options: ConnectOptions): E.Either<StoreError, Database.Database> => {
  const { readOnly = false, busyTimeoutMs = 5000 } = options;
  const inMemory = path === ":memory:";
  const refusal = inMemory ? undefined : inspectFile(resolve(path), readOnly);
  if (refusal !== undefined) return E.left(refusal);
  try {
    // Absolute, because SQLite takes the empty path for a temporary file that is deleted on close.
    const db = new Database(inMemory ? path : resolve(path), { readonly: readOnly, timeout: busyTimeoutMs });
    try {
      // Also where the header was a ledger's: its creation may have been cut off, and now be rolled back.
      if (!readOnly && isBlank(db)) create(db);
      configure(db, options, busyTimeoutMs);
      const mismatch = versionMismatch(path, Number(db.pragma("user_version", { simple: true })));
      if (mismatch === undefined) return E.right(db);
      db.close();
      return E.left(mismatch);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    return E.left(asStoreError(path, readOnly, error));
  }
};

const isBlank = (db: Database.Database): boolean => db.pragma("application_id", { simple: true }) === 0;

/** Two processes may create one file at once: the second waits for the first, and finds the schema. */
const create = (db: Database.Database): void => {
  db.exec("BEGIN EXCLUSIVE");
  if (isBlank(db)) createSchema(db);
  db.exec("COMMIT");
};

/** SQLite's own 1000 would have a transaction of a busy simulation copied into the file at once, again and again. */
const walPages = 4000;

const configure = (db: Database.Database, options: ConnectOptions, busyTimeoutMs: number): void => {
  // Or INSERT OR REPLACE would delete rows of the log without firing the triggers that refuse it.
  db.pragma("recursive_triggers = ON");
  db.pragma("temp_store = MEMORY");
  // A tampered schema must not run functions with side effects.
  db.pragma("trusted_schema = OFF");
  if (options.readOnly === true) return;
  db.pragma(`wal_autocheckpoint = ${walPages}`);
  if (!db.memory) useWriteAheadLog(db, busyTimeoutMs);
  db.pragma(`synchronous = ${options.synchronous ?? "full"}`);
};

/** SQLite does not wait for other connections while it changes the journal mode, so we do. */
const useWriteAheadLog = (db: Database.Database, busyTimeoutMs: number): void => {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      db.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

const asStoreError = (path: string, readOnly: boolean, error: unknown): StoreError => {
  const fault = classify(error);
  if (!(fault instanceof StoreError))
    return new StoreError("Unknown", `${path} cannot be opened: ${String(error)}`, error);
  if (readOnly && (fault.kind === "ReadOnly" || fault.kind === "Denied")) {
    const why = `SQLite keeps files beside it even to read it, and may not in ${dirname(resolve(path))}`;
    return new StoreError("Denied", `${path} cannot be read where it is: ${why}; copy it elsewhere`, error);
  }
  return new StoreError(fault.kind, `${path}: ${fault.message}`, error);
};
