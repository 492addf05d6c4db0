import type { EndpointSlice, Endpoints, Service, ServicePort } from "../../objects.ts";
import { formatLabels } from "../../selector.ts";
import { age } from "../duration.ts";
import { listAt, textAt } from "../fields.ts";
import { byCodeUnit } from "../go-format.ts";
import type { Cell } from "../table.ts";
import { columns } from "./columns.ts";

export const serviceColumns = columns(["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age"], ["Selector"]);

export const endpointsColumns = columns(["Name", "Endpoints", "Age"]);

export const endpointSliceColumns = columns(["Name", "AddressType", "Ports", "Endpoints", "Age"]);

const externalAddresses = ({ spec, status }: Service): string => {
  const fixed = spec.externalIPs ?? [];
  switch (spec.type ?? "ClusterIP") {
    case "ExternalName":
      return spec.externalName ?? "";
    case "LoadBalancer": {
      const given = listAt(status, "loadBalancer", "ingress").map(
        (entry) => textAt(entry, "ip") || textAt(entry, "hostname"),
      );
      return (
        [...[...new Set(given)].filter((address) => address !== "").sort(byCodeUnit), ...fixed].join(",") || "<pending>"
      );
    }
    default:
      return fixed.join(",") || "<none>";
  }
};

const formatPort = ({ port, nodePort = 0, protocol = "TCP" }: ServicePort): string =>
  nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;

export const serviceRow = (service: Service, nowMs: number): readonly Cell[] => {
  const { metadata, spec } = service;
  return [
    metadata.name,
    spec.type ?? "ClusterIP",
    spec.clusterIP || "<none>",
    externalAddresses(service),
    spec.ports?.map(formatPort).join(",") || "<none>",
    age(metadata.creationTimestamp, nowMs),
    formatLabels(spec.selector),
  ];
};

const shownAtMost = 3;

/** `a,b,c + 2 more...`, or what stands for none. */
const abridged = (entries: readonly string[], none = "<unset>"): string => {
  const shown = entries.slice(0, shownAtMost).join(",");
  const more = entries.length - shownAtMost;
  return more > 0 ? `${shown} + ${more} more...` : shown || none;
};

/** Lists the ready addresses only. */
export const endpointsRow = ({ metadata, subsets = [] }: Endpoints, nowMs: number): readonly Cell[] => {
  const ready = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port = 0 }) => addresses.map(({ ip }) => `${ip}:${port}`)),
  );
  return [metadata.name, abridged(ready, "<none>"), age(metadata.creationTimestamp, nowMs)];
};

/** Lists every address, ready or not. */
export const endpointSliceRow = (
  { metadata, addressType, ports, endpoints }: EndpointSlice,
  nowMs: number,
): readonly Cell[] => [
  metadata.name,
  addressType,
  abridged((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? "*") : String(port)))),
  abridged(endpoints.flatMap(({ addresses }) => addresses)),
  age(metadata.creationTimestamp, nowMs),
];
