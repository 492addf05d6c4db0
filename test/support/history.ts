/** A recorded history, folded once: each commit with the cluster as it stood before and after it. */
import type { FoldedEvent } from "../../src/domain/events.ts";
import type { Deployment, Entity, ReplicaSet } from "../../src/domain/state.ts";
import { World } from "../../src/domain/world.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { foldedEvent } from "../../src/projections/replay.ts";

export interface Moment {
  readonly seq: number;
  readonly stream: string;
  readonly actor: string;
  readonly view: number;
  readonly event: FoldedEvent;
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

/** Calls the visitor for every event, with the world as it is after it. */
export const walk = (session: LedgerSession, visit: (moment: Moment, world: World) => void): void => {
  const world = new World();
  for (const recorded of session.log()) {
    const event = foldedEvent(recorded);
    const { before, after } = world.apply(recorded.stream, event);
    const { seq, stream, actor, view } = recorded;
    visit({ seq, stream, actor, view: typeof view === "number" ? view : seq, event, before, after }, world);
  }
};

export const deploymentIn = (world: World, name = "web"): Deployment | undefined =>
  world.get({ kind: "Deployment", namespace: "default", name });

/** The ReplicaSets that the Deployment controls, oldest first. */
export const replicaSetsOf = (world: World, deployment: Deployment): readonly ReplicaSet[] =>
  [...world.all("ReplicaSet")].filter(({ meta }) =>
    meta.ownerReferences.some(({ uid, controller }) => controller === true && uid === deployment.meta.uid),
  );
