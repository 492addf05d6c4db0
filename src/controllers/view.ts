/**
 * What controllers read: indexed listings over their own view of the log (what client-go calls listers). Where nothing else is
 * said, a listing comes in an order that the log alone determines, such as that of creation: the order of writes follows it.
 */

import type {
  Deployment,
  Digest,
  EndpointSlice,
  Entity,
  Namespace,
  Node,
  ObjectRef,
  Pod,
  ReplicaSet,
  Service,
  Uid,
} from "../domain/state.ts";
import type { PodTemplate } from "../kubernetes/objects.ts";

/** Bodies by digest. A digest that was recorded always resolves; an unknown one is a bug. */
export interface TemplateSource {
  template(digest: Digest): PodTemplate;
}

export interface DeploymentView extends TemplateSource {
  deployment(namespace: string, name: string): Deployment | undefined;
  deployments(namespace: string): Iterable<Deployment>;
  /** All ReplicaSets of the namespace, in no particular order. */
  replicaSets(namespace: string): Iterable<ReplicaSet>;
  /** All pods, whatever their state, whose controller is this ReplicaSet. */
  podsOwnedBy(owner: Uid): Iterable<Pod>;
}

/**
 * Counts over a ReplicaSet's pods, kept incrementally so that no sync scans them. A ReplicaSet's pods are the active ones
 * (neither finished nor terminating) that it controls and that its selector matches.
 */
export interface PodCounts {
  readonly active: number;
  /** Those that carry every label of the template, `pod-template-hash` included. */
  readonly fullyLabeled: number;
  readonly ready: number;
  /** Ready for at least minReadySeconds at the time asked for. */
  readonly available: number;
  /** When the next ready pod becomes available, ms; undefined when none waits. */
  readonly nextAvailableAtMs?: number;
}

export interface ReplicaSetView extends TemplateSource {
  replicaSet(namespace: string, name: string): ReplicaSet | undefined;
  /** All ReplicaSets of the namespace, in no particular order. */
  replicaSets(namespace: string): Iterable<ReplicaSet>;
  /** The ReplicaSets whose controller has this UID, by an index. */
  replicaSetsOwnedBy(owner: string): Iterable<ReplicaSet>;
  counts(replicaSet: ReplicaSet, nowMs: number): PodCounts;
  /** The pods that `counts` counts. */
  activePods(replicaSet: ReplicaSet): Iterable<Pod>;
  /** How many of `activePods` are on each node, under its name; those not yet scheduled are under the empty name. */
  activePodsPerNode(replicaSet: ReplicaSet): ReadonlyMap<string, number>;
  /** Active pods of the namespace without a controller. */
  orphanPods(namespace: string): Iterable<Pod>;
  /** Active pods that the ReplicaSet controls but its selector no longer matches. */
  strayPods(replicaSet: ReplicaSet): Iterable<Pod>;
}

export interface EndpointSliceView {
  service(namespace: string, name: string): Service | undefined;
  /** All Services of the namespace, in no particular order. */
  services(namespace: string): Iterable<Service>;
  pod(namespace: string, name: string): Pod | undefined;
  /**
   * The EndpointSlices of the namespace whose labels name this Service and, as their manager, this controller; without those
   * that are being deleted. Whose they are (by owner reference) does not matter here. In no particular order.
   */
  slicesOf(service: Service): readonly EndpointSlice[];
  /** Those of `slicesOf` that hold an endpoint of the pod, by an index. */
  slicesHolding(service: Service, podName: string): readonly EndpointSlice[];
  /**
   * The names of the pods that the slices do not show as they are: those for which `isEndpointCurrent` is false. Together
   * with the slices this is all that a sync looks at, which makes it cost as much as has changed, and level-triggered:
   * nothing is cleared at the end of a sync; a pod leaves the set when the slices, as the view sees them, are right.
   * More names than these (up to every selected pod and every pod in a slice) make a sync slower, not different.
   *
   * A view that keeps the set asks `isEndpointCurrent` again
   * - of a pod, after a commit that changed it, for the Services whose selector matches its labels before or after;
   * - of the pods in a slice, after a commit that changed it: the endpoints added, changed or removed; all endpoints, before
   *   and after, if the slice was created, deleted, marked as being deleted, or got other ports, labels or owners;
   * - of every selected pod and every pod in a slice of the Service, after the Service was created or changed;
   * - of the pods on a node, after the node appeared or went.
   */
  pendingPods(service: Service): Iterable<string>;
  /** The ports of the pod's containers in order, behind them those of its sidecars. */
  containerPorts(
    pod: Pod,
  ): readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  node(name: string): Node | undefined;
}

export interface GarbageCollectorView {
  object(ref: ObjectRef): Entity | undefined;
  /** Every object, of any kind and namespace, with an owner reference to this UID, by an index. */
  dependentsOf(owner: Uid): Iterable<Entity>;
}

export interface NamespaceView {
  namespace(name: string): Namespace | undefined;
  /** Every object in the namespace. The first is found without a scan of other namespaces. */
  contents(namespace: string): Iterable<Entity>;
}
