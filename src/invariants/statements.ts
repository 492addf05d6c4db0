/** What can be stated of a Deployment's whole life, each as a judge that reads one change after another. */
import { deploymentComplete } from "../controllers/deployment/progress.ts";
import { maxSurge, minAvailable } from "../kubernetes/int-or-percent.ts";
import type { Change } from "./changes.ts";
import type { Fleet } from "./fleet.ts";

/** Where a statement was broken first. */
export interface Violation {
  readonly seq: number;
  /** Cluster time, ms. */
  readonly atMs: number;
  /** `3 available, 4 were due`. */
  readonly message: string;
}

/** Reads the life of one Deployment. The fleet has already seen the change. */
export interface Judge {
  /** Before the change, at its time: what the passing of time has done. */
  wait?(fleet: Fleet, atMs: number): void;
  judge(fleet: Fleet, change: Change): string | undefined;
  /** After the last change. */
  close?(fleet: Fleet, endMs: number): string | undefined;
}

/** `floor`: what the rolling update keeps, `replicas - maxUnavailable`, as it was at each time. */
export type FloorLimit = number | "floor";
/** `ceiling`: what the rolling update may reach, `replicas + maxSurge`, as it was at each time. */
export type CeilingLimit = number | "ceiling";

const floorOf = ({ deployment }: Fleet, limit: FloorLimit): number => {
  if (!deployment) return 0;
  return limit === "floor" ? minAvailable(deployment.spec) : limit;
};

const ceilingOf = ({ deployment }: Fleet, limit: CeilingLimit): number => {
  if (!deployment) return Number.POSITIVE_INFINITY;
  return limit === "ceiling" ? deployment.spec.replicas + maxSurge(deployment.spec) : limit;
};

const changesMinReady = ({ before, after }: Change): boolean =>
  before?.kind === "Deployment" &&
  after?.kind === "Deployment" &&
  before.spec.minReadySeconds !== after.spec.minReadySeconds;

/**
 * So many pods are available. Due from the moment they have been for the first time: a Deployment that has just been created,
 * or scaled up, or that asks for a longer `minReadySeconds`, cannot have them yet. What a lower limit asks stays due meanwhile.
 */
export const keepsAvailable = (limit: FloorLimit): Judge => {
  let due = 0;
  const settle = (fleet: Fleet, available: number): void => {
    const floor = floorOf(fleet, limit);
    due = available >= floor ? floor : Math.min(due, floor);
  };
  return {
    wait: (fleet, atMs) => settle(fleet, fleet.available(atMs)),
    judge: (fleet, change) => {
      const available = fleet.available(change.atMs);
      if (changesMinReady(change)) due = Math.min(due, available);
      const wanted = Math.min(due, floorOf(fleet, limit));
      settle(fleet, available);
      return available < wanted ? `${available} available, ${wanted} were due` : undefined;
    },
  };
};

/**
 * The sum of `spec.replicas` over the ReplicaSets, at each time one of them grows. This is the ceiling that Kubernetes keeps;
 * pods may be more for a moment, because a ReplicaSet that was scaled down still has them.
 */
export const keepsReplicas = (limit: CeilingLimit): Judge => ({
  judge: (fleet, { before, after }) => {
    if (after?.kind !== "ReplicaSet") return undefined;
    const grew = after.spec.replicas > (before?.kind === "ReplicaSet" ? before.spec.replicas : 0);
    const ceiling = ceilingOf(fleet, limit);
    return grew && fleet.replicas > ceiling ? `${fleet.replicas} replicas asked for, ${ceiling} allowed` : undefined;
  },
});

/** Pods that are neither finished nor on their way out, at each time one is created. */
export const keepsPods = (limit: CeilingLimit): Judge => ({
  judge: (fleet, { before, after }) => {
    const ceiling = ceilingOf(fleet, limit);
    const isNew = after?.kind === "Pod" && before === undefined;
    return isNew && fleet.pods > ceiling ? `${fleet.pods} pods, ${ceiling} allowed` : undefined;
  },
});

const seconds = (ms: number): string => `${ms / 1000}s`;

/**
 * Every rollout is complete after so much time, not counting the time it was paused. One that another rollout replaces ends
 * there; one that is still going at the end of the log has not finished.
 */
export const finishesWithin = (limitMs: number): Judge => {
  let rollout: { activeMs: number; sinceMs: number; paused: boolean } | undefined;
  const activeMs = (atMs: number): number => {
    if (!rollout) return 0;
    return rollout.activeMs + (rollout.paused ? 0 : atMs - rollout.sinceMs);
  };
  return {
    judge: ({ deployment }, { atMs, types }) => {
      if (!deployment) {
        rollout = undefined;
        return undefined;
      }
      const { paused } = deployment.spec;
      const begins = types.includes("DeploymentCreated") || types.includes("DeploymentTemplateChanged");
      if (begins) rollout = { activeMs: 0, sinceMs: atMs, paused };
      if (rollout && rollout.paused !== paused) rollout = { activeMs: activeMs(atMs), sinceMs: atMs, paused };
      if (!rollout || !deploymentComplete(deployment, deployment.status)) return undefined;
      const tookMs = activeMs(atMs);
      rollout = undefined;
      return tookMs > limitMs ? `finished after ${seconds(tookMs)}` : undefined;
    },
    close: (_, endMs) => {
      if (!rollout || (rollout.paused && activeMs(endMs) <= limitMs)) return undefined;
      return `had not finished after ${seconds(activeMs(endMs))}`;
    },
  };
};
