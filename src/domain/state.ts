/**
 * The entities of the cluster as the engine holds them: immutable, typed, times in milliseconds.
 * Large bodies (pod templates, pod specs, ConfigMap and Secret data) are content-addressed: an entity holds their digest.
 * `evolve` is the only writer; `render` turns an entity back into its Kubernetes object.
 */

import type { JsonObject } from "../kubernetes/json.ts";
import type {
  ConditionStatus,
  Endpoint,
  EndpointPort,
  IntOrPercent,
  LabelSelector,
  OwnerReference,
  PodDisruptionBudget as PodDisruptionBudgetObject,
  PodPhase,
  Service as ServiceObject,
  StringMap,
} from "../kubernetes/objects.ts";

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type Uid = Branded<string, "Uid">;
/** sha256 of a body's stored text, in lower-case hex. */
export type Digest = Branded<string, "Digest">;

/** A deletion that was accepted but is not finished: the object stays until grace and finalizers allow. */
export interface Deletion {
  /** deletionTimestamp: request time plus grace, whole seconds in ms. */
  readonly deadlineMs: number;
  readonly graceSeconds: number;
}

export interface Meta {
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: Uid;
  /** The last seq of the last commit that changed the object. */
  readonly resourceVersion: number;
  readonly generation: number;
  /** creationTimestamp: whole seconds in ms. */
  readonly createdAtMs: number;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly ownerReferences: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  readonly generateName?: string | undefined;
  readonly deletion?: Deletion | undefined;
}

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason?: string;
  readonly message?: string;
  /** Only Deployment conditions have it. */
  readonly lastUpdateMs?: number;
  readonly lastTransitionMs: number;
}

/** A pod template's identity: its body without `pod-template-hash`, and that label's value where it is set. */
export interface TemplateRef {
  readonly digest: Digest;
  readonly hash?: string;
}

export type Strategy =
  | {
      readonly type: "RollingUpdate";
      readonly rollingUpdate: { readonly maxUnavailable: IntOrPercent; readonly maxSurge: IntOrPercent };
    }
  | { readonly type: "Recreate" };

export interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: Digest;
  readonly strategy: Strategy;
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit?: number;
  readonly progressDeadlineSeconds?: number;
  readonly paused: boolean;
}

export interface DeploymentStatus {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
  readonly collisionCount?: number;
  readonly conditions: readonly Condition[];
}

export interface Deployment {
  readonly kind: "Deployment";
  readonly meta: Meta;
  readonly spec: DeploymentSpec;
  readonly status: DeploymentStatus;
}

export interface ReplicaSetSpec {
  readonly replicas: number;
  readonly minReadySeconds: number;
  readonly selector: LabelSelector;
  readonly template: TemplateRef;
}

/** What the ReplicaSet controller believed when it wrote it; the log knows what was true. */
export interface ReplicaSetStatus {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly fullyLabeledReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly conditions: readonly Condition[];
}

export interface ReplicaSet {
  readonly kind: "ReplicaSet";
  readonly meta: Meta;
  readonly spec: ReplicaSetSpec;
  readonly status: ReplicaSetStatus;
}

export interface TerminatedState {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

export type ContainerState =
  | { readonly is: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly is: "running"; readonly startedAtMs: number }
  | ({ readonly is: "terminated" } & TerminatedState);

/** One container of a pod. A container that the kubelet has not touched yet has no entry. */
export interface ContainerRun {
  readonly name: string;
  readonly state: ContainerState;
  readonly last?: TerminatedState;
  readonly ready: boolean;
  readonly restartCount: number;
}

export interface PodStatus {
  readonly phase: PodPhase;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly podIP?: string | undefined;
  /** status.startTime: when the kubelet accepted the pod. */
  readonly startedAtMs?: number | undefined;
  readonly conditions: readonly Condition[];
  readonly initContainers: readonly ContainerRun[];
  readonly containers: readonly ContainerRun[];
}

export interface Pod {
  readonly kind: "Pod";
  readonly meta: Meta;
  /** The pod's spec, without nodeName. */
  readonly spec: Digest;
  readonly nodeName?: string | undefined;
  readonly status: PodStatus;
}

export interface Service {
  readonly kind: "Service";
  readonly meta: Meta;
  readonly spec: ServiceObject["spec"];
}

export interface EndpointSlice {
  readonly kind: "EndpointSlice";
  readonly meta: Meta;
  readonly addressType: string;
  readonly ports: readonly EndpointPort[];
  /** At most 100, ordered by pod name. */
  readonly endpoints: readonly Endpoint[];
}

export interface Node {
  readonly kind: "Node";
  readonly meta: Meta;
  readonly spec: JsonObject;
  readonly capacity: StringMap;
  readonly conditions: readonly Condition[];
}

export interface Namespace {
  readonly kind: "Namespace";
  readonly meta: Meta;
  readonly spec: JsonObject;
}

/** `content` is everything but metadata: data, binaryData, immutable (and `type` of a Secret). */
export interface ConfigMap {
  readonly kind: "ConfigMap";
  readonly meta: Meta;
  readonly content: Digest;
}

export interface Secret {
  readonly kind: "Secret";
  readonly meta: Meta;
  readonly content: Digest;
}

export interface PodDisruptionBudget {
  readonly kind: "PodDisruptionBudget";
  readonly meta: Meta;
  readonly spec: PodDisruptionBudgetObject["spec"];
}

export type Entity =
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

export type EntityKind = Entity["kind"];
export type EntityOf<K extends EntityKind> = Extract<Entity, { readonly kind: K }>;

const isOfKind = <K extends EntityKind>(entity: Entity, kind: K): entity is EntityOf<K> => entity.kind === kind;

/** The entity as one of this kind; any other throws. */
export const ofKind = <K extends EntityKind>(entity: Entity, kind: K): EntityOf<K> => {
  if (!isOfKind(entity, kind)) throw new Error(`a ${entity.kind} where a ${kind} should be: ${entity.meta.name}`);
  return entity;
};

/** Names an object; `namespace` is empty for cluster-scoped kinds. */
export interface ObjectRef {
  readonly kind: EntityKind;
  readonly namespace: string;
  readonly name: string;
}

export const refOf = (entity: Entity): ObjectRef => ({
  kind: entity.kind,
  namespace: entity.meta.namespace,
  name: entity.meta.name,
});

/** The stream of an object's events: one per name, so that a re-created object continues it. */
export const streamOf = (ref: ObjectRef): string => `${ref.kind}/${ref.namespace}/${ref.name}`;

/** The owner that manages the object, if any (`controller: true`). */
export const controllerOf = (meta: Meta): OwnerReference | undefined =>
  meta.ownerReferences.find((owner) => owner.controller === true);

export const conditionOf = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find((condition) => condition.type === type);

export const isPodReady = (pod: Pod): boolean => conditionOf(pod.status.conditions, "Ready")?.status === "True";

/** Counts for its ReplicaSet: neither finished nor on its way out. */
export const isPodActive = (pod: Pod): boolean =>
  pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed" && pod.meta.deletion === undefined;

/**
 * Ready for at least `minReadySeconds`. The boundary counts as available (the exact availability timer of Kubernetes 1.35).
 */
export const isPodAvailable = (pod: Pod, minReadySeconds: number, nowMs: number): boolean => {
  const ready = conditionOf(pod.status.conditions, "Ready");
  if (ready?.status !== "True") return false;
  return minReadySeconds === 0 || ready.lastTransitionMs + minReadySeconds * 1000 <= nowMs;
};

/** API times have whole seconds. */
export const truncateToSecond = (ms: number): number => ms - (((ms % 1000) + 1000) % 1000);
