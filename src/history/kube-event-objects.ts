/** What has to be remembered of the objects that exist to tell who speaks about what, and how objects are named. */

import type { DomainEvent } from "../domain/events.ts";
import { ownersOf, type RecordedOwners } from "../domain/owners.ts";
import type { Digest, Uid } from "../domain/state.ts";
import type { OwnerReference } from "../kubernetes/objects.ts";
import type { InvolvedObject, Occurrence } from "./kube-event-correlator.ts";

/** A fact with what its envelope says of it. */
export type RecordedFact = DomainEvent & {
  readonly seq: number;
  /** `ReplicaSet/default/web-5db6b86685`. */
  readonly stream: string;
  readonly at: number;
  readonly actor: string;
};

/** What a component says at a fact. */
export type Speech = Pick<Occurrence, "component" | "host" | "object" | "type" | "reason" | "message">;

export interface KnownOwned {
  readonly uid: Uid;
  readonly owner?: OwnerReference;
}

export interface KnownPod extends KnownOwned {
  readonly spec: Digest;
  readonly node?: string;
  readonly deleting: boolean;
  /** Containers that run, in order of start. */
  readonly running: readonly string[];
}

/** What must be remembered of the objects that exist to say who speaks about what. */
export interface KnownObjects {
  /** By stream, as are the others. */
  readonly deployments: Map<string, Uid>;
  readonly replicaSets: Map<string, KnownOwned>;
  readonly pods: Map<string, KnownPod>;
}

export const noKnownObjects = (): KnownObjects => ({ deployments: new Map(), replicaSets: new Map(), pods: new Map() });

export const REPLICA_SET_CONTROLLER = "controller:replicaset";

/** The owner that manages the object, if any. */
export const controllerIn = (created: RecordedOwners): { owner?: OwnerReference } => {
  const owner = ownersOf(created).find(({ controller }) => controller === true);
  return owner ? { owner } : {};
};

/** A stream taken apart. */
export const partsOf = (stream: string): { kind: string; namespace: string; name: string } => {
  const [kind = "", namespace = "", name = ""] = stream.split("/");
  return { kind, namespace, name };
};

export const involved = (stream: string, apiVersion: string, uid: string): InvolvedObject => ({
  apiVersion,
  ...partsOf(stream),
  uid,
});

export const involvedOwner = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): InvolvedObject => ({
  apiVersion,
  kind,
  namespace,
  name,
  uid,
});

/** An object that is gone with a fact, and who may have spoken about it. */
export interface GoneObject {
  readonly object: InvolvedObject;
  readonly recorders: readonly Pick<Speech, "component" | "host">[];
}

/** To be asked before `known` takes the fact in. */
export const goneAt = (known: KnownObjects, { type, stream }: RecordedFact): GoneObject | undefined => {
  switch (type) {
    case "PodDeleted": {
      const pod = known.pods.get(stream);
      if (!pod) return undefined;
      const host = pod.node === undefined ? {} : { host: pod.node };
      const recorders = [{ component: "default-scheduler" }, { component: "kubelet", ...host }];
      return { object: involved(stream, "v1", pod.uid), recorders };
    }
    case "ReplicaSetDeleted": {
      const uid = known.replicaSets.get(stream)?.uid;
      const recorders = [{ component: "replicaset-controller" }];
      return uid === undefined ? undefined : { object: involved(stream, "apps/v1", uid), recorders };
    }
    case "DeploymentDeleted": {
      const uid = known.deployments.get(stream);
      const recorders = [{ component: "deployment-controller" }];
      return uid === undefined ? undefined : { object: involved(stream, "apps/v1", uid), recorders };
    }
    default:
      return undefined;
  }
};
