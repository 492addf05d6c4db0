/**
 * How endpoints are spread over slices. Endpoints stay where they are, because every slice that changes is sent to every node;
 * slices are therefore neither merged nor balanced.
 */
import { podOfEndpoint } from "../../domain/endpoints.ts";
import type { EndpointSlice } from "../../domain/state.ts";
import type { Endpoint, EndpointPort } from "../../kubernetes/objects.ts";
import { isSamePorts } from "./endpoint.ts";

export const MAX_ENDPOINTS_PER_SLICE = 100;

/** What a slice should become. */
export interface SlicePlan {
  /** Undefined: a new slice. */
  readonly slice: EndpointSlice | undefined;
  readonly ports: readonly EndpointPort[];
  /** Ordered by pod name. Empty: the slice should go. */
  readonly endpoints: readonly Endpoint[];
  readonly hasChanged: boolean;
}

/** What happens to the endpoints of single pods, and where new ones belong. */
export interface EndpointChanges {
  /** By slice name, then pod name: the endpoint as it should be, undefined to remove it. */
  readonly edits: ReadonlyMap<string, ReadonlyMap<string, Endpoint | undefined>>;
  /** Endpoints that are in no slice yet, one entry for each list of ports. */
  readonly additions: readonly AddedEndpoints[];
}

interface AddedEndpoints {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

const byPodName = (a: Endpoint, b: Endpoint): number => (podOfEndpoint(a) < podOfEndpoint(b) ? -1 : 1);

const edited = (slice: EndpointSlice, edits: ReadonlyMap<string, Endpoint | undefined> | undefined): SlicePlan => {
  const { ports, endpoints } = slice;
  if (!edits) return { slice, ports, endpoints, hasChanged: false };
  const kept = endpoints.flatMap((endpoint) => {
    const pod = podOfEndpoint(endpoint);
    return edits.has(pod) ? (edits.get(pod) ?? []) : endpoint;
  });
  return { slice, ports, endpoints: kept, hasChanged: true };
};

/** Puts new endpoints into the plans of their ports, and adds plans where there is no room. */
const place = (plans: SlicePlan[], { ports, endpoints }: AddedEndpoints): void => {
  let waiting = endpoints.toSorted(byPodName);
  const fill = (plan: SlicePlan): SlicePlan => {
    const room = MAX_ENDPOINTS_PER_SLICE - plan.endpoints.length;
    const grown = [...plan.endpoints, ...waiting.slice(0, room)].sort(byPodName);
    waiting = waiting.slice(room);
    return { ...plan, endpoints: grown, hasChanged: true };
  };

  // Slices that are written anyway come first, the fullest of them before the others.
  const written = plans.filter(
    (plan) => plan.hasChanged && plan.endpoints.length > 0 && isSamePorts(plan.ports, ports),
  );
  for (const plan of written.sort((a, b) => b.endpoints.length - a.endpoints.length)) {
    if (waiting.length > 0) plans[plans.indexOf(plan)] = fill(plan);
  }
  while (waiting.length > 0) {
    const plan = tightestFit(plans, ports, waiting.length);
    if (plan) plans[plans.indexOf(plan)] = fill(plan);
    else plans.push(fill({ slice: undefined, ports, endpoints: [], hasChanged: true }));
  }
};

/** The unchanged slice that is fullest once it has all the new endpoints; undefined if none has room for all of them. */
const tightestFit = (
  plans: readonly SlicePlan[],
  ports: readonly EndpointPort[],
  added: number,
): SlicePlan | undefined => {
  let best: SlicePlan | undefined;
  for (const plan of plans) {
    const { length } = plan.endpoints;
    if (plan.hasChanged || length + added > MAX_ENDPOINTS_PER_SLICE || length <= (best?.endpoints.length ?? 0))
      continue;
    if (isSamePorts(plan.ports, ports)) best = plan;
  }
  return best;
};

/**
 * Applies the changes to a Service's slices, which come in the order in which equal ones are preferred. Slices that stay as
 * they are come back too, so that the caller sees the whole.
 */
export const pack = (slices: readonly EndpointSlice[], { edits, additions }: EndpointChanges): readonly SlicePlan[] => {
  const plans = slices.map((slice) => edited(slice, edits.get(slice.meta.name)));
  for (const added of additions) place(plans, added);
  return plans;
};
