/**
 * Kubernetes objects in their wire form (JSON as the API server sends it): the fields that we read or write.
 * Fields not named here travel along untouched; nothing in the product rebuilds an object from its known fields only.
 * Times are RFC 3339 strings in whole seconds, UTC.
 */
import type { JsonObject, StringMap } from "./json.ts";
import type { PodSpec, PodTemplate, Taint } from "./pod-spec.ts";

/** A count or a share such as `"25%"`. */
export type IntOrPercent = number | string;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** What every object has. `get`, `apply`, patches and printers work on this and narrow by `kind`. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: StringMap;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface RollingUpdate {
  readonly maxUnavailable?: IntOrPercent;
  readonly maxSurge?: IntOrPercent;
}

export interface DeploymentStrategy {
  readonly type?: "RollingUpdate" | "Recreate";
  readonly rollingUpdate?: RollingUpdate;
}

export type ConditionStatus = "True" | "False" | "Unknown";

export interface ObjectCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastProbeTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

export interface Deployment extends KubeObject {
  readonly kind: "Deployment";
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: DeploymentStrategy;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly paused?: boolean;
    readonly progressDeadlineSeconds?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly collisionCount?: number;
    readonly conditions?: readonly ObjectCondition[];
  };
}

export interface ReplicaSet extends KubeObject {
  readonly kind: "ReplicaSet";
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector;
    readonly template?: PodTemplate;
  };
  readonly status?: {
    readonly replicas: number;
    readonly fullyLabeledReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly observedGeneration?: number;
    readonly conditions?: readonly ObjectCondition[];
  };
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
    readonly containerID?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface Pod extends KubeObject {
  readonly kind: "Pod";
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: PodPhase;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly hostIP?: string;
    readonly startTime?: string;
    readonly qosClass?: string;
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly ObjectCondition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly nodePort?: number;
}

export interface Service extends KubeObject {
  readonly kind: "Service";
  readonly spec: {
    readonly selector?: StringMap;
    readonly ports?: readonly ServicePort[];
    readonly type?: string;
    readonly clusterIP?: string;
    /** The same address: there is one IP family. */
    readonly clusterIPs?: readonly string[];
    readonly externalName?: string;
    readonly externalIPs?: readonly string[];
    readonly publishNotReadyAddresses?: boolean;
    readonly sessionAffinity?: string;
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly internalTrafficPolicy?: string;
    readonly externalTrafficPolicy?: string;
    readonly allocateLoadBalancerNodePorts?: boolean;
    readonly ipFamilies?: readonly string[];
    readonly ipFamilyPolicy?: string;
  };
  readonly status?: JsonObject;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
  readonly targetRef?: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly nodeName?: string;
}

export interface EndpointPort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
}

export interface EndpointSlice extends KubeObject {
  readonly kind: "EndpointSlice";
  readonly addressType: string;
  readonly ports: readonly EndpointPort[] | null;
  readonly endpoints: readonly Endpoint[];
}

export interface EndpointAddress extends Pick<Endpoint, "targetRef" | "nodeName"> {
  readonly ip: string;
}

/** The addresses behind a Service (core/v1 form): what its EndpointSlices say in the older words. */
export interface Endpoints extends KubeObject {
  readonly kind: "Endpoints";
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly EndpointPort[];
  }[];
}

export interface Node extends KubeObject {
  readonly kind: "Node";
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: {
    readonly capacity?: StringMap;
    readonly allocatable?: StringMap;
    readonly conditions?: readonly ObjectCondition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: JsonObject;
  };
}

export interface Namespace extends KubeObject {
  readonly kind: "Namespace";
  readonly spec?: JsonObject;
  readonly status?: { readonly phase?: "Active" | "Terminating" };
}

export interface ConfigMap extends KubeObject {
  readonly kind: "ConfigMap";
  readonly data?: StringMap;
  readonly binaryData?: StringMap;
  readonly immutable?: boolean;
}

export interface Secret extends KubeObject {
  readonly kind: "Secret";
  readonly type?: string;
  readonly data?: StringMap;
  readonly stringData?: StringMap;
  readonly immutable?: boolean;
}

export interface PodDisruptionBudget extends KubeObject {
  readonly kind: "PodDisruptionBudget";
  readonly spec: {
    readonly minAvailable?: IntOrPercent;
    readonly maxUnavailable?: IntOrPercent;
    readonly selector?: LabelSelector;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status?: JsonObject;
}

/** A Kubernetes `Event` (core/v1 form): what controllers and kubelets say in `describe` and `get events`. */
export interface KubeEvent extends KubeObject {
  readonly kind: "Event";
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: {
    readonly apiVersion?: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly source: { readonly component: string; readonly host?: string };
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
}

/** Every kind the engine stores. `KubeEvent` and `Endpoints` are none: they are derived. */
export type StoredObject =
  | Deployment
  | ReplicaSet
  | Pod
  | Service
  | EndpointSlice
  | Node
  | Namespace
  | ConfigMap
  | Secret
  | PodDisruptionBudget;

export type Kind = StoredObject["kind"];

export type * from "./pod-spec.ts";
export type { StringMap };
