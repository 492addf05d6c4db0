/** What a curve of availability comes down to. */
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

const extreme = (steps: readonly AvailabilityStep[], limit: Bound): Extreme | undefined => {
  let worst: Extreme | undefined;
  for (const step of steps) {
    const [pods, bound] = [limit.pods(step), limit.bound(step)];
    if (bound <= 0) continue;
    if (worst && limit.beyond(pods, bound) <= limit.beyond(worst.pods, worst.bound)) continue;
    worst = { atMs: step.atMs, pods, bound };
  }
  return worst;
};

/**
 * A controller takes a moment to carry out what was decided: until the pods of a ReplicaSet that shrinks are marked, they
 * count beside those of the one that grows. So short an excess breaks no promise.
 */
const passingMs = 100;

/** The tightest moments of both bounds, and the times in which they were broken. */
export const summarize = (steps: readonly AvailabilityStep[], toMs: number): Summary => {
  const excesses = breaches(steps, toMs, ceiling);
  const [lasting, passing] = [
    excesses.filter((excess) => excess.toMs - excess.fromMs >= passingMs),
    excesses.filter((excess) => excess.toMs - excess.fromMs < passingMs),
  ];
  const isPassing = ({ atMs }: AvailabilityStep): boolean =>
    passing.some((excess) => excess.fromMs <= atMs && atMs < excess.toMs);
  const lowest = extreme(steps, floor);
  const highest = extreme(
    steps.filter((step) => !isPassing(step)),
    ceiling,
  );
  return {
    ...(lowest ? { lowest } : {}),
    ...(highest ? { highest } : {}),
    shortfalls: breaches(steps, toMs, floor),
    excesses: lasting,
  };
};
