/** Core/v1 Endpoints, which nobody stores: each Service's EndpointSlices, told in the older form. */
import type { Session } from "../engine/session.ts";
import type { EndpointAddress, EndpointSlice, Endpoints, KubeObject, Service } from "../kubernetes/objects.ts";
import { SERVICE_NAME } from "../kubernetes/well-known.ts";

const isService = (object: KubeObject): object is Service => object.kind === "Service";
const isSlice = (object: KubeObject): object is EndpointSlice => object.kind === "EndpointSlice";

/** As in Kubernetes' endpoints controller, pods on their way out are in neither list. */
const subsetOf = ({ endpoints, ports }: EndpointSlice): NonNullable<Endpoints["subsets"]>[number] => {
  const addresses: EndpointAddress[] = [];
  const notReadyAddresses: EndpointAddress[] = [];
  for (const { addresses: ips, conditions, ...rest } of endpoints) {
    const list = conditions.ready ? addresses : notReadyAddresses;
    if (conditions.ready || !conditions.terminating) list.push(...ips.map((ip) => ({ ip, ...rest })));
  }
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ...(ports && ports.length > 0 ? { ports } : {}),
  };
};

const endpointsOf = ({ metadata }: Service, slices: readonly EndpointSlice[]): Endpoints => {
  const { name, namespace, creationTimestamp, labels, resourceVersion } = metadata;
  const subsets = slices.map(subsetOf).filter(({ addresses, notReadyAddresses }) => addresses ?? notReadyAddresses);
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(labels === undefined ? {} : { labels }),
    },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
};

/** One for every Service that selects pods, in one namespace or (undefined) in all. */
export const listEndpoints = (session: Session, namespace?: string): readonly Endpoints[] => {
  const slices = session.list("EndpointSlice", namespace).filter(isSlice);
  return session
    .list("Service", namespace)
    .filter(isService)
    .filter(({ spec }) => spec.selector !== undefined)
    .map((service) => {
      const isOwn = ({ metadata }: EndpointSlice): boolean =>
        metadata.namespace === service.metadata.namespace && metadata.labels?.[SERVICE_NAME] === service.metadata.name;
      return endpointsOf(service, slices.filter(isOwn));
    });
};
