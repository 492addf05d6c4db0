import type { Pod } from "../../objects.ts";
import { age } from "../duration.ts";
import type { Cell } from "../table.ts";
import { columns } from "./columns.ts";
import { formatRestarts, summarizePod } from "./pod-status.ts";

export const podColumns = columns(
  ["Name", "Ready", "Status", "Restarts", "Age"],
  ["IP", "Node", "Nominated Node", "Readiness Gates"],
);

/** `1/2`: the readiness gates whose condition is true. */
const readinessGates = (pod: Pod): string => {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const conditions = pod.status?.conditions ?? [];
  const open = gates.filter(
    ({ conditionType }) => conditions.find(({ type }) => type === conditionType)?.status === "True",
  );
  return `${open.length}/${gates.length}`;
};

export const podRow = (pod: Pod, nowMs: number): readonly Cell[] => {
  const summary = summarizePod(pod);
  return [
    pod.metadata.name,
    `${summary.ready}/${summary.total}`,
    summary.status,
    formatRestarts(summary, nowMs),
    age(pod.metadata.creationTimestamp, nowMs),
    pod.status?.podIPs?.[0]?.ip || "<none>",
    pod.spec.nodeName || "<none>",
    pod.status?.nominatedNodeName || "<none>",
    readinessGates(pod),
  ];
};
