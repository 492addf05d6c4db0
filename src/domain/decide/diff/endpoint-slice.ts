import type { Endpoint } from "../../../kubernetes/objects.ts";
import { endpointAdded, endpointChanged, podOfEndpoint } from "../../endpoints.ts";
import type { DomainEvent } from "../../events.ts";
import type { EndpointSlice } from "../../state.ts";
import { metadataPatch, sameJson } from "./meta.ts";

const byPod = (endpoints: readonly Endpoint[]): ReadonlyMap<string, Endpoint> =>
  new Map(endpoints.map((endpoint) => [podOfEndpoint(endpoint), endpoint]));

const sameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a === b ||
  (a.conditions.ready === b.conditions.ready &&
    a.conditions.serving === b.conditions.serving &&
    a.conditions.terminating === b.conditions.terminating &&
    sameJson(a, b));

/** Endpoints are recorded as deltas, never as whole lists. An address that passes to another pod is removed and added. */
export const diffEndpointSlice = (before: EndpointSlice, next: EndpointSlice): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const old = byPod(before.endpoints);
  const wanted = byPod(next.endpoints);
  for (const [pod, endpoint] of old) {
    const now = wanted.get(pod);
    if (!now || now.targetRef?.uid !== endpoint.targetRef?.uid) events.push({ type: "EndpointRemoved", data: { pod } });
  }
  for (const [pod, endpoint] of wanted) {
    const was = old.get(pod);
    if (!was || was.targetRef?.uid !== endpoint.targetRef?.uid) {
      events.push({ type: "EndpointAdded", data: endpointAdded(endpoint, next.meta.namespace) });
    } else if (!sameEndpoint(was, endpoint)) {
      events.push({ type: "EndpointChanged", data: endpointChanged(was, endpoint) });
    }
  }
  if (!sameJson(before.ports, next.ports)) {
    events.push({ type: "EndpointSlicePortsChanged", data: { from: before.ports, to: next.ports } });
  }
  const patch = metadataPatch(before.meta, next.meta);
  if (patch.length > 0) events.push({ type: "EndpointSliceMetadataChanged", data: { patch } });
  return events;
};
