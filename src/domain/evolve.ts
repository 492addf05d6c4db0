/**
 * The one fold. Live, in batches, in a view or in a rebuild: an entity changes only here, one event at a time.
 * It is total over any log that `decide` wrote; an event that contradicts the state means a broken log and throws.
 */
import type { FoldedEvent } from "./events.ts";
import { evolveDeployment } from "./evolve/deployment.ts";
import { evolveEndpointSlice } from "./evolve/endpoint-slice.ts";
import { evolveNode } from "./evolve/node.ts";
import { evolvePlain, type PlainEntity } from "./evolve/plain.ts";
import { evolvePod } from "./evolve/pod.ts";
import { evolveReplicaSet } from "./evolve/replica-set.ts";
import type { Entity, EntityKind, EntityOf, ObjectRef } from "./state.ts";

const as = <K extends EntityKind>(entity: Entity | undefined, kind: K): EntityOf<K> | undefined => {
  if (entity && entity.kind !== kind) throw new Error(`a ${kind} event for a ${entity.kind}`);
  return entity as EntityOf<K> | undefined;
};

const asPlain = (entity: Entity | undefined, kind: EntityKind): PlainEntity | undefined => {
  switch (kind) {
    case "Service":
    case "Namespace":
    case "PodDisruptionBudget":
    case "ConfigMap":
    case "Secret":
      return as(entity, kind);
    default:
      throw new Error(`a plain event for a ${kind}`);
  }
};

/** The object after the event; undefined when it is gone. Events that concern no object's state leave it as it is. */
export const evolve = (before: Entity | undefined, event: FoldedEvent, ref: ObjectRef): Entity | undefined => {
  switch (event.type) {
    case "WriteRefused":
    case "LedgerInitialized":
    case "ScenarioStarted":
    case "SimulationRestarted":
    case "FaultInjected":
    case "BehaviourSet":
      return before;
  }
  switch (ref.kind) {
    case "Deployment":
      return evolveDeployment(as(before, ref.kind), event as Parameters<typeof evolveDeployment>[1], ref);
    case "ReplicaSet":
      return evolveReplicaSet(as(before, ref.kind), event as Parameters<typeof evolveReplicaSet>[1], ref);
    case "Pod":
      return evolvePod(as(before, ref.kind), event as Parameters<typeof evolvePod>[1], ref);
    case "EndpointSlice":
      return evolveEndpointSlice(as(before, ref.kind), event as Parameters<typeof evolveEndpointSlice>[1], ref);
    case "Node":
      return evolveNode(as(before, ref.kind), event as Parameters<typeof evolveNode>[1], ref);
    default:
      return evolvePlain(asPlain(before, ref.kind), event as Parameters<typeof evolvePlain>[1], ref);
  }
};
