/** Pods: on creation, and what may change afterwards. */
import { canonicalJson } from "../canonical-json.ts";
import { dns1123Subdomain } from "../names.ts";
import type { Container, Pod, PodSpec, Toleration } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { forbidden, invalidValue } from "./field.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { validatePodSpec } from "./pod-spec.ts";

const validateImages = (field: string, containers: readonly Decoded<Container>[] = []): readonly FieldCause[] =>
  containers.flatMap(({ image = "" }, index) =>
    image.trim() === image
      ? []
      : [invalidValue(`${field}[${index}].image`, image, "must not have leading or trailing whitespace")],
  );

/** What a template may say and a pod may not: images with blanks at their ends. */
export const validateBeyondTemplate = (spec: Decoded<PodSpec>): readonly FieldCause[] => [
  ...validateImages("spec.containers", spec.containers),
  ...validateImages("spec.initContainers", spec.initContainers),
];

export const validatePod = (pod: Decoded<Pod>): readonly FieldCause[] => {
  const spec = pod.spec ?? {};
  return [
    ...validateMetadata(pod.metadata, { name: dns1123Subdomain, namespaced: true }),
    ...validatePodSpec("spec", spec),
    ...validateBeyondTemplate(spec),
  ];
};

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

const validateDeadlineUpdate = (before: number | undefined, after: number | undefined): readonly FieldCause[] => {
  const field = "spec.activeDeadlineSeconds";
  if (before === undefined) return [];
  if (after === undefined) return [invalidValue(field, null, "must not update from a positive integer to nil value")];
  return after > before ? [invalidValue(field, after, "must be less than or equal to previous value")] : [];
};

const timeless = ({ tolerationSeconds: _, ...toleration }: Decoded<Toleration>): object => toleration;

const validateTolerationsUpdate = (spec: PodSpec, after: Decoded<PodSpec>): readonly FieldCause[] => {
  const now = (after.tolerations ?? []).map(timeless);
  const isKept = (toleration: Toleration): boolean => now.some((other) => same(other, timeless(toleration)));
  return (spec.tolerations ?? []).every(isKept)
    ? []
    : [forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")];
};

/** What may differ between two specs of a pod is made alike. */
const fixedPart = (spec: Decoded<PodSpec>): object => {
  const imageless = (containers: readonly Decoded<Container>[] | undefined): readonly object[] =>
    (containers ?? []).map(({ image: _, ...container }) => container);
  const { activeDeadlineSeconds: _, tolerations: __, terminationGracePeriodSeconds, ...fixed } = spec;
  const grace = terminationGracePeriodSeconds ?? 0;
  return {
    ...fixed,
    containers: imageless(spec.containers),
    initContainers: imageless(spec.initContainers),
    terminationGracePeriodSeconds: grace < 0 ? 1 : grace,
  };
};

/** Kubernetes appends a diff in Go syntax here. */
const onlyTheseMayChange =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

export const validatePodUpdate = (before: Pod, pod: Decoded<Pod>): readonly FieldCause[] => {
  const after = pod.spec ?? {};
  const causes = [...validateMetadataUpdate(before.metadata, pod.metadata ?? {})];
  for (const name of ["containers", "initContainers"] as const) {
    if ((before.spec[name]?.length ?? 0) !== (after[name]?.length ?? 0)) {
      return [...causes, forbidden(`spec.${name}`, "pod updates may not add or remove containers")];
    }
  }
  causes.push(...validateDeadlineUpdate(before.spec.activeDeadlineSeconds, after.activeDeadlineSeconds));
  causes.push(...validateTolerationsUpdate(before.spec, after));
  if (!same(fixedPart(before.spec), fixedPart(after))) causes.push(forbidden("spec", onlyTheseMayChange));
  return causes;
};
