/** The rollouts of a Deployment as they are told: what the log says of each, and what became of its revision. */
import { controllerOf } from "../domain/state.ts";
import { refOfStream, type World } from "../domain/world.ts";
import type { DeploymentName } from "../invariants/check.ts";
import { compareText } from "../kubernetes/sorted.ts";
import { REVISION } from "../kubernetes/well-known.ts";
import type { Rollout } from "../projections/rollouts/model.ts";

export interface LedgerRollout extends Rollout {
  /** The ReplicaSet that has the rollout's template now, by whatever revision it goes; absent when there is none any more. */
  readonly replicaSet?: { readonly name: string; readonly revision?: string } | undefined;
}

/** The names in streams of Deployments, in order of namespace, then name. */
export const deploymentsOf = (streams: Iterable<string>): readonly DeploymentName[] =>
  Array.from(streams, refOfStream)
    .filter((ref) => ref !== undefined)
    .map(({ namespace, name }) => ({ namespace, name }))
    .sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));

const newer = (a: string | undefined, b: string | undefined): boolean => Number(a ?? 0) > Number(b ?? 0);

/** The rollouts of the Deployment that bore the name last: those from its creation on. */
const firstOfLastLife = (rollouts: readonly Rollout[]): number =>
  rollouts.findLast(({ isCreation }) => isCreation)?.number ?? 1;

/**
 * With what the objects of this world say, and no other. An old revision number so resolves to what it had become by then. What
 * belonged to a Deployment that was deleted since is gone, whatever bears its name now.
 */
export const withReplicaSets = <R extends Rollout>(
  rollouts: readonly R[],
  world: World,
  { namespace, name }: DeploymentName,
): readonly (R & LedgerRollout)[] => {
  const byTemplate = new Map<string, NonNullable<LedgerRollout["replicaSet"]>>();
  const bearer = world.get({ kind: "Deployment", namespace, name })?.meta.uid;
  for (const { meta, spec } of world.all("ReplicaSet")) {
    const owner = controllerOf(meta);
    if (meta.namespace !== namespace || owner?.kind !== "Deployment" || owner.name !== name) continue;
    if (bearer !== undefined && owner.uid !== bearer) continue;
    const known = byTemplate.get(spec.template.digest);
    const revision = meta.annotations[REVISION];
    if (known && !newer(revision, known.revision)) continue;
    byTemplate.set(spec.template.digest, { name: meta.name, ...(revision === undefined ? {} : { revision }) });
  }
  const first = firstOfLastLife(rollouts);
  return rollouts.map((rollout) => ({
    ...rollout,
    replicaSet: rollout.number < first ? undefined : byTemplate.get(rollout.template),
  }));
};
