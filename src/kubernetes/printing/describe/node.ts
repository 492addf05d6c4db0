import * as E from "fp-ts/lib/Either.js";
import type { Node, Pod, StringMap, Taint } from "../../objects.ts";
import { canonicalQuantity, formatQuantity, parseQuantity, type Quantity } from "../../quantity.ts";
import { nodeRoles } from "../columns/nodes.ts";
import { age } from "../duration.ts";
import { listAt, textAt } from "../fields.ts";
import { sortedKeys } from "../go-format.ts";
import { Description, longTime } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";
import { podAmount, type ResourceList, totalAmount } from "./pod-resources.ts";

export interface NodeContext extends DescribeContext {
  /** The pods bound to the node; those that have ended are not counted. */
  readonly pods: readonly Pod[];
}

/** What `kubectl describe node` prints. Nodes keep no leases here, and kubectl says so. */
export const describeNode = (node: Node, context: NodeContext): string => {
  const { metadata, spec, status } = node;
  const to = new Description();
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Roles", nodeRoles(node).join(",") || "<none>");
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
  to.entry(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
  to.multiline("Taints", formatTaints(spec?.taints));
  to.entry(0, "Unschedulable", String(spec?.unschedulable ?? false));
  to.entry(0, "Lease", `Failed to get lease: leases.coordination.k8s.io "${metadata.name}" not found`);
  describeConditions(to, node);
  to.line(0, "Addresses:");
  for (const { type, address } of status?.addresses ?? []) to.entry(1, type, address);
  describeAmounts(to, "Capacity", status?.capacity);
  describeAmounts(to, "Allocatable", status?.allocatable);
  to.line(0, "System Info:");
  for (const [title, field] of systemInfo) to.entry(1, title, textAt(status?.nodeInfo, field));
  if (textAt(spec, "podCIDR") !== "") to.entry(0, "PodCIDR", textAt(spec, "podCIDR"));
  if (listAt(spec, "podCIDRs").length > 0) to.entry(0, "PodCIDRs", listAt(spec, "podCIDRs").join(","));
  if (textAt(spec, "providerID") !== "") to.entry(0, "ProviderID", textAt(spec, "providerID"));
  describePods(to, node, context);
  describeEvents(to, context);
  return to.aligned;
};

const systemInfo = [
  ["Machine ID", "machineID"],
  ["System UUID", "systemUUID"],
  ["Boot ID", "bootID"],
  ["Kernel Version", "kernelVersion"],
  ["OS Image", "osImage"],
  ["Operating System", "operatingSystem"],
  ["Architecture", "architecture"],
  ["Container Runtime Version", "containerRuntimeVersion"],
  ["Kubelet Version", "kubeletVersion"],
  ["Kube-Proxy Version", "kubeProxyVersion"],
] as const;

const formatTaints = (taints: readonly Taint[] = []): readonly string[] =>
  taints
    .toSorted((a, b) => (`${a.effect},${a.key}` < `${b.effect},${b.key}` ? -1 : 1))
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`);

const describeConditions = (to: Description, { status }: Node): void => {
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) return;
  to.line(0, "Conditions:");
  to.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
  to.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  for (const condition of conditions) {
    const heartbeat = longTime(textAt(condition, "lastHeartbeatTime"));
    const transition = longTime(condition.lastTransitionTime);
    const { type, reason = "", message = "" } = condition;
    to.line(1, `${type} \t${condition.status} \t${heartbeat} \t${transition} \t${reason} \t${message}`);
  }
};

const describeAmounts = (to: Description, title: string, amounts: StringMap = {}): void => {
  const names = sortedKeys(amounts);
  if (names.length > 0) to.line(0, `${title}:`);
  for (const name of names) to.entry(1, name, canonicalQuantity(amounts[name] ?? 0));
};

/** `250m (12%)`: an amount and its share of what the node can give, cut to whole percents. */
const share = (amount: Quantity, node: Node, name: string): string => {
  const allocatable = (node.status?.allocatable ?? node.status?.capacity)?.[name] ?? 0;
  const whole = E.match(
    () => 0n,
    ({ nanos }: Quantity) => nanos,
  )(parseQuantity(allocatable));
  const percent = whole === 0n ? 0n : (amount.nanos * 100n) / whole;
  return `${formatQuantity(amount)} (${percent}%)`;
};

const describePods = (to: Description, node: Node, { pods, nowMs }: NodeContext): void => {
  const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  to.line(0, `Non-terminated Pods:\t(${running.length} in total)`);
  to.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  to.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  for (const pod of running) {
    const amount = (list: ResourceList, name: string) => share(podAmount(pod, list, name), node, name);
    const { namespace = "", name, creationTimestamp } = pod.metadata;
    const cpu = `${amount("requests", "cpu")}\t${amount("limits", "cpu")}`;
    const memory = `${amount("requests", "memory")}\t${amount("limits", "memory")}`;
    to.line(1, `${namespace}\t${name}\t\t${cpu}\t${memory}\t${age(creationTimestamp, nowMs)}`);
  }
  to.line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
  to.line(1, "Resource\tRequests\tLimits");
  to.line(1, "--------\t--------\t------");
  for (const name of ["cpu", "memory", "ephemeral-storage"]) {
    const total = (list: ResourceList) => share(totalAmount(running, list, name), node, name);
    to.line(1, `${name}\t${total("requests")}\t${total("limits")}`);
  }
};
