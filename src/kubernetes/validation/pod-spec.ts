/** Pod specs and pod templates. */
import { dns1123Label, dns1123Subdomain, qualifiedName } from "../names.ts";
import type { PodSpec, PodTemplate } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { validateContainers, validateInitContainers } from "./container.ts";
import type { Decoded } from "./field.ts";
import { invalidValue, named, oneOf } from "./field.ts";
import { validateAnnotations, validateLabels } from "./metadata.ts";
import { validateTolerations } from "./scheduling.ts";
import { validateVolumes } from "./volumes.ts";

const maxInt32 = 2 ** 31 - 1;

const validateActiveDeadline = (field: string, seconds: number | undefined): readonly FieldCause[] =>
  seconds === undefined || (seconds >= 1 && seconds <= maxInt32)
    ? []
    : [invalidValue(field, seconds, `must be between 1 and ${maxInt32}, inclusive`)];

/** The spec of a pod or template, defaulted. */
export const validatePodSpec = (field: string, spec: Decoded<PodSpec>): readonly FieldCause[] => {
  const { containers = [], initContainers = [], volumes = [], tolerations = [], readinessGates = [] } = spec;
  const pod = {
    volumeNames: new Set(volumes.map((volume) => volume.name ?? "")),
    graceSeconds: spec.terminationGracePeriodSeconds ?? 0,
  };
  const restartPolicies = ["Always", "OnFailure", "Never"];
  const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
  return [
    ...validateVolumes(`${field}.volumes`, volumes),
    ...validateContainers(`${field}.containers`, containers, pod),
    ...validateInitContainers(`${field}.initContainers`, initContainers, containers, pod),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    ...validateLabels(`${field}.nodeSelector`, spec.nodeSelector),
    ...readinessGates.flatMap(({ conditionType = "" }, index) =>
      named(qualifiedName, `${field}.readinessGates[${index}].conditionType`, conditionType),
    ),
    ...(spec.serviceAccountName ? named(dns1123Subdomain, `${field}.serviceAccountName`, spec.serviceAccountName) : []),
    ...(spec.nodeName ? named(dns1123Subdomain, `${field}.nodeName`, spec.nodeName) : []),
    ...validateActiveDeadline(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds),
    ...(spec.hostname ? named(dns1123Label, `${field}.hostname`, spec.hostname) : []),
    ...(spec.subdomain ? named(dns1123Label, `${field}.subdomain`, spec.subdomain) : []),
    ...validateTolerations(`${field}.tolerations`, tolerations),
  ];
};

/** A template's faults; those of its metadata are reported without `metadata` in their path, as Kubernetes does. */
export const validatePodTemplate = (field: string, template: Decoded<PodTemplate>): readonly FieldCause[] => [
  ...validateLabels(`${field}.labels`, template.metadata?.labels),
  ...validateAnnotations(`${field}.annotations`, template.metadata?.annotations),
  ...validatePodSpec(`${field}.spec`, template.spec ?? {}),
];
