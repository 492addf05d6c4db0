/** Chooses the part of a history that is worth looking at, and cuts it out. */
import type { AvailabilityStep, History, PodBar, ReplicaSetBars, Rollout, Timeline } from "./model.ts";
import { summarize } from "./summary.ts";

export interface WindowChoice {
  /** Everything there is, instead of the last rollout with a little context. */
  readonly all: boolean;
  /** Before the end of the history. */
  readonly fromMs?: number;
  /** At most now. */
  readonly toMs?: number;
  /** The present, where it is behind the end of the history: of the time between them nothing is known. */
  readonly nowMs?: number;
  /** The moment that is called +0s; by default {@link originOf}. */
  readonly originMs?: number;
}

/** What is shown around a rollout, as a share of the time in which anything happened. */
const contextShare = 0.06;
const minContextMs = 500;
export const maxContextMs = 10_000;
/** A picture of a Deployment that was created this moment has some width, too. */
const minSpanMs = 1;

const lastRolloutAt = ({ rollouts }: Pick<History, "rollouts">, atMs: number): Rollout | undefined =>
  rollouts.findLast((rollout) => rollout.atMs <= atMs);

/** The moments at which anything changed, in order. */
export const momentsOf = (history: History): readonly number[] => {
  const moments = new Set<number>();
  for (const { atMs, paused } of history.rollouts) {
    moments.add(atMs);
    for (const span of paused) {
      moments.add(span.fromMs);
      if (span.toMs !== undefined) moments.add(span.toMs);
    }
  }
  for (const { pods } of history.replicaSets) {
    for (const { segments, marks, toMs, end } of pods) {
      for (const { fromMs } of segments) moments.add(fromMs);
      for (const { atMs } of marks) moments.add(atMs);
      if (end) moments.add(toMs);
    }
  }
  for (const { atMs } of history.availability) moments.add(atMs);
  return [...moments].sort((a, b) => a - b);
};

/** Whether everything that should be there is, and nothing else: from here on nothing happens by itself. */
export const isSettled = (step: AvailabilityStep): boolean =>
  step.pods === step.desired && step.available === step.pods && step.terminating === 0;

/** Whether the last rollout is done and nothing moves any more. */
const isOver = ({ availability, rollouts }: History): boolean => {
  const [step, rollout] = [availability.at(-1), rollouts.at(-1)];
  const isDone = rollout?.completedAtMs !== undefined || rollout?.deletedAtMs !== undefined;
  return isDone && step !== undefined && isSettled(step);
};

/** The moment that is called +0s: the start of the last rollout, or of everything. */
export const originOf = (
  history: Pick<History, "rollouts" | "fromMs" | "toMs">,
  { all, toMs = history.toMs }: WindowChoice,
): number => (all ? undefined : lastRolloutAt(history, toMs)?.atMs) ?? history.fromMs;

const chooseWindow = (history: History, choice: WindowChoice): { readonly fromMs: number; readonly toMs: number } => {
  const startMs = choice.fromMs ?? originOf(history, choice);
  const lastMomentMs = momentsOf(history).findLast((atMs) => atMs <= (choice.toMs ?? history.toMs));
  const lastMs = Math.max(startMs, lastMomentMs ?? startMs);
  // What is still going on is shown up to now.
  const presentMs = Math.max(history.toMs, choice.nowMs ?? history.toMs);
  const endMs = isOver(history) ? lastMs : presentMs;
  const contextMs = Math.min(maxContextMs, Math.max(minContextMs, contextShare * (lastMs - startMs)));
  const fromMs = choice.fromMs ?? Math.max(history.fromMs, startMs - contextMs);
  if (choice.toMs !== undefined) return { fromMs, toMs: Math.min(choice.toMs, presentMs) };
  const lastShownMs = Math.max(history.toMs, endMs);
  return { fromMs, toMs: Math.max(Math.min(lastShownMs, endMs + contextMs), fromMs + minSpanMs) };
};

const unknownIn = ({ knownFromMs, toMs }: History, window: { readonly fromMs: number; readonly toMs: number }) =>
  [
    { fromMs: window.fromMs, toMs: Math.min(knownFromMs, window.toMs) },
    { fromMs: Math.max(toMs, window.fromMs), toMs: window.toMs },
  ].filter((span) => span.toMs > span.fromMs);

const clipPod = (pod: PodBar, fromMs: number, toMs: number): PodBar | undefined => {
  if (pod.fromMs > toMs || pod.toMs < fromMs || (pod.toMs === fromMs && pod.fromMs < fromMs)) return undefined;
  const { end: _, endSeq: __, ...whole } = pod;
  return {
    // A life that goes on behind the window has no end in it.
    ...(pod.toMs <= toMs ? pod : whole),
    fromMs: Math.max(pod.fromMs, fromMs),
    toMs: Math.min(pod.toMs, toMs),
    segments: pod.segments
      .filter((segment) => segment.fromMs < toMs && segment.toMs > fromMs)
      .map((segment) => ({
        ...segment,
        fromMs: Math.max(segment.fromMs, fromMs),
        toMs: Math.min(segment.toMs, toMs),
      })),
    marks: pod.marks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  };
};

const clipReplicaSet = (replicaSet: ReplicaSetBars, fromMs: number, toMs: number): ReplicaSetBars => ({
  ...replicaSet,
  pods: replicaSet.pods.flatMap((pod) => clipPod(pod, fromMs, toMs) ?? []),
});

/** The steps within, the first of them being the one in force when the window begins. */
export const clipSteps = (
  steps: readonly AvailabilityStep[],
  fromMs: number,
  toMs: number,
): readonly AvailabilityStep[] => {
  const before = steps.findLast(({ atMs }) => atMs <= fromMs);
  const within = steps.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  return before ? [{ ...before, atMs: fromMs }, ...within] : within;
};

/**
 * The part of a history that was asked for: by default the last rollout and what came after it. ReplicaSets without a pod in
 * that time are left out.
 */
export const clip = (history: History, choice: WindowChoice): Timeline => {
  const { fromMs, toMs } = chooseWindow(history, choice);
  const clipped = history.replicaSets.map((replicaSet) => clipReplicaSet(replicaSet, fromMs, toMs));
  const shown = clipped.flatMap(({ pods }, index) => (pods.length > 0 ? [index] : []));
  const placeOf = new Map(shown.map((index, place) => [index, place]));
  const availability = clipSteps(history.availability, fromMs, toMs).map((step) => ({
    ...step,
    availableBy: step.availableBy.flatMap(({ replicaSet, pods }) => {
      const place = placeOf.get(replicaSet);
      return place === undefined ? [] : [{ replicaSet: place, pods }];
    }),
  }));
  return {
    ...history,
    fromMs,
    toMs,
    originMs: choice.originMs ?? originOf(history, choice),
    unknown: unknownIn(history, { fromMs, toMs }),
    rollouts: history.rollouts.filter(
      ({ atMs, replacedAtMs = Infinity, deletedAtMs = Infinity }) =>
        atMs <= toMs && Math.min(replacedAtMs, deletedAtMs) > fromMs,
    ),
    replicaSets: shown.flatMap((index) => clipped[index] ?? []),
    availability,
    summary: summarize(availability, Math.min(toMs, history.toMs)),
  };
};
