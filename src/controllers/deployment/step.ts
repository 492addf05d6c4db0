/** What the parts of a Deployment's sync share: the copy they work on, their writes, and how they fail. */

import type { Either } from "fp-ts/lib/Either.js";
import * as E from "fp-ts/lib/Either.js";
import type { Deployment, DeploymentStatus, Digest } from "../../domain/state.ts";
import type { Refusal } from "../../kubernetes/refusal.ts";
import { REVISION } from "../../kubernetes/well-known.ts";
import type { Reconcile } from "../reconcile.ts";
import { replace } from "../replace.ts";
import type { DeploymentView } from "../view.ts";

/** Why a sync ended early: a refused write, or the controller's own objection. */
export type SyncError = Refusal | { readonly _tag: "SyncError"; readonly message: string };

export const syncError = (message: string): SyncError => ({ _tag: "SyncError", message });

/** A part of a sync. The first error ends the sync. */
export type Step<T> = Reconcile<Either<SyncError, T>>;

export interface Sync {
  readonly view: DeploymentView;
  readonly nowMs: number;
  /** Names a template's ReplicaSet. */
  readonly hashTemplate: (template: Digest, collisionCount: number | undefined) => string;
  /** The copy this sync works on: every write replaces it with what the API server made of it. */
  deployment: Deployment;
}

/** What a status write may set: the status, and the revision, which travels with it so that it raises no generation. */
interface StatusChange {
  readonly status: DeploymentStatus;
  readonly revision?: string;
}

const withRevision = (deployment: Deployment, revision: string): Deployment => ({
  ...deployment,
  meta: { ...deployment.meta, annotations: { ...deployment.meta.annotations, [REVISION]: revision } },
});

export function* updateStatus(sync: Sync, change: StatusChange): Step<void> {
  const { revision, status } = change;
  const base = revision === undefined ? sync.deployment : withRevision(sync.deployment, revision);
  const answer = yield* replace({ ...base, status }, "status");
  if (E.isLeft(answer)) return answer;
  sync.deployment = answer.right;
  return E.right(undefined);
}
