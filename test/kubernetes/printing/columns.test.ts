import { describe, expect, test } from "vitest";
import type { EndpointSlice, Node, Service } from "../../../src/kubernetes/objects.ts";
import { printEvents } from "../../../src/kubernetes/printing/columns/events.ts";
import { columnsOf, type PrintableObject, rowOf } from "../../../src/kubernetes/printing/columns/index.ts";
import { nowMs, scaledEvent, webDeployment, webPod, webReplicaSet } from "./samples.ts";

const created = { creationTimestamp: "2026-11-20T12:00:00Z" };

/** The cells under their headers. */
const shown = (object: PrintableObject): Record<string, string | number | undefined> => {
  const row = rowOf(object, nowMs);
  expect(row).toHaveLength(columnsOf[object.kind].length);
  return Object.fromEntries(columnsOf[object.kind].map(({ header }, index) => [header, row[index]]));
};

const service = (spec: Partial<Service["spec"]>, status = {}): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", ...created },
  spec: {
    type: "ClusterIP",
    clusterIP: "10.96.47.67",
    ports: [{ port: 80 }],
    selector: { tier: "x", app: "web" },
    ...spec,
  },
  status,
});

describe("rows", () => {
  test("a Deployment counts what is ready against what is desired", () => {
    const { status: _, ...fresh } = webDeployment;
    expect(shown(webDeployment)).toMatchObject({ Ready: "5/5", "Up-to-date": 5, Available: 5, Age: "22s" });
    expect(shown(fresh)).toMatchObject({ Ready: "0/5", "Up-to-date": 0, Available: 0 });
    expect(shown(webDeployment)).toMatchObject({
      Containers: "web",
      Images: "registry.example/web:v2",
      Selector: "app=web",
    });
  });

  test("a ReplicaSet shows its three sizes and its selector", () => {
    expect(shown(webReplicaSet("cf7bb55df", "a:1", 3))).toMatchObject({
      Desired: 3,
      Current: 3,
      Ready: 3,
      Selector: "app=web,pod-template-hash=cf7bb55df",
    });
  });

  test("a Service shows ports with their node port and all external addresses", () => {
    expect(shown(service({}))).toMatchObject({
      Type: "ClusterIP",
      "Cluster-IP": "10.96.47.67",
      "External-IP": "<none>",
      "Port(s)": "80/TCP",
      Age: "48m",
      Selector: "app=web,tier=x",
    });
    const nodePort = service({
      type: "NodePort",
      ports: [
        { port: 80, nodePort: 30080 },
        { port: 53, protocol: "UDP" },
      ],
    });
    expect(shown(nodePort)).toMatchObject({ "Port(s)": "80:30080/TCP,53/UDP" });
    expect(shown(service({ type: "LoadBalancer" }))).toMatchObject({ "External-IP": "<pending>" });
    const ingress = { loadBalancer: { ingress: [{ ip: "192.0.2.7" }, { hostname: "a.example" }] } };
    const balanced = service({ type: "LoadBalancer", externalIPs: ["198.51.100.1"] }, ingress);
    expect(shown(balanced)).toMatchObject({ "External-IP": "192.0.2.7,a.example,198.51.100.1" });
  });

  test("a headless Service without ports or selector says so", () => {
    const { selector: _, ports: __, ...spec } = service({ clusterIP: "None" }).spec;
    expect(shown({ ...service({}), spec })).toMatchObject({
      "Cluster-IP": "None",
      "Port(s)": "<none>",
      Selector: "<none>",
    });
    expect(shown({ ...service({}), spec: { type: "ExternalName", externalName: "db.example" } })).toMatchObject({
      "Cluster-IP": "<none>",
      "External-IP": "db.example",
    });
  });

  test("an EndpointSlice shows three addresses and counts the others", () => {
    const slice = (count: number): EndpointSlice => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "web-hmgrg", ...created },
      addressType: "IPv4",
      ports: count === 0 ? null : [{ port: 8080 }, { name: "all" }],
      endpoints: Array.from({ length: count }, (_, index) => ({
        addresses: [`10.0.0.${index + 1}`],
        conditions: { ready: index > 0, serving: true, terminating: false },
      })),
    });
    expect(shown(slice(5))).toMatchObject({ Ports: "8080,all", Endpoints: "10.0.0.1,10.0.0.2,10.0.0.3 + 2 more..." });
    expect(shown(slice(0))).toMatchObject({ AddressType: "IPv4", Ports: "<unset>", Endpoints: "<unset>" });
  });

  test("a Node shows whether it is ready, cordoned, and what it runs", () => {
    const node: Node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "n1",
        ...created,
        labels: { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge" },
      },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "Unknown" }],
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
        nodeInfo: { kubeletVersion: "v1.32.0", osImage: "sim" },
      },
    };
    expect(Object.values(shown(node))).toEqual([
      "n1",
      "NotReady,SchedulingDisabled",
      "edge,worker",
      "48m",
      "v1.32.0",
      "10.0.0.1",
      "<none>",
      "sim",
      "<unknown>",
      "<unknown>",
    ]);
  });

  test("plain kinds show their few fields", () => {
    const metadata = { name: "x", ...created };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata, status: { phase: "Active" } } as const;
    expect(Object.values(shown(namespace))).toEqual(["x", "Active", "48m"]);
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { a: "1" },
      binaryData: { b: "" },
    } as const;
    expect(Object.values(shown(configMap))).toEqual(["x", 2, "48m"]);
    const secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { a: "MQ==" } } as const;
    expect(Object.values(shown(secret))).toEqual(["x", "Opaque", 1, "48m"]);
    const budget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { minAvailable: "50%" },
      status: { disruptionsAllowed: 1 },
    } as const;
    expect(Object.values(shown(budget))).toEqual(["x", "50%", "N/A", 1, "48m"]);
  });

  test("an Event names its object in small letters, and its own name last", () => {
    const event = scaledEvent("Scaled up ", "2026-11-20T12:47:55Z", 2, "2026-11-20T12:47:50Z");
    expect(Object.values(shown(event))).toEqual([
      "5s",
      "Normal",
      "ScalingReplicaSet",
      "deployment/web",
      "",
      "deployment-controller",
      "Scaled up",
      "10s",
      2,
      event.metadata.name,
    ]);
  });

  test("every kind has a name to prefix", () => {
    for (const columns of Object.values(columnsOf))
      expect(columns.filter(({ header }) => header === "Name")).toHaveLength(1);
    expect(shown(webPod("web"))).toMatchObject({ Name: "web" });
  });
});

describe("printEvents", () => {
  const events = [
    scaledEvent("Scaled down replica set web-cf7bb55df to 0", "2026-11-20T12:47:51Z", 2, "2026-11-20T12:47:50Z"),
    scaledEvent("Scaled up replica set web-cf7bb55df to 3", "2026-11-20T12:47:06Z"),
  ];

  test("orders by when an event was last seen, and says how often", () => {
    expect(printEvents(events, { nowMs })).toBe(
      [
        "LAST SEEN          TYPE     REASON              OBJECT           MESSAGE",
        "54s                Normal   ScalingReplicaSet   Deployment/web   Scaled up replica set web-cf7bb55df to 3",
        "9s (x2 over 10s)   Normal   ScalingReplicaSet   Deployment/web   Scaled down replica set web-cf7bb55df to 0",
        "",
      ].join("\n"),
    );
  });

  test("adds the namespace, and leaves the header out, when asked", () => {
    expect(printEvents(events.slice(1), { nowMs, allNamespaces: true, noHeaders: true })).toBe(
      "shop   54s   Normal   ScalingReplicaSet   Deployment/web   Scaled up replica set web-cf7bb55df to 3\n",
    );
  });
});
