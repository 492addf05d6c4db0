import type { DomainEvent } from "../../events.ts";
import type { Digest, Meta, Pod } from "../../state.ts";
import { metadataPatch, ownershipChange } from "./meta.ts";

/** An update of a pod's metadata or spec; its status changes through the kubelet's reports only. */
export const diffPod = (before: Pod, next: { readonly meta: Meta; readonly spec: Digest }): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  let meta = before.meta;
  const ownership = ownershipChange(meta, next.meta);
  if (ownership) {
    meta = { ...meta, ownerReferences: next.meta.ownerReferences };
    events.push(
      "adopted" in ownership
        ? { type: "PodAdopted", data: { owner: ownership.adopted } }
        : { type: "PodReleased", data: { owner: ownership.released } },
    );
  }
  const patch = metadataPatch(meta, next.meta);
  if (patch.length > 0) events.push({ type: "PodMetadataChanged", data: { patch } });
  if (before.spec !== next.spec) events.push({ type: "PodSpecChanged", data: { from: before.spec, to: next.spec } });
  return events;
};
