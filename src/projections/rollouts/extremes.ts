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
  /** All pods that were wanted have been available: from then on it tells something that some are not, whatever was promised. */
  readonly isUp?: true;
  /** The ceiling is exceeded since then; whether that counts is known when it has lasted. */
  readonly excess?: { readonly fromMs: number; readonly worst: Extreme };
}

/** How far the pods are below the floor, or above the ceiling; negative within the bound. */
const below = ({ pods, bound }: Extreme): number => bound - pods;
const above = ({ pods, bound }: Extreme): number => pods - bound;

type Beyond = (extreme: Extreme) => number;

/** How far the count is out by itself: what tells equally tight moments apart. */
const fewness = ({ pods }: Extreme): number => -pods;
const abundance = ({ pods }: Extreme): number => pods;

/** Whether the moment is tighter than the one that is known; of equally tight ones the first of those whose count is furthest out. */
const isTighter = (known: Extreme, met: Extreme, beyond: Beyond, out: Beyond): boolean => {
  const more = beyond(met) - beyond(known);
  return more === 0 ? out(met) > out(known) : more > 0;
};

const lower = (known: Extreme | undefined, met: Extreme): Extreme =>
  known && !isTighter(known, met, below, fewness) ? known : met;

const higher = (known: Extreme | undefined, met: Extreme): Extreme =>
  known && !isTighter(known, met, above, abundance) ? known : met;

/**
 * Whether availability is measured against the floor in force: there is one, or the strategy promises nothing and all pods were
 * available before. A floor that is not reached yet is none.
 */
const isMeasured = ({ desired, floor, floorInForce }: Levels, isUp: boolean): boolean =>
  floorInForce > 0 || (floor === 0 && desired > 0 && isUp);

const made = (
  isUp: boolean,
  lowest: Extreme | undefined,
  highest: Extreme | undefined,
  excess: Extremes["excess"],
): Extremes => ({
  ...(isUp ? { isUp } : {}),
  ...(lowest ? { lowest } : {}),
  ...(highest ? { highest } : {}),
  ...(excess ? { excess } : {}),
});

/** The highest count when the time has come to `atMs`: an excess that still goes on counts if it has lasted. */
export const highestAt = ({ highest, excess }: Extremes, atMs: number): Extreme | undefined =>
  excess && atMs - excess.fromMs >= passingMs ? higher(highest, excess.worst) : highest;

/** Takes in what the levels are from this moment on. Moments come in order. */
export const withLevels = (extremes: Extremes, levels: Levels, atMs: number): Extremes => {
  const { available, floorInForce, pods, ceilingInForce, desired } = levels;
  const isUp = extremes.isUp === true || (desired > 0 && available >= desired);
  const lowest = isMeasured(levels, isUp)
    ? lower(extremes.lowest, { atMs, pods: available, bound: floorInForce })
    : extremes.lowest;
  const met: Extreme = { atMs, pods, bound: ceilingInForce };
  if (pods > ceilingInForce) {
    const { excess } = extremes;
    const worst = higher(excess?.worst, met);
    return made(isUp, lowest, extremes.highest, { fromMs: excess?.fromMs ?? atMs, worst });
  }
  const known = highestAt(extremes, atMs);
  // A ceiling of 0 bounds nothing.
  const highest = ceilingInForce > 0 ? higher(known, met) : known;
  const isSame =
    isUp === (extremes.isUp === true) &&
    lowest === extremes.lowest &&
    highest === extremes.highest &&
    extremes.excess === undefined;
  return isSame ? extremes : made(isUp, lowest, highest, undefined);
};
