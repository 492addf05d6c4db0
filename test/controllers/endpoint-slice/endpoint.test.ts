import { describe, expect, test } from "vitest";
import {
  isEndpointCurrent,
  isSamePorts,
  isSelectedBy,
  shows,
} from "../../../src/controllers/endpoint-slice/endpoint.ts";
import { isSliceCurrent, sliceLabels } from "../../../src/controllers/endpoint-slice/slice.ts";
import type { EndpointSlice } from "../../../src/domain/state.ts";
import type { Endpoint, EndpointPort } from "../../../src/kubernetes/objects.ts";
import { Cluster } from "../../support/cluster.ts";
import { metaOf, uidOf } from "../../support/workloads.ts";
import { endpointPod, nodeOf, serviceOf } from "./services.ts";

const endpoint: Endpoint = {
  addresses: ["10.0.0.1"],
  conditions: { ready: true, serving: true, terminating: false },
  targetRef: { kind: "Pod", namespace: "default", name: "a", uid: "uid-a" },
  nodeName: "node-1",
};
const { uid } = serviceOf().meta;
const owner = { apiVersion: "v1", kind: "Service", name: "web", uid, controller: true, blockOwnerDeletion: true };
const sliceOf = (name: string, ...endpoints: readonly Endpoint[]): EndpointSlice => ({
  kind: "EndpointSlice",
  meta: metaOf(name, { uid: uidOf(name), labels: sliceLabels(serviceOf()), ownerReferences: [owner] }),
  addressType: "IPv4",
  ports: [],
  endpoints,
});

describe("a slice shows an endpoint", () => {
  test("that is the same in all it says", () => {
    expect(shows(sliceOf("web-1", endpoint), { ...endpoint })).toBe(true);
    expect(shows(sliceOf("web-1"), endpoint)).toBe(false);
  });

  test.each<{ readonly what: string; readonly other: Partial<Endpoint> }>([
    { what: "address", other: { addresses: ["10.0.0.2"] } },
    { what: "node", other: { nodeName: "node-2" } },
    { what: "pod", other: { targetRef: { kind: "Pod", namespace: "default", name: "a", uid: "uid-again" } } },
    { what: "ready", other: { conditions: { ready: false, serving: true, terminating: false } } },
    { what: "serving", other: { conditions: { ready: true, serving: false, terminating: false } } },
    { what: "terminating", other: { conditions: { ready: true, serving: true, terminating: true } } },
  ])("but not with another $what", ({ other }) => {
    expect(shows(sliceOf("web-1", endpoint), { ...endpoint, ...other })).toBe(false);
  });
});

test("ports are the same in any order, with number, name and protocol, and none besides", () => {
  const [http, metrics]: readonly EndpointPort[] = [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "metrics", port: 90, protocol: "TCP" },
  ];
  if (!http || !metrics) throw new Error("there are two ports");
  expect(isSamePorts([http, metrics], [metrics, http])).toBe(true);
  expect(isSamePorts([], [http])).toBe(false);
  expect(isSamePorts([http], [http, metrics])).toBe(false);
  expect(isSamePorts([http], [{ ...http, port: 81 }])).toBe(false);
  expect(isSamePorts([http], [{ ...http, name: "web" }])).toBe(false);
  expect(isSamePorts([http], [{ ...http, protocol: "UDP" }])).toBe(false);
});

test("a Service selects pods of its own namespace only", () => {
  expect(isSelectedBy(serviceOf(), "default", { app: "web" })).toBe(true);
  expect(isSelectedBy(serviceOf(), "elsewhere", { app: "web" })).toBe(false);
});

test("where slices are not managed, every pod is shown as it should be", () => {
  const cluster = new Cluster(nodeOf("node-1"), endpointPod("a"));
  expect(isEndpointCurrent(cluster, serviceOf(), "a")).toBe(false);
  expect(isEndpointCurrent(cluster, serviceOf({ selector: {} }), "a")).toBe(true);
});

test("an empty slice is right where it is the only one", () => {
  const [only, another] = [sliceOf("web-1"), sliceOf("web-2", endpoint)];
  expect(isSliceCurrent(new Cluster(only), serviceOf(), only)).toBe(true);
  expect(isSliceCurrent(new Cluster(only, another), serviceOf(), only)).toBe(false);
  expect(isSliceCurrent(new Cluster(only, another), serviceOf(), another)).toBe(true);
});
