import type { StoredObject } from "../../../kubernetes/objects.ts";
import type { Bodies } from "../../bodies.ts";
import type { DomainEvent } from "../../events.ts";
import { type Entity, type Meta, ofKind } from "../../state.ts";
import {
  admitContent,
  admitDeploymentSpec,
  admitNamespaceSpec,
  admitPodSpec,
  admitReplicaSetSpec,
} from "../../wire/admit.ts";
import { diffDeployment } from "./deployment.ts";
import { diffEndpointSlice } from "./endpoint-slice.ts";
import { diffContent, diffSpec } from "./plain.ts";
import { diffPod } from "./pod.ts";
import { diffReplicaSet } from "./replica-set.ts";

/** The events that lead from the stored entity to the wire object, of the same kind, and the metadata as it should become. */
export const diffObject = (
  before: Entity,
  object: StoredObject,
  meta: Meta,
  bodies: Bodies,
): readonly DomainEvent[] => {
  switch (object.kind) {
    case "Deployment":
      return diffDeployment(ofKind(before, object.kind), { meta, spec: admitDeploymentSpec(object, bodies) });
    case "ReplicaSet":
      return diffReplicaSet(ofKind(before, object.kind), { meta, spec: admitReplicaSetSpec(object, bodies) });
    case "Pod":
      return diffPod(ofKind(before, object.kind), { meta, spec: admitPodSpec(object.spec, bodies).spec });
    case "EndpointSlice": {
      const slice = ofKind(before, object.kind);
      return diffEndpointSlice(slice, { ...slice, meta, ports: object.ports ?? [], endpoints: object.endpoints });
    }
    case "ConfigMap":
    case "Secret":
      return diffContent(ofKind(before, object.kind), { meta, content: admitContent(object, bodies) });
    case "Namespace":
      return diffSpec(ofKind(before, object.kind), { meta, spec: admitNamespaceSpec(object) });
    case "Node":
    case "Service":
    case "PodDisruptionBudget":
      return diffSpec(ofKind(before, object.kind), { meta, spec: object.spec ?? {} });
  }
};
