/** Names, labels, annotations, owners and finalizers. */
import type { NameRule } from "../names.ts";
import { dns1123Label, labelValue, qualifiedName } from "../names.ts";
import type { ObjectMeta, OwnerReference, StringMap } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { sortedKeys } from "../sorted.ts";
import { FOREGROUND_FINALIZER, NAMESPACE_FINALIZER, ORPHAN_FINALIZER } from "../well-known.ts";
import type { Decoded } from "./field.ts";
import { forbidden, immutable, invalidValue, named, nonNegative, required, tooLong } from "./field.ts";

const maxAnnotationBytes = 256 * 1024;

const sortedEntries = (map: StringMap): readonly (readonly [string, string])[] =>
  sortedKeys(map).map((key) => [key, map[key] ?? ""]);

const utf8 = new TextEncoder();

export const validateLabels = (field: string, labels: StringMap | undefined): readonly FieldCause[] =>
  sortedEntries(labels ?? {}).flatMap(([key, value]) => [
    ...named(qualifiedName, field, key),
    ...named(labelValue, field, value),
  ]);

export const validateAnnotations = (field: string, annotations: StringMap | undefined): readonly FieldCause[] => {
  const causes: FieldCause[] = [];
  let bytes = 0;
  for (const [key, value] of sortedEntries(annotations ?? {})) {
    // Annotation keys may have capitals; the complaint still shows the key as written.
    for (const complaint of qualifiedName(key.toLowerCase())) causes.push(invalidValue(field, key, complaint));
    bytes += utf8.encode(key).length + utf8.encode(value).length;
  }
  if (bytes > maxAnnotationBytes) causes.push(tooLong(field, maxAnnotationBytes));
  return causes;
};

const validateOwners = (field: string, owners: readonly Decoded<OwnerReference>[]): readonly FieldCause[] => {
  const causes: FieldCause[] = [];
  let controller: Decoded<OwnerReference> | undefined;
  for (const owner of owners) {
    if (!owner.apiVersion) causes.push(invalidValue(`${field}.apiVersion`, "", "version must not be empty"));
    if (!owner.kind) causes.push(invalidValue(`${field}.kind`, "", "kind must not be empty"));
    if (!owner.name) causes.push(invalidValue(`${field}.name`, "", "name must not be empty"));
    if (!owner.uid) causes.push(invalidValue(`${field}.uid`, "", "uid must not be empty"));
    if (owner.controller !== true) continue;
    if (controller) {
      const which = `Found "true" in references for ${controller.kind}/${controller.name} and ${owner.kind}/${owner.name}`;
      causes.push(invalidValue(field, owners, `Only one reference can have Controller set to true. ${which}`));
    }
    controller ??= owner;
  }
  return causes;
};

const standardFinalizers = [NAMESPACE_FINALIZER, ORPHAN_FINALIZER, FOREGROUND_FINALIZER];

const validateFinalizers = (field: string, finalizers: readonly string[]): readonly FieldCause[] => {
  const causes = finalizers.flatMap((finalizer) => named(qualifiedName, field, finalizer));
  if (finalizers.includes(ORPHAN_FINALIZER) && finalizers.includes(FOREGROUND_FINALIZER)) {
    const detail = `finalizer ${ORPHAN_FINALIZER} and ${FOREGROUND_FINALIZER} cannot be both set`;
    causes.push(invalidValue(field, finalizers, detail));
  }
  finalizers.forEach((finalizer, index) => {
    if (finalizer.includes("/") || standardFinalizers.includes(finalizer)) return;
    const detail = "name is neither a standard finalizer name nor is it fully qualified";
    causes.push(invalidValue(`${field}[${index}]`, finalizer, detail));
  });
  return causes;
};

const validateNamespace = (namespace: string | undefined, namespaced: boolean): readonly FieldCause[] => {
  if (!namespace) return [];
  return namespaced
    ? named(dns1123Label, "metadata.namespace", namespace)
    : [forbidden("metadata.namespace", "not allowed on this type")];
};

/** A prefix may end with the hyphen that separates it from what is generated. */
const prefixRule =
  (rule: NameRule): NameRule =>
  (prefix) =>
    rule(prefix.replace(/-$/, "a"));

/** What kinds differ in. */
interface MetadataRules {
  readonly name: NameRule;
  readonly namespaced: boolean;
}

/** Metadata of an object; the namespace may be left to the server. */
export const validateMetadata = (
  metadata: Decoded<ObjectMeta> | undefined,
  rules: MetadataRules,
): readonly FieldCause[] => {
  const { name, generateName, namespace, generation, labels, annotations, ownerReferences, finalizers } =
    metadata ?? {};
  const nameCauses = name
    ? named(rules.name, "metadata.name", name)
    : generateName
      ? []
      : [required("metadata.name", "name or generateName is required")];
  return [
    ...(generateName ? named(prefixRule(rules.name), "metadata.generateName", generateName) : []),
    ...nameCauses,
    ...validateNamespace(namespace, rules.namespaced),
    ...nonNegative("metadata.generation", generation),
    ...validateLabels("metadata.labels", labels),
    ...validateAnnotations("metadata.annotations", annotations),
    ...validateOwners("metadata.ownerReferences", ownerReferences ?? []),
    ...validateFinalizers("metadata.finalizers", finalizers ?? []),
  ];
};

/** What must not change in metadata, as far as the server does not set it itself. */
export const validateMetadataUpdate = (before: ObjectMeta, after: Decoded<ObjectMeta>): readonly FieldCause[] => {
  const causes = [
    ...immutable("metadata.name", before.name, after.name),
    ...immutable("metadata.namespace", before.namespace ?? "", after.namespace ?? before.namespace ?? ""),
  ];
  if (before.deletionTimestamp === undefined) return causes;
  const added = (after.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer));
  if (added.length === 0) return causes;
  const found = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(", ")}}`;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
  return [...causes, forbidden("metadata.finalizers", detail)];
};
