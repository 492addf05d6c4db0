/** The tightest moments of both bounds, found step by step. */
import type { Levels } from "./levels.ts";
import type { Extreme } from "./model.ts";

/**
 * A controller takes a moment to carry out what was decided: until the pods of a ReplicaSet that shrinks are marked, they
 * count beside those of the one that grows. So short an excess breaks no promise.
 */
export const passingMs = 100;

/** What was found so far. */
export interface Extremes {
  readonly lowest?: Extreme;
  readonly highest?: Extreme;
  /** The ceiling is exceeded since then; whether that counts is known when it has lasted. */
  readonly excess?: { readonly fromMs: number; readonly worst: Extreme };
}

/** How far the pods are below the floor, or above the ceiling; negative within the bound. */
const below = ({ pods, bound }: Extreme): number => bound - pods;
const above = ({ pods, bound }: Extreme): number => pods - bound;

type Beyond = (extreme: Extreme) => number;

/** Of equally tight moments, the first; a bound of 0 bounds nothing. */
const tighter = (known: Extreme | undefined, met: Extreme, beyond: Beyond): Extreme | undefined =>
  met.bound <= 0 || (known && beyond(met) <= beyond(known)) ? known : met;

const made = (lowest: Extreme | undefined, highest: Extreme | undefined, excess: Extremes["excess"]): Extremes => ({
  ...(lowest ? { lowest } : {}),
  ...(highest ? { highest } : {}),
  ...(excess ? { excess } : {}),
});

/** The highest count when the time has come to `atMs`: an excess that still goes on counts if it has lasted. */
export const highestAt = ({ highest, excess }: Extremes, atMs: number): Extreme | undefined =>
  excess && atMs - excess.fromMs >= passingMs ? tighter(highest, excess.worst, above) : highest;

/** Takes in what the levels are from this moment on. Moments come in order. */
export const withLevels = (extremes: Extremes, levels: Levels, atMs: number): Extremes => {
  const { available, floorInForce, pods, ceilingInForce } = levels;
  const lowest = tighter(extremes.lowest, { atMs, pods: available, bound: floorInForce }, below);
  const met: Extreme = { atMs, pods, bound: ceilingInForce };
  if (pods > ceilingInForce) {
    const { excess } = extremes;
    const worst = excess && above(met) <= above(excess.worst) ? excess.worst : met;
    return made(lowest, extremes.highest, { fromMs: excess?.fromMs ?? atMs, worst });
  }
  const highest = tighter(highestAt(extremes, atMs), met, above);
  const isSame = lowest === extremes.lowest && highest === extremes.highest && extremes.excess === undefined;
  return isSame ? extremes : made(lowest, highest, undefined);
};
