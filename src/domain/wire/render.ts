/** Entities back into Kubernetes objects, as the API server would answer them. */
import type {
  ConditionStatus,
  Deployment as DeploymentObject,
  EndpointSlice as EndpointSliceObject,
  Namespace as NamespaceObject,
  Node as NodeObject,
  ObjectCondition,
  ObjectMeta,
  ReplicaSet as ReplicaSetObject,
  StoredObject,
} from "../../kubernetes/objects.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import { NAMESPACE_FINALIZER } from "../../kubernetes/well-known.ts";
import type { BodySource } from "../bodies.ts";
import type { Condition, Deployment, EndpointSlice, Entity, Meta, Namespace, Node, ReplicaSet } from "../state.ts";
import { renderAnnotations } from "./annotations.ts";
import { renderPod } from "./render-pod.ts";
import { renderTemplate } from "./template.ts";

const kindsWithGeneration: readonly string[] = ["Deployment", "ReplicaSet", "EndpointSlice", "PodDisruptionBudget"];

/** Leaves out what the API server omits when it is empty. */
const unlessEmpty = <T extends object>(name: string, value: T): Record<string, T> =>
  Object.keys(value).length > 0 ? { [name]: value } : {};

const unlessZero = (name: string, value: number): Record<string, number> => (value === 0 ? {} : { [name]: value });

const renderMeta = (entity: Entity, bodies: BodySource): ObjectMeta => {
  const meta: Meta = entity.meta;
  return {
    name: meta.name,
    ...(meta.generateName === undefined ? {} : { generateName: meta.generateName }),
    ...(meta.namespace === "" ? {} : { namespace: meta.namespace }),
    uid: meta.uid,
    resourceVersion: String(meta.resourceVersion),
    ...(kindsWithGeneration.includes(entity.kind) ? { generation: meta.generation } : {}),
    creationTimestamp: rfc3339(meta.createdAtMs),
    ...(meta.deletion
      ? {
          deletionTimestamp: rfc3339(meta.deletion.deadlineMs),
          deletionGracePeriodSeconds: meta.deletion.graceSeconds,
        }
      : {}),
    ...unlessEmpty("labels", meta.labels),
    ...unlessEmpty("annotations", renderAnnotations(meta.annotations, bodies)),
    ...unlessEmpty("ownerReferences", meta.ownerReferences),
    ...unlessEmpty("finalizers", meta.finalizers),
  };
};

const renderCondition = (condition: Condition): ObjectCondition => ({
  type: condition.type,
  status: condition.status,
  ...(condition.lastUpdateMs === undefined ? {} : { lastUpdateTime: rfc3339(condition.lastUpdateMs) }),
  lastTransitionTime: rfc3339(condition.lastTransitionMs),
  ...(condition.reason === undefined ? {} : { reason: condition.reason }),
  ...(condition.message === undefined ? {} : { message: condition.message }),
});

const renderDeployment = (entity: Deployment, bodies: BodySource): DeploymentObject => {
  const { template, strategy, minReadySeconds, paused, ...spec } = entity.spec;
  const { collisionCount, conditions, ...counts } = entity.status;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: renderMeta(entity, bodies),
    spec: {
      ...spec,
      template: renderTemplate({ digest: template }, bodies),
      strategy,
      ...unlessZero("minReadySeconds", minReadySeconds),
      ...(paused ? { paused } : {}),
    },
    status: {
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
      ...(collisionCount === undefined ? {} : { collisionCount }),
      ...unlessEmpty("conditions", conditions.map(renderCondition)),
    },
  };
};

const renderReplicaSet = (entity: ReplicaSet, bodies: BodySource): ReplicaSetObject => {
  const { template, minReadySeconds, ...spec } = entity.spec;
  const { replicas, conditions, ...counts } = entity.status;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: renderMeta(entity, bodies),
    spec: { ...spec, template: renderTemplate(template, bodies), ...unlessZero("minReadySeconds", minReadySeconds) },
    status: {
      replicas,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
      ...unlessEmpty("conditions", conditions.map(renderCondition)),
    },
  };
};

const renderEndpointSlice = (entity: EndpointSlice, bodies: BodySource): EndpointSliceObject => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: renderMeta(entity, bodies),
  addressType: entity.addressType,
  endpoints: entity.endpoints,
  ports: entity.ports.length > 0 ? entity.ports : null,
});

/** Pressure conditions that a healthy kubelet reports beside `Ready`. */
const calmConditions = (node: Node): readonly ObjectCondition[] =>
  [
    ["MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
    ["DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    ["PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ].map(([type = "", reason = "", message = ""]) => {
    const status: ConditionStatus = "False";
    return { type, status, lastTransitionTime: rfc3339(node.meta.createdAtMs), reason, message };
  });

const renderNode = (entity: Node, bodies: BodySource): NodeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: renderMeta(entity, bodies),
  spec: entity.spec,
  status: {
    capacity: entity.capacity,
    allocatable: entity.capacity,
    conditions: [...calmConditions(entity), ...entity.conditions.map(renderCondition)],
    addresses: [{ type: "Hostname", address: entity.meta.name }],
    nodeInfo: { kubeletVersion: "v1.32.0" },
  },
});

/** What holds the namespace until it is empty stands in its spec, apart from other finalizers. */
const renderNamespace = (entity: Namespace, bodies: BodySource): NamespaceObject => {
  const { finalizers } = entity.meta;
  const others = finalizers.filter((name) => name !== NAMESPACE_FINALIZER);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: renderMeta({ ...entity, meta: { ...entity.meta, finalizers: others } }, bodies),
    spec: { ...entity.spec, ...(others.length < finalizers.length ? { finalizers: [NAMESPACE_FINALIZER] } : {}) },
    status: { phase: entity.meta.deletion ? "Terminating" : "Active" },
  };
};

/** The object as `get -o yaml` shows it. */
export const render = (entity: Entity, bodies: BodySource): StoredObject => {
  const metadata = renderMeta(entity, bodies);
  switch (entity.kind) {
    case "Deployment":
      return renderDeployment(entity, bodies);
    case "ReplicaSet":
      return renderReplicaSet(entity, bodies);
    case "Pod":
      return renderPod(entity, metadata, bodies);
    case "EndpointSlice":
      return renderEndpointSlice(entity, bodies);
    case "Node":
      return renderNode(entity, bodies);
    case "Service":
      return { apiVersion: "v1", kind: "Service", metadata, spec: entity.spec, status: { loadBalancer: {} } };
    case "Namespace":
      return renderNamespace(entity, bodies);
    case "ConfigMap":
      return { ...bodies.content(entity.content), apiVersion: "v1", kind: "ConfigMap", metadata };
    case "Secret":
      return { ...bodies.content(entity.content), apiVersion: "v1", kind: "Secret", metadata };
    case "PodDisruptionBudget":
      return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: entity.spec };
  }
};
