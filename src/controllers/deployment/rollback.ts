/** The legacy rollback on the server's side, asked for by an annotation. kubectl undoes by changing the template itself. */
import * as E from "fp-ts/lib/Either.js";
import type { Deployment, ReplicaSet } from "../../domain/state.ts";
import { ROLLBACK_TO } from "../../kubernetes/well-known.ts";
import { done, type SyncResult } from "../reconcile.ts";
import { replace } from "../replace.ts";
import { lastRevision, parseInteger, revisionOf, setDeploymentAnnotationsTo } from "./annotations.ts";
import { ensureNewReplicaSet } from "./new-replica-set.ts";
import { allOf, hasTemplateOf, type OwnedReplicaSets } from "./replica-sets.ts";
import type { Step, Sync } from "./step.ts";

/** The revision asked for, 0 for the last one; undefined when none is, or not a readable one. */
export const getRollbackTo = ({ meta }: Deployment): number | undefined => {
  const { [ROLLBACK_TO]: text = "" } = meta.annotations;
  return parseInteger(text);
};

/**
 * Gives the Deployment the template and annotations of the revision asked for, if there is one and it differs; the request is
 * cleared in any case. The rollout to it begins with the next sync.
 */
export function* rollback(sync: Sync, found: OwnedReplicaSets, rollbackTo: number): Step<SyncResult> {
  const ensured = yield* ensureNewReplicaSet(sync, found);
  if (E.isLeft(ensured)) return ensured;
  const all = allOf(ensured.right);
  const revision = rollbackTo === 0 ? lastRevision(all) : rollbackTo;
  const target = revision === 0 ? undefined : all.find(({ meta }) => revisionOf(meta) === revision);
  const { deployment } = sync;
  const rolledBack =
    target === undefined || hasTemplateOf(sync.view, deployment, target) ? deployment : toRevision(deployment, target);
  return E.map(() => done)(yield* replace(withoutRollbackTo(rolledBack)));
}

const toRevision = (deployment: Deployment, target: ReplicaSet): Deployment => ({
  ...deployment,
  meta: { ...deployment.meta, annotations: setDeploymentAnnotationsTo(deployment, target) },
  spec: { ...deployment.spec, template: target.spec.template.digest },
});

const withoutRollbackTo = (deployment: Deployment): Deployment => {
  const { [ROLLBACK_TO]: _, ...annotations } = deployment.meta.annotations;
  return { ...deployment, meta: { ...deployment.meta, annotations } };
};
