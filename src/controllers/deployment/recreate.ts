/** Recreate: nothing new comes up before everything old is down. */
import * as E from "fp-ts/lib/Either.js";
import type { Pod } from "../../domain/state.ts";
import { compileSelector } from "../../kubernetes/selector.ts";
import type { SyncResult } from "../reconcile.ts";
import { cleanupDeployment } from "./cleanup.ts";
import { ensureNewReplicaSet } from "./new-replica-set.ts";
import { deploymentComplete, syncRolloutStatus } from "./progress.ts";
import { getActualReplicaCount, isActive, type OwnedReplicaSets } from "./replica-sets.ts";
import { resizeReplicaSet } from "./scaling.ts";
import type { Step, Sync } from "./step.ts";

export function* rolloutRecreate(sync: Sync, found: OwnedReplicaSets): Step<SyncResult> {
  const scaledDown = yield* scaleDownOldReplicaSets(sync, found);
  if (E.isLeft(scaledDown)) return scaledDown;
  if (scaledDown.right || oldPodsRunning(sync, found)) return yield* syncRolloutStatus(sync, found);

  const ensured = yield* ensureNewReplicaSet(sync, found);
  if (E.isLeft(ensured)) return ensured;
  const owned = ensured.right;
  const scaledUp = yield* resizeReplicaSet(sync, owned.newRS, sync.deployment.spec.replicas);
  if (E.isLeft(scaledUp)) return scaledUp;

  if (deploymentComplete(sync.deployment, sync.deployment.status)) {
    const cleaned = yield* cleanupDeployment(sync, owned.oldRSs);
    if (E.isLeft(cleaned)) return cleaned;
  }
  return yield* syncRolloutStatus(sync, owned);
}

function* scaleDownOldReplicaSets(sync: Sync, { oldRSs }: OwnedReplicaSets): Step<boolean> {
  let any = false;
  for (const old of oldRSs.filter(isActive)) {
    const scaled = yield* resizeReplicaSet(sync, old, 0);
    if (E.isLeft(scaled)) return scaled;
    any = true;
  }
  return E.right(any);
}

/** A pod on its way out still runs: a ReplicaSet's status leaves it out, here it counts until it is deleted. */
const mayRun = ({ status }: Pod): boolean => status.phase !== "Failed" && status.phase !== "Succeeded";

/** Whether any pod of an old ReplicaSet may still run, by the ReplicaSets' statuses or by the pods themselves. */
const oldPodsRunning = ({ view, deployment }: Sync, { oldRSs }: OwnedReplicaSets): boolean => {
  if (getActualReplicaCount(oldRSs) > 0) return true;
  const isOurs = compileSelector(deployment.spec.selector);
  for (const { meta } of oldRSs) {
    for (const pod of view.podsOwnedBy(meta.uid)) if (mayRun(pod) && isOurs(pod.meta.labels)) return true;
  }
  return false;
};
