import type { FoldedEvent, PlainKind } from "../events.ts";
import { type EntityOf, type ObjectRef, ofKind } from "../state.ts";
import { createdMeta, deletionRequested, missing, patched, present, touched, unknownEvent } from "./meta.ts";

type PlainEvent = Extract<FoldedEvent, { readonly type: `${PlainKind}${string}` }>;
type PlainEntity = EntityOf<PlainKind>;

export const isOfPlainKind = (event: FoldedEvent, kind: PlainKind): event is PlainEvent => event.type.startsWith(kind);

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

type SpecChanged = Extract<PlainEvent, { readonly type: `${string}SpecChanged` }>;

const withSpec = <T extends EntityOf<"Service" | "Namespace" | "PodDisruptionBudget">>(
  before: T,
  event: SpecChanged,
): T => ({
  ...before,
  meta: touched(before.meta, event, event.data.generation),
  spec: patched(before.spec, event.data.patch),
});

/** Services, namespaces, budgets, ConfigMaps and Secrets: created, changed, deleted. */
export const evolvePlain = (
  before: PlainEntity | undefined,
  event: PlainEvent,
  ref: ObjectRef,
): PlainEntity | undefined => {
  const first = created(event, ref);
  if (first && before) throw present(event, ref);
  if (first) return first;
  if (!before) throw missing(event, ref);

  switch (event.type) {
    case "ServiceMetadataChanged":
    case "NamespaceMetadataChanged":
    case "PodDisruptionBudgetMetadataChanged":
    case "ConfigMapMetadataChanged":
    case "SecretMetadataChanged":
      return { ...before, meta: patched(touched(before.meta, event), event.data.patch) };
    case "ServiceSpecChanged":
      return withSpec(ofKind(before, "Service"), event);
    case "NamespaceSpecChanged":
      return withSpec(ofKind(before, "Namespace"), event);
    case "PodDisruptionBudgetSpecChanged":
      return withSpec(ofKind(before, "PodDisruptionBudget"), event);
    case "ConfigMapContentChanged":
      return { ...ofKind(before, "ConfigMap"), meta: touched(before.meta, event), content: event.data.to };
    case "SecretContentChanged":
      return { ...ofKind(before, "Secret"), meta: touched(before.meta, event), content: event.data.to };
    case "ServiceDeletionRequested":
    case "NamespaceDeletionRequested":
    case "PodDisruptionBudgetDeletionRequested":
    case "ConfigMapDeletionRequested":
    case "SecretDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "ServiceDeleted":
    case "NamespaceDeleted":
    case "PodDisruptionBudgetDeleted":
    case "ConfigMapDeleted":
    case "SecretDeleted":
      return undefined;
    case "ServiceCreated":
    case "NamespaceCreated":
    case "PodDisruptionBudgetCreated":
    case "ConfigMapCreated":
    case "SecretCreated":
      throw present(event, ref);
    default:
      return unknownEvent(event);
  }
};
