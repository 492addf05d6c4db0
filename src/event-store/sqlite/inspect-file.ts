/**
 * Looks at a file before SQLite does. SQLite would create a write-ahead log beside a file it may then refuse; a file that
 * is not ours must stay as it was, alone.
 */
import { accessSync, closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "../store-error.ts";
import { applicationId, schemaVersion } from "./migrations.ts";

const headerBytes = 100;
const magic = "SQLite format 3\0";

/** Why the file cannot be opened as a ledger, if it cannot. Reads at most its header. A missing or empty file may become one. */
export const inspectFile = (path: string, readOnly: boolean): StoreError | undefined => {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return new StoreError("Foreign", `${path} is a directory, not a ledger`);
    if (stat?.isFile() === false) return new StoreError("Foreign", `${path} is not a regular file`);
    const fault = stat === undefined ? missing(path, readOnly) : inspectContent(path, readOnly);
    if (fault !== undefined || readOnly) return fault;
    if (stat !== undefined) accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return undefined;
  } catch (error) {
    return fileError(path, error);
  }
};

const missing = (path: string, readOnly: boolean): StoreError | undefined => {
  if (readOnly) return new StoreError("Missing", `${path} does not exist`);
  const directory = dirname(path);
  return existsSync(directory) ? undefined : new StoreError("Missing", `the directory ${directory} does not exist`);
};

const inspectContent = (path: string, readOnly: boolean): StoreError | undefined => {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(headerBytes);
    const header = buffer.subarray(0, readSync(file, buffer, 0, headerBytes, 0));
    // In this order: another process that creates or checkpoints the file drops its journal when the file is whole.
    const isUnfinished = [`${path}-journal`, `${path}-wal`].some(hasContent);
    const size = fstatSync(file).size;
    if (header.length === 0) return readOnly ? new StoreError("Missing", `${path} is empty`) : undefined;
    if (!magic.startsWith(header.toString("latin1", 0, magic.length))) {
      return new StoreError("Foreign", `${path} is not a ledger: it ${describeStart(header)}`);
    }
    if (header.length < headerBytes) return truncated(path, headerBytes, size);
    return inspectHeader(path, header, isUnfinished ? Number.POSITIVE_INFINITY : size);
  } finally {
    closeSync(file);
  }
};

const hasContent = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** Offsets are those of the SQLite file format, section 1.3. */
const inspectHeader = (path: string, header: Buffer, size: number): StoreError | undefined => {
  if (header.readUInt32BE(68) !== applicationId) {
    return new StoreError("Foreign", `${path} is an SQLite database, but not a ledger`);
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  // The page count is meaningful when it was written with the latest change.
  const expected = header.readUInt32BE(24) === header.readUInt32BE(92) ? header.readUInt32BE(28) * pageSize : 0;
  return size < expected ? truncated(path, expected, size) : versionMismatch(path, header.readUInt32BE(60));
};

/** The refusal of a ledger that another version of the product wrote, if it did. */
export const versionMismatch = (path: string, version: number): StoreError | undefined => {
  if (version === schemaVersion) return undefined;
  const versions = `its schema is version ${version}, this program's is ${schemaVersion}`;
  return version > schemaVersion
    ? new StoreError("Newer", `${path} was written by a newer version of this program: ${versions}; upgrade to open it`)
    : new StoreError(
        "Older",
        `${path} was written by an older version of this program: ${versions}; ` +
          "ledgers from before version 0.1.0 are not migrated, start a new one",
      );
};

/** Faults of the file system, by the operating system's own codes. */
const fileError = (ledger: string, error: unknown): StoreError => {
  if (!(error instanceof Error)) throw error;
  const { code, syscall, path = ledger }: NodeJS.ErrnoException = error;
  const forbidden = syscall === "access" ? "written" : "read";
  switch (code) {
    case "EACCES":
    case "EPERM":
      return new StoreError(
        syscall === "access" ? "ReadOnly" : "Denied",
        path === ledger
          ? `${path} may not be ${forbidden}: permission denied`
          : `the directory ${path} may not be ${forbidden}: permission denied; a ledger keeps a journal beside it`,
        error,
      );
    case "EROFS":
      return new StoreError("ReadOnly", `${path} may not be written: the file system is read-only`, error);
    case "ENOTDIR":
      return new StoreError("Missing", `${path} does not exist: a part of the path is not a directory`, error);
    default:
      return new StoreError("Unknown", `${path} cannot be opened: ${error.message}`, error);
  }
};

const describeStart = (header: Buffer): string => {
  const start = header.toString("utf8").split("\n", 1)[0]?.slice(0, 30) ?? "";
  const printable = /^[\x20-\x7e]+$/.test(start);
  return printable ? `begins with ${JSON.stringify(start)}` : "is not an SQLite database";
};

const truncated = (path: string, expected: number, size: number): StoreError =>
  new StoreError("Corrupt", `${path} is truncated: it should have at least ${expected} bytes and has ${size}`);
