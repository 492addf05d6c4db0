/** A Service, its nodes and its pods, for the EndpointSlice controller's tests. */
import type { EndpointSliceView } from "../../../src/controllers/view.ts";
import type { Digest, EndpointSlice, Node, Pod, Service } from "../../../src/domain/state.ts";
import type { Endpoint } from "../../../src/kubernetes/objects.ts";
import type { Cluster } from "../../support/cluster.ts";
import { metaOf, startMs, uidOf } from "../../support/workloads.ts";

export const serviceOf = (spec: Partial<Service["spec"]> = {}, meta: Partial<Service["meta"]> = {}): Service => ({
  kind: "Service",
  meta: metaOf("web", { uid: uidOf("svc-web"), labels: { team: "a" }, ...meta }),
  spec: {
    selector: { app: "web" },
    ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
    clusterIP: "10.96.0.1",
    ...spec,
  },
});

export const nodeOf = (name: string): Node => ({
  kind: "Node",
  meta: metaOf(name, { namespace: "" }),
  spec: {},
  capacity: {},
  conditions: [],
});

export interface PodFields {
  readonly ready?: boolean;
  readonly terminating?: boolean;
  /** Empty: it has none yet. */
  readonly ip?: string;
  readonly node?: string;
  readonly phase?: Pod["status"]["phase"];
  readonly app?: string;
  readonly uid?: string;
  readonly spec?: string;
}

export const endpointPod = (name: string, fields: PodFields = {}): Pod => {
  const {
    ready = true,
    terminating = false,
    ip = "10.0.0.1",
    node = "node-1",
    phase = "Running",
    app = "web",
  } = fields;
  return {
    kind: "Pod",
    meta: metaOf(name, {
      uid: uidOf(fields.uid ?? name),
      labels: { app },
      ...(terminating ? { deletion: { deadlineMs: startMs, graceSeconds: 30 } } : {}),
    }),
    spec: (fields.spec ?? "spec") as Digest,
    nodeName: node,
    status: {
      phase,
      ...(ip === "" ? {} : { podIP: ip }),
      conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionMs: startMs }],
      initContainers: [],
      containers: [],
    },
  };
};

export const podsNumbered = (from: number, to: number): readonly Pod[] =>
  Array.from({ length: to - from }, (_, i) => endpointPod(`p${String(from + i).padStart(4, "0")}`));

export const slicesIn = (cluster: Cluster): readonly EndpointSlice[] =>
  cluster.all("EndpointSlice").toSorted((a, b) => (a.meta.name < b.meta.name ? -1 : 1));

export const endpointsIn = (cluster: Cluster): readonly Endpoint[] =>
  slicesIn(cluster).flatMap(({ endpoints }) => endpoints);

export const sizes = (cluster: Cluster): readonly number[] =>
  slicesIn(cluster).map(({ endpoints }) => endpoints.length);

/** The cluster as the controller sees it, for tests that put something else in place of a part. */
export const viewOf = (cluster: Cluster): EndpointSliceView => ({
  service: cluster.service,
  services: cluster.services,
  pod: cluster.pod,
  node: cluster.node,
  containerPorts: cluster.containerPorts,
  slicesOf: (service) => cluster.slicesOf(service),
  slicesHolding: (service, pod) => cluster.slicesHolding(service, pod),
  pendingPods: (service) => cluster.pendingPods(service),
});
