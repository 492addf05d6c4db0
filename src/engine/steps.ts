/** Letting the simulated cluster run, in bounded transactions. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "./ledger.ts";

/** Tasks in one transaction: large enough to make commits cheap, small enough to hold the lock for moments only. */
const maxTasksPerStep = 5_000;
/** Between two steps: long enough for another process that waits for the lock to notice that it is free. */
const pauseMs = 4;

/**
 * Carries out tasks that are due by `limitMs` until there are none (answers true), or until enough was done (answers false).
 * Stops only between two instants, so that what happens at one time is recorded as one. Inside a transaction.
 */
const runSome = (ledger: Ledger, limitMs: number, isEnough: (tasks: number) => boolean): boolean => {
  let tasks = 0;
  let instantMs: number | undefined;
  for (;;) {
    const nextMs = ledger.nextTaskAtMs();
    if (nextMs === undefined || nextMs > limitMs) return true;
    if (instantMs !== undefined && nextMs > instantMs && isEnough(tasks)) return false;
    instantMs = ledger.runNext(limitMs);
    tasks += 1;
  }
};

/** Everything that is due by `limitMs`. Inside a transaction. */
export const runAll = (ledger: Ledger, limitMs: number): void => {
  runSome(ledger, limitMs, () => false);
};

/** One transaction of work; answers whether all that is due by `limitMs` is done. Takes no lock when nothing is due. */
export const step = (ledger: Ledger, limitMs: number, isEnough: () => boolean = () => false): boolean => {
  ledger.refresh();
  const nextMs = ledger.nextTaskAtMs();
  if (nextMs === undefined || nextMs > limitMs) return true;
  return ledger.transact(() => runSome(ledger, limitMs, (tasks) => tasks >= maxTasksPerStep || isEnough()));
};

/** Runs to a time that may itself move, and lets other work of the process go on between two steps. */
export const runTo = async (
  ledger: Ledger,
  limitMs: () => number,
  onProgress?: (atMs: number) => void,
  signal?: AbortSignal,
): Promise<void> => {
  while (!step(ledger, limitMs())) {
    onProgress?.(ledger.reachedMs);
    await sleep(pauseMs);
    if (signal?.aborted) return;
  }
};
