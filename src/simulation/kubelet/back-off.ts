/** Delays before a container starts again: 0, 10 s, 20 s, … 300 s; ten minutes of running start the row anew. */

export interface BackOff {
  /** The delay that the next failure will cost, unless it comes late. */
  readonly delayMs: number;
  readonly sinceMs: number;
}

const firstDelayMs = 10_000;
const maxDelayMs = 300_000;
const resetAfterMs = 600_000;

/** What to wait before the next start, and what to remember, when a container was found ended at `nowMs`. */
export const nextRestart = (
  before: BackOff | undefined,
  nowMs: number,
): { readonly waitMs: number; readonly backOff: BackOff } => {
  if (!before || nowMs - before.sinceMs > resetAfterMs) {
    return { waitMs: 0, backOff: { delayMs: firstDelayMs, sinceMs: nowMs } };
  }
  const waitMs = Math.max(0, before.sinceMs + before.delayMs - nowMs);
  const delayMs = Math.min(before.delayMs * 2, maxDelayMs);
  return { waitMs, backOff: { delayMs, sinceMs: nowMs + waitMs } };
};

/** Failed pulls wait 10 s, 20 s, … 300 s. */
export const nextPull = (attempts: number): number => Math.min(firstDelayMs * 2 ** attempts, maxDelayMs);
