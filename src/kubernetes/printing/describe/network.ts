import type { EndpointSlice, Service, ServicePort } from "../../objects.ts";
import { formatLabels } from "../../selector.ts";
import { listAt, textAt } from "../fields.ts";
import { Description, describeMetadata } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";

export interface ServiceContext extends DescribeContext {
  /** The slices labelled with the Service's name. */
  readonly endpointSlices: readonly EndpointSlice[];
}

const shownAtMost = 3;

/** `10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...`: the ready endpoints of one port. */
const formatEndpoints = (slices: readonly EndpointSlice[], portName: string): string => {
  if (slices.length === 0) return "<none>";
  const addresses: string[] = [];
  for (const { ports, endpoints } of slices) {
    const ready = endpoints
      .filter(({ conditions }) => conditions.ready !== false)
      .map(({ addresses: [ip = ""] }) => ip);
    if (!ports?.length) addresses.push(...ready);
    for (const { name = "", port } of ports ?? []) {
      if (name !== portName) continue;
      addresses.push(...ready.map((ip) => `${ip.includes(":") ? `[${ip}]` : ip}:${port ?? 0}`));
    }
  }
  const more = addresses.length - shownAtMost;
  return `${addresses.slice(0, shownAtMost).join(",")}${more > 0 ? ` + ${more} more...` : ""}`;
};

const describePort = (to: Description, port: ServicePort, slices: readonly EndpointSlice[]): void => {
  const { name = "", protocol = "TCP", nodePort = 0 } = port;
  const shownName = name || "<unset>";
  to.line(0, `Port:\t${shownName}\t${port.port}/${protocol}`);
  to.entry(0, "TargetPort", `${port.targetPort ?? port.port}/${protocol}`);
  if (nodePort !== 0) to.line(0, `NodePort:\t${shownName}\t${nodePort}/${protocol}`);
  to.entry(0, "Endpoints", formatEndpoints(slices, name));
};

/** What `kubectl describe service` prints. */
export const describeService = (service: Service, context: ServiceContext): string => {
  const { spec, status } = service;
  const to = new Description();
  /** An optional field of the spec. */
  const optional = (title: string, value: string) => value !== "" && to.entry(0, title, value);
  const list = (...path: readonly string[]) => listAt(service, ...path).join(",");
  describeMetadata(to, service);
  to.entry(0, "Selector", formatLabels(spec.selector));
  to.entry(0, "Type", spec.type ?? "ClusterIP");
  optional("IP Family Policy", textAt(spec, "ipFamilyPolicy"));
  to.entry(0, "IP Families", list("spec", "ipFamilies") || "<none>");
  to.entry(0, "IP", spec.clusterIP ?? "");
  to.entry(0, "IPs", list("spec", "clusterIPs") || "<none>");
  optional("External IPs", list("spec", "externalIPs"));
  optional("Desired LoadBalancer IP", textAt(spec, "loadBalancerIP"));
  optional("External Name", spec.externalName ?? "");
  const ingress = listAt(status, "loadBalancer", "ingress").map(
    (entry) => textAt(entry, "ip") || textAt(entry, "hostname"),
  );
  optional("LoadBalancer Ingress", ingress.join(", "));
  for (const port of spec.ports ?? []) describePort(to, port, context.endpointSlices);
  to.entry(0, "Session Affinity", spec.sessionAffinity ?? "None");
  optional("External Traffic Policy", textAt(spec, "externalTrafficPolicy"));
  optional("Internal Traffic Policy", textAt(spec, "internalTrafficPolicy"));
  optional("LoadBalancer Source Ranges", list("spec", "loadBalancerSourceRanges"));
  optional("Traffic Distribution", textAt(spec, "trafficDistribution"));
  describeEvents(to, context);
  return to.aligned;
};

/** What `kubectl describe endpointslice` prints. */
export const describeEndpointSlice = (slice: EndpointSlice, context: DescribeContext): string => {
  const to = new Description();
  describeMetadata(to, slice);
  to.entry(0, "AddressType", slice.addressType);
  const ports = slice.ports ?? [];
  to.line(0, ports.length === 0 ? "Ports: <unset>" : "Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------");
  for (const { name, port, protocol = "TCP" } of ports)
    to.line(1, `${name || "<unset>"}\t${port ?? "<unset>"}\t${protocol}`);
  to.line(0, slice.endpoints.length === 0 ? "Endpoints: <none>" : "Endpoints:");
  for (const endpoint of slice.endpoints) {
    to.entry(1, "- Addresses", endpoint.addresses.join(", ") || "<none>");
    to.line(2, "Conditions:");
    to.entry(3, "Ready", String(endpoint.conditions.ready));
    to.entry(2, "Hostname", textAt(endpoint, "hostname") || "<unset>");
    if (endpoint.targetRef) to.entry(2, "TargetRef", `${endpoint.targetRef.kind}/${endpoint.targetRef.name}`);
    to.entry(2, "NodeName", endpoint.nodeName ?? "<unset>");
    to.entry(2, "Zone", textAt(endpoint, "zone") || "<unset>");
  }
  describeEvents(to, context);
  return to.aligned;
};
