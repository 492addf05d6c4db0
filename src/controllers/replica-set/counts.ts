/** What a ReplicaSet's pods add up to. */
import { conditionOf, isPodActive, isPodAvailable, isPodReady, type Pod, type ReplicaSet } from "../../domain/state.ts";
import type { StringMap } from "../../kubernetes/objects.ts";
import type { PodCounts } from "../view.ts";

export const noPods: PodCounts = { active: 0, fullyLabeled: 0, ready: 0, available: 0 };

const holdsAll = (labels: StringMap, wanted: StringMap): boolean => {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
};

/**
 * Adds pods of the ReplicaSet to counts taken at the same time; finished and terminating ones do not count.
 * `templateLabels` are the labels of the ReplicaSet's template, `pod-template-hash` included.
 */
export const addPods = (
  counts: PodCounts,
  pods: Iterable<Pod>,
  replicaSet: ReplicaSet,
  templateLabels: StringMap,
  nowMs: number,
): PodCounts => {
  const { minReadySeconds } = replicaSet.spec;
  let { active, fullyLabeled, ready, available, nextAvailableAtMs } = counts;
  for (const pod of pods) {
    if (!isPodActive(pod)) continue;
    active++;
    if (holdsAll(pod.meta.labels, templateLabels)) fullyLabeled++;
    if (!isPodReady(pod)) continue;
    ready++;
    if (isPodAvailable(pod, minReadySeconds, nowMs)) available++;
    else nextAvailableAtMs = Math.min(nextAvailableAtMs ?? Infinity, availableAtMs(pod, minReadySeconds));
  }
  const sums = { active, fullyLabeled, ready, available };
  return nextAvailableAtMs === undefined ? sums : { ...sums, nextAvailableAtMs };
};

/** When a ready pod becomes available, ms. */
const availableAtMs = (pod: Pod, minReadySeconds: number): number => {
  const ready = conditionOf(pod.status.conditions, "Ready");
  return (ready?.lastTransitionMs ?? 0) + minReadySeconds * 1000;
};
