import type { Node } from "../../objects.ts";
import { age } from "../duration.ts";
import { textAt } from "../fields.ts";
import type { Cell } from "../table.ts";
import { columns } from "./columns.ts";

export const nodeColumns = columns(
  ["Name", "Status", "Roles", "Age", "Version"],
  ["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"],
);

const rolePrefix = "node-role.kubernetes.io/";

/** The roles that a node's labels give it, sorted. */
export const nodeRoles = ({ metadata }: Node): readonly string[] => {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix)) roles.add(key.slice(rolePrefix.length));
    else if (key === "kubernetes.io/role") roles.add(value);
  }
  roles.delete("");
  return [...roles].sort();
};

const nodeStatus = ({ spec, status }: Node): string => {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const word = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word;
};

const addressOf = ({ status }: Node, type: string): string =>
  status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";

export const nodeRow = (node: Node, nowMs: number): readonly Cell[] => {
  const info = node.status?.nodeInfo;
  return [
    node.metadata.name,
    nodeStatus(node),
    nodeRoles(node).join(",") || "<none>",
    age(node.metadata.creationTimestamp, nowMs),
    textAt(info, "kubeletVersion"),
    addressOf(node, "InternalIP"),
    addressOf(node, "ExternalIP"),
    textAt(info, "osImage") || "<unknown>",
    textAt(info, "kernelVersion") || "<unknown>",
    textAt(info, "containerRuntimeVersion") || "<unknown>",
  ];
};
