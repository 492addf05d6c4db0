/** Pod templates between their wire form and their content-addressed bodies. */
import type { PodTemplate, StringMap } from "../../kubernetes/objects.ts";
import { POD_TEMPLATE_HASH } from "../../kubernetes/well-known.ts";
import type { Bodies, BodySource } from "../bodies.ts";
import type { TemplateRef } from "../state.ts";

/** Takes the hash label off and names the rest. The template must have its defaults, or equal ones get unequal names. */
export const internTemplate = (template: PodTemplate, bodies: Bodies): TemplateRef => {
  const { metadata, ...rest } = template;
  const { creationTimestamp: _, labels, ...otherMetadata } = metadata ?? {};
  const { [POD_TEMPLATE_HASH]: hash, ...ownLabels } = labels ?? {};
  const digest = bodies.intern({ ...rest, metadata: { ...otherMetadata, ...(labels ? { labels: ownLabels } : {}) } });
  return hash === undefined ? { digest } : { digest, hash };
};

export const templateLabels = (template: PodTemplate, hash: string | undefined): StringMap => {
  const labels = template.metadata?.labels ?? {};
  return hash === undefined ? labels : { ...labels, [POD_TEMPLATE_HASH]: hash };
};

/** The template as the API server shows it, with the hash label where it has one. */
export const renderTemplate = (ref: TemplateRef, bodies: BodySource): PodTemplate => {
  const body = bodies.template(ref.digest);
  const labels = templateLabels(body, ref.hash);
  const metadata = { creationTimestamp: null, ...body.metadata };
  return { ...body, metadata: Object.keys(labels).length > 0 ? { ...metadata, labels } : metadata };
};
