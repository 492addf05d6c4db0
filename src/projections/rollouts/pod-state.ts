/** A pod's state at a moment. */
import { type ContainerRun, conditionOf, isPodAvailable, isPodReady, type Pod } from "../../domain/state.ts";

/**
 * A pod's state from one moment to the next:
 * - `pending`: no node yet
 * - `starting`: on a node; images are pulled, init containers run, containers are created
 * - `running`: containers run, the pod is not ready
 * - `ready`: ready, but not for `minReadySeconds` yet
 * - `available`
 * - `backing-off`: a container ended or has no image, and waits for its next try
 * - `terminating`: deletion was requested
 * - `succeeded`, `failed`: over, but not deleted
 */
export type PodState =
  | "pending"
  | "starting"
  | "running"
  | "ready"
  | "available"
  | "backing-off"
  | "terminating"
  | "succeeded"
  | "failed";

/** What a container waits for before its first start; anything else is a try that failed. */
const initialWaits = new Set(["ContainerCreating", "PodInitializing"]);

const waitsForNextTry = ({ state, ready }: ContainerRun): boolean => {
  switch (state.is) {
    case "running":
      return false;
    case "waiting":
      return !initialWaits.has(state.reason);
    case "terminated":
      // An init container that did its work stays terminated, and is ready.
      return !ready;
  }
};

/** The state of a pod whose ReplicaSet asks for `minReadySeconds`. */
export const podState = (pod: Pod, minReadySeconds: number, atMs: number): PodState => {
  const { phase, containers, initContainers } = pod.status;
  if (pod.meta.deletion) return "terminating";
  if (phase === "Failed") return "failed";
  if (phase === "Succeeded") return "succeeded";
  if (isPodReady(pod)) return isPodAvailable(pod, minReadySeconds, atMs) ? "available" : "ready";
  if (containers.some(waitsForNextTry) || initContainers.some(waitsForNextTry)) return "backing-off";
  if (containers.some(({ state }) => state.is === "running")) return "running";
  return pod.nodeName === undefined ? "pending" : "starting";
};

/** When a pod that is ready becomes available, if nothing happens before; undefined when it is not ready. */
export const availableAtMs = (pod: Pod, minReadySeconds: number): number | undefined => {
  const ready = conditionOf(pod.status.conditions, "Ready");
  return ready?.status === "True" ? ready.lastTransitionMs + minReadySeconds * 1000 : undefined;
};

/** Counts for its ReplicaSet: neither over nor on its way out. */
export const isActive = (state: PodState): boolean =>
  state !== "terminating" && state !== "failed" && state !== "succeeded";

/** The scheduler has found no node for it. */
export const isUnschedulable = ({ status }: Pod): boolean =>
  conditionOf(status.conditions, "PodScheduled")?.status === "False";
