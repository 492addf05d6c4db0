/** What a pod contributes to a Service: its endpoint, and the ports under which it is reached. */
import { podOfEndpoint } from "../../domain/endpoints.ts";
import { controllerOf, type EndpointSlice, isPodReady, type Pod, type Service } from "../../domain/state.ts";
import type { Endpoint, EndpointPort, ServicePort, StringMap } from "../../kubernetes/objects.ts";
import type { EndpointSliceView } from "../view.ts";

export type Contribution =
  /** Not selected, finished, without an address, or gone. */
  | { readonly is: "none" }
  /** Its node is unknown; it is left out until the node shows up. */
  | { readonly is: "withheld"; readonly node: string }
  | { readonly is: "endpoint"; readonly endpoint: Endpoint; readonly ports: readonly EndpointPort[] };

const none: Contribution = { is: "none" };

/** Services without a selector have endpoints of their own making, and ExternalName Services have none. */
export const hasManagedSlices = ({ spec }: Service): boolean =>
  spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;

export const isSelectedBy = ({ meta, spec }: Service, namespace: string, labels: StringMap): boolean => {
  if (meta.namespace !== namespace) return false;
  const { selector = {} } = spec;
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
};

/**
 * A pod is an endpoint as long as it has an address and has not finished, terminating or not. It is `ready` while its Ready
 * condition holds and it is not terminating, or always if the Service publishes addresses that are not ready;
 * `serving` and `terminating` say what is. minReadySeconds plays no role: availability is a matter of rollouts, not of traffic.
 */
export const contributionOf = (view: EndpointSliceView, service: Service, pod: Pod | undefined): Contribution => {
  if (!pod || !isSelectedBy(service, pod.meta.namespace, pod.meta.labels)) return none;
  const { meta, nodeName, status } = pod;
  if (status.podIP === undefined || status.phase === "Succeeded" || status.phase === "Failed") return none;

  const publishAll = service.spec.publishNotReadyAddresses === true;
  if (!publishAll && view.node(nodeName ?? "") === undefined) return { is: "withheld", node: nodeName ?? "" };
  const serving = isPodReady(pod);
  const terminating = meta.deletion !== undefined;
  const endpoint: Endpoint = {
    addresses: [status.podIP],
    conditions: { ready: publishAll || (serving && !terminating), serving, terminating },
    targetRef: { kind: "Pod", namespace: meta.namespace, name: meta.name, uid: meta.uid },
    ...(nodeName === undefined ? {} : { nodeName }),
  };
  return { is: "endpoint", endpoint, ports: portsOf(view, service, pod) };
};

/** A named target port that the pod does not have is left out. */
const portsOf = (view: EndpointSliceView, service: Service, pod: Pod): readonly EndpointPort[] => {
  const ports: EndpointPort[] = [];
  for (const servicePort of service.spec.ports ?? []) {
    const { name = "", protocol = "TCP" } = servicePort;
    const port = targetPort(view, servicePort, protocol, pod);
    if (port !== undefined) ports.push({ name, port, protocol });
  }
  return ports;
};

const targetPort = (
  view: EndpointSliceView,
  { targetPort: target, port }: ServicePort,
  protocol: string,
  pod: Pod,
): number | undefined => {
  if (target === undefined) return port;
  if (typeof target === "number") return target;
  return view.containerPorts(pod).find(({ name, protocol: own = "TCP" }) => name === target && own === protocol)
    ?.containerPort;
};

/** Pods with the same ports share slices, whatever the order of the ports. */
export const isSamePorts = (a: readonly EndpointPort[], b: readonly EndpointPort[]): boolean =>
  a.length === b.length &&
  a.every((port) =>
    b.some((other) => port.port === other.port && port.name === other.name && port.protocol === other.protocol),
  );

const isSameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a.targetRef?.uid === b.targetRef?.uid &&
  a.nodeName === b.nodeName &&
  a.conditions.ready === b.conditions.ready &&
  a.conditions.serving === b.conditions.serving &&
  a.conditions.terminating === b.conditions.terminating &&
  a.addresses.join() === b.addresses.join();

/** A slice is asked about all its pods before it changes. */
const indexes = new WeakMap<readonly Endpoint[], ReadonlyMap<string, Endpoint>>();

const endpointOf = ({ endpoints }: EndpointSlice, pod: string): Endpoint | undefined => {
  let index = indexes.get(endpoints);
  if (!index) {
    index = new Map(endpoints.map((endpoint) => [podOfEndpoint(endpoint), endpoint]));
    indexes.set(endpoints, index);
  }
  return index.get(pod);
};

/** Whether the slice holds exactly this endpoint of the pod. */
export const shows = (slice: EndpointSlice, endpoint: Endpoint): boolean => {
  const shown = endpointOf(slice, podOfEndpoint(endpoint));
  return shown !== undefined && isSameEndpoint(shown, endpoint);
};

/** A slice of an earlier Service of the same name is not this Service's. */
export const isOwnedBy = (slice: EndpointSlice, service: Service): boolean =>
  controllerOf(slice.meta)?.uid === service.meta.uid;

/**
 * Whether the Service's slices show the pod as it is: its endpoint once, right, and under its ports; or not at all if it
 * contributes none. A pod that is withheld is never current, so that its Service keeps asking for the node.
 */
export const isEndpointCurrent = (view: EndpointSliceView, service: Service, podName: string): boolean => {
  if (!hasManagedSlices(service)) return true;
  const slices = view.slicesHolding(service, podName).filter((slice) => isOwnedBy(slice, service));
  const contribution = contributionOf(view, service, view.pod(service.meta.namespace, podName));
  switch (contribution.is) {
    case "none":
      return slices.length === 0;
    case "withheld":
      return false;
    case "endpoint": {
      const [slice, another] = slices;
      if (slice === undefined || another !== undefined) return false;
      return shows(slice, contribution.endpoint) && isSamePorts(slice.ports, contribution.ports);
    }
  }
};
