/** A copy of a ledger that is in use, proven before it gets its name. */
import { closeSync, existsSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { settle } from "../../event-store/sqlite/maintenance.ts";
import { openSqliteStore, type SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { StoreError } from "../../event-store/store-error.ts";
import { type ProofProgress, proveChain } from "../../event-store/verify.ts";

export interface BackupReport {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** That the copy holds itself. */
  readonly events: number;
  /** Where the log was divided: what lies before is in this archive, and not in the copy. */
  readonly seam: { readonly seq: number; readonly file: string } | undefined;
  readonly head: { readonly seq: number; readonly hash: string };
}

export interface BackupOptions {
  /** A file of that name is replaced; left out, it is refused. */
  readonly force?: boolean;
}

/** Why the copy may not get this name, if it may not. */
const refusal = (file: string, ledger: string | undefined, force: boolean): StoreError | undefined => {
  if (!existsSync(dirname(file))) return new StoreError("Missing", `the directory ${dirname(file)} does not exist`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile()) return new StoreError("Foreign", `${file} is not a regular file`);
  if (ledger !== undefined && realpathSync(file) === realpathSync(ledger)) {
    return new StoreError("Foreign", `${file} is the ledger itself`);
  }
  if (!force) return new StoreError("Foreign", `${file} exists already; --force replaces it`);
  return undefined;
};

/** The journal of a ledger that is replaced would be taken for the copy's. */
const isFree = (file: string): boolean => {
  const isDatabase = [`${file}-wal`, `${file}-journal`].some((journal) => existsSync(journal));
  return !isDatabase || settle(file);
};

/** Returns when the file is on the disk itself. */
export const toDisk = (path: string): void => {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** Copies one state of the ledger; others may write meanwhile. Whatever fails, or is stopped, leaves no file behind. */
export function* backupSteps(
  store: SqliteEventStore,
  name: string,
  { force = false }: BackupOptions,
): Generator<ProofProgress, E.Either<StoreError, BackupReport> | undefined> {
  const file = resolve(name);
  const refused = refusal(file, store.maintenance.path, force);
  if (refused) return E.left(refused);
  const unproven = `${file}.${process.pid}.part`;
  try {
    yield { doing: "storage", done: 0 };
    store.maintenance.copyTo(unproven);
    const proven = yield* prove(unproven);
    if (E.isLeft(proven)) return proven;
    if (!isFree(file)) return E.left(new StoreError("Busy", `${file} is a ledger that another process has open`));
    toDisk(unproven);
    renameSync(unproven, file);
    return E.right({ file, bytes: statSync(file).size, ...proven.right });
  } finally {
    for (const part of ["", "-wal", "-shm"]) rmSync(`${unproven}${part}`, { force: true });
  }
}

function* prove(
  path: string,
): Generator<ProofProgress, E.Either<StoreError, Pick<BackupReport, "events" | "seam" | "head">>> {
  const opened = openSqliteStore(path, { readOnly: true });
  if (E.isLeft(opened)) return opened;
  try {
    const { events, hash, faults } = yield* proveChain(opened.right);
    const { seam } = opened.right;
    if (faults.length === 0) return E.right({ events: events - (seam?.seq ?? 0), seam, head: { seq: events, hash } });
    const message = 'the ledger is damaged, and so would be its copy; "rollout verify" tells where';
    return E.left(new StoreError("Corrupt", message));
  } finally {
    opened.right.close();
  }
}
