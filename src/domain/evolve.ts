/**
 * The one fold. Live, in batches, in a view or in a rebuild: an entity changes only here, one event at a time.
 * It is total over any log that `decide` wrote; an event that contradicts the state means a broken log and throws.
 */
import type { FoldedEvent } from "./events.ts";
import { evolveDeployment } from "./evolve/deployment.ts";
import { evolveEndpointSlice } from "./evolve/endpoint-slice.ts";
import { evolveNode } from "./evolve/node.ts";
import { evolvePlain, isOfPlainKind } from "./evolve/plain.ts";
import { evolvePod, isPodEvent } from "./evolve/pod.ts";
import { evolveReplicaSet } from "./evolve/replica-set.ts";
import { type Entity, type ObjectRef, ofKind } from "./state.ts";

const startsWith = <P extends string>(
  event: FoldedEvent,
  prefix: P,
): event is Extract<FoldedEvent, { readonly type: `${P}${string}` }> => event.type.startsWith(prefix);

/** The object after the event; undefined when it is gone. Events that concern no object's state leave it as it is. */
export const evolve = (before: Entity | undefined, event: FoldedEvent, ref: ObjectRef): Entity | undefined => {
  switch (event.type) {
    case "WriteRefused":
    case "LedgerInitialized":
    case "ScenarioStarted":
    case "SimulationRestarted":
    case "BodiesRedacted":
    case "FaultInjected":
    case "BehaviourSet":
      return before;
  }
  switch (ref.kind) {
    case "Deployment":
      if (!startsWith(event, "Deployment")) break;
      return evolveDeployment(before && ofKind(before, ref.kind), event, ref);
    case "ReplicaSet":
      if (!startsWith(event, "ReplicaSet")) break;
      return evolveReplicaSet(before && ofKind(before, ref.kind), event, ref);
    case "Pod":
      if (!isPodEvent(event)) break;
      return evolvePod(before && ofKind(before, ref.kind), event, ref);
    case "EndpointSlice":
      if (!startsWith(event, "Endpoint")) break;
      return evolveEndpointSlice(before && ofKind(before, ref.kind), event, ref);
    case "Node":
      if (!startsWith(event, "Node")) break;
      return evolveNode(before && ofKind(before, ref.kind), event, ref);
    case "Service":
    case "Namespace":
    case "PodDisruptionBudget":
    case "ConfigMap":
    case "Secret":
      if (!isOfPlainKind(event, ref.kind)) break;
      return evolvePlain(before && ofKind(before, ref.kind), event, ref);
  }
  throw new Error(`${event.type} in the stream of a ${ref.kind}: ${ref.namespace}/${ref.name}`);
};
