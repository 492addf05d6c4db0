import type { Endpoint } from "../../kubernetes/objects.ts";
import { addedEndpoint, changedEndpoint, podOfEndpoint } from "../endpoints.ts";
import type { EventCatalogue, FoldedEvent } from "../events.ts";
import type { EndpointSlice, Meta, ObjectRef } from "../state.ts";
import { createdMeta, deletionRequested, missing, patched, present, touched, unknownEvent, type When } from "./meta.ts";

type EndpointSliceEvent = Extract<FoldedEvent, { readonly type: `Endpoint${string}` }>;

/** A slice has up to a hundred endpoints and changes with every other event of a pod: a plain loop takes half the time of a callback. */
const placeOf = (endpoints: readonly Endpoint[], pod: string): number => {
  for (let i = 0; i < endpoints.length; i += 1) {
    const endpoint = endpoints[i];
    if (endpoint && podOfEndpoint(endpoint) === pod) return i;
  }
  return -1;
};

/** In the order of the pods' names. */
const withAdded = (endpoints: readonly Endpoint[], added: Endpoint): readonly Endpoint[] => {
  const at = endpoints.findIndex((endpoint) => podOfEndpoint(endpoint) > podOfEndpoint(added));
  return endpoints.toSpliced(at < 0 ? endpoints.length : at, 0, added);
};

const withChange = (endpoints: readonly Endpoint[], change: EventCatalogue["EndpointChanged"]): readonly Endpoint[] => {
  const at = placeOf(endpoints, change.pod);
  const endpoint = endpoints[at];
  return endpoint ? endpoints.with(at, changedEndpoint(endpoint, change)) : endpoints;
};

const without = (endpoints: readonly Endpoint[], pod: string): readonly Endpoint[] => {
  const at = placeOf(endpoints, pod);
  return at < 0 ? endpoints : endpoints.toSpliced(at, 1);
};

/** A commit that changes endpoints or ports raises the generation once, with its first event. */
const raised = (meta: Meta, event: When): Meta =>
  touched(meta, event, meta.resourceVersion === event.resourceVersion ? meta.generation : meta.generation + 1);

/** Written out for the same reason as the metadata in `touched`. */
const withEndpoints = (before: EndpointSlice, event: When, endpoints: readonly Endpoint[]): EndpointSlice => ({
  kind: "EndpointSlice",
  meta: raised(before.meta, event),
  addressType: before.addressType,
  ports: before.ports,
  endpoints,
});

export const evolveEndpointSlice = (
  before: EndpointSlice | undefined,
  event: EndpointSliceEvent,
  ref: ObjectRef,
): EndpointSlice | undefined => {
  if (event.type === "EndpointSliceCreated") {
    if (before) throw present(event, ref);
    const { addressType, ports, endpoints, ...meta } = event.data;
    return { kind: "EndpointSlice", meta: createdMeta(ref, meta, event), addressType, ports, endpoints };
  }
  if (!before) throw missing(event, ref);

  switch (event.type) {
    case "EndpointAdded":
      return withEndpoints(before, event, withAdded(before.endpoints, addedEndpoint(event.data, ref.namespace)));
    case "EndpointChanged":
      return withEndpoints(before, event, withChange(before.endpoints, event.data));
    case "EndpointRemoved":
      return withEndpoints(before, event, without(before.endpoints, event.data.pod));
    case "EndpointSlicePortsChanged":
      return { ...before, meta: raised(before.meta, event), ports: event.data.to };
    case "EndpointSliceMetadataChanged":
      return { ...before, meta: patched(touched(before.meta, event), event.data.patch) };
    case "EndpointSliceDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "EndpointSliceDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
