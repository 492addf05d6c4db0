import type { Endpoint } from "../../kubernetes/objects.ts";
import { addedEndpoint, changedEndpoint, podOfEndpoint } from "../endpoints.ts";
import type { FoldedEvent } from "../events.ts";
import type { EndpointSlice, ObjectRef } from "../state.ts";
import { createdMeta, deletionRequested, missing, patched, present, touched, unknownEvent } from "./meta.ts";

type EndpointSliceEvent = Extract<FoldedEvent, { readonly type: `Endpoint${string}` }>;

const inOrderOfPod = (endpoints: readonly Endpoint[], added: Endpoint): readonly Endpoint[] => {
  const at = endpoints.findIndex((endpoint) => podOfEndpoint(endpoint) > podOfEndpoint(added));
  return at < 0 ? [...endpoints, added] : [...endpoints.slice(0, at), added, ...endpoints.slice(at)];
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
        endpoints: before.endpoints.map((endpoint) =>
          podOfEndpoint(endpoint) === event.data.pod ? changedEndpoint(endpoint, event.data) : endpoint,
        ),
      };
    case "EndpointRemoved":
      return {
        ...before,
        meta: raised,
        endpoints: before.endpoints.filter((endpoint) => podOfEndpoint(endpoint) !== event.data.pod),
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
