import * as E from "fp-ts/lib/Either.js";
import { refusal } from "../../kubernetes/refusal.ts";
import { conditionOf, ofKind } from "../state.ts";
import type { Write } from "../write.ts";
import { accept, type DecideContext, type Decided, existing } from "./context.ts";

/** The scheduler's binding: once, and only while the pod still wants to run. */
export const decideBind = (ctx: DecideContext, write: Extract<Write, { readonly verb: "bind" }>): Decided => {
  const found = existing(ctx, write.ref, write.uid);
  if (E.isLeft(found)) return found;
  const pod = ofKind(found.right, "Pod");
  const { name } = write.ref;
  const obstacle = pod.meta.deletion
    ? "is being deleted, cannot be assigned to a host"
    : pod.nodeName === undefined
      ? undefined
      : `is already assigned to node "${pod.nodeName}"`;
  if (obstacle !== undefined) {
    const message = `Operation cannot be fulfilled on pods/binding "${name}": pod ${name} ${obstacle}`;
    return E.left(refusal("Conflict", message));
  }
  return accept(write.ref, [{ type: "PodScheduled", data: { node: write.node } }]);
};

export const decideUnschedulable = (
  ctx: DecideContext,
  write: Extract<Write, { readonly verb: "reportUnschedulable" }>,
): Decided => {
  const found = existing(ctx, write.ref, write.uid);
  if (E.isLeft(found)) return found;
  const pod = ofKind(found.right, "Pod");
  const known = conditionOf(pod.status.conditions, "PodScheduled")?.message === write.message;
  return accept(write.ref, known ? [] : [{ type: "PodUnschedulable", data: { message: write.message } }]);
};

/** What a kubelet saw. The facts stand as they are: nobody knows better than the node. */
export const decideReport = (ctx: DecideContext, write: Extract<Write, { readonly verb: "report" }>): Decided => {
  const found = existing(ctx, write.ref, write.uid);
  return E.isLeft(found) ? found : accept(write.ref, write.facts);
};

export const decideReportNode = (
  ctx: DecideContext,
  write: Extract<Write, { readonly verb: "reportNode" }>,
): Decided => {
  const found = existing(ctx, write.ref);
  return E.isLeft(found) ? found : accept(write.ref, write.facts);
};
