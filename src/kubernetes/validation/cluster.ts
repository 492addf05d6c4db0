/** Namespaces, Nodes and PodDisruptionBudgets. */
import { dns1123Label, dns1123Subdomain, pathSegment } from "../names.ts";
import type { Namespace, Node, PodDisruptionBudget } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { invalidValue, oneOf } from "./field.ts";
import { validateLabelSelector } from "./label-selector.ts";
import { validateMetadata } from "./metadata.ts";
import { validateAmount } from "./resources.ts";
import { validateTaints } from "./scheduling.ts";
import { validateAtMost100Percent, validateIntOrPercent } from "./workloads.ts";

export const validateNamespace = ({ metadata }: Decoded<Namespace>): readonly FieldCause[] =>
  validateMetadata(metadata, { name: dns1123Label, namespaced: false });

export const validateNode = ({ metadata, spec, status }: Decoded<Node>): readonly FieldCause[] => {
  const { capacity = {} } = status ?? {};
  return [
    ...validateMetadata(metadata, { name: dns1123Subdomain, namespaced: false }),
    ...validateTaints("spec.taints", spec?.taints ?? []),
    ...Object.entries(capacity).flatMap(([name, amount]) => validateAmount(`status.capacity[${name}]`, name, amount)),
  ];
};

/** Kubernetes leaves the names of PodDisruptionBudgets to what a URL allows. */
export const validatePodDisruptionBudget = ({
  metadata,
  spec = {},
}: Decoded<PodDisruptionBudget>): readonly FieldCause[] => {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = spec;
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...validateMetadata(metadata, { name: pathSegment, namespaced: true }),
    ...(both ? [invalidValue("spec", spec, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...validateIntOrPercent("spec.minAvailable", minAvailable),
    ...validateAtMost100Percent("spec.minAvailable", minAvailable),
    ...validateIntOrPercent("spec.maxUnavailable", maxUnavailable),
    ...validateAtMost100Percent("spec.maxUnavailable", maxUnavailable),
    ...validateLabelSelector("spec.selector", spec.selector),
    ...oneOf("spec.unhealthyPodEvictionPolicy", unhealthyPodEvictionPolicy, ["AlwaysAllow", "IfHealthyBudget"]),
  ];
};
