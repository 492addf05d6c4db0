import Database, { type Statement } from "better-sqlite3";
import * as E from "fp-ts/lib/Either.js";
import type { AppendRefusal } from "../port.ts";
import { classify } from "./classify.ts";

export interface TransactionHooks {
  /** The write lock is held. */
  begin(): void;
  beforeCommit(): void;
  committed(): void;
  rolledBack(): void;
}

/**
 * SQLite's own wait for a lock, ms, from the first transaction on: then we are the ones who try again. Nobody else's lock keeps a
 * connection that stands from reading a write-ahead log.
 */
const patienceMs = 2;

/** BEGIN IMMEDIATE … COMMIT around synchronous work; anything but success rolls back. */
export class Transactions {
  readonly #db: Database.Database;
  readonly #busyTimeoutMs: number;
  readonly #hooks: TransactionHooks;
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #rollback: Statement<[]>;
  #isOpen: boolean = false;
  #triesAgain: boolean = false;
  #spoilt: { readonly refusal: AppendRefusal } | { readonly error: unknown } | undefined;

  constructor(db: Database.Database, hooks: TransactionHooks) {
    this.#db = db;
    this.#busyTimeoutMs = Number(db.pragma("busy_timeout", { simple: true }));
    this.#hooks = hooks;
    // Taking the lock at once: a transaction that reads first and writes later is refused when another writer came between.
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  run<L, A>(work: () => E.Either<L, A>): E.Either<L | AppendRefusal, A> {
    if (this.#isOpen) throw new Error("transactions of the store do not nest");
    const result = this.#attempt(work);
    if (E.isRight(result)) this.#hooks.committed();
    return result;
  }

  /** Joins the open transaction, or is one. */
  join<A>(work: () => E.Either<AppendRefusal, A>): E.Either<AppendRefusal, A> {
    return this.#isOpen ? this.#step(work) : this.run(work);
  }

  #attempt<L, A>(work: () => E.Either<L, A>): E.Either<L | AppendRefusal, A> {
    try {
      this.#lock();
      this.#isOpen = true;
      this.#spoilt = undefined;
      this.#hooks.begin();
      const result = work();
      const refusal = this.#refusal();
      if (refusal !== undefined || E.isLeft(result)) {
        this.#undo();
        return refusal === undefined ? result : E.left(refusal);
      }
      this.#hooks.beforeCommit();
      this.#commit.run();
      this.#isOpen = false;
      return result;
    } catch (error) {
      this.#undo();
      throw classify(error);
    }
  }

  /**
   * Left alone, SQLite looks for the lock ten times a second: beside a process that writes one transaction after the other
   * it would hardly ever meet the moment between two of them.
   */
  #lock(): void {
    if (!this.#triesAgain) {
      this.#db.pragma(`busy_timeout = ${patienceMs}`);
      this.#triesAgain = true;
    }
    const deadlineMs = performance.now() + this.#busyTimeoutMs;
    while (!this.#tryLock(performance.now() < deadlineMs));
  }

  #tryLock(mayTryAgain: boolean): boolean {
    try {
      this.#begin.run();
      return true;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (isBusy && mayTryAgain) return false;
      throw error;
    }
  }

  /** After a step failed, a part of it may be written: the transaction can only be rolled back, whoever catches. */
  #step<A>(work: () => E.Either<AppendRefusal, A>): E.Either<AppendRefusal, A> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return E.left(refusal);
    try {
      const result = work();
      if (E.isLeft(result)) this.#spoilt = { refusal: result.left };
      return result;
    } catch (error) {
      this.#spoilt = { error };
      throw error;
    }
  }

  #refusal(): AppendRefusal | undefined {
    if (this.#spoilt === undefined) return undefined;
    if ("error" in this.#spoilt) throw this.#spoilt.error;
    return this.#spoilt.refusal;
  }

  #undo(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#hooks.rolledBack();
    // After some faults (disk full, I/O) SQLite has rolled back by itself.
    if (this.#db.inTransaction) this.#rollback.run();
  }
}
