import type { Pod } from "../../objects.ts";
import { age } from "../duration.ts";
import { at, listAt, textAt } from "../fields.ts";
import { sortedKeys } from "../go-format.ts";
import { describeContainers } from "./containers.ts";
import { controllerOf, Description, longTime } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";
import { formatTolerations } from "./pod-template.ts";
import { describeVolumes } from "./volumes.ts";

/** What `kubectl describe pod` prints. */
export const describePod = (pod: Pod, context: DescribeContext): string => {
  const to = new Description();
  describeIdentity(to, pod);
  describePhase(to, pod, context.nowMs);
  const { metadata: _, spec, status } = pod;
  to.entry(0, "IP", status?.podIP ?? "");
  const ips = status?.podIPs ?? [];
  to.line(0, ips.length === 0 ? "IPs:\t<none>" : "IPs:");
  for (const { ip } of ips) to.entry(1, "IP", ip);
  const controller = controllerOf(pod);
  if (controller) to.entry(0, "Controlled By", controller);
  if (status?.nominatedNodeName) to.entry(0, "NominatedNodeName", status.nominatedNodeName);

  const containers = { indent: "", resolveField: (path: string) => fieldOf(pod, path) } as const;
  if (spec.initContainers?.length) {
    const statuses = status?.initContainerStatuses;
    describeContainers(to, spec.initContainers, { ...containers, label: "Init Containers", statuses });
  }
  describeContainers(to, spec.containers, { ...containers, label: "Containers", statuses: status?.containerStatuses });
  describeConditions(to, pod);
  describeVolumes(to, spec.volumes);
  to.entry(0, "QoS Class", status?.qosClass ?? "");
  to.labels("Node-Selectors", spec.nodeSelector);
  to.multiline("Tolerations", formatTolerations(spec.tolerations));
  describeEvents(to, context);
  return to.aligned;
};

const describeIdentity = (to: Description, { metadata, spec, status }: Pod): void => {
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Namespace", metadata.namespace ?? "");
  if (at(spec, "priority") !== undefined) to.entry(0, "Priority", textAt(spec, "priority"));
  const named = [
    ["Priority Class Name", textAt(spec, "priorityClassName")],
    ["Runtime Class Name", textAt(spec, "runtimeClassName")],
    ["Service Account", textAt(spec, "serviceAccountName")],
  ] as const;
  for (const [title, value] of named) if (value !== "") to.entry(0, title, value);
  to.entry(0, "Node", spec.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ""}` : "<none>");
  if (status?.startTime) to.entry(0, "Start Time", longTime(status.startTime));
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
};

const describePhase = (to: Description, { metadata, spec, status }: Pod, nowMs: number): void => {
  const phase = status?.phase ?? "";
  if (metadata.deletionTimestamp !== undefined && phase !== "Failed" && phase !== "Succeeded") {
    to.entry(0, "Status", `Terminating (lasts ${age(metadata.deletionTimestamp, nowMs)})`);
    to.entry(0, "Termination Grace Period", `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else {
    to.entry(0, "Status", phase);
  }
  if (status?.reason) to.entry(0, "Reason", status.reason);
  if (status?.message) to.entry(0, "Message", status.message);
  const seccomp = at(spec, "securityContext", "seccompProfile");
  if (seccomp === undefined) return;
  to.entry(0, "SeccompProfile", textAt(seccomp, "type"));
  if (textAt(seccomp, "type") === "Localhost") to.entry(0, "LocalhostProfile", textAt(seccomp, "localhostProfile"));
};

const describeConditions = (to: Description, { spec, status }: Pod): void => {
  const conditions = status?.conditions ?? [];
  const gates = spec.readinessGates ?? [];
  if (gates.length > 0) to.line(0, "Readiness Gates:\n  Type\tStatus");
  for (const { conditionType } of gates) {
    const condition = conditions.find(({ type }) => type === conditionType);
    to.line(1, `${conditionType} \t${condition?.status ?? "<none>"} `);
  }
  if (conditions.length > 0) to.line(0, "Conditions:\n  Type\tStatus");
  for (const condition of conditions) to.line(1, `${condition.type} \t${condition.status} `);
};

/** What the downward API gives for a field path: `metadata.name`, `metadata.labels['app']`, `status.podIP`, … */
const fieldOf = (pod: Pod, path: string): string => {
  const subscript = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  const [, map = "", key = ""] = subscript ?? [];
  if (subscript) return textAt(pod, "metadata", map, key);
  switch (path) {
    case "metadata.labels":
    case "metadata.annotations": {
      const values = at(pod, ...path.split(".")) ?? {};
      return sortedKeys(values as object)
        .map((name) => `${name}=${JSON.stringify(textAt(values, name))}`)
        .join("\n");
    }
    case "status.podIPs":
    case "status.hostIPs":
      return listAt(pod, ...path.split("."))
        .map((entry) => textAt(entry, "ip"))
        .join(",");
    default:
      return textAt(pod, ...path.split("."));
  }
};
