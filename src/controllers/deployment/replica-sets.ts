/** A Deployment's ReplicaSets: which is new, which are old, in what order, and what they add up to. */

import type { Deployment, ReplicaSet } from "../../domain/state.ts";
import { equalIgnoreHash } from "../../kubernetes/equality.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import type { TemplateSource } from "../view.ts";

/** The ReplicaSets that a Deployment owns. `oldRSs` is ordered by creation. */
export interface OwnedReplicaSets {
  readonly newRS: ReplicaSet | undefined;
  readonly oldRSs: readonly ReplicaSet[];
}

/** Old first, as Kubernetes counts and searches them. */
export const allOf = ({ newRS, oldRSs }: OwnedReplicaSets): readonly ReplicaSet[] =>
  newRS === undefined ? oldRSs : [...oldRSs, newRS];

/** Oldest first; of one second, by name. */
export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  a.meta.createdAtMs - b.meta.createdAtMs || compareText(a.meta.name, b.meta.name);

/**
 * The ReplicaSet whose template is the Deployment's, whatever it is called: identity is equality of templates, names and
 * hashes are labels. If several match, the oldest is the new one and the others count as old.
 */
export const findNewReplicaSet = (
  templates: TemplateSource,
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined =>
  replicaSets.toSorted(byCreation).find((replicaSet) => hasTemplateOf(templates, deployment, replicaSet));

/** All but the new ReplicaSet, also those of size 0, ordered by creation. */
export const findOldReplicaSets = (
  replicaSets: readonly ReplicaSet[],
  newRS: ReplicaSet | undefined,
): readonly ReplicaSet[] =>
  replicaSets.filter((replicaSet) => replicaSet.meta.uid !== newRS?.meta.uid).sort(byCreation);

/** Equal digests are equal templates; unequal ones may still differ only in what Kubernetes holds to be the same. */
export const hasTemplateOf = (templates: TemplateSource, deployment: Deployment, replicaSet: ReplicaSet): boolean => {
  const [ours, theirs] = [deployment.spec.template, replicaSet.spec.template.digest];
  return ours === theirs || equalIgnoreHash(templates.template(ours), templates.template(theirs));
};

export const isActive = (replicaSet: ReplicaSet): boolean => replicaSet.spec.replicas > 0;

/** How many pods the ReplicaSets should have. */
export const getReplicaCount = (replicaSets: readonly Pick<ReplicaSet, "spec">[]): number =>
  replicaSets.reduce((sum, { spec }) => sum + spec.replicas, 0);

/** How many pods the ReplicaSets said to have. */
export const getActualReplicaCount = (replicaSets: readonly ReplicaSet[]): number =>
  replicaSets.reduce((sum, { status }) => sum + status.replicas, 0);

export const getReadyReplicaCount = (replicaSets: readonly ReplicaSet[]): number =>
  replicaSets.reduce((sum, { status }) => sum + status.readyReplicas, 0);

export const getAvailableReplicaCount = (replicaSets: readonly ReplicaSet[]): number =>
  replicaSets.reduce((sum, { status }) => sum + status.availableReplicas, 0);

/** The only active ReplicaSet; without any, the new one, or else the newest; undefined when several are active. */
export const findActiveOrLatest = (owned: OwnedReplicaSets): ReplicaSet | undefined => {
  const [active, another] = allOf(owned).filter(isActive);
  if (active === undefined) return owned.newRS ?? owned.oldRSs.at(-1);
  return another === undefined ? active : undefined;
};
