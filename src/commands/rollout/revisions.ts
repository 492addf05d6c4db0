/** The revisions of a Deployment, as its ReplicaSets hold them. */

import { parseInteger } from "../../controllers/deployment/annotations.ts";
import type { Session } from "../../engine/session.ts";
import { equalIgnoreHash } from "../../kubernetes/equality.ts";
import type { Deployment, KubeObject, PodTemplate, ReplicaSet } from "../../kubernetes/objects.ts";
import { compileSelector } from "../../kubernetes/selector.ts";
import { REVISION } from "../../kubernetes/well-known.ts";

export const isDeployment = (object: KubeObject): object is Deployment => object.kind === "Deployment";
const isReplicaSet = (object: KubeObject): object is ReplicaSet => object.kind === "ReplicaSet";

/** 0 when the object has no revision yet, undefined when what it has is no number. */
export const revisionOf = ({ metadata }: KubeObject): number | undefined => {
  const text = metadata.annotations?.[REVISION];
  if (text === undefined) return 0;
  return parseInteger(text);
};

/** A stored ReplicaSet always has a template. */
export const templateOf = ({ metadata, spec }: ReplicaSet): PodTemplate => {
  if (!spec.template) throw new Error(`ReplicaSet ${metadata.name} has no template`);
  return spec.template;
};

const byAge = (a: ReplicaSet, b: ReplicaSet): number => {
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ""} ${metadata.name}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
};

/** The ReplicaSets that the Deployment controls: the old ones from the oldest on, then the one of its current template. */
export const replicaSetsOf = (session: Session, deployment: Deployment): readonly ReplicaSet[] => {
  const { namespace = "", uid } = deployment.metadata;
  const selected = compileSelector(deployment.spec.selector);
  const controlled = session
    .list("ReplicaSet", namespace)
    .filter(isReplicaSet)
    .filter(
      ({ metadata }) =>
        selected(metadata.labels) &&
        metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid) === true,
    )
    .sort(byAge);
  const current = controlled.find((replicaSet) => equalIgnoreHash(templateOf(replicaSet), deployment.spec.template));
  return current ? [...controlled.filter((replicaSet) => replicaSet !== current), current] : controlled;
};

/** By revision, ascending; of two ReplicaSets with one revision the later in order counts. */
export const revisionHistory = (session: Session, deployment: Deployment): ReadonlyMap<number, ReplicaSet> => {
  const byRevision = new Map<number, ReplicaSet>();
  for (const replicaSet of replicaSetsOf(session, deployment)) {
    const revision = revisionOf(replicaSet);
    if (revision !== undefined) byRevision.set(revision, replicaSet);
  }
  return new Map([...byRevision].sort(([a], [b]) => a - b));
};
