/** When two pod templates are one: what tells a ReplicaSet of this revision from one of another. */
import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./json.ts";
import type { PodTemplate } from "./objects.ts";
import { podTemplateSpec } from "./schema/pod.ts";
import { comparedForm } from "./schema/stored.ts";
import { POD_TEMPLATE_HASH } from "./well-known.ts";

const withoutHash = (template: PodTemplate): PodTemplate => {
  const { labels } = template.metadata ?? {};
  if (labels === undefined || !Object.hasOwn(labels, POD_TEMPLATE_HASH)) return template;
  const { [POD_TEMPLATE_HASH]: _, ...otherLabels } = labels;
  return { ...template, metadata: { ...template.metadata, labels: otherLabels } };
};

/**
 * A template without its hash label and without what means "not set", quantities by their amount. Templates that
 * Kubernetes holds to be semantically equal have equal JSON here, provided that both have their defaults.
 */
const normalisedTemplate = (template: PodTemplate): Json => comparedForm(podTemplateSpec, withoutHash(template));

/** Templates are immutable and shared by all pods of a revision: each is normalised once. */
const texts = new WeakMap<PodTemplate, string>();

/** Canonical JSON of the normalised template: what template digests and hashes are taken over. */
export const templateText = (template: PodTemplate): string => {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const text = canonicalJson(normalisedTemplate(template));
  texts.set(template, text);
  return text;
};

/** Kubernetes' `EqualIgnoreHash`: semantic equality of two templates, whatever their `pod-template-hash` labels. */
export const equalIgnoreHash = (a: PodTemplate, b: PodTemplate): boolean =>
  a === b || templateText(a) === templateText(b);
