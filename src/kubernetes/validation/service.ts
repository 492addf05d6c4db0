/** Services. */
import { dns1035Label, dns1123Label, dns1123Subdomain, portNumber } from "../names.ts";
import type { Service, ServicePort } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { supportedProtocols } from "./container.ts";
import type { Decoded } from "./field.ts";
import { duplicate, forbidden, invalidValue, oneOf, repetition, required, requiredName } from "./field.ts";
import { validatePortNumberOrName } from "./handlers.ts";
import { validateLabels, validateMetadata, validateMetadataUpdate } from "./metadata.ts";

const HEADLESS = "None";
const kubeletPort = 10_250;

type Spec = Decoded<Service["spec"]>;

/** What a type of Service allows, before its ports are looked at. */
const validateType = ({ type, clusterIP, externalName, ports = [] }: Spec): readonly FieldCause[] => {
  const notHeadless = (): readonly FieldCause[] =>
    clusterIP === HEADLESS
      ? [invalidValue("spec.clusterIPs[0]", clusterIP, `may not be set to 'None' for ${type} services`)]
      : [];
  switch (type) {
    case "LoadBalancer":
      return [
        ...ports.flatMap(({ port }, index) =>
          port === kubeletPort
            ? [
                invalidValue(
                  `spec.ports[${index}]`,
                  port,
                  `may not expose port ${port} externally since it is used by kubelet`,
                ),
              ]
            : [],
        ),
        ...notHeadless(),
      ];
    case "NodePort":
      return notHeadless();
    case "ExternalName":
      return [
        ...(clusterIP ? [forbidden("spec.clusterIP", "may not be set for ExternalName services")] : []),
        ...requiredName(dns1123Subdomain, "spec.externalName", externalName?.replace(/\.$/, "")),
      ];
    default:
      return [];
  }
};

const validatePorts = (ports: readonly Decoded<ServicePort>[]): readonly FieldCause[] => {
  const isRepeated = repetition();
  const mustHaveName = ports.length > 1;
  return ports.flatMap(({ name, port = 0, protocol, targetPort }, index) => {
    const field = `spec.ports[${index}]`;
    return [
      ...(name || mustHaveName ? requiredName(dns1123Label, `${field}.name`, name) : []),
      ...(isRepeated(name) ? [duplicate(`${field}.name`, name)] : []),
      ...portNumber(port).map((complaint) => invalidValue(`${field}.port`, port, complaint)),
      ...oneOf(`${field}.protocol`, protocol, supportedProtocols),
      ...validatePortNumberOrName(`${field}.targetPort`, targetPort),
    ];
  });
};

const validateNodePorts = ({ type, ports = [] }: Spec): readonly FieldCause[] =>
  ports.flatMap(({ nodePort }, index) =>
    nodePort && type === "ClusterIP"
      ? [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : [],
  );

/** No two ports of a Service take the same place. */
const validateDistinctPorts = (ports: readonly Decoded<ServicePort>[]): readonly FieldCause[] => {
  const isRepeatedNodePort = repetition();
  const isRepeatedPort = repetition();
  const nodePorts = ports.flatMap(({ protocol = "TCP", nodePort }, index) =>
    nodePort && isRepeatedNodePort(`${protocol}/${nodePort}`)
      ? [duplicate(`spec.ports[${index}].nodePort`, nodePort)]
      : [],
  );
  const distinct = ports.flatMap(({ protocol = "TCP", port = 0 }, index) =>
    isRepeatedPort(`${protocol}/${port}`) ? [duplicate(`spec.ports[${index}]`, { port, protocol })] : [],
  );
  return [...nodePorts, ...distinct];
};

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;
const ipv6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:\d+\.\d+\.\d+\.\d+)?$/;
const isAddress = (text: string): boolean => (ipv4.test(text) && !text.endsWith(".")) || ipv6.test(text);

const validateClusterIp = (clusterIP: string | undefined): readonly FieldCause[] =>
  !clusterIP || clusterIP === HEADLESS || isAddress(clusterIP)
    ? []
    : [invalidValue("spec.clusterIPs[0]", clusterIP, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];

const validateAffinity = ({ sessionAffinity, sessionAffinityConfig }: Spec): readonly FieldCause[] => {
  const field = "spec.sessionAffinityConfig";
  const named = oneOf("spec.sessionAffinity", sessionAffinity, ["ClientIP", "None"]);
  if (sessionAffinity === "None" && sessionAffinityConfig) {
    return [...named, forbidden(field, "must not be set when session affinity is None")];
  }
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinity !== "ClientIP" || (seconds !== undefined && seconds > 0 && seconds <= 86_400)) return named;
  if (seconds === undefined) return [...named, required(`${field}.clientIP`, "when session affinity type is ClientIP")];
  return [
    ...named,
    invalidValue(`${field}.clientIP.timeoutSeconds`, seconds, "must be greater than 0 and less than 86400"),
  ];
};

export const validateService = (service: Decoded<Service>): readonly FieldCause[] => {
  const spec = service.spec ?? {};
  const { type, clusterIP, ports = [], externalIPs = [] } = spec;
  const needsPorts = ports.length === 0 && clusterIP !== HEADLESS && type !== "ExternalName";
  return [
    ...validateMetadata(service.metadata, { name: dns1035Label, namespaced: true }),
    ...(needsPorts ? [required("spec.ports")] : []),
    ...validateType(spec),
    ...validatePorts(ports),
    ...validateLabels("spec.selector", spec.selector),
    ...validateAffinity(spec),
    ...externalIPs.flatMap((address, index) =>
      isAddress(address)
        ? []
        : [
            invalidValue(
              `spec.externalIPs[${index}]`,
              address,
              "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
            ),
          ],
    ),
    ...oneOf("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
    ...validateNodePorts(spec),
    ...validateDistinctPorts(ports),
    ...oneOf("spec.externalTrafficPolicy", spec.externalTrafficPolicy, ["Cluster", "Local"]),
    ...oneOf("spec.internalTrafficPolicy", spec.internalTrafficPolicy, ["Cluster", "Local"]),
    ...validateClusterIp(clusterIP),
  ];
};

/** An allocated cluster IP stays, unless the Service becomes or was a name for something outside. */
export const validateServiceUpdate = (before: Service, after: Decoded<Service>): readonly FieldCause[] => {
  const causes = validateMetadataUpdate(before.metadata, after.metadata ?? {});
  const isNamed = before.spec.type === "ExternalName" || after.spec?.type === "ExternalName";
  const { clusterIP = "" } = after.spec ?? {};
  if (isNamed || !before.spec.clusterIP || before.spec.clusterIP === clusterIP) return causes;
  return [...causes, invalidValue("spec.clusterIPs[0]", [clusterIP], "may not change once set")];
};
