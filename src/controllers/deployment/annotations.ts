/** The annotations by which the Deployment controller remembers revisions and sizes on its ReplicaSets. */

import type { Deployment, Meta, ReplicaSet } from "../../domain/state.ts";
import { maxSurge } from "../../kubernetes/int-or-percent.ts";
import type { StringMap } from "../../kubernetes/objects.ts";
import {
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  REVISION,
  REVISION_HISTORY,
  ROLLBACK_TO,
} from "../../kubernetes/well-known.ts";

/** Longer revision histories lose their oldest entries. */
const maxRevisionHistoryLength = 2000;
const maxInt32 = 2_147_483_647;

/** Annotations that say something about one object only and are not copied to another. */
const notCopied: ReadonlySet<string> = new Set([
  LAST_APPLIED,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);

/** A decimal integer as Go's `ParseInt` reads it; undefined when it is none. */
export const parseInteger = (text: string): number | undefined => {
  const value = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** The object's revision: 0 without one, undefined when the annotation is no number. */
export const revisionOf = (meta: Meta): number | undefined => {
  const { [REVISION]: text = "0" } = meta.annotations;
  return parseInteger(text);
};

/** The highest revision; unreadable ones do not count. */
export const maxRevision = (replicaSets: readonly ReplicaSet[]): number =>
  Math.max(0, ...replicaSets.map(({ meta }) => revisionOf(meta) ?? 0));

/** The second-highest revision, 0 if there is none: where a rollback without a target leads. */
export const lastRevision = (replicaSets: readonly ReplicaSet[]): number => {
  const revisions = replicaSets.map(({ meta }) => revisionOf(meta) ?? 0).sort((a, b) => b - a);
  return Math.max(0, revisions[1] ?? 0);
};

const nonNegativeInt32 = (text = ""): number | undefined => {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return value <= maxInt32 ? value : undefined;
};

/** The Deployment's size when this ReplicaSet was last scaled; undefined when missing or unreadable. */
export const desiredReplicasOf = (replicaSet: ReplicaSet): number | undefined =>
  nonNegativeInt32(replicaSet.meta.annotations[DESIRED_REPLICAS]);

/** The Deployment's size and surge together when this ReplicaSet was last scaled; undefined when missing or unreadable. */
export const maxReplicasOf = (replicaSet: ReplicaSet): number | undefined =>
  nonNegativeInt32(replicaSet.meta.annotations[MAX_REPLICAS]);

/** What desired-replicas and max-replicas should say on a ReplicaSet that is scaled now. */
export const replicasAnnotations = (deployment: Deployment): StringMap => ({
  [DESIRED_REPLICAS]: String(deployment.spec.replicas),
  [MAX_REPLICAS]: String(deployment.spec.replicas + maxSurge(deployment.spec)),
});

export const replicasAnnotationsNeedUpdate = (replicaSet: ReplicaSet, deployment: Deployment): boolean =>
  Object.entries(replicasAnnotations(deployment)).some(([key, value]) => replicaSet.meta.annotations[key] !== value);

interface AnnotationUpdate {
  readonly annotations: StringMap;
  readonly changed: boolean;
}

const copyDeploymentAnnotations = (deployment: Deployment, annotations: StringMap): AnnotationUpdate => {
  const copied = Object.entries(deployment.meta.annotations).filter(
    ([key, value]) => !notCopied.has(key) && annotations[key] !== value,
  );
  return { annotations: { ...annotations, ...Object.fromEntries(copied) }, changed: copied.length > 0 };
};

/** Appends a former revision; undefined when not even an emptied history has room for it. */
const appendRevision = (history: string, revision: string, maxLength: number): string | undefined => {
  if (history.startsWith(",") || history === "") return revision;
  const kept = history.split(",");
  let length = history.length + revision.length + 1;
  while (length > maxLength) {
    const dropped = kept.shift();
    if (dropped === undefined) return undefined;
    length -= dropped.length + 1;
  }
  return [...kept, revision].join(",");
};

/**
 * The annotations of the new ReplicaSet: the Deployment's own (copied, never removed), the revision where `newRevision` is
 * higher, the former revision appended to the history, and, unless the ReplicaSet exists already, its sizes. As in
 * Kubernetes, an unreadable revision counts as unchanged, even when other annotations were copied.
 */
export const setNewReplicaSetAnnotations = (
  deployment: Deployment,
  current: StringMap,
  newRevision: string,
  exists: boolean,
  maxHistoryLength: number = maxRevisionHistoryLength,
): AnnotationUpdate => {
  const copied = copyDeploymentAnnotations(deployment, current);
  const { [REVISION]: formerText, [REVISION_HISTORY]: formerHistory = "" } = current;
  const former = parseInteger(formerText || "0");
  const next = parseInteger(newRevision);
  if (former === undefined || next === undefined) return { annotations: copied.annotations, changed: false };

  const annotations: Record<string, string> = { ...copied.annotations };
  const raised = former < next;
  if (raised) {
    annotations[REVISION] = newRevision;
    if (formerText !== undefined) {
      const history = appendRevision(formerHistory, formerText, maxHistoryLength);
      if (history !== undefined) annotations[REVISION_HISTORY] = history;
    }
  }
  if (!exists) Object.assign(annotations, replicasAnnotations(deployment));
  return { annotations, changed: copied.changed || raised || !exists };
};

/** The Deployment's annotations after a rollback to this ReplicaSet: what was copied to it comes back. */
export const setDeploymentAnnotationsTo = (deployment: Deployment, replicaSet: ReplicaSet): StringMap => {
  const own = Object.entries(deployment.meta.annotations).filter(([key]) => notCopied.has(key));
  const back = Object.entries(replicaSet.meta.annotations).filter(([key]) => !notCopied.has(key));
  return Object.fromEntries([...own, ...back]);
};
