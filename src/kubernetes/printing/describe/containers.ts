/** The sections `Containers:` and `Init Containers:` of pods and pod templates. */
import type { Container, ContainerState, ContainerStatus, EnvVar } from "../../objects.ts";
import { canonicalQuantity } from "../../quantity.ts";
import { at, listAt, textAt } from "../fields.ts";
import { sortedKeys } from "../go-format.ts";
import { type Description, longTime } from "./description.ts";
import { describeProbe } from "./probe.ts";
import { resourceFieldValue } from "./resource-field.ts";

export interface ContainersContext {
  /** `Containers` or `Init Containers`. */
  readonly label: string;
  /** Indentation of the section: that of a pod template is two spaces. */
  readonly indent: "" | "  ";
  readonly statuses?: readonly ContainerStatus[] | undefined;
  /** Resolves a `fieldRef` path of an environment variable; a template has nothing to resolve it with. */
  readonly resolveField?: (path: string) => string;
}

export const describeContainers = (
  to: Description,
  containers: readonly Container[],
  context: ContainersContext,
): void => {
  to.line(0, `${context.indent}${context.label}:${containers.length === 0 ? " <none>" : ""}`);
  for (const container of containers) {
    const status = context.statuses?.find(({ name }) => name === container.name);
    to.line(1, `${context.indent === "" ? "" : " "}${container.name}:`);
    describeImage(to, container, status);
    describeCommand(to, "Command", container.command);
    describeCommand(to, "Args", container.args);
    if (status) describeState(to, status);
    describeResources(to, container);
    describeProbes(to, container);
    describeEnvironment(to, container, context);
    describeMounts(to, container);
  }
};

const describeImage = (to: Description, container: Container, status: ContainerStatus | undefined): void => {
  if (status) to.entry(2, "Container ID", status.containerID ?? "");
  to.entry(2, "Image", container.image ?? "");
  if (status) to.entry(2, "Image ID", status.imageID);
  const ports = container.ports ?? [];
  const list = (numbers: readonly number[]) =>
    numbers.map((number, index) => `${number}/${ports[index]?.protocol ?? "TCP"}`).join(", ") || "<none>";
  const containerPorts = list(ports.map((port) => port.containerPort));
  const hostPorts = list(ports.map((port) => port.hostPort ?? 0));
  to.entry(2, ports.length > 1 ? "Ports" : "Port", containerPorts);
  to.entry(2, ports.length > 1 ? "Host Ports" : "Host Port", hostPorts);
  const seccomp = at(container, "securityContext", "seccompProfile");
  if (seccomp === undefined) return;
  to.entry(2, "SeccompProfile", textAt(seccomp, "type"));
  if (textAt(seccomp, "type") === "Localhost") to.entry(3, "LocalhostProfile", textAt(seccomp, "localhostProfile"));
};

const describeCommand = (to: Description, title: string, words: readonly string[] = []): void => {
  if (words.length === 0) return;
  to.line(2, `${title}:`);
  for (const word of words) for (const line of word.split("\n")) to.line(3, line);
};

const describeState = (to: Description, status: ContainerStatus): void => {
  describeContainerState(to, "State", status.state ?? {});
  if (status.lastState?.terminated) describeContainerState(to, "Last State", status.lastState);
  to.entry(2, "Ready", status.ready ? "True" : "False");
  to.entry(2, "Restart Count", status.restartCount);
};

const describeContainerState = (
  to: Description,
  title: string,
  { running, waiting, terminated }: ContainerState,
): void => {
  if (running) {
    to.entry(2, title, "Running");
    to.entry(3, "Started", longTime(running.startedAt));
  } else if (waiting || !terminated) {
    to.entry(2, title, "Waiting");
    if (waiting?.reason) to.entry(3, "Reason", waiting.reason);
  } else {
    to.entry(2, title, "Terminated");
    if (terminated.reason) to.entry(3, "Reason", terminated.reason);
    if (terminated.message) to.entry(3, "Message", terminated.message);
    to.entry(3, "Exit Code", terminated.exitCode);
    if (terminated.signal) to.entry(3, "Signal", terminated.signal);
    to.entry(3, "Started", longTime(terminated.startedAt));
    to.entry(3, "Finished", longTime(terminated.finishedAt));
  }
};

const describeResources = (to: Description, { resources }: Container): void => {
  for (const [title, amounts = {}] of [
    ["Limits", resources?.limits],
    ["Requests", resources?.requests],
  ] as const) {
    const names = sortedKeys(amounts);
    if (names.length > 0) to.line(2, `${title}:`);
    for (const name of names) to.entry(3, name, canonicalQuantity(amounts[name] ?? 0));
  }
};

const describeProbes = (to: Description, { livenessProbe, readinessProbe, startupProbe }: Container): void => {
  if (livenessProbe) to.entry(2, "Liveness", describeProbe(livenessProbe));
  if (readinessProbe) to.entry(2, "Readiness", describeProbe(readinessProbe));
  if (startupProbe) to.entry(2, "Startup", describeProbe(startupProbe));
};

const isOptional = (reference: { readonly optional?: boolean } | undefined): string =>
  `Optional: ${reference?.optional ?? false}`;

const describeEnvironment = (to: Description, container: Container, context: ContainersContext): void => {
  const { env = [], envFrom = [] } = container;
  if (envFrom.length > 0) to.line(2, "Environment Variables from:");
  for (const { configMapRef, secretRef, prefix = "" } of envFrom) {
    const reference = configMapRef ?? secretRef;
    const kind = configMapRef ? "ConfigMap" : "Secret";
    const from = prefix === "" ? kind : `${kind} with prefix '${prefix}'`;
    to.line(3, `${reference?.name ?? ""}\t${from}\t${isOptional(reference)}`);
  }
  to.line(2, `Environment:${env.length === 0 ? "\t<none>" : ""}`);
  for (const variable of env) describeVariable(to, variable, container, context);
};

const describeVariable = (
  to: Description,
  variable: EnvVar,
  container: Container,
  context: ContainersContext,
): void => {
  const { name, value = "", valueFrom } = variable;
  if (!valueFrom) {
    const [first = "", ...rest] = value.split("\n");
    to.entry(3, name, first);
    for (const line of rest) to.line(3, `\t${line}`);
    return;
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) {
    const { apiVersion = "v1", fieldPath } = fieldRef;
    to.entry(3, name, `${context.resolveField?.(fieldPath) ?? ""} (${apiVersion}:${fieldPath})`);
  } else if (resourceFieldRef) {
    to.entry(3, name, `${resourceFieldValue(resourceFieldRef, container)} (${resourceFieldRef.resource})`);
  } else if (secretKeyRef) {
    const place = `the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ""}'`;
    to.entry(3, name, `<set to ${place}>\t${isOptional(secretKeyRef)}`);
  } else if (configMapKeyRef) {
    const place = `the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ""}'`;
    to.entry(3, name, `<set to ${place}>\t${isOptional(configMapKeyRef)}`);
  }
};

const describeMounts = (to: Description, container: Container): void => {
  const mounts = (container.volumeMounts ?? []).toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  to.line(2, `Mounts:${mounts.length === 0 ? "\t<none>" : ""}`);
  for (const { mountPath, name, readOnly, subPath } of mounts) {
    const flags = `${readOnly ? "ro" : "rw"}${subPath ? `,path=${JSON.stringify(subPath)}` : ""}`;
    to.line(3, `${mountPath} from ${name} (${flags})`);
  }
  const devices = listAt(container, "volumeDevices");
  if (devices.length > 0) to.line(2, "Devices:");
  for (const device of devices) to.line(3, `${textAt(device, "devicePath")} from ${textAt(device, "name")}`);
};
