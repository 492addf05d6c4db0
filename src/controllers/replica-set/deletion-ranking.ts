/** Which pods go first when a ReplicaSet has too many: those whose loss costs least. */
import TinyQueue from "tinyqueue";
import { conditionOf, type Pod } from "../../domain/state.ts";
import type { PodPhase } from "../../kubernetes/objects.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { POD_DELETION_COST } from "../../kubernetes/well-known.ts";

export interface RankingContext {
  readonly nowMs: number;
  /** Active pods of the ReplicaSet's whole family (all ReplicaSets of its owner) by node name; empty means unscheduled. */
  readonly activePodsPerNode: ReadonlyMap<string, number>;
}

/** What the ranking looks at, read off a pod once. */
interface Candidate {
  readonly pod: Pod;
  readonly isScheduled: number;
  readonly phase: number;
  readonly isReady: number;
  readonly cost: number;
  readonly neighbours: number;
  readonly readyAtMs: number;
  readonly restarts: number;
}

const phaseOrder: Readonly<Record<PodPhase, number>> = { Pending: 0, Unknown: 1, Running: 2, Succeeded: 0, Failed: 0 };

/** The annotation as Kubernetes reads it: an int32 without plus sign or leading zeros; anything else counts as 0. */
const deletionCost = (text = ""): number => {
  if (!/^(-\d+|0|[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0;
};

const candidate = (pod: Pod, { activePodsPerNode }: RankingContext): Candidate => {
  const ready = conditionOf(pod.status.conditions, "Ready");
  let restarts = 0;
  for (const { restartCount } of pod.status.containers) restarts = Math.max(restarts, restartCount);
  return {
    pod,
    isScheduled: pod.nodeName === undefined ? 0 : 1,
    phase: phaseOrder[pod.status.phase],
    isReady: ready?.status === "True" ? 1 : 0,
    cost: deletionCost(pod.meta.annotations[POD_DELETION_COST]),
    neighbours: activePodsPerNode.get(pod.nodeName ?? "") ?? 0,
    readyAtMs: ready?.lastTransitionMs ?? 0,
    restarts,
  };
};

const byUid = (a: Pod, b: Pod): number => compareText(a.meta.uid, b.meta.uid);

/** Ages are told apart by powers of two of nanoseconds only. */
const ageBucket = (sinceMs: number, nowMs: number): number =>
  sinceMs < nowMs ? Math.floor(Math.log2((nowMs - sinceMs) * 1e6)) : -1;

/**
 * The younger first, on a logarithmic scale, on which the UID tells apart what is about as old: that way pods are not
 * deleted in the very order in which they were created. Equal times decide nothing.
 */
const byAge = (a: Candidate, aSinceMs: number, b: Candidate, bSinceMs: number, nowMs: number): number =>
  aSinceMs === bSinceMs ? 0 : ageBucket(aSinceMs, nowMs) - ageBucket(bSinceMs, nowMs) || byUid(a.pod, b.pod);

/** What comes before all ages. */
const byState = (a: Candidate, b: Candidate): number =>
  a.isScheduled - b.isScheduled ||
  a.phase - b.phase ||
  a.isReady - b.isReady ||
  a.cost - b.cost ||
  b.neighbours - a.neighbours;

/** Kubernetes' comparison; what it leaves in any order is in the order of UIDs. */
const compare = (a: Candidate, b: Candidate, nowMs: number): number =>
  byState(a, b) ||
  (a.isReady === 1 ? byAge(a, a.readyAtMs, b, b.readyAtMs, nowMs) : 0) ||
  b.restarts - a.restarts ||
  byAge(a, a.pod.meta.createdAtMs, b, b.pod.meta.createdAtMs, nowMs) ||
  byUid(a.pod, b.pod);

/** The same where ages of one bucket count as equal, which makes it transitive. */
const compareBuckets = (a: Candidate, b: Candidate, nowMs: number): number =>
  byState(a, b) ||
  (a.isReady === 1 ? ageBucket(a.readyAtMs, nowMs) - ageBucket(b.readyAtMs, nowMs) : 0) ||
  b.restarts - a.restarts ||
  ageBucket(a.pod.meta.createdAtMs, nowMs) - ageBucket(b.pod.meta.createdAtMs, nowMs) ||
  byUid(a.pod, b.pod);

/** Up to this many elements Go sorts by insertion. */
export const FEW = 12;

/**
 * Kubernetes' order is not transitive: of three pods, two that became ready in the same second are told apart by age, and
 * each from the third by UID, which may run in a circle. So the algorithm matters, and for a few pods this is Kubernetes'
 * own. It also matters in which order they are listed.
 */
const sortFew = (candidates: readonly Candidate[], nowMs: number): readonly Candidate[] => {
  const sorted: Candidate[] = [];
  for (const next of candidates) {
    const last = sorted.findLastIndex((other) => compare(next, other, nowMs) >= 0);
    sorted.splice(last + 1, 0, next);
  }
  return sorted;
};

/**
 * One pass: with thousands of pods and one to delete, sorting them all would rule the sync. What Go's algorithm for many
 * makes of an order that runs in circles depends on how they are listed; ours takes the transitive one.
 */
const firstOfMany = (candidates: readonly Candidate[], count: number, nowMs: number): readonly Candidate[] => {
  const order = (a: Candidate, b: Candidate): number => compareBuckets(a, b, nowMs);
  const chosen = new TinyQueue<Candidate>([], (a, b) => order(b, a));
  for (const next of candidates) {
    if (chosen.length >= count) {
      const last = chosen.peek();
      if (last === undefined || order(next, last) >= 0) continue;
      chosen.pop();
    }
    chosen.push(next);
  }
  return chosen.data.sort(order);
};

/**
 * The first `count` pods in Kubernetes' order of deletion, first to go first: unscheduled; pending, then unknown, then running;
 * not ready; lower `controller.kubernetes.io/pod-deletion-cost`; on the node with more pods of the family; ready for less
 * time; more restarts; younger.
 */
export const podsToDelete = (pods: Iterable<Pod>, count: number, context: RankingContext): readonly Pod[] => {
  const { nowMs } = context;
  const candidates = Array.from(pods, (pod) => candidate(pod, context));
  const ranked =
    candidates.length <= FEW ? sortFew(candidates, nowMs).slice(0, count) : firstOfMany(candidates, count, nowMs);
  return ranked.map(({ pod }) => pod);
};
