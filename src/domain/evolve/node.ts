import type { FoldedEvent } from "../events.ts";
import { type Condition, conditionOf, type Node, type ObjectRef, truncateToSecond } from "../state.ts";
import { createdMeta, deletionRequested, missing, patched, present, touched, unknownEvent } from "./meta.ts";

type NodeEvent = Extract<FoldedEvent, { readonly type: `Node${string}` }>;

const ready = (
  before: readonly Condition[],
  atMs: number,
  status: "True" | "Unknown",
  reason: string,
  message: string,
) => {
  const old = conditionOf(before, "Ready");
  const lastTransitionMs = old?.status === status ? old.lastTransitionMs : truncateToSecond(atMs);
  return [
    ...before.filter((condition) => condition.type !== "Ready"),
    { type: "Ready", status, reason, message, lastTransitionMs },
  ];
};

const kubeletReady = ["True", "KubeletReady", "kubelet is posting ready status"] as const;

export const evolveNode = (before: Node | undefined, event: NodeEvent, ref: ObjectRef): Node | undefined => {
  if (event.type === "NodeCreated") {
    if (before) throw present(event, ref);
    const { spec, capacity, ...meta } = event.data;
    const conditions = ready([], event.at, ...kubeletReady);
    return { kind: "Node", meta: createdMeta(ref, meta, event), spec, capacity, conditions };
  }
  if (!before) throw missing(event, ref);

  const meta = touched(before.meta, event);
  switch (event.type) {
    case "NodeReady":
      return { ...before, meta, conditions: ready(before.conditions, event.at, ...kubeletReady) };
    case "NodeNotReady": {
      const { reason, message } = event.data;
      return { ...before, meta, conditions: ready(before.conditions, event.at, "Unknown", reason, message) };
    }
    case "NodeMetadataChanged":
      return { ...before, meta: patched(meta, event.data.patch) };
    case "NodeSpecChanged":
      return { ...before, meta, spec: patched(before.spec, event.data.patch) };
    case "NodeDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "NodeDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
