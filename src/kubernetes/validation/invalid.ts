import type { FieldCause, Refusal } from "../refusal.ts";
import { refusal } from "../refusal.ts";

/** The refusal of an object with faulty fields: `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …`, 422. */
export const invalid = (kind: string, group: string, name: string, causes: readonly FieldCause[]): Refusal => {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const summary = texts.length === 1 ? texts.join() : `[${texts.join(", ")}]`;
  const qualifiedKind = group ? `${kind}.${group}` : kind;
  return refusal("Invalid", `${qualifiedKind} "${name}" is invalid: ${summary}`, {
    details: { name, group, kind },
    causes,
  });
};
