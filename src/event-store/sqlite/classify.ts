import Database from "better-sqlite3";
import { StoreError, type StoreFault } from "../store-error.ts";

/** Turns what SQLite threw into a {@link StoreError}; anything else (a bug, the caller's own error) stays as it is. */
export const classify = (error: unknown): unknown => {
  if (!(error instanceof Database.SqliteError)) return error;
  const kind = faultOf(error.code);
  const said = explanations[kind];
  return new StoreError(kind, said === undefined ? error.message : `${said} (${error.message})`, error);
};

/** SQLite's extended result codes begin with the primary code: SQLITE_BUSY_SNAPSHOT, SQLITE_CORRUPT_INDEX. */
const faultOf = (code: string): StoreFault => {
  switch (code.split("_")[1]) {
    case "BUSY":
    case "LOCKED":
      return "Busy";
    case "FULL":
      return "Full";
    case "CORRUPT":
    case "NOTADB":
      return "Corrupt";
    case "READONLY":
      return "ReadOnly";
    case "PERM":
    case "CANTOPEN":
      return "Denied";
    default:
      return "Unknown";
  }
};

const explanations: { readonly [kind in StoreFault]?: string } = {
  Busy: "another process is writing to the ledger",
  Full: "no space left; nothing was recorded",
  Corrupt: "the ledger is damaged",
  ReadOnly: "the ledger is open for reading only",
  Denied: "the ledger's files cannot be opened",
};

/** Runs one access to the database; a fault leaves it classified. */
export const classified = <A>(access: () => A): A => {
  try {
    return access();
  } catch (error) {
    throw classify(error);
  }
};
