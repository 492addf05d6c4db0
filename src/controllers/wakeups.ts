/**
 * Which keys a commit puts into each controller's queue: Kubernetes' event handlers as pure functions. Each is asked once for
 * every object that a commit changed, with the controller's own view, advanced past that commit. A key put twice is one key.
 * After a restart every object of the controller's kind is put into the queue once.
 *
 * The answers cost a few look-ups; only an orphan, whose owner is not known, is compared with all selectors of its namespace.
 */
import { podOfEndpoint } from "../domain/endpoints.ts";
import {
  controllerOf,
  type EndpointSlice,
  type Entity,
  type EntityKind,
  type EntityOf,
  type Meta,
  type ObjectRef,
  type Pod,
  type ReplicaSet,
  refOf,
  type Service,
} from "../domain/state.ts";
import type { OwnerReference } from "../kubernetes/objects.ts";
import { matches } from "../kubernetes/selector.ts";
import { compareText } from "../kubernetes/sorted.ts";
import { NAMESPACE_FINALIZER } from "../kubernetes/well-known.ts";
import { isEndpointCurrent, isSelectedBy } from "./endpoint-slice/endpoint.ts";
import { isSliceCurrent, serviceNameOf } from "./endpoint-slice/slice.ts";
import { isDeletingDependents, isOrphaningDependents, ownerRef } from "./garbage-collector/ownership.ts";
import type { DeploymentView, EndpointSliceView, GarbageCollectorView, NamespaceView, ReplicaSetView } from "./view.ts";

/** One object before and after a commit: without `before` it was created, without `after` it is gone. */
export interface Change<T extends Entity = Entity> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export type Keys = readonly ObjectRef[];

const none: Keys = [];

const concerns = <K extends EntityKind>(change: Change, kind: K): change is Change<EntityOf<K>> =>
  (change.after ?? change.before)?.kind === kind;

const keyOf = ({ before, after }: Change): Keys => {
  const entity = after ?? before;
  return entity ? [refOf(entity)] : none;
};

/** Listings come in no particular order; keys must not. */
const inOrder = (keys: readonly ObjectRef[]): Keys =>
  keys.toSorted(
    (a, b) => compareText(a.name, b.name) || compareText(a.namespace, b.namespace) || compareText(a.kind, b.kind),
  );

export type DeploymentWakeupView = DeploymentView & Pick<ReplicaSetView, "replicaSet" | "replicaSetsOwnedBy">;

/**
 * A Deployment is woken by its own changes, by those of its ReplicaSets and of ReplicaSets that it might adopt. Pods do not wake
 * it (their ReplicaSet's status does), except that the last pod to go wakes one with the strategy `Recreate`.
 */
export const deploymentKeys = (view: DeploymentWakeupView, change: Change): Keys => {
  if (concerns(change, "Deployment")) return keyOf(change);
  if (concerns(change, "ReplicaSet")) {
    const owner = (reference: OwnerReference, namespace: string) =>
      actual(reference, view.deployment(namespace, reference.name));
    return ownerKeys(change, owner, ({ meta }) => [...view.deployments(meta.namespace)]);
  }
  if (concerns(change, "Pod") && !change.after && change.before) return recreateKeys(view, change.before);
  return none;
};

const recreateKeys = (view: DeploymentWakeupView, deleted: Pod): Keys => {
  const { namespace } = deleted.meta;
  const ofPod = controllerOf(deleted.meta);
  const replicaSet = ofPod && actual(ofPod, view.replicaSet(namespace, ofPod.name));
  const ofReplicaSet = replicaSet && controllerOf(replicaSet.meta);
  const deployment = ofReplicaSet && actual(ofReplicaSet, view.deployment(namespace, ofReplicaSet.name));
  if (deployment?.spec.strategy.type !== "Recreate") return none;
  for (const { meta } of view.replicaSetsOwnedBy(deployment.meta.uid)) {
    const [pod] = view.podsOwnedBy(meta.uid);
    if (pod) return none;
  }
  return [refOf(deployment)];
};

/** A ReplicaSet is woken by its own changes, by those of its pods and of pods that it might adopt. */
export const replicaSetKeys = (view: ReplicaSetView, change: Change): Keys => {
  if (concerns(change, "ReplicaSet")) return keyOf(change);
  if (!concerns(change, "Pod")) return none;
  const owner = (reference: OwnerReference, namespace: string) =>
    actual(reference, view.replicaSet(namespace, reference.name));
  return ownerKeys(change, owner, ({ meta }) => [...view.replicaSets(meta.namespace)]);
};

/** The owner that a reference means, unless another object has its name now. */
const actual = <T extends Entity>({ kind, uid }: OwnerReference, found: T | undefined): T | undefined =>
  found?.kind === kind && found.meta.uid === uid ? found : undefined;

type Owning = EntityOf<"Deployment" | "ReplicaSet">;

/**
 * A change of an owned object wakes its owner, and the former one if it has another owner now. An orphan wakes whoever
 * might adopt it, but only when it appears, or gets other labels, or has just lost its owner; not when it is going.
 */
const ownerKeys = <T extends ReplicaSet | Pod>(
  { before, after }: Change<T>,
  resolve: (owner: OwnerReference, namespace: string) => Owning | undefined,
  candidates: (orphan: T) => readonly Owning[],
): Keys => {
  const former = before && controllerOf(before.meta);
  const current = after && controllerOf(after.meta);
  const hasMoved = former?.uid !== current?.uid;
  const owners = [
    hasMoved && before && former ? resolve(former, before.meta.namespace) : undefined,
    after && current ? resolve(current, after.meta.namespace) : undefined,
  ];
  const keys = owners.flatMap((owner) => (owner ? [refOf(owner)] : []));
  if (!after || current || after.meta.deletion !== undefined) return keys;
  // An entity keeps the very object of its labels until they are written.
  if (before && !hasMoved && before.meta.labels === after.meta.labels) return keys;
  const adopters = candidates(after).filter(({ spec }) => matches(spec.selector, after.meta.labels));
  return [...keys, ...inOrder(adopters.map(refOf))];
};

/**
 * A Service is woken by its own changes, and whenever a pod or a slice changes such that the slices do not show the pod as it
 * is. Changes of a pod that do not matter to endpoints wake nobody, and neither do the controller's own writes.
 */
export const serviceKeys = (view: EndpointSliceView, change: Change): Keys => {
  if (concerns(change, "Service")) return keyOf(change);
  if (concerns(change, "Pod")) return servicesOfPod(view, change);
  if (concerns(change, "EndpointSlice")) return servicesOfSlice(view, change);
  return none;
};

const servicesOfPod = (view: EndpointSliceView, { before, after }: Change<Pod>): Keys => {
  const pod = after ?? before;
  if (!pod) return none;
  const { namespace, name } = pod.meta;
  const selects = (service: Service, meta: Meta | undefined): boolean =>
    meta !== undefined && isSelectedBy(service, namespace, meta.labels);
  const keys: ObjectRef[] = [];
  for (const service of view.services(namespace)) {
    if (!selects(service, before?.meta) && !selects(service, after?.meta)) continue;
    if (!isEndpointCurrent(view, service, name)) keys.push(refOf(service));
  }
  return inOrder(keys);
};

const servicesOfSlice = (view: EndpointSliceView, change: Change<EndpointSlice>): Keys => {
  const { before, after } = change;
  const namespace = (after ?? before)?.meta.namespace ?? "";
  const names = new Set([before && serviceNameOf(before), after && serviceNameOf(after)]);
  const keys: ObjectRef[] = [];
  for (const name of names) {
    const service = name === undefined ? undefined : view.service(namespace, name);
    if (service && !isInOrder(view, service, change)) keys.push(refOf(service));
  }
  return keys;
};

/** Whether a sync would leave alone what the change touched: the slice itself, and the pods whose endpoints it moved. */
const isInOrder = (view: EndpointSliceView, service: Service, change: Change<EndpointSlice>): boolean => {
  const { after } = change;
  if (!after || serviceNameOf(after) !== service.meta.name) {
    if (view.slicesOf(service).length === 0) return false;
  } else if (!isSliceCurrent(view, service, after)) return false;
  for (const pod of movedPods(change)) if (!isEndpointCurrent(view, service, pod)) return false;
  return true;
};

/** The pods whose endpoints changed; of a slice that changed in more than its endpoints, all. */
const movedPods = ({ before, after }: Change<EndpointSlice>): ReadonlySet<string> => {
  const old = before?.endpoints ?? [];
  const current = after?.endpoints ?? [];
  const isSameFrame =
    before?.ports === after?.ports &&
    before?.meta.labels === after?.meta.labels &&
    before?.meta.ownerReferences === after?.meta.ownerReferences &&
    before?.meta.deletion === after?.meta.deletion;
  if (!isSameFrame) return new Set([...old, ...current].map(podOfEndpoint));
  const [kept, known] = [new Set(current), new Set(old)];
  const moved = [
    ...old.filter((endpoint) => !kept.has(endpoint)),
    ...current.filter((endpoint) => !known.has(endpoint)),
  ];
  return new Set(moved.map(podOfEndpoint));
};

/**
 * The garbage collector's keys are objects of every kind. Woken are
 * - an object with an owner that is not there, or that waits for its dependents;
 * - an object that waits for its dependents, or lets go of them;
 * - the dependents of an object that is gone, or begins to wait for them;
 * - the waiting owners of an object that is gone, or is theirs no longer.
 */
export const garbageCollectorKeys = (view: GarbageCollectorView, { before, after }: Change): Keys => {
  if (before && after && isOwnershipSame(before.meta, after.meta)) return none;
  const keys: ObjectRef[] = [];
  const was = before?.meta;
  const is = after?.meta;
  if (after && needsCollection(view, after.meta)) keys.push(refOf(after));
  const startsWaiting = is !== undefined && isDeletingDependents(is) && !(was && isDeletingDependents(was));
  if (was && (!is || startsWaiting)) keys.push(...inOrder(Array.from(view.dependentsOf(was.uid), refOf)));
  for (const reference of was?.ownerReferences ?? []) {
    const ref = was && ownerRef(was, reference);
    const owner = ref && view.object(ref);
    if (owner?.meta.uid === reference.uid && isDeletingDependents(owner.meta)) keys.push(refOf(owner));
  }
  return keys;
};

/** Most commits change neither owners nor finalizers, and entities keep the very objects of what is not written. */
const isOwnershipSame = (before: Meta, after: Meta): boolean =>
  before.ownerReferences === after.ownerReferences &&
  before.finalizers === after.finalizers &&
  before.deletion === after.deletion;

const needsCollection = (view: GarbageCollectorView, meta: Meta): boolean => {
  if (meta.deletion) return isOrphaningDependents(meta) || isDeletingDependents(meta);
  return meta.ownerReferences.some((reference) => {
    const ref = ownerRef(meta, reference);
    if (ref === undefined) return false;
    const owner = view.object(ref);
    return owner?.meta.uid !== reference.uid || isDeletingDependents(owner.meta);
  });
};

/** A namespace is woken by its own changes, and when the last object in it is gone while it terminates. */
export const namespaceKeys = (view: NamespaceView, change: Change): Keys => {
  if (concerns(change, "Namespace")) return keyOf(change);
  const { before, after } = change;
  if (after || !before || before.meta.namespace === "") return none;
  const namespace = view.namespace(before.meta.namespace);
  if (!namespace?.meta.deletion || !namespace.meta.finalizers.includes(NAMESPACE_FINALIZER)) return none;
  const [remaining] = view.contents(namespace.meta.name);
  return remaining ? none : [refOf(namespace)];
};
