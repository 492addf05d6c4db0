import { isEndpointCurrent, isSelectedBy } from "../../controllers/endpoint-slice/endpoint.ts";
import { serviceNameOf } from "../../controllers/endpoint-slice/slice.ts";
import type { EndpointSliceView } from "../../controllers/view.ts";
import type { BodySource } from "../../domain/bodies.ts";
import { podOfEndpoint } from "../../domain/endpoints.ts";
import type { EndpointSlice, Meta, Node, Pod, Service } from "../../domain/state.ts";
import type { ContainerPort } from "../../kubernetes/objects.ts";
import type { Change } from "../actor.ts";
import { Cache, type EntitySource, Groups, isKind, type View } from "./cache.ts";

const isService = isKind("Service");
const isNode = isKind("Node");
const isPod = isKind("Pod");
const isSlice = isKind("EndpointSlice");

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** The Service that a slice of this controller belongs to, by its labels; none while the slice is being deleted. */
const serviceKeyOf = (slice: EndpointSlice): string | undefined => {
  const name = slice.meta.deletion ? undefined : serviceNameOf(slice);
  return name === undefined ? undefined : keyOf(slice.meta.namespace, name);
};

/** Whether two images of a slice differ in their endpoints at most. */
const isSameFrame = (before: EndpointSlice, after: EndpointSlice): boolean =>
  before.ports === after.ports &&
  before.meta.labels === after.meta.labels &&
  before.meta.ownerReferences === after.meta.ownerReferences &&
  before.meta.deletion === after.meta.deletion;

export class EndpointSliceCaches implements EndpointSliceView, View {
  readonly #services = new Cache<Service>();
  readonly #pods = new Cache<Pod>();
  readonly #nodes = new Cache<Node>();
  readonly #slices = new Groups<string, string, EndpointSlice>();
  /** By Service and pod: the names of the slices with an endpoint of the pod. */
  readonly #holding = new Groups<string, string, string>();
  /** By node and UID: what the pods there are called. */
  readonly #podsOnNode = new Groups<string, string, Meta>();
  /** Pods that something happened to, by Service, since they were last found current. */
  readonly #suspects = new Map<string, Set<string>>();
  readonly #bodies: BodySource;

  constructor(bodies: BodySource, source: EntitySource) {
    this.#bodies = bodies;
    for (const node of source.all("Node")) this.#nodes.put(node);
    for (const pod of source.all("Pod")) this.#movePod(undefined, pod);
    for (const service of source.all("Service")) this.#moveService(undefined, service);
    for (const slice of source.all("EndpointSlice")) this.#moveSlice(undefined, slice);
  }

  apply(change: Change): void {
    const { before, after } = change;
    if (isPod(before) || isPod(after))
      this.#movePod(isPod(before) ? before : undefined, isPod(after) ? after : undefined);
    if (isService(before) || isService(after)) {
      this.#moveService(isService(before) ? before : undefined, isService(after) ? after : undefined);
    }
    if (isNode(before) || isNode(after)) this.#moveNode(change);
    if (isSlice(before) || isSlice(after)) {
      this.#moveSlice(isSlice(before) ? before : undefined, isSlice(after) ? after : undefined);
    }
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#services.get(namespace, name);
  }

  services(namespace: string): Iterable<Service> {
    return this.#services.in(namespace);
  }

  allServices(): Iterable<Service> {
    return this.#services.all();
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.#pods.get(namespace, name);
  }

  slicesOf(service: Service): readonly EndpointSlice[] {
    return [...this.#slices.values(keyOf(service.meta.namespace, service.meta.name))];
  }

  slicesHolding(service: Service, podName: string): readonly EndpointSlice[] {
    const key = keyOf(service.meta.namespace, service.meta.name);
    const slices = this.#slices.get(key);
    const holding: EndpointSlice[] = [];
    for (const name of this.#holding.values(`${key}/${podName}`)) {
      const slice = slices?.get(name);
      if (slice) holding.push(slice);
    }
    return holding;
  }

  /** Names the suspects that are really wrong, and forgets those that are right. */
  pendingPods(service: Service): Iterable<string> {
    const suspects = this.#suspects.get(keyOf(service.meta.namespace, service.meta.name));
    if (!suspects) return [];
    for (const name of suspects) if (isEndpointCurrent(this, service, name)) suspects.delete(name);
    return suspects;
  }

  containerPorts(pod: Pod): readonly ContainerPort[] {
    const { containers, initContainers = [] } = this.#bodies.podSpec(pod.spec);
    const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
    return [...containers, ...sidecars].flatMap(({ ports }) => ports ?? []);
  }

  node(name: string): Node | undefined {
    return this.#nodes.get("", name);
  }

  /** A Service that is gone has no suspects. */
  #suspect(serviceKey: string, pod: string): void {
    this.#suspects.get(serviceKey)?.add(pod);
  }

  #suspectEverywhere(pod: Pod): void {
    for (const service of this.#services.in(pod.meta.namespace)) {
      if (isSelectedBy(service, pod.meta.namespace, pod.meta.labels)) {
        this.#suspect(keyOf(service.meta.namespace, service.meta.name), pod.meta.name);
      }
    }
  }

  #movePod(before: Pod | undefined, after: Pod | undefined): void {
    if (before?.nodeName !== after?.nodeName) {
      if (before?.nodeName !== undefined) this.#podsOnNode.delete(before.nodeName, before.meta.uid);
      if (after?.nodeName !== undefined) this.#podsOnNode.set(after.nodeName, after.meta.uid, after.meta);
    }
    if (after) this.#pods.put(after);
    else if (before) this.#pods.remove(before.meta.namespace, before.meta.name);
    if (before) this.#suspectEverywhere(before);
    if (after && after.meta.labels !== before?.meta.labels) this.#suspectEverywhere(after);
  }

  #moveService(before: Service | undefined, after: Service | undefined): void {
    const service = after ?? before;
    if (!service) return;
    const key = keyOf(service.meta.namespace, service.meta.name);
    if (!after) {
      this.#services.remove(service.meta.namespace, service.meta.name);
      this.#suspects.delete(key);
      return;
    }
    this.#services.put(after);
    if (!this.#suspects.has(key)) this.#suspects.set(key, new Set());
    for (const pod of this.#pods.in(after.meta.namespace)) {
      if (isSelectedBy(after, pod.meta.namespace, pod.meta.labels)) this.#suspect(key, pod.meta.name);
    }
    for (const slice of this.#slices.values(key)) {
      for (const endpoint of slice.endpoints) this.#suspect(key, podOfEndpoint(endpoint));
    }
  }

  #moveSlice(before: EndpointSlice | undefined, after: EndpointSlice | undefined): void {
    const from = before && serviceKeyOf(before);
    const to = after && serviceKeyOf(after);
    const isSame = before !== undefined && after !== undefined && isSameFrame(before, after);
    const kept = new Set(isSame ? before.endpoints : []);
    if (before && from !== undefined) {
      const stays = new Set(isSame ? after.endpoints : []);
      if (from !== to) this.#slices.delete(from, before.meta.name);
      for (const endpoint of before.endpoints) {
        if (stays.has(endpoint)) continue;
        this.#holding.delete(`${from}/${podOfEndpoint(endpoint)}`, before.meta.name);
        this.#suspect(from, podOfEndpoint(endpoint));
      }
    }
    if (after && to !== undefined) {
      this.#slices.set(to, after.meta.name, after);
      for (const endpoint of after.endpoints) {
        if (kept.has(endpoint)) continue;
        this.#holding.set(`${to}/${podOfEndpoint(endpoint)}`, after.meta.name, after.meta.name);
        this.#suspect(to, podOfEndpoint(endpoint));
      }
    }
  }

  #moveNode(change: Change): void {
    const node = change.after ?? change.before;
    const appearedOrWent = (change.after === undefined) !== (change.before === undefined);
    this.#nodes.apply(change, isNode);
    if (!node || !appearedOrWent) return;
    for (const { namespace, name } of this.#podsOnNode.values(node.meta.name)) {
      const pod = this.#pods.get(namespace, name);
      if (pod) this.#suspectEverywhere(pod);
    }
  }
}
