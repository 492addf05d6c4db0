/**
 * Which facts of the log make a Kubernetes component speak, and its exact words (Kubernetes 1.32): the Deployment and
 * ReplicaSet controllers, the scheduler and the kubelets.
 */

import type { DomainEvent, EventCatalogue } from "../domain/events.ts";
import type { Digest, Uid } from "../domain/state.ts";
import type { Container, OwnerReference, PodSpec } from "../kubernetes/objects.ts";
import type { InvolvedObject, Occurrence } from "./kube-event-correlator.ts";

/** A fact with what its envelope says of it. */
export type RecordedFact = DomainEvent & {
  readonly seq: number;
  /** `ReplicaSet/default/web-5db6b86685`. */
  readonly stream: string;
  readonly at: number;
  readonly actor: string;
};

interface KnownOwned {
  readonly uid: Uid;
  readonly owner?: OwnerReference;
}

interface KnownPod extends KnownOwned {
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

type Speech = Pick<Occurrence, "component" | "host" | "object" | "type" | "reason" | "message">;

const DEPLOYMENT_CONTROLLER = "controller:deployment";
const REPLICA_SET_CONTROLLER = "controller:replicaset";

/** What the API server says of creations in a namespace that goes away; controllers pass over it in silence. */
const NAMESPACE_TERMINATING = "because it is being terminated";

type RefusedWrite = EventCatalogue["WriteRefused"];

const controllerIn = (owners: readonly OwnerReference[] | undefined): { owner?: OwnerReference } => {
  const owner = owners?.find(({ controller }) => controller === true);
  return owner ? { owner } : {};
};

const partsOf = (stream: string): { kind: string; namespace: string; name: string } => {
  const [kind = "", namespace = "", name = ""] = stream.split("/");
  return { kind, namespace, name };
};

const involved = (stream: string, apiVersion: string, uid: string): InvolvedObject => ({
  apiVersion,
  ...partsOf(stream),
  uid,
});

const involvedOwner = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): InvolvedObject => ({
  apiVersion,
  kind,
  namespace,
  name,
  uid,
});

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

const manages = (pod: KnownPod, stream: string, reason: string, verb: string): readonly Speech[] => {
  const { namespace, name } = partsOf(stream);
  if (pod.owner?.kind !== "ReplicaSet") return [];
  const object = involvedOwner(pod.owner, namespace);
  return [{ component: "replicaset-controller", object, type: "Normal", reason, message: `${verb} pod: ${name}` }];
};

const hostOf = ({ node }: KnownPod): { readonly host?: string } => (node === undefined ? {} : { host: node });

/** A kubelet about one container of its pod. */
const kubelet = (
  pod: KnownPod,
  stream: string,
  spec: PodSpec,
  container: string,
): ((type: Speech["type"], reason: string, message: string) => Speech) => {
  const list = spec.initContainers?.some(({ name }) => name === container) === true ? "initContainers" : "containers";
  const object = { ...involved(stream, "v1", pod.uid), fieldPath: `spec.${list}{${container}}` };
  const source = { component: "kubelet", ...hostOf(pod), object };
  return (type, reason, message) => ({ ...source, type, reason, message });
};

const containerNamed = (spec: PodSpec, name: string): Container | undefined =>
  spec.containers.find((container) => container.name === name) ??
  spec.initContainers?.find((container) => container.name === name);

const imageOf = (spec: PodSpec, container: string): string =>
  JSON.stringify(containerNamed(spec, container)?.image ?? "");

const probeFailure = (spec: PodSpec, container: string): string | undefined => {
  const probe = containerNamed(spec, container)?.readinessProbe;
  if (!probe) return undefined;
  return `Readiness probe failed: ${probe.httpGet ? "HTTP probe failed with statuscode: 503" : ""}`;
};

/** What a kubelet says about a pod, given what was known before the fact. */
const aboutPod = (pod: KnownPod, fact: RecordedFact, specOf: (digest: Digest) => PodSpec): readonly Speech[] => {
  const { stream } = fact;
  const { namespace, name } = partsOf(stream);
  const speaker = (container: string): ReturnType<typeof kubelet> => kubelet(pod, stream, specOf(pod.spec), container);
  const scheduler = { component: "default-scheduler", object: involved(stream, "v1", pod.uid) };
  switch (fact.type) {
    case "PodScheduled": {
      const message = `Successfully assigned ${namespace}/${name} to ${fact.data.node}`;
      return [{ ...scheduler, type: "Normal", reason: "Scheduled", message }];
    }
    case "PodUnschedulable":
      return [{ ...scheduler, type: "Warning", reason: "FailedScheduling", message: fact.data.message }];
    case "PodImagePullFailed": {
      const { container, reason, message } = fact.data;
      const say = speaker(container);
      const image = imageOf(specOf(pod.spec), container);
      const error = say("Warning", "Failed", `Error: ${reason}`);
      return reason === "ImagePullBackOff"
        ? [say("Normal", "BackOff", `Back-off pulling image ${image}`), error]
        : [
            say("Normal", "Pulling", `Pulling image ${image}`),
            say("Warning", "Failed", `Failed to pull image ${image}: ${message}`),
            error,
          ];
    }
    case "PodInitContainerStarted":
    case "PodContainerStarted": {
      const { container } = fact.data;
      const say = speaker(container);
      const image = imageOf(specOf(pod.spec), container);
      return [
        say("Normal", "Pulled", `Container image ${image} already present on machine`),
        say("Normal", "Created", `Created container: ${container}`),
        say("Normal", "Started", `Started container ${container}`),
      ];
    }
    case "PodBackOff": {
      const { container } = fact.data;
      const message = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${pod.uid})`;
      return [speaker(container)("Warning", "BackOff", message)];
    }
    case "PodUnready":
      return fact.data.containers.flatMap((container) => {
        const message = pod.running.includes(container) ? probeFailure(specOf(pod.spec), container) : undefined;
        return message === undefined ? [] : [speaker(container)("Warning", "Unhealthy", message)];
      });
    case "PodFailed": {
      const { reason, message = "" } = fact.data;
      if (reason !== "Evicted") return [];
      const object = involved(stream, "v1", pod.uid);
      return [{ component: "kubelet", ...hostOf(pod), object, type: "Warning", reason, message }];
    }
    case "PodDeletionRequested":
      return pod.deleting
        ? []
        : pod.running.map((container) => speaker(container)("Normal", "Killing", `Stopping container ${container}`));
    default:
      return [];
  }
};

const withoutRunning = (pod: KnownPod, container: string): KnownPod => ({
  ...pod,
  running: pod.running.filter((name) => name !== container),
});

const withoutOwner = ({ owner: _, ...rest }: KnownPod): KnownPod => rest;

const podAfter = (pod: KnownPod, fact: RecordedFact): KnownPod => {
  switch (fact.type) {
    case "PodScheduled":
      return { ...pod, node: fact.data.node };
    case "PodInitContainerStarted":
    case "PodContainerStarted":
      return { ...pod, running: [...pod.running, fact.data.container] };
    case "PodInitContainerCompleted":
    case "PodInitContainerFailed":
    case "PodContainerTerminated":
      return withoutRunning(pod, fact.data.container);
    case "PodSpecChanged":
      return { ...pod, spec: fact.data.to };
    case "PodAdopted":
      return { ...pod, owner: fact.data.owner };
    case "PodReleased":
      return withoutOwner(pod);
    case "PodDeletionRequested":
      return { ...pod, deleting: true };
    default:
      return pod;
  }
};

const ofPod = (known: KnownObjects, fact: RecordedFact, specOf: (digest: Digest) => PodSpec): readonly Speech[] => {
  const { stream } = fact;
  if (fact.type === "PodCreated") {
    const { uid, spec, nodeName, ownerReferences } = fact.data;
    const node = nodeName === undefined ? {} : { node: nodeName };
    const pod: KnownPod = { uid, spec, ...node, ...controllerIn(ownerReferences), deleting: false, running: [] };
    known.pods.set(stream, pod);
    return fact.actor === REPLICA_SET_CONTROLLER ? manages(pod, stream, "SuccessfulCreate", "Created") : [];
  }
  const pod = known.pods.get(stream);
  if (!pod) return [];
  const speeches = aboutPod(pod, fact, specOf);
  const goes = !pod.deleting && (fact.type === "PodDeletionRequested" || fact.type === "PodDeleted");
  if (fact.type === "PodDeleted") known.pods.delete(stream);
  else known.pods.set(stream, podAfter(pod, fact));
  return goes && fact.actor === REPLICA_SET_CONTROLLER
    ? [...manages(pod, stream, "SuccessfulDelete", "Deleted"), ...speeches]
    : speeches;
};

const ofReplicaSet = (known: KnownObjects, fact: RecordedFact): readonly Speech[] => {
  const { stream } = fact;
  const byDeployment = fact.actor === DEPLOYMENT_CONTROLLER;
  switch (fact.type) {
    case "ReplicaSetCreated": {
      const { uid, ownerReferences, spec } = fact.data;
      const replicaSet: KnownOwned = { uid, ...controllerIn(ownerReferences) };
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

const ofRefusal = (known: KnownObjects, actor: string, refused: RefusedWrite): readonly Speech[] => {
  const { verb, object, message, reason } = refused;
  const { kind, namespace, name } = partsOf(object);
  const creates = verb.startsWith("create");
  if (message.includes(NAMESPACE_TERMINATING)) return [];
  if (!creates && (verb !== "delete" || reason === "NotFound")) return [];
  const warning = (component: string, on: InvolvedObject, reason: string, message: string): readonly Speech[] => [
    { component, object: on, type: "Warning", reason, message },
  ];
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
  if (fact.stream.startsWith("Pod/")) return ofPod(known, fact, specOf);
  return [];
};
