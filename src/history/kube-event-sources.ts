/**
 * Which facts of the log make a Kubernetes component speak, and its exact words (Kubernetes 1.32): the Deployment and
 * ReplicaSet controllers, the scheduler and the kubelets.
 */
import type { EventCatalogue } from "../domain/events.ts";
import type { Digest } from "../domain/state.ts";
import type { OwnerReference, PodSpec } from "../kubernetes/objects.ts";
import type { InvolvedObject } from "./kube-event-correlator.ts";
import {
  controllerIn,
  involved,
  involvedOwner,
  type KnownObjects,
  type KnownOwned,
  partsOf,
  REPLICA_SET_CONTROLLER,
  type RecordedFact,
  type Speech,
} from "./kube-event-objects.ts";
import { speechesOfPod } from "./kube-event-pods.ts";

const DEPLOYMENT_CONTROLLER = "controller:deployment";

/** What the API server says of creations in a namespace that goes away; controllers pass over it in silence. */
const NAMESPACE_TERMINATING = "because it is being terminated";

type RefusedWrite = EventCatalogue["WriteRefused"];

const scaled = (stream: string, owner: OwnerReference | undefined, from: number, to: number): readonly Speech[] => {
  if (owner?.kind !== "Deployment" || from === to) return [];
  const { namespace, name } = partsOf(stream);
  return [
    {
      component: "deployment-controller",
      object: involvedOwner(owner, namespace),
      type: "Normal",
      reason: "ScalingReplicaSet",
      message: `Scaled ${to > from ? "up" : "down"} replica set ${name} from ${from} to ${to}`,
    },
  ];
};

const ofReplicaSet = (known: KnownObjects, fact: RecordedFact): readonly Speech[] => {
  const { stream } = fact;
  const byDeployment = fact.actor === DEPLOYMENT_CONTROLLER;
  switch (fact.type) {
    case "ReplicaSetCreated": {
      const { uid, spec } = fact.data;
      const replicaSet: KnownOwned = { uid, ...controllerIn(fact.data) };
      known.replicaSets.set(stream, replicaSet);
      return byDeployment ? scaled(stream, replicaSet.owner, 0, spec.replicas) : [];
    }
    case "ReplicaSetScaled": {
      const { from, to } = fact.data;
      return byDeployment ? scaled(stream, known.replicaSets.get(stream)?.owner, from, to) : [];
    }
    case "ReplicaSetAdopted": {
      const replicaSet = known.replicaSets.get(stream);
      if (replicaSet) known.replicaSets.set(stream, { ...replicaSet, owner: fact.data.owner });
      return [];
    }
    case "ReplicaSetReleased": {
      const replicaSet = known.replicaSets.get(stream);
      if (replicaSet) known.replicaSets.set(stream, { uid: replicaSet.uid });
      return [];
    }
    case "ReplicaSetDeleted":
      known.replicaSets.delete(stream);
      return [];
    default:
      return [];
  }
};

/** The ReplicaSet for which its controller could not create or delete a pod. */
const refusedPod = (known: KnownObjects, { verb, object }: RefusedWrite): InvolvedObject | undefined => {
  const { namespace, name } = partsOf(object);
  if (verb === "delete") {
    const owner = known.pods.get(object)?.owner;
    return owner && involvedOwner(owner, namespace);
  }
  // A pod that could not be created has no name yet, only the prefix that its ReplicaSet gave it.
  const stream = `ReplicaSet/${namespace}/${name.replace(/-$/, "")}`;
  const uid = known.replicaSets.get(stream)?.uid;
  return uid === undefined ? undefined : involved(stream, "apps/v1", uid);
};

const warning = (component: string, object: InvolvedObject, reason: string, message: string): readonly Speech[] => [
  { component, object, type: "Warning", reason, message },
];

const ofRefusal = (known: KnownObjects, actor: string, refused: RefusedWrite): readonly Speech[] => {
  const { verb, object, message, reason } = refused;
  const { kind, namespace, name } = partsOf(object);
  const creates = verb.startsWith("create");
  if (message.includes(NAMESPACE_TERMINATING)) return [];
  if (!creates && (verb !== "delete" || reason === "NotFound")) return [];
  if (actor === REPLICA_SET_CONTROLLER && kind === "Pod") {
    const on = refusedPod(known, refused);
    if (!on) return [];
    return creates
      ? warning("replicaset-controller", on, "FailedCreate", `Error creating: ${message}`)
      : warning("replicaset-controller", on, "FailedDelete", `Error deleting: ${message}`);
  }
  if (actor !== DEPLOYMENT_CONTROLLER || kind !== "ReplicaSet" || !creates || reason === "AlreadyExists") return [];
  const stream = `Deployment/${namespace}/${name.slice(0, name.lastIndexOf("-"))}`;
  const uid = known.deployments.get(stream);
  if (uid === undefined) return [];
  const text = `Failed to create new replica set ${JSON.stringify(name)}: ${message}`;
  return warning("deployment-controller", involved(stream, "apps/v1", uid), "ReplicaSetCreateError", text);
};

/** What Kubernetes' components say at this fact, in order. Brings `known` up to date. */
export const speechesAt = (
  known: KnownObjects,
  fact: RecordedFact,
  specOf: (digest: Digest) => PodSpec,
): readonly Speech[] => {
  if (fact.type === "DeploymentCreated") known.deployments.set(fact.stream, fact.data.uid);
  if (fact.type === "DeploymentDeleted") known.deployments.delete(fact.stream);
  if (fact.type === "WriteRefused") return ofRefusal(known, fact.actor, fact.data);
  if (fact.stream.startsWith("ReplicaSet/")) return ofReplicaSet(known, fact);
  if (fact.stream.startsWith("Pod/")) return speechesOfPod(known, fact, specOf);
  return [];
};
