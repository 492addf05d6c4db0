/** The ReplicaSet of the current template: found and kept in step with the Deployment, or created. */
import * as E from "fp-ts/lib/Either.js";
import type { DeploymentStatus, ReplicaSet } from "../../domain/state.ts";
import type { Draft } from "../../domain/write.ts";
import type { Refusal } from "../../kubernetes/refusal.ts";
import { POD_TEMPLATE_HASH, REVISION } from "../../kubernetes/well-known.ts";
import { controllerReference, isControlledBy } from "../claim.ts";
import { type Reconcile, send } from "../reconcile.ts";
import { isNamespaceTerminating } from "../refusals.ts";
import { answerOfKind, replace } from "../replace.ts";
import { maxRevision, setNewReplicaSetAnnotations } from "./annotations.ts";
import { type ProgressReason, progressing, progressingOf, setDeploymentCondition } from "./conditions.ts";
import { newRSNewReplicas } from "./formulas.ts";
import { hasProgressDeadline } from "./progress.ts";
import { findNewReplicaSet, findOldReplicaSets, hasTemplateOf, type OwnedReplicaSets } from "./replica-sets.ts";
import { type Step, type Sync, syncError, updateStatus } from "./step.ts";

type ReplicaSetDraft = Extract<Draft, { readonly kind: "ReplicaSet" }>;

export type WithNewReplicaSet = OwnedReplicaSets & { readonly newRS: ReplicaSet };

/** Tells new from old, and brings the new one's annotations and the Deployment's revision up to date. Creates nothing. */
export function* syncRevision(sync: Sync, replicaSets: readonly ReplicaSet[]): Step<OwnedReplicaSets> {
  const found = findNewReplicaSet(sync.view, sync.deployment, replicaSets);
  const oldRSs = findOldReplicaSets(replicaSets, found);
  if (found === undefined) return E.right({ newRS: undefined, oldRSs });
  const synced = yield* syncNewReplicaSet(sync, found, maxRevision(oldRSs) + 1);
  return E.map((newRS: ReplicaSet) => ({ newRS, oldRSs }))(synced);
}

/** The same, but creates the new ReplicaSet where `owned` has none. */
export function* ensureNewReplicaSet(sync: Sync, { newRS, oldRSs }: OwnedReplicaSets): Step<WithNewReplicaSet> {
  if (newRS !== undefined) return E.right({ newRS, oldRSs });
  const created = yield* createNewReplicaSet(sync, oldRSs);
  return E.map((newRS: ReplicaSet) => ({ newRS, oldRSs }))(created);
}

/** Where the ReplicaSet itself needs an update, the Deployment's revision follows in the next sync, as in Kubernetes. */
function* syncNewReplicaSet(sync: Sync, found: ReplicaSet, newRevision: number): Step<ReplicaSet> {
  const { deployment } = sync;
  const { minReadySeconds } = deployment.spec;
  const update = setNewReplicaSetAnnotations(deployment, found.meta.annotations, String(newRevision), true);
  const newRS = { ...found, meta: { ...found.meta, annotations: update.annotations } };
  if (update.changed || found.spec.minReadySeconds !== minReadySeconds) {
    return yield* replace({ ...newRS, spec: { ...newRS.spec, minReadySeconds } });
  }

  const { [REVISION]: revision = "" } = newRS.meta.annotations;
  const status =
    progressingOf(deployment.status) === undefined
      ? withProgressing(sync, "True", "FoundNewReplicaSet", `Found new replica set "${newRS.meta.name}"`)
      : deployment.status;
  return E.map(() => newRS)(yield* updateWhereChanged(sync, status, revision));
}

function* createNewReplicaSet(sync: Sync, oldRSs: readonly ReplicaSet[]): Step<ReplicaSet> {
  const newRevision = String(maxRevision(oldRSs) + 1);
  const hash = sync.hashTemplate(sync.deployment.spec.template, sync.deployment.status.collisionCount);
  const name = `${sync.deployment.meta.name}-${hash}`;
  const draft = draftReplicaSet(sync, name, hash, oldRSs, newRevision);
  const created = answerOfKind(yield* send({ verb: "createDraft", draft }), "ReplicaSet");

  if (E.isRight(created)) {
    const status = withProgressing(sync, "True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
    return E.map(() => created.right)(yield* updateWhereChanged(sync, status, newRevision));
  }
  if (created.left.reason === "AlreadyExists") return yield* resolveCollision(sync, name, newRevision, created.left);
  if (!isNamespaceTerminating(created.left)) yield* reportCreateError(sync, name, created.left);
  return created;
}

const draftReplicaSet = (
  sync: Sync,
  name: string,
  hash: string,
  oldRSs: readonly ReplicaSet[],
  newRevision: string,
): ReplicaSetDraft => {
  const { deployment, view } = sync;
  const { selector, template, minReadySeconds } = deployment.spec;
  const { annotations } = setNewReplicaSetAnnotations(deployment, {}, newRevision, false);
  return {
    kind: "ReplicaSet",
    meta: {
      name,
      namespace: deployment.meta.namespace,
      labels: { ...view.template(template).metadata?.labels, [POD_TEMPLATE_HASH]: hash },
      annotations,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newRSNewReplicas(deployment, oldRSs, 0),
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [POD_TEMPLATE_HASH]: hash } },
      template: { digest: template, hash },
    },
  };
};

/**
 * The name is taken. If by our own ReplicaSet of this template, that is the one. Otherwise two templates share a hash: a higher
 * collisionCount gives the next sync another name.
 */
function* resolveCollision(sync: Sync, name: string, newRevision: string, refusal: Refusal): Step<ReplicaSet> {
  const { deployment, view } = sync;
  const taken = [...view.replicaSets(deployment.meta.namespace)].find(({ meta }) => meta.name === name);
  // The view is behind what the API server knows; it will have caught up when this is tried again.
  if (taken === undefined) return E.left(syncError(`replicaset.apps "${name}" not found`));
  if (isControlledBy(taken.meta, deployment) && hasTemplateOf(view, deployment, taken)) {
    return E.map(() => taken)(yield* updateWhereChanged(sync, deployment.status, newRevision));
  }
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
  yield* updateStatus(sync, { status: { ...deployment.status, collisionCount } });
  return E.left(refusal);
}

/** The refusal of the creation ends the sync, whatever becomes of this write. */
function* reportCreateError(sync: Sync, name: string, refusal: Refusal): Reconcile<void> {
  const message = `Failed to create new replica set "${name}": ${refusal.message}`;
  const status = withProgressing(sync, "False", "ReplicaSetCreateError", message);
  if (status !== sync.deployment.status) yield* updateStatus(sync, { status });
}

/** The stored status with `Progressing` set, if the Deployment has a progress deadline. */
const withProgressing = (
  { deployment, nowMs }: Sync,
  status: "True" | "False",
  reason: ProgressReason,
  message: string,
): DeploymentStatus =>
  hasProgressDeadline(deployment)
    ? setDeploymentCondition(deployment.status, progressing(status, reason, message, nowMs))
    : deployment.status;

/** The revision travels with a status write, so that it raises no generation. */
function* updateWhereChanged(sync: Sync, status: DeploymentStatus, revision: string): Step<void> {
  const { deployment } = sync;
  if (status === deployment.status && deployment.meta.annotations[REVISION] === revision) return E.right(undefined);
  return yield* updateStatus(sync, { status, revision });
}
