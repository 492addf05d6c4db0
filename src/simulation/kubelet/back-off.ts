/**
 * Delays between a container's end and its next start: 0, 10 s, 20 s, … 300 s. More than ten minutes since the last start
 * begin the row anew.
 */

export interface BackOff {
  /** The delay that the next end will cost, unless it comes late. */
  readonly delayMs: number;
  /** When the container was last let start. */
  readonly sinceMs: number;
}

const firstDelayMs = 10_000;
const maxDelayMs = 300_000;
const resetAfterMs = 600_000;

/** What to wait before the next start, and what to remember, when a container ended at `nowMs`. */
export const nextRestart = (
  before: BackOff | undefined,
  nowMs: number,
): { readonly waitMs: number; readonly backOff: BackOff } => {
  if (!before || nowMs - before.sinceMs > resetAfterMs) {
    return { waitMs: 0, backOff: { delayMs: firstDelayMs, sinceMs: nowMs } };
  }
  const waitMs = before.delayMs;
  return { waitMs, backOff: { delayMs: Math.min(waitMs * 2, maxDelayMs), sinceMs: nowMs + waitMs } };
};

/** Failed pulls wait 10 s, 20 s, … 300 s. */
export const nextPull = (attempts: number): number => Math.min(firstDelayMs * 2 ** attempts, maxDelayMs);
