/** The field tables of the kinds that people may write. */
import type { Kind } from "../objects.ts";
import { labelSelector, objectMeta } from "./meta.ts";
import { podSpec, podTemplateSpec } from "./pod.ts";
import type { Struct } from "./types.ts";
import {
  bool,
  bytes,
  int32,
  int64,
  intOrString,
  list,
  map,
  pointer,
  quantity,
  string,
  struct,
  time,
  unchecked,
} from "./types.ts";

const object = (name: string, fields: Struct["fields"]): Struct =>
  struct(name, { apiVersion: string, kind: string, metadata: objectMeta, ...fields });

const conditions = (name: string) =>
  list(
    struct(name, {
      type: string,
      status: string,
      lastUpdateTime: time,
      lastHeartbeatTime: time,
      lastTransitionTime: time,
      reason: string,
      message: string,
    }),
  );

const deployment = object("Deployment", {
  spec: struct("DeploymentSpec", {
    replicas: pointer(int32),
    selector: labelSelector,
    template: podTemplateSpec,
    strategy: struct("DeploymentStrategy", {
      type: string,
      rollingUpdate: struct("RollingUpdateDeployment", { maxUnavailable: intOrString, maxSurge: intOrString }),
    }),
    minReadySeconds: int32,
    revisionHistoryLimit: pointer(int32),
    paused: bool,
    progressDeadlineSeconds: pointer(int32),
  }),
  status: struct("DeploymentStatus", {
    observedGeneration: int64,
    replicas: int32,
    updatedReplicas: int32,
    readyReplicas: int32,
    availableReplicas: int32,
    unavailableReplicas: int32,
    terminatingReplicas: pointer(int32),
    conditions: conditions("DeploymentCondition"),
    collisionCount: pointer(int32),
  }),
});

const replicaSet = object("ReplicaSet", {
  spec: struct("ReplicaSetSpec", {
    replicas: pointer(int32),
    minReadySeconds: int32,
    selector: labelSelector,
    template: podTemplateSpec,
  }),
  status: struct("ReplicaSetStatus", {
    replicas: pointer(int32), // shown even when 0, unlike the other counts
    fullyLabeledReplicas: int32,
    readyReplicas: int32,
    availableReplicas: int32,
    terminatingReplicas: pointer(int32),
    observedGeneration: int64,
    conditions: conditions("ReplicaSetCondition"),
  }),
});

const service = object("Service", {
  spec: struct("ServiceSpec", {
    ports: list(
      struct("ServicePort", {
        name: string,
        protocol: string,
        appProtocol: pointer(string),
        port: int32,
        targetPort: intOrString,
        nodePort: int32,
      }),
    ),
    selector: map(string),
    clusterIP: string,
    clusterIPs: list(string),
    type: string,
    externalIPs: list(string),
    sessionAffinity: string,
    loadBalancerIP: string,
    loadBalancerSourceRanges: list(string),
    externalName: string,
    externalTrafficPolicy: string,
    healthCheckNodePort: int32,
    publishNotReadyAddresses: bool,
    sessionAffinityConfig: struct("SessionAffinityConfig", {
      clientIP: struct("ClientIPConfig", { timeoutSeconds: pointer(int32) }),
    }),
    ipFamilies: list(string),
    ipFamilyPolicy: pointer(string),
    allocateLoadBalancerNodePorts: pointer(bool),
    loadBalancerClass: pointer(string),
    internalTrafficPolicy: pointer(string),
    trafficDistribution: pointer(string),
  }),
  status: unchecked("ServiceStatus"),
});

const node = object("Node", {
  spec: struct("NodeSpec", {
    podCIDR: string,
    podCIDRs: list(string),
    providerID: string,
    unschedulable: bool,
    taints: list(struct("Taint", { key: string, value: string, effect: string, timeAdded: time })),
    configSource: unchecked("NodeConfigSource"),
    externalID: string,
  }),
  status: struct("NodeStatus", {
    capacity: map(quantity),
    allocatable: map(quantity),
    phase: string,
    conditions: conditions("NodeCondition"),
    addresses: list(struct("NodeAddress", { type: string, address: string })),
    daemonEndpoints: unchecked("NodeDaemonEndpoints"),
    nodeInfo: unchecked("NodeSystemInfo"),
    images: list(unchecked("ContainerImage")),
    volumesInUse: list(string),
    volumesAttached: list(unchecked("AttachedVolume")),
    config: unchecked("NodeConfigStatus"),
    runtimeHandlers: list(unchecked("NodeRuntimeHandler")),
    features: unchecked("NodeFeatures"),
  }),
});

/** EndpointSlices are written by their controller only. */
export type ManifestKind = Exclude<Kind, "EndpointSlice">;

export const kindSchemas: Readonly<Record<ManifestKind, Struct>> = {
  Deployment: deployment,
  ReplicaSet: replicaSet,
  Pod: object("Pod", { spec: podSpec, status: unchecked("PodStatus") }),
  Service: service,
  Node: node,
  Namespace: object("Namespace", {
    spec: struct("NamespaceSpec", { finalizers: list(string) }),
    status: unchecked("NamespaceStatus"),
  }),
  ConfigMap: object("ConfigMap", { data: map(string), binaryData: map(bytes), immutable: pointer(bool) }),
  Secret: object("Secret", { data: map(bytes), stringData: map(string), type: string, immutable: pointer(bool) }),
  PodDisruptionBudget: object("PodDisruptionBudget", {
    spec: struct("PodDisruptionBudgetSpec", {
      minAvailable: intOrString,
      selector: labelSelector,
      maxUnavailable: intOrString,
      unhealthyPodEvictionPolicy: pointer(string),
    }),
    status: unchecked("PodDisruptionBudgetStatus"),
  }),
};

export const isManifestKind = (kind: string): kind is ManifestKind => Object.hasOwn(kindSchemas, kind);
