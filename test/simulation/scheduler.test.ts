import { describe, expect, it } from "vitest";
import { conditionOf } from "../../src/domain/state.ts";
import { manifest, podManifest, refTo } from "../domain/api-server.ts";
import { Lab } from "./lab.ts";

const asking = (name: string, requests: object, spec: object = {}) =>
  podManifest({ containers: [{ name: "web", image: "web:1", resources: { requests } }], ...spec }, { name });

const nodeOf = (lab: Lab, name: string): string | undefined => lab.pod(name).nodeName;
const complaint = (lab: Lab, name: string): string | undefined =>
  conditionOf(lab.pod(name).status.conditions, "PodScheduled")?.message;

describe("the scheduler", () => {
  it("spreads pods over the nodes, the first by name where they are equal", () => {
    const lab = new Lab();
    for (const name of ["a", "b", "c", "d"]) {
      lab.create(podManifest({}, { name }));
      lab.advance(100);
    }
    expect(["a", "b", "c", "d"].map((name) => nodeOf(lab, name))).toEqual(["node-1", "node-2", "node-3", "node-1"]);
  });

  it.each([
    ["cpu", { cpu: "1500m" }, "0/2 nodes are available: 2 Insufficient cpu."],
    ["memory", { memory: "1.5Gi" }, "0/2 nodes are available: 2 Insufficient memory."],
  ])("gives no node more %s than it has", (_, requests, message) => {
    const lab = new Lab({ nodes: 2, capacity: { cpu: "2", memory: "2Gi", pods: "10" } });
    for (const name of ["a", "b", "c"]) lab.create(asking(name, requests));
    lab.advance(1000);
    expect([nodeOf(lab, "a"), nodeOf(lab, "b"), nodeOf(lab, "c")]).toEqual(["node-1", "node-2", undefined]);
    expect(complaint(lab, "c")).toBe(message);
    expect(lab.life("c")).toHaveLength(2);
  });

  it("gives no node more pods than it takes", () => {
    const lab = new Lab({ nodes: 2, capacity: { cpu: "8", memory: "8Gi", pods: "1" } });
    for (const name of ["a", "b", "c"]) lab.create(podManifest({}, { name }));
    lab.advance(1000);
    expect(complaint(lab, "c")).toBe("0/2 nodes are available: 2 Too many pods.");
  });

  it("counts the largest init container where it asks for more than the containers together", () => {
    const lab = new Lab({ nodes: 1, capacity: { cpu: "2", memory: "2Gi", pods: "10" } });
    const init = (cpu: string) => ({ initContainers: [{ name: "i", image: "i:1", resources: { requests: { cpu } } }] });
    lab.create(asking("small", { cpu: "1" }, init("1500m")));
    lab.create(asking("other", { cpu: "1" }, init("100m")));
    lab.advance(1000);
    expect([nodeOf(lab, "small"), nodeOf(lab, "other")]).toEqual(["node-1", undefined]);
  });

  it("says why each node will not do", () => {
    const lab = new Lab({ nodes: 0 });
    const small = { status: { capacity: { cpu: "1", memory: "1Gi", pods: "10" } } };
    lab.create(manifest("v1", "Node", "a", { spec: { unschedulable: true } }));
    lab.create(manifest("v1", "Node", "b", small));
    lab.create(manifest("v1", "Node", "c", small));
    lab.create(asking("one", { cpu: "4" }));
    lab.advance(1000);
    expect(complaint(lab, "one")).toBe("0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.");
    const empty = new Lab({ nodes: 0 });
    empty.create(podManifest());
    empty.advance(1000);
    expect(complaint(empty, "one")).toBe("no nodes available to schedule pods");
  });

  it("keeps to a pod's node selector, and leaves cordoned nodes alone", () => {
    const lab = new Lab({ nodes: 2 });
    lab.create(manifest("v1", "Node", "special", {}, { labels: { disk: "ssd" } }));
    lab.create(podManifest({ nodeSelector: { disk: "ssd" } }, { name: "picky" }));
    lab.create(podManifest({ nodeSelector: { disk: "tape" } }, { name: "hopeless" }));
    lab.write({
      verb: "patch",
      ref: refTo("Node", "node-1"),
      patchType: "merge",
      patch: { spec: { unschedulable: true } },
    });
    lab.create(podManifest({}, { name: "easy" }));
    lab.advance(1000);
    expect([nodeOf(lab, "picky"), nodeOf(lab, "hopeless"), nodeOf(lab, "easy")]).toEqual([
      "special",
      undefined,
      "node-2",
    ]);
    expect(complaint(lab, "hopeless")).toBe(
      "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.",
    );
  });
});

describe("pods that fit nowhere", () => {
  const full = (): Lab => {
    const lab = new Lab({ nodes: 1, capacity: { cpu: "2", memory: "2Gi", pods: "10" } });
    for (const name of ["a", "b", "c", "d"]) {
      lab.create(asking(name, { cpu: "1" }));
      lab.advance(1000);
    }
    expect(["a", "b", "c", "d"].map((name) => nodeOf(lab, name))).toEqual(["node-1", "node-1", undefined, undefined]);
    return lab;
  };

  it("are tried again when a pod goes, the oldest first", () => {
    const lab = full();
    lab.write({ verb: "delete", ref: refTo("Pod", "a") });
    lab.advance(10_000);
    expect([nodeOf(lab, "c"), nodeOf(lab, "d")]).toEqual(["node-1", undefined]);
    expect(complaint(lab, "c")).toBeUndefined();
  });

  it("are tried again when a pod has ended", () => {
    const lab = full();
    lab.fault({ type: "fail", namespace: "default", pod: "b" });
    lab.advance(10_000);
    expect(nodeOf(lab, "c")).toBe("node-1");
  });

  it("are tried again when a node comes or is uncordoned", () => {
    const lab = full();
    lab.create(manifest("v1", "Node", "node-2", { spec: { unschedulable: true } }));
    lab.advance(1000);
    expect(nodeOf(lab, "c")).toBeUndefined();
    lab.write({
      verb: "patch",
      ref: refTo("Node", "node-2"),
      patchType: "merge",
      patch: { spec: { unschedulable: null } },
    });
    lab.advance(1000);
    expect([nodeOf(lab, "c"), nodeOf(lab, "d")]).toEqual(["node-2", "node-2"]);
  });

  it("are no longer tried when they are deleted", () => {
    const lab = full();
    lab.write({ verb: "delete", ref: refTo("Pod", "c") });
    lab.write({ verb: "delete", ref: refTo("Pod", "a") });
    lab.advance(10_000);
    expect(nodeOf(lab, "d")).toBe("node-1");
  });

  it("are remembered by a simulation that is loaded anew, or starts over", () => {
    for (const again of ["reload", "restart"] as const) {
      const lab = full();
      lab[again]();
      lab.advance(1000);
      expect(lab.life("c")).toHaveLength(2);
      lab.write({ verb: "delete", ref: refTo("Pod", "a") });
      lab.advance(10_000);
      expect([nodeOf(lab, "c"), nodeOf(lab, "d")], again).toEqual(["node-1", undefined]);
    }
  });
});
