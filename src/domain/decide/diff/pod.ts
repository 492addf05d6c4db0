import type { DomainEvent } from "../../events.ts";
import type { Digest, Meta, Pod } from "../../state.ts";
import { metadataPatch, ownershipEvents } from "./meta.ts";

/** An update of a pod's metadata or spec; its status changes through the kubelet's reports only. */
export const diffPod = (before: Pod, next: { readonly meta: Meta; readonly spec: Digest }): readonly DomainEvent[] => {
  const ownership = ownershipEvents("Pod", before.meta, next.meta);
  const events = [...ownership.events];
  const patch = metadataPatch(ownership.meta, next.meta);
  if (patch.length > 0) events.push({ type: "PodMetadataChanged", data: { patch } });
  if (before.spec !== next.spec) events.push({ type: "PodSpecChanged", data: { from: before.spec, to: next.spec } });
  return events;
};
