/** Deployments and ReplicaSets. */
import { dns1123Subdomain, percent } from "../names.ts";
import type {
  Deployment,
  DeploymentStrategy,
  IntOrPercent,
  LabelSelector,
  PodTemplate,
  ReplicaSet,
  RollingUpdate,
} from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { matches } from "../selector.ts";
import type { Decoded } from "./field.ts";
import { forbidden, immutable, invalidValue, named, nonNegative, oneOf, required, unsupported } from "./field.ts";
import { validateLabelSelector } from "./label-selector.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { validatePodTemplate } from "./pod-spec.ts";

const subdomainNamed = { name: dns1123Subdomain, namespaced: true };

/** Whether the conditions of a selector make sense, so that it can be asked what it matches. */
const isUsable = (selector: Decoded<LabelSelector> | undefined): selector is LabelSelector =>
  selector !== undefined && validateLabelSelector("", selector).length === 0;

const isEmptySelector = ({ matchLabels = {}, matchExpressions = [] }: Decoded<LabelSelector>): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

const validateSelector = (selector: Decoded<LabelSelector> | undefined): readonly FieldCause[] => {
  if (!selector) return [required("spec.selector")];
  // The sentence speaks of a deployment for ReplicaSets too.
  const empty = isEmptySelector(selector)
    ? [invalidValue("spec.selector", selector, "empty selector is invalid for deployment")]
    : [];
  return [...validateLabelSelector("spec.selector", selector), ...empty];
};

const templateMismatch = (selector: Decoded<LabelSelector> | undefined, template: Decoded<PodTemplate>): boolean => {
  if (!selector) return true; // An absent selector matches nothing.
  return !isEmptySelector(selector) && isUsable(selector) && !matches(selector, template.metadata?.labels);
};

/** A selector that cannot be used hides what is wrong with the template. */
const validateTemplate = (
  selector: Decoded<LabelSelector> | undefined,
  template: Decoded<PodTemplate>,
): readonly FieldCause[] => {
  if (selector && !isUsable(selector)) return [invalidValue("spec.selector", selector, "invalid label selector")];
  const field = "spec.template";
  const mismatch = templateMismatch(selector, template)
    ? [
        invalidValue(
          `${field}.metadata.labels`,
          template.metadata?.labels,
          "`selector` does not match template `labels`",
        ),
      ]
    : [];
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  const deadline = "activeDeadlineSeconds in ReplicaSet is not Supported";
  return [
    ...mismatch,
    ...validatePodTemplate(field, template),
    ...oneOf(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]),
    ...(activeDeadlineSeconds === undefined ? [] : [forbidden(`${field}.spec.activeDeadlineSeconds`, deadline)]),
  ];
};

export const validateIntOrPercent = (field: string, value: IntOrPercent | undefined): readonly FieldCause[] =>
  typeof value === "string" ? named(percent, field, value) : nonNegative(field, value);

/** The number before any scaling, so that `0%` is 0; other strings count as the number they hold, or as 0. */
const rawNumber = (value: IntOrPercent = 0): number => Number.parseInt(String(value), 10) || 0;

export const validateAtMost100Percent = (field: string, value: IntOrPercent | undefined): readonly FieldCause[] => {
  const isOver = typeof value === "string" && percent(value).length === 0 && rawNumber(value) > 100;
  return isOver ? [invalidValue(field, value, "must not be greater than 100%")] : [];
};

const validateRollingUpdate = (field: string, rollingUpdate: Decoded<RollingUpdate>): readonly FieldCause[] => {
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const stuck = rawNumber(maxUnavailable) === 0 && rawNumber(maxSurge) === 0;
  return [
    ...validateIntOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...validateIntOrPercent(`${field}.maxSurge`, maxSurge),
    ...(stuck
      ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable ?? 0, "may not be 0 when `maxSurge` is 0")]
      : []),
    ...validateAtMost100Percent(`${field}.maxUnavailable`, maxUnavailable),
  ];
};

const validateStrategy = (strategy: Decoded<DeploymentStrategy>): readonly FieldCause[] => {
  const field = "spec.strategy";
  const type: string = strategy.type ?? "";
  switch (type) {
    case "Recreate":
      return strategy.rollingUpdate === undefined
        ? []
        : [forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
    case "RollingUpdate":
      return strategy.rollingUpdate
        ? validateRollingUpdate(`${field}.rollingUpdate`, strategy.rollingUpdate)
        : [required(`${field}.rollingUpdate`, "this should be defaulted and never be nil")];
    default:
      return [unsupported(field, strategy, ["Recreate", "RollingUpdate"])];
  }
};

const validateProgressDeadline = (seconds: number | undefined, minReadySeconds: number): readonly FieldCause[] => {
  if (seconds === undefined) return [];
  const field = "spec.progressDeadlineSeconds";
  const tooEarly =
    seconds <= minReadySeconds ? [invalidValue(field, seconds, "must be greater than minReadySeconds")] : [];
  return [...nonNegative(field, seconds), ...tooEarly];
};

export const validateDeployment = (deployment: Decoded<Deployment>): readonly FieldCause[] => {
  const spec = deployment.spec ?? {};
  return [
    ...validateMetadata(deployment.metadata, subdomainNamed),
    ...nonNegative("spec.replicas", spec.replicas),
    ...validateSelector(spec.selector),
    ...validateTemplate(spec.selector, spec.template ?? {}),
    ...validateStrategy(spec.strategy ?? {}),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
    ...validateProgressDeadline(spec.progressDeadlineSeconds, spec.minReadySeconds ?? 0),
  ];
};

export const validateReplicaSet = (replicaSet: Decoded<ReplicaSet>): readonly FieldCause[] => {
  const spec = replicaSet.spec ?? {};
  return [
    ...validateMetadata(replicaSet.metadata, subdomainNamed),
    ...nonNegative("spec.replicas", spec.replicas),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...validateSelector(spec.selector),
    ...validateTemplate(spec.selector, spec.template ?? {}),
  ];
};

/** The selector of a Deployment or ReplicaSet stays what it was. */
export const validateWorkloadUpdate = <T extends Deployment | ReplicaSet>(
  before: T,
  after: Decoded<T>,
): readonly FieldCause[] => [
  ...validateMetadataUpdate(before.metadata, after.metadata ?? {}),
  ...immutable("spec.selector", before.spec.selector, after.spec?.selector),
];
