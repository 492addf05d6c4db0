import { beforeEach, describe, expect, it } from "vitest";
import type { Service } from "../../../src/domain/state.ts";
import type { Json } from "../../../src/kubernetes/json.ts";
import { ApiServer, manifest, refTo, serviceManifest } from "../api-server.ts";

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer();
});

const spec = (name = "web"): Service["spec"] => api.get("Service", name).spec;
const nodePorts = (name = "web") => spec(name).ports?.map(({ nodePort }) => nodePort);
const named = (name: string, of: object) => manifest("v1", "Service", name, { spec: { ports: [{ port: 80 }], ...of } });
const patch = (of: Json) =>
  api.accepted({ verb: "patch", ref: refTo("Service", "web"), patchType: "strategic", patch: { spec: of } });

const clusterAddress = /^10\.(9[6-9]|10\d|11[01])\.\d{1,3}\.\d{1,3}$/;

describe("a new Service", () => {
  it("gets a cluster address, and the same one in every cluster of this seed", () => {
    api.create(serviceManifest());
    expect(spec().clusterIP).toMatch(clusterAddress);
    expect(spec().clusterIPs).toEqual([spec().clusterIP]);
    const other = new ApiServer();
    other.create(serviceManifest());
    expect(other.get("Service", "web").spec.clusterIP).toBe(spec().clusterIP);
    expect(nodePorts()).toEqual([undefined]);
  });

  it.each(["NodePort", "LoadBalancer"])("of type %s gets a node port for each port, all different", (type) => {
    api.create(
      serviceManifest({
        type,
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 81, nodePort: 30_123 },
        ],
      }),
    );
    const [first, second] = nodePorts() ?? [];
    expect(first).toBeGreaterThanOrEqual(30_000);
    expect(first).toBeLessThanOrEqual(32_767);
    expect(second).toBe(30_123);
  });

  it("never gets a node port twice, however many ports it has", () => {
    const ports = Array.from({ length: 400 }, (_, i) => ({ name: `p${i}`, port: 1000 + i }));
    api.create(serviceManifest({ type: "NodePort", ports }));
    expect(new Set(nodePorts()).size).toBe(400);
  });

  it("keeps the address it asks for, or none at all", () => {
    api.create(named("fixed", { clusterIP: "10.96.0.7" }));
    api.create(named("headless", { clusterIP: "None" }));
    api.create(manifest("v1", "Service", "outside", { spec: { type: "ExternalName", externalName: "example.com" } }));
    expect([spec("fixed").clusterIP, spec("headless").clusterIP, spec("outside").clusterIP]).toEqual([
      "10.96.0.7",
      "None",
      undefined,
    ]);
  });

  it.each<[string, object, object]>([
    [
      "an address that another one has",
      { clusterIP: "10.96.0.7" },
      {
        field: "spec.clusterIPs",
        message: 'Invalid value: ["10.96.0.7"]: failed to allocate IP 10.96.0.7: provided IP is already allocated',
      },
    ],
    [
      "an address of another range",
      { clusterIP: "192.168.0.1" },
      {
        field: "spec.clusterIPs",
        message:
          'Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided IP (192.168.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
      },
    ],
    [
      "a node port that another one has",
      { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] },
      { field: "spec.ports[0].nodePort", message: "Invalid value: 30080: provided port is already allocated" },
    ],
    [
      "a node port out of range",
      { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] },
      {
        field: "spec.ports[0].nodePort",
        message: "Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
      },
    ],
  ])("may not ask for %s", (_, of, cause) => {
    const ports = [{ port: 80, nodePort: 30_080 }];
    api.create(named("first", { type: "NodePort", clusterIP: "10.96.0.7", ports }));
    const refused = api.refused({ verb: "create", object: serviceManifest(of) });
    expect(refused.causes).toMatchObject([cause]);
    expect(refused.reason).toBe("Invalid");
  });
});

describe("an update of a Service", () => {
  it("that names no address and no node ports keeps those it has", () => {
    const submitted = serviceManifest({ type: "NodePort" });
    api.create(submitted);
    expect(api.accepted({ verb: "update", object: submitted })).toEqual([]);
    const before = spec();
    const more = { type: "NodePort", ports: [{ port: 8080 }] };
    api.accepted({ verb: "update", object: serviceManifest(more) });
    expect(spec().clusterIP).toBe(before.clusterIP);
    expect(nodePorts()).toEqual([before.ports?.[0]?.nodePort]);
  });

  it("may not give it another address", () => {
    api.create(serviceManifest());
    const object = serviceManifest({ clusterIP: "10.96.0.7" });
    expect(api.refused({ verb: "update", object }).causes).toMatchObject([
      { field: "spec.clusterIPs[0]", message: 'Invalid value: ["10.96.0.7"]: may not change once set' },
    ]);
  });

  it("allocates what its new type needs, and gives back what it needs no more", () => {
    api.create(serviceManifest());
    const address = spec().clusterIP;
    patch({ type: "NodePort" });
    const port = nodePorts()?.[0];
    expect(port).toBeGreaterThanOrEqual(30_000);
    expect(spec().externalTrafficPolicy).toBe("Cluster");
    patch({ type: "LoadBalancer" });
    expect(nodePorts()).toEqual([port]);
    patch({ type: "ClusterIP" });
    expect(nodePorts()).toEqual([undefined]);
    expect(spec()).not.toHaveProperty("externalTrafficPolicy");
    expect(spec()).not.toHaveProperty("allocateLoadBalancerNodePorts");
    expect(spec().clusterIP).toBe(address);
    patch({ type: "ExternalName", externalName: "example.com" });
    expect(spec().clusterIP).toBeUndefined();
    patch({ type: "ClusterIP" });
    expect(spec().clusterIP).toMatch(clusterAddress);
  });

  it("may not take a node port that another Service has", () => {
    api.create(named("first", { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] }));
    api.create(serviceManifest({ type: "NodePort" }));
    const object = serviceManifest({ type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] });
    expect(api.refused({ verb: "update", object }).causes).toMatchObject([{ field: "spec.ports[0].nodePort" }]);
  });
});
