/** Puts a report together out of a Deployment's history and the log. */
import { endOf } from "../../projections/rollouts/model.ts";
import type { AvailabilityStep, History, Rollout } from "../timeline/model.ts";
import { hadFewer, hadMore } from "../timeline/summary.ts";
import { type CommitAt, eventAt, originOf } from "./causes.ts";
import type { Meanwhile } from "./meanwhile.ts";
import type { Awaited, Happening, Report } from "./model.ts";
import { exitsAfter, holdUpsAt, lostIn, slowestOf } from "./pods.ts";
import { excessesOf, type Scope, shortfallsOf, stepsIn } from "./shortfalls.ts";
import { verdictOf } from "./verdict.ts";

/** Until when a rollout was the newest of its Deployment. */
const untilOf = ({ replacedAtMs, deletedAtMs }: Rollout, history: History): number =>
  replacedAtMs ?? deletedAtMs ?? history.toMs;

/** A Deployment that never had a pod cannot be down. */
const downMsOf = ({ history, fromMs, endMs }: Scope): number => {
  const first = history.availability.findIndex(({ available }) => available > 0);
  if (first < 0) return 0;
  return history.availability.slice(first).reduce((total, { atMs, available, desired }, i, steps) => {
    const untilMs = Math.min(steps[i + 1]?.atMs ?? endMs, endMs);
    const isDown = available === 0 && desired > 0;
    return isDown ? total + Math.max(0, untilMs - Math.max(atMs, fromMs)) : total;
  }, 0);
};

const floorsOf = (steps: readonly AvailabilityStep[]): readonly number[] =>
  steps
    .map(({ floorInForce }) => floorInForce)
    .filter((floor, i, all) => floor > 0 && floor !== all.slice(0, i).findLast((each) => each > 0));

/** One moment before the end: what took the rollout's place may have taken its pods at the end itself. */
const heldUpOf = ({ history, fromMs, endMs }: Scope, { template }: Rollout): Report["heldUp"] =>
  history.replicaSets
    .filter((replicaSet) => replicaSet.template === template)
    .flatMap((replicaSet) => holdUpsAt(replicaSet, Math.max(fromMs, endMs - 1)));

/** At the rollout's end; where the Deployment's deletion is the end, from which on nothing is promised, before it. */
const promisedIn = (
  own: readonly AvailabilityStep[],
  { deletedAtMs }: Rollout,
  endMs: number,
): AvailabilityStep | undefined =>
  (deletedAtMs === endMs ? own.findLast(({ atMs }) => atMs < endMs) : undefined) ?? own.at(-1);

/** What raised the floor at a moment. */
const raiseAt = (
  rollout: Rollout,
  happenings: readonly Happening[],
  atMs: number,
): Pick<Awaited, "change" | "origin"> => {
  const change = happenings.find((each) => each.atMs === atMs && each.type.startsWith("Deployment"));
  if (change) {
    const { type: _, what, ...origin } = change;
    return { change: what, origin };
  }
  const { actor, seq, command } = rollout;
  if (rollout.atMs !== atMs) return { change: "raised" };
  return {
    change: rollout.imagesBefore ? "raised" : "created",
    origin: { actor, seq, atMs, ...(command === undefined ? {} : { command }) },
  };
};

/** The floors that were raised, from then until enough pods were available. */
const awaitedOf = (
  steps: readonly AvailabilityStep[],
  rollout: Rollout,
  happenings: readonly Happening[],
): readonly Awaited[] => {
  const found: Awaited[] = [];
  let open: Awaited | undefined;
  for (const { atMs, floor, floorInForce, available } of steps) {
    const isAwaited = floor > floorInForce;
    if (open && (!isAwaited || floor !== open.floor)) {
      found.push({ ...open, ...(available >= open.floor ? { reachedAtMs: atMs } : { givenUpAtMs: atMs }) });
      open = undefined;
    }
    if (isAwaited && !open) {
      open = { fromMs: atMs, floor, floorBefore: floorInForce, ...raiseAt(rollout, happenings, atMs) };
    }
  }
  return open ? [...found, open] : found;
};

const closedBy = ({ closedSeq }: Rollout, commitAt: CommitAt): Pick<Report, "closed"> => {
  const event = closedSeq === undefined ? undefined : eventAt(commitAt, closedSeq);
  return event ? { closed: originOf(event) } : {};
};

/**
 * The report of one of the history's rollouts. `meanwhile` has taken the events of the log from the rollout's first one on,
 * until it was replaced.
 */
export const reportOf = (history: History, rollout: Rollout, meanwhile: Meanwhile, commitAt: CommitAt): Report => {
  const untilMs = untilOf(rollout, history);
  const endMs = endOf(rollout) ?? untilMs;
  const scope: Scope = { history, fromMs: rollout.atMs, endMs, untilMs };
  const steps = stepsIn(scope);
  const own = steps.filter(({ atMs }) => atMs <= endMs);
  const { desired = 0, floor = 0, ceiling = 0 } = promisedIn(own, rollout, endMs) ?? {};
  const { happenings } = meanwhile;
  const excesses = excessesOf(scope, commitAt);
  const facts: Omit<Report, "verdict"> = {
    namespace: history.namespace,
    name: history.name,
    rollout,
    ...closedBy(rollout, commitAt),
    endMs,
    untilMs,
    promise: { desired, floor, ceiling },
    floors: floorsOf(own),
    hadFewer: hadFewer(own, rollout.lowest),
    hadMore: hadMore(own, excesses, rollout.highest),
    downMs: downMsOf(scope),
    shortfalls: shortfallsOf(scope, commitAt),
    excesses,
    awaited: awaitedOf(own, rollout, happenings),
    staleDecisions: meanwhile.stale,
    lost: lostIn(scope, commitAt),
    exitsAfter: exitsAfter(scope),
    slowest: slowestOf(scope),
    heldUp: rollout.completedAtMs === undefined ? heldUpOf(scope, rollout) : [],
    refusals: meanwhile.refusals,
    happenings,
  };
  return { ...facts, verdict: verdictOf(facts) };
};
