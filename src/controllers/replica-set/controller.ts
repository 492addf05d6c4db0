/** The ReplicaSet controller: keeps as many pods of one template as its spec says. */
import * as E from "fp-ts/lib/Either.js";
import { controllerOf, type ObjectRef, type Pod, type ReplicaSet, refOf } from "../../domain/state.ts";
import { templateLabels } from "../../domain/wire/template.ts";
import type { Draft, Write } from "../../domain/write.ts";
import { compileSelector } from "../../kubernetes/selector.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { aggregateErrors, claim, controllerReference } from "../claim.ts";
import { done, type Reconcile, type SyncResult, sendAll } from "../reconcile.ts";
import type { ReplicaSetView } from "../view.ts";
import { addPods } from "./counts.ts";
import { FEW, podsToDelete } from "./deletion-ranking.ts";
import { slowStartBatch } from "./slow-start.ts";
import { calculateStatus, updateStatus } from "./status.ts";

/** The most pods that one sync creates or deletes; following syncs do the rest. */
export const BURST_REPLICAS = 500;

/**
 * One sync of a ReplicaSet: claims its pods, creates or deletes what is missing or too much, and writes its status.
 *
 * Kubernetes guards the creation and deletion by "expectations": it waits until its cache shows the pods that the previous
 * sync created. Here no sync of a key starts before its view shows what the previous one wrote, so there is nothing to
 * wait for. What expectations make visible is kept: one creation or deletion step for each list of pods seen, and a status
 * counted on that list, before the step. The first status of a new ReplicaSet therefore says 0 replicas.
 *
 * The error of the creation or deletion is returned after the status is written, and has the key retried without limit.
 */
export function* reconcileReplicaSet(view: ReplicaSetView, key: ObjectRef, nowMs: number): Reconcile {
  const replicaSet = view.replicaSet(key.namespace, key.name);
  if (!replicaSet) return done;

  const { template } = replicaSet.spec;
  const labels = templateLabels(view.template(template.digest), template.hash);
  const ownCounts = view.counts(replicaSet, nowMs);
  const { claimed: adopted, errors } = yield* claimPods(view, replicaSet);
  if (errors.length > 0) return { error: aggregateErrors(errors) };

  const counts = addPods(ownCounts, adopted, replicaSet, labels, nowMs);
  const surplus = counts.active - replicaSet.spec.replicas;
  let manageError: string | undefined;
  if (replicaSet.meta.deletion === undefined) {
    if (surplus < 0) manageError = yield* createPods(view, replicaSet, Math.min(-surplus, BURST_REPLICAS));
    if (surplus > 0)
      manageError = yield* deletePods(view, replicaSet, adopted, Math.min(surplus, BURST_REPLICAS), nowMs);
  }

  const status = calculateStatus(replicaSet, counts, manageError, nowMs);
  const error = (yield* updateStatus(replicaSet, status)) ?? manageError;
  if (error !== undefined) return { error };
  return untilAvailable(counts.nextAvailableAtMs, nowMs);
}

/** Nothing happens when minReadySeconds have passed for a pod, so the sync asks to be woken then. */
const untilAvailable = (nextAvailableAtMs: number | undefined, nowMs: number): SyncResult =>
  nextAvailableAtMs === undefined ? done : { requeueAfterMs: nextAvailableAtMs - nowMs };

/** Adopts and releases; the pods that are already its own are not looked at. Answers with the adopted ones. */
const claimPods = (view: ReplicaSetView, replicaSet: ReplicaSet): ReturnType<typeof claim<Pod>> => {
  const candidates = [...view.strayPods(replicaSet), ...view.orphanPods(replicaSet.meta.namespace)].sort(byName);
  return claim(replicaSet, compileSelector(replicaSet.spec.selector), candidates);
};

/** The pod that the template describes. The server adds the suffix of its name. */
const podDraft = (view: ReplicaSetView, replicaSet: ReplicaSet): Draft => {
  const { template } = replicaSet.spec;
  const body = view.template(template.digest);
  const { annotations, finalizers } = body.metadata ?? {};
  const meta = {
    namespace: replicaSet.meta.namespace,
    generateName: `${replicaSet.meta.name}-`,
    labels: templateLabels(body, template.hash),
    ...(annotations ? { annotations } : {}),
    ...(finalizers ? { finalizers } : {}),
    ownerReferences: [controllerReference(replicaSet)],
  };
  return { kind: "Pod", meta, template };
};

function* createPods(view: ReplicaSetView, replicaSet: ReplicaSet, count: number): Reconcile<string | undefined> {
  const { refusal } = yield* slowStartBatch(count, { verb: "createDraft", draft: podDraft(view, replicaSet) });
  return refusal?.message;
}

function* deletePods(
  view: ReplicaSetView,
  replicaSet: ReplicaSet,
  adopted: readonly Pod[],
  count: number,
  nowMs: number,
): Reconcile<string | undefined> {
  const pods = podsToDelete(listed(withAdopted(view.activePods(replicaSet), adopted)), count, {
    nowMs,
    activePodsPerNode: familyPerNode(view, replicaSet),
  });
  const answers = yield* sendAll(pods.map((pod): Write => ({ verb: "delete", ref: refOf(pod) })));
  for (const answer of answers) {
    if (E.isLeft(answer) && answer.left.reason !== "NotFound") return answer.left.message;
  }
  return undefined;
}

/** The view may or may not have seen the adoptions of this sync. */
const withAdopted = (pods: Iterable<Pod>, adopted: readonly Pod[]): Iterable<Pod> =>
  adopted.length === 0 ? pods : new Map([...pods, ...adopted].map((pod) => [pod.meta.uid, pod])).values();

/** The order of a few pods depends on how they are listed. Kubernetes leaves that to chance; here it is by name. */
const listed = (pods: Iterable<Pod>): readonly Pod[] => {
  const list = [...pods];
  return list.length <= FEW ? list.sort(byName) : list;
};

const byName = (a: Pod, b: Pod): number => compareText(a.meta.name, b.meta.name);

/** Active pods on each node over all ReplicaSets of the same controller; one without a controller has no family. */
const familyPerNode = (view: ReplicaSetView, replicaSet: ReplicaSet): ReadonlyMap<string, number> => {
  const perNode = new Map<string, number>();
  const owner = controllerOf(replicaSet.meta);
  if (!owner) return perNode;
  for (const relative of view.replicaSetsOwnedBy(owner.uid)) {
    for (const [node, count] of view.activePodsPerNode(relative)) {
      perNode.set(node, (perNode.get(node) ?? 0) + count);
    }
  }
  return perNode;
};
