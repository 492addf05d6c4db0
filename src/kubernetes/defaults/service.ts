/** Defaults of Services. The API server allocates cluster IPs and node ports after these. */
import type { Service, ServicePort } from "../objects.ts";
import { absentOrZero, assign, fill, mapItems, orEmpty } from "./fill.ts";

const clientAffinitySeconds = 10_800;

const portDefaults = (port: ServicePort): ServicePort => {
  const named = fill(port, { protocol: "TCP" });
  return fill(named, { targetPort: port.port }, absentOrZero);
};

/** Services that are reached from outside the cluster. */
const isExternal = (type: string | undefined): boolean => type === "NodePort" || type === "LoadBalancer";

/** What the type requires may be missing before validation. */
export const serviceDefaults = (service: Service): Service => {
  const spec = fill(orEmpty(service.spec), { type: "ClusterIP", sessionAffinity: "None" });
  const named = spec.type === "ExternalName";
  const filled = fill(spec, {
    ...(named ? {} : { internalTrafficPolicy: "Cluster", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" }),
    ...(isExternal(spec.type) ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(spec.type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
    ...(spec.sessionAffinity === "ClientIP"
      ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: clientAffinitySeconds } } }
      : {}),
  });
  return assign(service, {
    spec: filled.ports ? assign(filled, { ports: mapItems(filled.ports, portDefaults) }) : filled,
  });
};
