/** An EndpointSlice around its endpoints: what marks it as a Service's. */
import { standardReference } from "../../domain/owners.ts";
import type { EndpointSlice, Service } from "../../domain/state.ts";
import type { DraftMeta } from "../../domain/write.ts";
import type { StringMap } from "../../kubernetes/objects.ts";
import { SERVICE_NAME } from "../../kubernetes/well-known.ts";
import type { EndpointSliceView } from "../view.ts";
import { isOwnedBy } from "./endpoint.ts";

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER_NAME = "endpointslice-controller.k8s.io";
const HEADLESS = "service.kubernetes.io/headless";

/** The name of the Service for which this controller keeps the slice; undefined for a slice that somebody else manages. */
export const serviceNameOf = ({ meta }: EndpointSlice): string | undefined =>
  meta.labels[MANAGED_BY] === CONTROLLER_NAME ? meta.labels[SERVICE_NAME] : undefined;

/** The Service's own labels, under those that the controller needs. */
export const sliceLabels = ({ meta, spec }: Service): StringMap => {
  const { [HEADLESS]: _, ...labels } = meta.labels;
  return {
    ...labels,
    ...(spec.clusterIP === "None" ? { [HEADLESS]: "" } : {}),
    [SERVICE_NAME]: meta.name,
    [MANAGED_BY]: CONTROLLER_NAME,
  };
};

export const hasLabels = ({ meta }: EndpointSlice, labels: StringMap): boolean => {
  for (const key in labels) if (meta.labels[key] !== labels[key]) return false;
  for (const key in meta.labels) if (labels[key] === undefined) return false;
  return true;
};

/** Whether a sync would keep the slice, apart from its endpoints. An empty slice stays only if it is the Service's only one. */
export const isSliceCurrent = (view: EndpointSliceView, service: Service, slice: EndpointSlice): boolean =>
  isOwnedBy(slice, service) &&
  hasLabels(slice, sliceLabels(service)) &&
  (slice.endpoints.length > 0 || view.slicesOf(service).length === 1);

/** The metadata of a new slice. The server adds the suffix of its name. */
export const sliceMeta = ({ meta }: Service, labels: StringMap): DraftMeta => ({
  namespace: meta.namespace,
  generateName: `${meta.name}-`,
  labels,
  ownerReferences: [standardReference({ kind: "Service", name: meta.name, uid: meta.uid })],
});
