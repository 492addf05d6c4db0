/** What the API server allocates for Services: cluster addresses (10.96.0.0/12) and node ports (30000-32767). */
import * as E from "fp-ts/lib/Either.js";
import type { Service as ServiceObject, ServicePort, StoredObject } from "../../kubernetes/objects.ts";
import type { Refusal } from "../../kubernetes/refusal.ts";
import { invalid } from "../../kubernetes/validation/index.ts";
import { drawBelow } from "../draw.ts";
import type { Entity, Service } from "../state.ts";
import type { DecideContext } from "./context.ts";

type Spec = Service["spec"];

const HEADLESS = "None";
const firstNodePort = 30_000;
const nodePorts = 2_768;

const needsAddress = ({ type }: Spec): boolean => type !== "ExternalName";
const isExternal = ({ type }: Spec): boolean => type === "NodePort" || type === "LoadBalancer";
const needsNodePorts = (spec: Spec): boolean => isExternal(spec) && spec.allocateLoadBalancerNodePorts !== false;

/** Ports without a number of their own get that of the former port of the same name, unless it is used for another. */
const withFormerNodePorts = (before: Spec, ports: readonly ServicePort[]): readonly ServicePort[] => {
  const former = new Map((before.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
  const used = new Set(ports.map(({ nodePort }) => nodePort));
  return ports.map((port) => {
    const nodePort = port.nodePort ?? former.get(port.name ?? "");
    return nodePort === undefined || (port.nodePort === undefined && used.has(nodePort)) ? port : { ...port, nodePort };
  });
};

/** Fields that a new type has no use for go, unless the client set them to something else: that is for validation to see. */
const withoutStale = (before: Spec, after: Spec): Spec => {
  const stale: string[] = [];
  if (needsAddress(before) && !needsAddress(after)) {
    stale.push("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
  }
  if (isExternal(before) && !isExternal(after)) stale.push("externalTrafficPolicy");
  if (before.type === "LoadBalancer" && after.type !== "LoadBalancer") stale.push("allocateLoadBalancerNodePorts");
  if (stale.length === 0) return after;
  const isStale = (field: string): boolean =>
    stale.includes(field) && JSON.stringify(Reflect.get(before, field)) === JSON.stringify(Reflect.get(after, field));
  return Object.fromEntries(Object.entries(after).filter(([field]) => !isStale(field)));
};

const withFormer = (before: Spec, after: Spec): Spec => {
  const next = withoutStale(before, after);
  const keepsAddress = needsAddress(before) && needsAddress(next) && !next.clusterIP && before.clusterIP;
  const spec = keepsAddress ? { ...next, clusterIP: before.clusterIP } : next;
  if (!spec.ports || !needsNodePorts(before)) return spec;
  if (needsNodePorts(spec)) return { ...spec, ports: withFormerNodePorts(before, spec.ports) };
  const former = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
  if (!spec.ports.every(({ nodePort }) => former.has(nodePort))) return spec;
  return { ...spec, ports: spec.ports.map(({ nodePort: _, ...port }) => port) };
};

/**
 * A Service as an update means it: a client that does not name what was allocated keeps that, and what the former type had
 * allocated does not stand in the way of a new one. Other objects stay as they are.
 */
export const keepAllocated = (before: Entity, object: StoredObject): StoredObject =>
  before.kind === "Service" && object.kind === "Service"
    ? { ...object, spec: withFormer(before.spec, object.spec) }
    : object;

interface Taken {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

/** What the other Services have. */
const takenByOthers = (ctx: DecideContext, { metadata }: ServiceObject): Taken => {
  const addresses = new Set<string>();
  const ports = new Set<number>();
  for (const { meta, spec } of ctx.world.all("Service")) {
    if (meta.name === metadata.name && meta.namespace === (metadata.namespace ?? "default")) continue;
    if (spec.clusterIP !== undefined && spec.clusterIP !== HEADLESS) addresses.add(spec.clusterIP);
    for (const { nodePort } of spec.ports ?? []) if (nodePort !== undefined) ports.add(nodePort);
  }
  return { addresses, ports };
};

const addressFault = (address: string | undefined, taken: Taken): string | undefined => {
  if (!address || address === HEADLESS) return undefined;
  if (taken.addresses.has(address)) return "provided IP is already allocated";
  if (/^10\.(9[6-9]|10\d|11[01])\./.test(address)) return undefined;
  return `the provided IP (${address}) is not in the valid range. The range of valid IPs is 10.96.0.0/12`;
};

const portFault = (port: number | undefined, taken: Taken): string | undefined => {
  if (port === undefined) return undefined;
  if (taken.ports.has(port)) return "provided port is already allocated";
  if (port >= firstNodePort && port < firstNodePort + nodePorts) return undefined;
  return "provided port is not in the valid range. The range of valid ports is 30000-32767";
};

const faultsOf = ({ metadata, spec }: ServiceObject, taken: Taken): Refusal | undefined => {
  const causes = [];
  const address = addressFault(spec.clusterIP, taken);
  if (address !== undefined) {
    const message = `Invalid value: ${JSON.stringify([spec.clusterIP])}: failed to allocate IP ${spec.clusterIP}: ${address}`;
    causes.push({ reason: "FieldValueInvalid", field: "spec.clusterIPs", message });
  }
  for (const [index, { nodePort }] of (spec.ports ?? []).entries()) {
    const fault = portFault(nodePort, taken);
    if (fault === undefined) continue;
    const message = `Invalid value: ${nodePort}: ${fault}`;
    causes.push({ reason: "FieldValueInvalid", field: `spec.ports[${index}].nodePort`, message });
  }
  return causes.length > 0 ? invalid("Service", "", metadata.name, causes) : undefined;
};

/** The first value of a keyed sequence that is free. The ranges hold far more values than a ledger has services. */
const firstFree = <T>(isTaken: (value: T) => boolean, draw: (attempt: number) => T): T => {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const value = draw(attempt);
    if (!isTaken(value)) return value;
  }
  throw new Error("no free service address or node port left");
};

const allocated = (ctx: DecideContext, { spec, metadata }: ServiceObject, taken: Taken): Spec => {
  const key = ["service", metadata.namespace ?? "default", metadata.name] as const;
  const drawAddress = (attempt: number): string => {
    const n = drawBelow(2 ** 20 - 2, ctx.seed, ...key, "address", attempt) + 1;
    return `10.${96 + (n >>> 16)}.${(n >>> 8) & 255}.${n & 255}`;
  };
  const clusterIP = spec.clusterIP || firstFree((address) => taken.addresses.has(address), drawAddress);
  const addressed = { ...spec, clusterIP, clusterIPs: [clusterIP] };
  if (!spec.ports || !needsNodePorts(spec)) return addressed;

  const used = new Set([...taken.ports, ...spec.ports.flatMap(({ nodePort }) => nodePort ?? [])]);
  const ports = spec.ports.map((port, i): ServicePort => {
    if (port.nodePort !== undefined) return port;
    const draw = (attempt: number): number =>
      firstNodePort + drawBelow(nodePorts, ctx.seed, ...key, "port", i, attempt);
    const nodePort = firstFree((candidate) => used.has(candidate), draw);
    used.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...addressed, ports };
};

/**
 * Gives a Service, which must have its name, what its type needs and it does not ask for itself; refuses what it cannot
 * have. Other objects stay as they are.
 */
export const allocate = (ctx: DecideContext, object: StoredObject): E.Either<Refusal, StoredObject> => {
  if (object.kind !== "Service" || !needsAddress(object.spec)) return E.right(object);
  const taken = takenByOthers(ctx, object);
  const refused = faultsOf(object, taken);
  return refused ? E.left(refused) : E.right({ ...object, spec: allocated(ctx, object, taken) });
};
