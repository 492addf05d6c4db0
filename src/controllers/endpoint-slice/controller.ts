/** The EndpointSlice controller: tells the network which pods stand behind a Service. */
import * as E from "fp-ts/lib/Either.js";
import { type EndpointSlice, type ObjectRef, refOf, type Service } from "../../domain/state.ts";
import type { Endpoint, EndpointPort, StringMap } from "../../kubernetes/objects.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { aggregateErrors } from "../claim.ts";
import { done, type Reconcile, send } from "../reconcile.ts";
import { isNamespaceTerminating } from "../refusals.ts";
import type { EndpointSliceView } from "../view.ts";
import { contributionOf, hasManagedSlices, isOwnedBy, isSamePorts, shows } from "./endpoint.ts";
import { type EndpointChanges, pack, type SlicePlan } from "./packing.ts";
import { hasLabels, sliceLabels, sliceMeta } from "./slice.ts";

/**
 * One sync of a Service's slices (IPv4). Pods are grouped by the ports they resolve to, each group has slices of its own, of
 * at most 100 endpoints. A Service without any endpoint has one slice without ports and endpoints.
 *
 * It looks at the pending pods and at the heads of the slices only, so that a change of one pod among thousands does not
 * cost thousands. Each pending pod is decided anew from what the view shows, whatever made it pending.
 */
export function* reconcileService(view: EndpointSliceView, key: ObjectRef): Reconcile {
  const service = view.service(key.namespace, key.name);
  if (!service || !hasManagedSlices(service)) return done;

  const slices = view.slicesOf(service).toSorted(byName);
  const owned = slices.filter((slice) => isOwnedBy(slice, service));
  const foreign = slices.filter((slice) => !isOwnedBy(slice, service));
  const { changes, errors } = pendingChanges(view, service);
  const writes = writesFor(service, pack(owned, changes), foreign);
  const failure = yield* sendInTurn(service, writes);
  const failures = failure === undefined ? errors : [...errors, failure];
  return failures.length === 0 ? done : { error: aggregateErrors(failures) };
}

const byName = (a: EndpointSlice, b: EndpointSlice): number => compareText(a.meta.name, b.meta.name);

interface PendingChanges {
  readonly changes: EndpointChanges;
  readonly errors: readonly string[];
}

/** What the pending pods ask of the slices. */
const pendingChanges = (view: EndpointSliceView, service: Service): PendingChanges => {
  const { namespace, name } = service.meta;
  const edits = new Map<string, Map<string, Endpoint | undefined>>();
  const additions: { readonly ports: readonly EndpointPort[]; readonly endpoints: Endpoint[] }[] = [];
  const errors: string[] = [];
  for (const pod of [...view.pendingPods(service)].sort(compareText)) {
    const contribution = contributionOf(view, service, view.pod(namespace, pod));
    if (contribution.is === "withheld") {
      errors.push(`skipping Pod ${pod} for Service ${namespace}/${name}: Node ${contribution.node} Not Found`);
    }
    let wanted = contribution.is === "endpoint" ? contribution : undefined;
    for (const slice of view.slicesHolding(service, pod).toSorted(byName)) {
      if (!isOwnedBy(slice, service)) continue;
      const here = wanted && isSamePorts(slice.ports, wanted.ports) ? wanted.endpoint : undefined;
      if (here) wanted = undefined;
      if (here && shows(slice, here)) continue;
      const ofSlice = edits.get(slice.meta.name) ?? new Map<string, Endpoint | undefined>();
      edits.set(slice.meta.name, ofSlice.set(pod, here));
    }
    if (!wanted) continue;
    const { ports, endpoint } = wanted;
    const group = additions.find((addition) => isSamePorts(addition.ports, ports));
    if (group) group.endpoints.push(endpoint);
    else additions.push({ ports, endpoints: [endpoint] });
  }
  return { changes: { edits, additions }, errors };
};

interface SliceWrites {
  readonly creates: readonly SlicePlan[];
  readonly updates: readonly EndpointSlice[];
  readonly deletes: readonly EndpointSlice[];
}

/** The writes that turn the plans into fact. Slices that would go are turned into new ones where new ones are needed. */
const writesFor = (service: Service, plans: readonly SlicePlan[], foreign: readonly EndpointSlice[]): SliceWrites => {
  const labels = sliceLabels(service);
  const creates: SlicePlan[] = [];
  const updates: EndpointSlice[] = [];
  const emptied: EndpointSlice[] = [];
  for (const plan of plans) {
    const { slice } = plan;
    if (!slice) creates.push(plan);
    else if (plan.endpoints.length === 0) emptied.push(slice);
    else if (plan.hasChanged || !hasLabels(slice, labels)) updates.push(sliceAfter(slice, plan, labels));
  }
  if (emptied.length === plans.length) {
    const [only, another] = emptied;
    const isInPlace = only !== undefined && another === undefined && isPlaceholder(only) && hasLabels(only, labels);
    if (isInPlace) return { creates, updates, deletes: foreign };
    creates.push(placeholder);
  }
  const deletes = [...foreign];
  for (const slice of emptied) {
    const plan = creates.pop();
    if (plan) updates.push(sliceAfter(slice, plan, labels));
    else deletes.push(slice);
  }
  return { creates, updates, deletes };
};

/** What stands for a Service that has no endpoint. */
const placeholder: SlicePlan = { slice: undefined, ports: [], endpoints: [], hasChanged: true };

const isPlaceholder = ({ ports, endpoints }: EndpointSlice): boolean => ports.length === 0 && endpoints.length === 0;

const sliceAfter = (slice: EndpointSlice, { ports, endpoints }: SlicePlan, labels: StringMap): EndpointSlice => ({
  ...slice,
  meta: hasLabels(slice, labels) ? slice.meta : { ...slice.meta, labels },
  ports,
  endpoints,
});

/** Sends one write after the other; the first refusal ends it and is answered. A Service that is going gets no new slices. */
function* sendInTurn(service: Service, { creates, updates, deletes }: SliceWrites): Reconcile<string | undefined> {
  const of = `EndpointSlice for Service ${service.meta.namespace}/${service.meta.name}`;
  const meta = sliceMeta(service, sliceLabels(service));
  for (const { ports, endpoints } of service.meta.deletion ? [] : creates) {
    const draft = { kind: "EndpointSlice", meta, addressType: "IPv4", ports, endpoints } as const;
    const answer = yield* send({ verb: "createDraft", draft });
    if (E.isRight(answer)) continue;
    return isNamespaceTerminating(answer.left) ? undefined : `failed to create ${of}: ${answer.left.message}`;
  }
  for (const slice of updates) {
    const answer = yield* send({ verb: "replace", entity: slice });
    if (E.isLeft(answer)) return `failed to update ${slice.meta.name} ${of}: ${answer.left.message}`;
  }
  for (const slice of deletes) {
    const answer = yield* send({ verb: "delete", ref: refOf(slice), uid: slice.meta.uid });
    if (E.isLeft(answer)) return `failed to delete ${slice.meta.name} ${of}: ${answer.left.message}`;
  }
  return undefined;
}
