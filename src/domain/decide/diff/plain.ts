import { createPatch } from "rfc6902";
import type { DomainEvent } from "../../events.ts";
import type { ConfigMap, Digest, Meta, Namespace, Node, PodDisruptionBudget, Secret, Service } from "../../state.ts";
import { metadataPatch } from "./meta.ts";

type WithSpec = Service | Namespace | Node | PodDisruptionBudget;
type WithContent = ConfigMap | Secret;

const metadataEvents = (before: WithSpec | WithContent, meta: Meta): readonly DomainEvent[] => {
  const patch = metadataPatch(before.meta, meta);
  return patch.length > 0 ? [{ type: `${before.kind}MetadataChanged`, data: { patch } }] : [];
};

/** An update of an object whose spec has no events of its own. Of these, only budgets have a generation. */
export const diffSpec = (
  before: WithSpec,
  next: { readonly meta: Meta; readonly spec: object },
): readonly DomainEvent[] => {
  const patch = createPatch(before.spec, next.spec);
  const rest = metadataEvents(before, next.meta);
  if (patch.length === 0) return rest;
  if (before.kind !== "PodDisruptionBudget") return [{ type: `${before.kind}SpecChanged`, data: { patch } }, ...rest];
  const generation = before.meta.generation + 1;
  return [{ type: "PodDisruptionBudgetSpecChanged", data: { patch, generation } }, ...rest];
};

export const diffContent = (
  before: WithContent,
  next: { readonly meta: Meta; readonly content: Digest },
): readonly DomainEvent[] => {
  const events = metadataEvents(before, next.meta);
  if (before.content === next.content) return events;
  return [...events, { type: `${before.kind}ContentChanged`, data: { from: before.content, to: next.content } }];
};
