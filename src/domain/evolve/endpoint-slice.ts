import type { Endpoint } from "../../kubernetes/objects.ts";
import { addedEndpoint, changedEndpoint, podOfEndpoint } from "../endpoints.ts";
import type { EventCatalogue, FoldedEvent } from "../events.ts";
import type { EndpointSlice, ObjectRef } from "../state.ts";
import { createdMeta, deletionRequested, missing, patched, present, touched, unknownEvent } from "./meta.ts";

type EndpointSliceEvent = Extract<FoldedEvent, { readonly type: `Endpoint${string}` }>;

const inOrderOfPod = (endpoints: readonly Endpoint[], added: Endpoint): readonly Endpoint[] => {
  const at = endpoints.findIndex((endpoint) => podOfEndpoint(endpoint) > podOfEndpoint(added));
  return endpoints.toSpliced(at < 0 ? endpoints.length : at, 0, added);
};

/** Slices hold up to a hundred endpoints and change with nearly every pod event: a plain loop is several times as fast as a callback. */
const placeOf = (endpoints: readonly Endpoint[], pod: string): number => {
  for (let i = 0; i < endpoints.length; i += 1) {
    const endpoint = endpoints[i];
    if (endpoint && podOfEndpoint(endpoint) === pod) return i;
  }
  return -1;
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

  const meta = touched(before.meta, event);
  // A commit that changes endpoints or ports raises the generation once, with its first event.
  const { generation } = before.meta;
  const raised = before.meta.resourceVersion === event.resourceVersion ? meta : { ...meta, generation: generation + 1 };
  switch (event.type) {
    case "EndpointAdded":
      return {
        ...before,
        meta: raised,
        endpoints: inOrderOfPod(before.endpoints, addedEndpoint(event.data, ref.namespace)),
      };
    case "EndpointChanged":
      return {
        ...before,
        meta: raised,
        endpoints: withChange(before.endpoints, event.data),
      };
    case "EndpointRemoved":
      return {
        ...before,
        meta: raised,
        endpoints: without(before.endpoints, event.data.pod),
      };
    case "EndpointSlicePortsChanged":
      return { ...before, meta: raised, ports: event.data.to };
    case "EndpointSliceMetadataChanged":
      return { ...before, meta: patched(meta, event.data.patch) };
    case "EndpointSliceDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "EndpointSliceDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
