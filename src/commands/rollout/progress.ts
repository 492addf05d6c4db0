/** How far a Deployment's rollout is, in the words of `kubectl rollout status`. */
import * as E from "fp-ts/lib/Either.js";
import type { Deployment } from "../../kubernetes/objects.ts";
import { revisionOf } from "./revisions.ts";

export interface Progress {
  /** Without a line end. */
  readonly line: string;
  readonly done: boolean;
  /** What is still missing: `2 of 3 updated replicas`. Empty when done. */
  readonly waitsFor: string;
}

const waiting = (line: string, waitsFor: string): E.Either<string, Progress> =>
  E.right({ line, done: false, waitsFor });

const revisionProblem = (deployment: Deployment, revision: number): string | undefined => {
  if (revision <= 0) return undefined;
  const running = revisionOf(deployment);
  if (running === undefined) return `cannot get the revision of deployment ${JSON.stringify(deployment.metadata.name)}`;
  if (running === revision) return undefined;
  return `desired revision (${revision}) is different from the running revision (${running})`;
};

/**
 * Kubernetes' status viewer for Deployments. Left is the error that ends the wait: another revision is running (when
 * `revision` is above 0), or the progress deadline has passed. Availability is compared with the updated replicas, not with
 * the desired ones.
 */
export const progressOf = (deployment: Deployment, revision = 0): E.Either<string, Progress> => {
  const problem = revisionProblem(deployment, revision);
  if (problem !== undefined) return E.left(problem);
  const name = JSON.stringify(deployment.metadata.name);
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas: updated = 0,
    availableReplicas: available = 0,
  } = deployment.status ?? {};
  if ((deployment.metadata.generation ?? 0) > observedGeneration) {
    return waiting("Waiting for deployment spec update to be observed...", "its spec update to be observed");
  }
  const progressing = deployment.status?.conditions?.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return E.left(`deployment ${name} exceeded its progress deadline`);
  }
  const toFinish = `Waiting for deployment ${name} rollout to finish:`;
  const desired = deployment.spec.replicas;
  if (desired !== undefined && updated < desired) {
    return waiting(
      `${toFinish} ${updated} out of ${desired} new replicas have been updated...`,
      `${desired - updated} of ${desired} updated replicas`,
    );
  }
  if (replicas > updated) {
    const old = replicas - updated;
    return waiting(`${toFinish} ${old} old replicas are pending termination...`, `${old} old replicas to terminate`);
  }
  if (available < updated) {
    return waiting(
      `${toFinish} ${available} of ${updated} updated replicas are available...`,
      `${updated - available} of ${updated} updated replicas to become available`,
    );
  }
  return E.right({ line: `deployment ${name} successfully rolled out`, done: true, waitsFor: "" });
};
