/** One sync of the Deployment controller, as `syncDeployment` of Kubernetes 1.32 does it. */
import * as E from "fp-ts/lib/Either.js";
import { controllerOf, type Digest, type ReplicaSet } from "../../domain/state.ts";
import type { LabelSelector } from "../../kubernetes/objects.ts";
import { hashTemplate as hashOf } from "../../kubernetes/pod-template-hash.ts";
import { compileSelector } from "../../kubernetes/selector.ts";
import { aggregateErrors, claim } from "../claim.ts";
import { done, type Reconcile, type SyncResult } from "../reconcile.ts";
import { isNamespaceTerminating } from "../refusals.ts";
import type { DeploymentView } from "../view.ts";
import { cleanupDeployment } from "./cleanup.ts";
import { progressing, progressingOf, setDeploymentCondition } from "./conditions.ts";
import { syncRevision } from "./new-replica-set.ts";
import { hasProgressDeadline } from "./progress.ts";
import { rolloutRecreate } from "./recreate.ts";
import { allOf, byCreation, type OwnedReplicaSets } from "./replica-sets.ts";
import { getRollbackTo, rollback } from "./rollback.ts";
import { rolloutRolling } from "./rolling.ts";
import { isScalingEvent, scale } from "./scaling.ts";
import { syncDeploymentStatus } from "./status.ts";
import { type Step, type Sync, type SyncError, syncError, updateStatus } from "./step.ts";

export interface DeploymentOptions {
  /** Names the ReplicaSet of a template; give another one to provoke collisions. */
  readonly hashTemplate?: (template: Digest, collisionCount: number | undefined) => string;
}

/**
 * Brings a Deployment one step closer to its spec: claims its ReplicaSets, then rolls out, scales, rolls back, or only reports,
 * and writes its status. Everything it knows is in `view`; time is `nowMs`, conditions carry it in whole seconds.
 *
 * An error is Kubernetes' text of the first refused write. A write refused because the namespace is going away is none.
 * `requeueAfterMs` is when a rollout that stands still exceeds its deadline.
 */
export function* reconcileDeployment(
  view: DeploymentView,
  key: { readonly namespace: string; readonly name: string },
  nowMs: number,
  options: DeploymentOptions = {},
): Reconcile {
  const deployment = view.deployment(key.namespace, key.name);
  if (deployment === undefined) return done;
  const hashTemplate = options.hashTemplate ?? ((template, count) => hashOf(view.template(template), count));
  const outcome = yield* syncDeployment({ view, nowMs, hashTemplate, deployment });
  return E.isRight(outcome) ? outcome.right : failed(outcome.left);
}

const failed = (error: SyncError): SyncResult =>
  error._tag === "Refusal" && isNamespaceTerminating(error) ? done : { error: error.message };

function* syncDeployment(sync: Sync): Step<SyncResult> {
  if (selectsEverything(sync.deployment.spec.selector)) return yield* observeOnly(sync);
  const claimed = yield* claimReplicaSets(sync);
  if (E.isLeft(claimed)) return claimed;
  if (sync.deployment.meta.deletion !== undefined) return yield* statusOnly(sync, claimed.right);

  const checked = yield* checkPausedConditions(sync);
  if (E.isLeft(checked)) return checked;
  const synced = yield* syncRevision(sync, claimed.right);
  if (E.isLeft(synced)) return synced;
  const owned = synced.right;
  const { deployment } = sync;

  if (deployment.spec.paused) return yield* syncScaling(sync, owned);
  const rollbackTo = getRollbackTo(deployment);
  if (rollbackTo !== undefined) return yield* rollback(sync, owned, rollbackTo);
  if (isScalingEvent(deployment, allOf(owned))) return yield* syncScaling(sync, owned);
  switch (deployment.spec.strategy.type) {
    case "RollingUpdate":
      return yield* rolloutRolling(sync, owned);
    case "Recreate":
      return yield* rolloutRecreate(sync, owned);
  }
}

const selectsEverything = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** A Deployment that selects all pods is left alone. */
function* observeOnly(sync: Sync): Step<SyncResult> {
  const { meta, status } = sync.deployment;
  if (status.observedGeneration >= meta.generation) return E.right(done);
  return E.map(() => done)(yield* updateStatus(sync, { status: { ...status, observedGeneration: meta.generation } }));
}

function* claimReplicaSets({ view, deployment }: Sync): Step<readonly ReplicaSet[]> {
  const { namespace, uid } = deployment.meta;
  const candidates: ReplicaSet[] = [];
  for (const replicaSet of view.replicaSets(namespace)) {
    const owner = controllerOf(replicaSet.meta);
    if (owner === undefined || owner.uid === uid) candidates.push(replicaSet);
  }
  // In an order of its own, so that the writes do not depend on that of the view.
  candidates.sort(byCreation);
  const { claimed, errors } = yield* claim(deployment, compileSelector(deployment.spec.selector), candidates);
  return errors.length === 0 ? E.right(claimed) : E.left(syncError(aggregateErrors(errors)));
}

/** Pausing and resuming are conditions, so that the time in between does not count against the progress deadline. */
function* checkPausedConditions(sync: Sync): Step<void> {
  const { spec, status } = sync.deployment;
  const current = progressingOf(status);
  if (!hasProgressDeadline(sync.deployment) || current?.reason === "ProgressDeadlineExceeded")
    return E.right(undefined);
  const wasPaused = current?.reason === "DeploymentPaused";
  if (spec.paused === wasPaused) return E.right(undefined);
  const condition = spec.paused
    ? progressing("Unknown", "DeploymentPaused", "Deployment is paused", sync.nowMs)
    : progressing("Unknown", "DeploymentResumed", "Deployment is resumed", sync.nowMs);
  return yield* updateStatus(sync, { status: setDeploymentCondition(status, condition) });
}

function* statusOnly(sync: Sync, replicaSets: readonly ReplicaSet[]): Step<SyncResult> {
  const owned = yield* syncRevision(sync, replicaSets);
  if (E.isLeft(owned)) return owned;
  return E.map(() => done)(yield* syncDeploymentStatus(sync, owned.right));
}

/** A Deployment that is paused, or was scaled: sizes and status, no rollout. */
function* syncScaling(sync: Sync, owned: OwnedReplicaSets): Step<SyncResult> {
  const scaled = yield* scale(sync, owned);
  if (E.isLeft(scaled)) return scaled;
  if (sync.deployment.spec.paused && getRollbackTo(sync.deployment) === undefined) {
    const cleaned = yield* cleanupDeployment(sync, owned.oldRSs);
    if (E.isLeft(cleaned)) return cleaned;
  }
  return E.map(() => done)(yield* syncDeploymentStatus(sync, owned));
}
