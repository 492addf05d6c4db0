/** Containers, init containers and what they share. */
import { configMapKey, dns1123Label, dns1123Subdomain, environmentVariable, portName, portNumber } from "../names.ts";
import type { Container, ContainerPort, EnvFromSource, EnvVar, EnvVarSource } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { duplicate, forbidden, invalidValue, named, oneOf, repetition, required, requiredName } from "./field.ts";
import { validateHooksAndProbes } from "./handlers.ts";
import { validateResources } from "./resources.ts";
import { validateVolumeMounts } from "./volumes.ts";

export const supportedProtocols = ["SCTP", "TCP", "UDP"];

const validatePorts = (field: string, ports: readonly Decoded<ContainerPort>[]): readonly FieldCause[] => {
  const isRepeated = repetition();
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
    const place = `${field}[${index}]`;
    const nameCauses = name ? named(portName, `${place}.name`, name) : [];
    const number = (port: string, value: number): readonly FieldCause[] =>
      portNumber(value).map((complaint) => invalidValue(`${place}.${port}`, value, complaint));
    return [
      ...nameCauses,
      ...(nameCauses.length === 0 && isRepeated(name) ? [duplicate(`${place}.name`, name)] : []),
      ...(containerPort ? number("containerPort", containerPort) : [required(`${place}.containerPort`)]),
      ...(hostPort ? number("hostPort", hostPort) : []),
      ...oneOf(`${place}.protocol`, protocol, supportedProtocols),
    ];
  });
};

/** A node can give a port of its own to one container only. */
const validateHostPorts = (field: string, containers: readonly Decoded<Container>[]): readonly FieldCause[] => {
  const isRepeated = repetition();
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ protocol = "TCP", hostIP = "", hostPort }, portIndex) => {
      const claim = `${protocol}/${hostIP}/${hostPort}`;
      const place = `${field}[${index}].ports[${portIndex}].hostPort`;
      return hostPort && isRepeated(claim) ? [duplicate(place, claim)] : [];
    }),
  );
};

const validateKeySelector = (
  field: string,
  selector: Decoded<NonNullable<EnvVarSource["configMapKeyRef"]>> | undefined,
): readonly FieldCause[] =>
  selector
    ? [
        ...named(dns1123Subdomain, `${field}.name`, selector.name ?? ""),
        ...requiredName(configMapKey, `${field}.key`, selector.key),
      ]
    : [];

const validateEnvSource = (field: string, variable: Decoded<EnvVar>): readonly FieldCause[] => {
  const { value, valueFrom } = variable;
  if (!valueFrom) return [];
  const causes = [
    ...(valueFrom.fieldRef && !valueFrom.fieldRef.fieldPath ? [required(`${field}.fieldRef.fieldPath`)] : []),
    ...(valueFrom.resourceFieldRef && !valueFrom.resourceFieldRef.resource
      ? [required(`${field}.resourceFieldRef.resource`)]
      : []),
    ...validateKeySelector(`${field}.configMapKeyRef`, valueFrom.configMapKeyRef),
    ...validateKeySelector(`${field}.secretKeyRef`, valueFrom.secretKeyRef),
  ];
  const sources = Object.values(valueFrom).filter((source) => source !== undefined).length;
  if (sources === 0) {
    const detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    causes.push(invalidValue(field, "", detail));
  } else if (value) {
    causes.push(invalidValue(field, "", "may not be specified when `value` is not empty"));
  } else if (sources > 1) {
    causes.push(invalidValue(field, "", "may not have more than one field specified at a time"));
  }
  return causes;
};

const validateEnv = (field: string, env: readonly Decoded<EnvVar>[]): readonly FieldCause[] =>
  env.flatMap((variable, index) => [
    ...requiredName(environmentVariable, `${field}[${index}].name`, variable.name),
    ...validateEnvSource(`${field}[${index}].valueFrom`, variable),
  ]);

const validateEnvFrom = (field: string, sources: readonly Decoded<EnvFromSource>[]): readonly FieldCause[] =>
  sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const place = `${field}[${index}]`;
    const causes = [
      ...(prefix ? named(environmentVariable, `${place}.prefix`, prefix) : []),
      ...(configMapRef ? requiredName(dns1123Subdomain, `${place}.configMapRef.name`, configMapRef.name) : []),
      ...(secretRef ? requiredName(dns1123Subdomain, `${place}.secretRef.name`, secretRef.name) : []),
    ];
    if (!configMapRef && !secretRef) {
      causes.push(invalidValue(place, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef && secretRef) {
      causes.push(invalidValue(place, "", "may not have more than one field specified at a time"));
    }
    return causes;
  });

/** What containers of a pod have in common. */
interface PodContext {
  readonly volumeNames: ReadonlySet<string>;
  readonly graceSeconds: number;
}

const validateCommon = (field: string, container: Decoded<Container>, pod: PodContext): readonly FieldCause[] => [
  ...requiredName(dns1123Label, `${field}.name`, container.name),
  ...(container.image ? [] : [required(`${field}.image`)]),
  ...oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, ["File", "FallbackToLogsOnError"]),
  ...validatePorts(`${field}.ports`, container.ports ?? []),
  ...validateEnv(`${field}.env`, container.env ?? []),
  ...validateEnvFrom(`${field}.envFrom`, container.envFrom ?? []),
  ...validateVolumeMounts(`${field}.volumeMounts`, container.volumeMounts ?? [], pod.volumeNames),
  ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ["Always", "IfNotPresent", "Never"]),
  ...validateResources(`${field}.resources`, container.resources),
];

export const validateContainers = (
  field: string,
  containers: readonly Decoded<Container>[],
  pod: PodContext,
): readonly FieldCause[] => {
  if (containers.length === 0) return [required(field)];
  const isRepeated = repetition();
  const causes = containers.flatMap((container, index) => {
    const place = `${field}[${index}]`;
    const restart =
      container.restartPolicy === undefined
        ? []
        : [forbidden(`${place}.restartPolicy`, "may not be set for non-init containers")];
    return [
      ...validateCommon(place, container, pod),
      ...(isRepeated(container.name) ? [duplicate(`${place}.name`, container.name)] : []),
      ...validateHooksAndProbes(place, container, pod.graceSeconds),
      ...restart,
    ];
  });
  return [...causes, ...validateHostPorts(field, containers)];
};

const onlyForSidecars = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;

/** Init containers run to their end before the next one starts; those that restart always are sidecars, and stay. */
export const validateInitContainers = (
  field: string,
  initContainers: readonly Decoded<Container>[],
  containers: readonly Decoded<Container>[],
  pod: PodContext,
): readonly FieldCause[] => {
  const isRepeated = repetition();
  for (const { name } of containers) isRepeated(name);
  return initContainers.flatMap((container, index) => {
    const place = `${field}[${index}]`;
    const isSidecar = container.restartPolicy === "Always";
    const hooks = onlyForSidecars.filter((name) => container[name] !== undefined);
    const detail = "may not be set for init containers without restartPolicy=Always";
    return [
      ...validateCommon(place, container, pod),
      ...oneOf(`${place}.restartPolicy`, container.restartPolicy, ["Always"]),
      ...(isRepeated(container.name) ? [duplicate(`${place}.name`, container.name)] : []),
      ...validateHostPorts(field, [container]),
      ...(isSidecar
        ? validateHooksAndProbes(place, container, pod.graceSeconds)
        : hooks.map((name) => forbidden(`${place}.${name}`, detail))),
    ];
  });
};
