import type { FoldedEvent, PlainKind } from "../events.ts";
import type { EntityOf, ObjectRef } from "../state.ts";
import { createdMeta, deletionRequested, patched, touched } from "./meta.ts";

export type PlainEvent = Extract<FoldedEvent, { readonly type: `${PlainKind}${string}` }>;
export type PlainEntity = EntityOf<PlainKind>;

const created = (event: PlainEvent, ref: ObjectRef): PlainEntity | undefined => {
  switch (event.type) {
    case "ServiceCreated":
      return { kind: "Service", meta: createdMeta(ref, event.data, event), spec: event.data.spec };
    case "NamespaceCreated":
      return { kind: "Namespace", meta: createdMeta(ref, event.data, event), spec: event.data.spec };
    case "PodDisruptionBudgetCreated":
      return { kind: "PodDisruptionBudget", meta: createdMeta(ref, event.data, event), spec: event.data.spec };
    case "ConfigMapCreated":
      return { kind: "ConfigMap", meta: createdMeta(ref, event.data, event), content: event.data.content };
    case "SecretCreated":
      return { kind: "Secret", meta: createdMeta(ref, event.data, event), content: event.data.content };
    default:
      return undefined;
  }
};

/** Services, namespaces, budgets, ConfigMaps and Secrets: created, changed, deleted. */
export const evolvePlain = (
  before: PlainEntity | undefined,
  event: PlainEvent,
  ref: ObjectRef,
): PlainEntity | undefined => {
  const first = created(event, ref);
  if (first) return first;
  if (!before) throw new Error(`${event.type} of an object that does not exist: ${ref.namespace}/${ref.name}`);

  const { data } = event;
  if ("deadlineMs" in data) return { ...before, meta: deletionRequested(before.meta, event, data) };
  const meta = touched(before.meta, event, "generation" in data ? data.generation : undefined);
  if ("to" in data && "content" in before) return { ...before, meta, content: data.to };
  if (!("patch" in data)) return undefined;
  if (event.type.endsWith("MetadataChanged") || !("spec" in before)) {
    return { ...before, meta: patched(meta, data.patch) };
  }
  switch (before.kind) {
    case "Service":
      return { ...before, meta, spec: patched(before.spec, data.patch) };
    case "Namespace":
      return { ...before, meta, spec: patched(before.spec, data.patch) };
    case "PodDisruptionBudget":
      return { ...before, meta, spec: patched(before.spec, data.patch) };
  }
};
