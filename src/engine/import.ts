/** A new ledger out of an export: all of it, proven, or no file. */
import { existsSync, linkSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { Importer, type RecordingClock } from "../event-store/export/import.ts";
import { linesOf, type NumberedLine } from "../event-store/export/lines.ts";
import { LineFault, readHeader, readRecord } from "../event-store/export/records.ts";
import { openSqliteStore, type SqliteEventStore } from "../event-store/sqlite/store.ts";
import { StoreError } from "../event-store/store-error.ts";
import { inSteps } from "./upkeep/in-steps.ts";
import { rebuildSteps } from "./upkeep/rebuild.ts";

export interface ImportReport {
  readonly events: number;
  /** Of the last event, hex: as it was promised by the export, and proven on the way. */
  readonly hash: string;
}

export interface ImportOptions {
  /** Hears how many of how many events are recorded. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Aborted, nothing is left behind, and the answer is undefined. */
  readonly signal?: AbortSignal;
}

/** Lines recorded in one transaction. */
const batchLines = 500;

/** Names the line in which something is wrong. */
const atLine = <A>(number: number, work: () => A): A => {
  try {
    return work();
  } catch (error) {
    if (error instanceof LineFault) throw new LineFault(`line ${number}: ${error.message}`);
    throw error;
  }
};

const record = (store: SqliteEventStore, importer: Importer, lines: readonly NumberedLine[]): void => {
  const recorded = store.transaction<never, void>(() => {
    for (const { number, text } of lines) atLine(number, () => importer.accept(readRecord(text)));
    return E.right(undefined);
  });
  if (E.isLeft(recorded)) throw new LineFault(`line ${lines[0]?.number ?? 1}: ${recorded.left._tag}`);
};

const recordAll = async (
  store: SqliteEventStore,
  clock: RecordingClock,
  chunks: AsyncIterable<Uint8Array | string>,
  { onProgress, signal }: ImportOptions,
): Promise<ImportReport | undefined> => {
  const importer = new Importer(store, clock);
  let head: { readonly seq: number; readonly hash: string } | undefined;
  let [batch, read]: [NumberedLine[], number] = [[], 0];
  for await (const line of linesOf(chunks)) {
    if (signal?.aborted) return undefined;
    read = line.number;
    if (!head) {
      head = atLine(line.number, () => readHeader(line.text));
      continue;
    }
    batch.push(line);
    if (batch.length < batchLines) continue;
    record(store, importer, batch);
    batch = [];
    onProgress?.({ done: store.head().seq, total: head.seq });
  }
  if (!head) throw new LineFault("there is nothing in it");
  const promised = head;
  record(store, importer, batch);
  atLine(read, () => importer.finish(promised));
  const rebuilt = await inSteps(rebuildSteps(store), signal ? { signal } : {});
  return rebuilt && { events: promised.seq, hash: promised.hash };
};

const refusal = (path: string): StoreError | undefined => {
  if (!existsSync(dirname(path))) return new StoreError("Missing", `the directory ${dirname(path)} does not exist`);
  return existsSync(path)
    ? new StoreError("Foreign", `${path} exists already; an export becomes a new ledger`)
    : undefined;
};

/** Gives the file its name, unless another process has been faster with it. */
const publish = (unproven: string, path: string): E.Either<StoreError, void> => {
  try {
    linkSync(unproven, path);
    return E.right(undefined);
  } catch (error) {
    return E.left(refusal(path) ?? new StoreError("Unknown", `${path} cannot be written: ${String(error)}`, error));
  }
};

/**
 * Reads an export into a new ledger: the same events with the same hashes, recorded at the same times. Every line is proven; what
 * is not as it was exported is refused with its number, and leaves no file behind. Undefined when it was aborted.
 */
export const importLedger = async (
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  options: ImportOptions = {},
): Promise<E.Either<StoreError, ImportReport | undefined>> => {
  const path = resolve(name);
  const refused = refusal(path);
  if (refused) return E.left(refused);
  const unproven = `${path}.${process.pid}.part`;
  const clock: RecordingClock = { ms: 0 };
  const opened = openSqliteStore(unproven, { synchronous: "normal", now: () => clock.ms });
  if (E.isLeft(opened)) return opened;
  try {
    const report = await recordAll(opened.right, clock, chunks, options);
    opened.right.close();
    if (!report) return E.right(undefined);
    const published = publish(unproven, path);
    return E.isLeft(published) ? published : E.right(report);
  } catch (error) {
    if (error instanceof LineFault) return E.left(new StoreError("Corrupt", error.message, error));
    throw error;
  } finally {
    opened.right.close();
    for (const part of ["", "-wal", "-shm"]) rmSync(`${unproven}${part}`, { force: true });
  }
};
