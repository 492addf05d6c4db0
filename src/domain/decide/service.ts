import type { Service as ServiceObject, ServicePort } from "../../kubernetes/objects.ts";
import { drawBelow } from "../draw.ts";
import type { Service } from "../state.ts";
import type { DecideContext } from "./context.ts";

const firstNodePort = 30_000;
const nodePorts = 2_768;

const taken = (
  ctx: DecideContext,
): { readonly addresses: ReadonlySet<string>; readonly ports: ReadonlySet<number> } => {
  const addresses = new Set<string>();
  const ports = new Set<number>();
  for (const { spec } of ctx.world.all("Service")) {
    if (spec.clusterIP !== undefined) addresses.add(spec.clusterIP);
    for (const { nodePort } of spec.ports ?? []) if (nodePort !== undefined) ports.add(nodePort);
  }
  return { addresses, ports };
};

/** The first value of a keyed sequence that is free. The ranges hold far more values than a ledger has services. */
const firstFree = <T>(isTaken: (value: T) => boolean, draw: (attempt: number) => T): T => {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const value = draw(attempt);
    if (!isTaken(value)) return value;
  }
  throw new Error("no free service address or node port left");
};

/** Gives a new Service what the API server allocates: a cluster address (10.96.0.0/12) and node ports (30000-32767). */
export const allocated = (ctx: DecideContext, object: ServiceObject): Service["spec"] => {
  const { spec, metadata } = object;
  if (spec.type === "ExternalName") return spec;
  const used = taken(ctx);
  const key = ["service", metadata.namespace ?? "default", metadata.name] as const;
  const clusterIP =
    spec.clusterIP ??
    firstFree(
      (address: string) => used.addresses.has(address),
      (attempt) => {
        const n = drawBelow(2 ** 20 - 2, ctx.seed, ...key, "address", attempt) + 1;
        return `10.${96 + (n >>> 16)}.${(n >>> 8) & 255}.${n & 255}`;
      },
    );
  const hasNodePorts = spec.type === "NodePort" || spec.type === "LoadBalancer";
  const ports = spec.ports?.map((port, i): ServicePort => {
    if (!hasNodePorts || port.nodePort !== undefined) return port;
    const draw = (attempt: number): number =>
      firstNodePort + drawBelow(nodePorts, ctx.seed, ...key, "port", i, attempt);
    return { ...port, nodePort: firstFree((candidate) => used.ports.has(candidate), draw) };
  });
  return { ...spec, clusterIP, ...(ports ? { ports } : {}) };
};
