/** What is compared of the objects: decisions about ReplicaSets, conditions of Deployments, and everything at the end. */
import type { Deployment, KubeObject, Pod, ReplicaSet, StringMap } from "../../../src/kubernetes/objects.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS, REVISION } from "../../../src/kubernetes/well-known.ts";
import type { WatchedChange } from "./recording.ts";
import { tagOf } from "./stand-in-kubelet.ts";

const isDeployment = (object: KubeObject): object is Deployment => object.kind === "Deployment";
const isReplicaSet = (object: KubeObject): object is ReplicaSet => object.kind === "ReplicaSet";
const isPod = (object: KubeObject): object is Pod => object.kind === "Pod";

const tagOfReplicaSet = ({ spec }: ReplicaSet): string => tagOf(spec.template?.spec?.containers[0]?.image ?? "");

/** `web v2: 3 replicas, revision 2, desired 5, max 7` */
const decision = (replicaSet: ReplicaSet): string => {
  const { metadata, spec } = replicaSet;
  const { [REVISION]: revision, [DESIRED_REPLICAS]: desired, [MAX_REPLICAS]: max } = metadata.annotations ?? {};
  return `${tagOfReplicaSet(replicaSet)}: ${spec.replicas} replicas, revision ${revision}, desired ${desired}, max ${max}`;
};

/** Every change of a ReplicaSet's size, revision, and the sizes it was given, over all ReplicaSets in order. */
export const decisionsOf = (changes: readonly WatchedChange[]): readonly string[] => {
  const current = new Map<string, string>();
  return changes.flatMap(({ type, object }) => {
    if (!isReplicaSet(object)) return [];
    const { name } = object.metadata;
    if (type === "DELETED") {
      current.delete(name);
      return [`${tagOfReplicaSet(object)}: deleted`];
    }
    const made = decision(object);
    if (current.get(name) === made) return [];
    current.set(name, made);
    return [made];
  });
};

const counts = ["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"] as const;

const statusCounts = ({ metadata, status = {} }: Deployment): string =>
  [`${metadata.name}:`, ...counts.map((name) => `${name} ${status[name] ?? 0}`)].join(" ") +
  ` unavailableReplicas ${status.unavailableReplicas ?? 0}`;

/** What is known of one Deployment while its changes are read. */
interface Known {
  readonly conditions: Map<string, string>;
  counts: string;
}

/** Every condition (type, status, reason) that a Deployment came to have, one after another, and its last status. */
export const conditionsOf = (changes: readonly WatchedChange[]): readonly string[] => {
  const deployments = new Map<string, Known>();
  const sequence = changes.flatMap(({ type, object }) => {
    if (!isDeployment(object)) return [];
    const { name } = object.metadata;
    const known: Known = deployments.get(name) ?? { conditions: new Map(), counts: "" };
    if (type === "DELETED") deployments.delete(name);
    else deployments.set(name, known);
    known.counts = statusCounts(object);
    return (object.status?.conditions ?? []).flatMap(({ type, status, reason }) => {
      const condition = `${name}: ${type}=${status} ${reason}`;
      if (known.conditions.get(type) === condition) return [];
      known.conditions.set(type, condition);
      return [condition];
    });
  });
  return [...sequence, ...Array.from(deployments.values(), ({ counts }) => counts).sort()];
};

const sortedMap = (map: StringMap = {}): StringMap =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const readyEndpoints = (object: KubeObject): string => {
  const { endpoints } = object as { endpoints?: readonly { conditions?: { ready?: boolean } }[] | null };
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return `EndpointSlice: ${ready.length} ready`;
};

const describeFinal = (object: KubeObject): readonly string[] => {
  if (isDeployment(object)) {
    const { metadata, spec } = object;
    const lines = [`Deployment ${metadata.name}: ${spec.replicas} replicas, paused ${spec.paused ?? false}`];
    return [...lines, `Deployment ${metadata.name} annotations ${JSON.stringify(sortedMap(metadata.annotations))}`];
  }
  if (isReplicaSet(object)) {
    const { replicas, readyReplicas = 0, availableReplicas = 0 } = object.status ?? { replicas: 0 };
    const size = `${object.spec.replicas} replicas, ${replicas}/${readyReplicas}/${availableReplicas} there/ready/available`;
    const annotations = JSON.stringify(sortedMap(object.metadata.annotations));
    return [`ReplicaSet ${tagOfReplicaSet(object)}: ${size}, annotations ${annotations}`];
  }
  if (isPod(object)) return [`Pod ${tagOf(object.spec.containers[0]?.image ?? "")}: ${object.status?.phase}`];
  return object.kind === "EndpointSlice" ? [readyEndpoints(object)] : [];
};

/** What is there in the end, line by line in order: sizes, annotations, pods, ready endpoints. */
export const finalOf = (objects: readonly KubeObject[]): readonly string[] => objects.flatMap(describeFinal).sort();
