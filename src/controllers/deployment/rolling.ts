/** The rolling update: each sync makes one step, growing the new ReplicaSet or else shrinking the old ones. */
import * as E from "fp-ts/lib/Either.js";
import type { ReplicaSet } from "../../domain/state.ts";
import type { Reconcile, SyncResult } from "../reconcile.ts";
import { cleanupDeployment } from "./cleanup.ts";
import { availableSurplus, maxScaledDown, newRSNewReplicas } from "./formulas.ts";
import { ensureNewReplicaSet, type WithNewReplicaSet } from "./new-replica-set.ts";
import { deploymentComplete, syncRolloutStatus } from "./progress.ts";
import { allOf, isActive, type OwnedReplicaSets } from "./replica-sets.ts";
import { resizeReplicaSet } from "./scaling.ts";
import type { Step, Sync } from "./step.ts";

/**
 * Growing and shrinking never happen in one sync, except that the creation of the new ReplicaSet, which has its first size at
 * once, leaves room for shrinking the old ones.
 */
export function* rolloutRolling(sync: Sync, found: OwnedReplicaSets): Step<SyncResult> {
  const ensured = yield* ensureNewReplicaSet(sync, found);
  if (E.isLeft(ensured)) return ensured;
  const owned = ensured.right;

  const grown = yield* reconcileNewReplicaSet(sync, owned);
  if (E.isLeft(grown)) return grown;
  if (grown.right) return yield* syncRolloutStatus(sync, owned);

  const shrunk = yield* reconcileOldReplicaSets(sync, owned);
  if (shrunk) return yield* syncRolloutStatus(sync, owned);

  if (deploymentComplete(sync.deployment, sync.deployment.status)) {
    const cleaned = yield* cleanupDeployment(sync, owned.oldRSs);
    if (E.isLeft(cleaned)) return cleaned;
  }
  return yield* syncRolloutStatus(sync, owned);
}

/** Brings the new ReplicaSet to its size, down at once, up as far as the surge allows; tells whether its size changed. */
function* reconcileNewReplicaSet(sync: Sync, owned: WithNewReplicaSet): Step<boolean> {
  const { deployment } = sync;
  const { newRS } = owned;
  const { replicas } = newRS.spec;
  const desired = deployment.spec.replicas;
  const size = replicas < desired ? newRSNewReplicas(deployment, allOf(owned), replicas) : desired;
  return E.map(({ scaled }: { readonly scaled: boolean }) => scaled)(yield* resizeReplicaSet(sync, newRS, size));
}

/**
 * Shrinks the old ReplicaSets: pods that are not available first, then available ones above the minimum. A refusal is no
 * error here, as in Kubernetes: the sync goes on as if nothing had been scaled, and the next one sees what was.
 */
function* reconcileOldReplicaSets(sync: Sync, owned: WithNewReplicaSet): Reconcile<boolean> {
  const budget = maxScaledDown(sync.deployment, allOf(owned), owned.newRS);
  if (budget <= 0) return false;
  const cleaned = yield* cleanupUnhealthyReplicas(sync, owned.oldRSs.filter(isActive), budget);
  if (cleaned === undefined) return false;
  const healthy = yield* scaleDownOldReplicaSets(sync, { newRS: owned.newRS, oldRSs: cleaned.oldRSs });
  if (E.isLeft(healthy)) return false;
  return cleaned.count + healthy.right > 0;
}

interface Cleaned {
  /** How many pods were given up. */
  readonly count: number;
  readonly oldRSs: readonly ReplicaSet[];
}

/**
 * Takes up to `budget` pods that are not available from the old ReplicaSets, the oldest first: they were serving nobody.
 * Undefined when it had to stop.
 */
function* cleanupUnhealthyReplicas(
  sync: Sync,
  oldRSs: readonly ReplicaSet[],
  budget: number,
): Reconcile<Cleaned | undefined> {
  const after: ReplicaSet[] = [];
  let count = 0;
  for (const old of oldRSs) {
    const { replicas } = old.spec;
    const taken = count === budget ? 0 : Math.min(budget - count, replicas - old.status.availableReplicas);
    // More available than it should have: its status is from before an earlier scale-down.
    if (taken < 0) return undefined;
    const scaled = yield* resizeReplicaSet(sync, old, replicas - taken);
    if (E.isLeft(scaled)) return undefined;
    after.push(scaled.right.replicaSet);
    count += taken;
  }
  return { count, oldRSs: after };
}

/** Takes the available pods above the minimum from the old ReplicaSets, the oldest first; answers how many. */
function* scaleDownOldReplicaSets(sync: Sync, owned: OwnedReplicaSets): Step<number> {
  const surplus = availableSurplus(sync.deployment, allOf(owned));
  let count = 0;
  for (const old of owned.oldRSs) {
    const taken = Math.min(old.spec.replicas, surplus - count);
    if (taken <= 0) continue;
    const scaled = yield* resizeReplicaSet(sync, old, old.spec.replicas - taken);
    if (E.isLeft(scaled)) return scaled;
    count += taken;
  }
  return E.right(count);
}
