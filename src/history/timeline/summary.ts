/** What a curve of availability comes down to. */
import { type Extremes, highestAt, passingMs, withLevels } from "../../projections/rollouts/extremes.ts";
import type { AvailabilityStep, Breach, Extreme, Summary } from "./model.ts";

interface Bound {
  readonly pods: (step: AvailabilityStep) => number;
  readonly bound: (step: AvailabilityStep) => number;
  /** How far beyond the bound, in pods; negative within it. */
  readonly beyond: (pods: number, bound: number) => number;
}

const floor: Bound = {
  pods: ({ available }) => available,
  bound: ({ floorInForce }) => floorInForce,
  beyond: (pods, bound) => bound - pods,
};

const ceiling: Bound = {
  pods: ({ pods }) => pods,
  bound: ({ ceilingInForce }) => ceilingInForce,
  beyond: (pods, bound) => pods - bound,
};

const breaches = (steps: readonly AvailabilityStep[], toMs: number, limit: Bound): readonly Breach[] => {
  const found: Breach[] = [];
  for (const [i, step] of steps.entries()) {
    const untilMs = steps[i + 1]?.atMs ?? toMs;
    const [pods, bound] = [limit.pods(step), limit.bound(step)];
    if (limit.beyond(pods, bound) <= 0 || untilMs <= step.atMs) continue;
    const last = found.at(-1);
    if (last?.toMs !== step.atMs) {
      found.push({ fromMs: step.atMs, toMs: untilMs, pods, bound });
      continue;
    }
    const worse = limit.beyond(pods, bound) > limit.beyond(last.pods, last.bound);
    found[found.length - 1] = { ...last, ...(worse ? { pods, bound } : {}), toMs: untilMs };
  }
  return found;
};

/** Whether the tightest moment of the floor is not that at which the fewest pods were available. */
export const hadFewer = (steps: readonly AvailabilityStep[], lowest: Extreme | undefined): boolean =>
  lowest !== undefined && steps.some(({ available, floorInForce }) => floorInForce > 0 && available < lowest.pods);

/** Whether the tightest moment of the ceiling is not that of the most pods. An excess that breaks no promise does not count. */
export const hadMore = (
  steps: readonly AvailabilityStep[],
  excesses: readonly Breach[],
  highest: Extreme | undefined,
): boolean =>
  highest !== undefined &&
  steps.some(
    ({ atMs, pods, ceilingInForce }) =>
      pods > highest.pods &&
      (pods <= ceilingInForce || excesses.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)),
  );

/** The tightest moments of both bounds, and the times in which they were broken. */
export const summarize = (steps: readonly AvailabilityStep[], toMs: number): Summary => {
  const extremes = steps.reduce<Extremes>((known, step) => withLevels(known, step, step.atMs), {});
  const { lowest } = extremes;
  const highest = highestAt(extremes, toMs);
  const excesses = breaches(steps, toMs, ceiling).filter((excess) => excess.toMs - excess.fromMs >= passingMs);
  return {
    ...(lowest ? { lowest } : {}),
    ...(highest ? { highest } : {}),
    hadFewer: hadFewer(steps, lowest),
    hadMore: hadMore(steps, excesses, highest),
    shortfalls: breaches(steps, toMs, floor),
    excesses,
  };
};
