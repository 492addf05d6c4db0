/** The revision history: old ReplicaSets beyond `revisionHistoryLimit` are deleted. */
import * as E from "fp-ts/lib/Either.js";
import { type ReplicaSet, refOf } from "../../domain/state.ts";
import { send } from "../reconcile.ts";
import { revisionOf } from "./annotations.ts";
import { byCreation, isActive } from "./replica-sets.ts";
import type { Step, Sync } from "./step.ts";

/** Kubernetes reads the largest int32 as "keep all". */
const keepAll = 2_147_483_647;

/** Lowest revision first; where one of two is unreadable, or both are equal, the older first. */
const byRevision = (a: ReplicaSet, b: ReplicaSet): number => {
  const [left, right] = [revisionOf(a.meta), revisionOf(b.meta)];
  return left === undefined || right === undefined || left === right ? byCreation(a, b) : left - right;
};

/** Its pods are gone, and its controller has seen that it should have none. */
const isDrained = (replicaSet: ReplicaSet): boolean =>
  !isActive(replicaSet) &&
  replicaSet.status.replicas === 0 &&
  replicaSet.meta.generation <= replicaSet.status.observedGeneration;

/** The old ReplicaSets to delete. One that still has pods is kept, but uses up its place among those too many. */
export const beyondHistoryLimit = (oldRSs: readonly ReplicaSet[], limit: number = keepAll): readonly ReplicaSet[] => {
  const cleanable = oldRSs.filter(({ meta }) => meta.deletion === undefined);
  const tooMany = Math.max(0, cleanable.length - limit);
  return cleanable.sort(byRevision).slice(0, tooMany).filter(isDrained);
};

export function* cleanupDeployment(sync: Sync, oldRSs: readonly ReplicaSet[]): Step<void> {
  for (const old of beyondHistoryLimit(oldRSs, sync.deployment.spec.revisionHistoryLimit)) {
    const deleted = yield* send({ verb: "delete", ref: refOf(old), uid: old.meta.uid });
    if (E.isLeft(deleted) && deleted.left.reason !== "NotFound") return deleted;
  }
  return E.right(undefined);
}
