/**
 * The care of a ledger's file: proving, rebuilding, copying, measuring. It works on the file and not on the world that the
 * file tells of, so also on a ledger that nobody can work with any more.
 */
import { existsSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import { openSqliteStore, type SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { StoreError } from "../../event-store/store-error.ts";
import type { ProofProgress } from "../../event-store/verify.ts";
import { type ArchiveOptions, type ArchiveProgress, type ArchiveReport, archiveSteps } from "./archive.ts";
import { type BackupOptions, type BackupReport, backupSteps } from "./backup.ts";
import { inSteps, type StepOptions } from "./in-steps.ts";
import { type RebuildProgress, type RebuildReport, rebuildSteps } from "./rebuild.ts";
import { type LedgerStats, statsOf } from "./stats.ts";
import { type LedgerReport, type ProofOptions, type VerifyProgress, verifySteps } from "./verify.ts";

export type VerifyOptions = ProofOptions & StepOptions<VerifyProgress>;

/** Left: the file cannot be opened, or not be written. */
type Outcome<A> = Promise<E.Either<StoreError, A>>;

/**
 * Long work goes in steps: `onProgress` hears of them, and `signal` stops between two, which answers undefined and leaves the
 * ledger as it was.
 */
export class Upkeep {
  readonly #path: string;
  readonly #inMemory: SqliteEventStore | undefined;

  private constructor(path: string, inMemory: SqliteEventStore | undefined) {
    this.#path = path;
    this.#inMemory = inMemory;
  }

  /** What is looked after; `:memory:` for a ledger without a file. */
  get path(): string {
    return this.#path;
  }

  static ofFile(path: string): Upkeep {
    return new Upkeep(path, undefined);
  }

  /** Of the file behind the store; of the store itself where it is in memory. */
  static of(store: SqliteEventStore): Upkeep {
    const { path } = store.maintenance;
    return path === undefined ? new Upkeep(":memory:", store) : Upkeep.ofFile(path);
  }

  /**
   * Recomputes the hash chain and every body's digest, has the storage check itself, and compares the read models with those
   * that the log tells. Reads one state of the ledger, whatever others write meanwhile, and changes nothing.
   */
  verify(options: VerifyOptions = {}): Outcome<LedgerReport | undefined> {
    return this.#on({ readOnly: true }, async (store) => E.right(await inSteps(verifySteps(store, options), options)));
  }

  /** Tells the read models anew. All of them are replaced at once, or none. */
  rebuild(steps: StepOptions<RebuildProgress> = {}): Outcome<RebuildReport | undefined> {
    return this.#on({ readOnly: false }, async (store) => E.right(await inSteps(rebuildSteps(store), steps)));
  }

  /** Copies the ledger while it is in use. The copy is proven before it gets its name. */
  backup(
    file: string,
    { force = false, ...steps }: BackupOptions & StepOptions<ProofProgress> = {},
  ): Outcome<BackupReport | undefined> {
    return this.#on({ readOnly: true }, async (store) => {
      const copied = await inSteps(backupSteps(store, file, { force }), steps);
      return copied ?? E.right(undefined);
    });
  }

  /**
   * Moves the log up to an event into an archive, from which the ledger reads it as long as it is at hand. Needs the ledger for
   * itself: refused as Busy while anybody has it open, this process included.
   */
  async archive({
    onProgress,
    signal,
    ...options
  }: ArchiveOptions & StepOptions<ArchiveProgress>): Outcome<ArchiveReport | undefined> {
    if (this.#inMemory) return E.left(new StoreError("Missing", "a ledger in memory has no file to divide"));
    const steps = { ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) };
    try {
      return (await inSteps(archiveSteps(this.#path, options), steps)) ?? E.right(undefined);
    } catch (error) {
      if (error instanceof StoreError) return E.left(error);
      throw error;
    }
  }

  stats(): Outcome<LedgerStats> {
    return this.#on({ readOnly: true }, async (store) => E.right(statsOf(store)));
  }

  async #on<A>(options: { readonly readOnly: boolean }, work: (store: SqliteEventStore) => Outcome<A>): Outcome<A> {
    if (this.#inMemory) return work(this.#inMemory);
    // Opening it to write would start one.
    if (!existsSync(this.#path)) return E.left(new StoreError("Missing", `there is no ledger ${this.#path}`));
    const opened = openSqliteStore(this.#path, options);
    if (E.isLeft(opened)) return opened;
    try {
      return await work(opened.right);
    } catch (error) {
      if (error instanceof StoreError) return E.left(error);
      throw error;
    } finally {
      opened.right.close();
    }
  }
}
