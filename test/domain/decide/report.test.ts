import { beforeEach, describe, expect, it } from "vitest";
import type { Uid } from "../../../src/domain/state.ts";
import { ApiServer, manifest, podManifest, refTo, typesOf } from "../api-server.ts";

let api: ApiServer;
let uid: Uid;
beforeEach(() => {
  api = new ApiServer();
  api.create(podManifest());
  uid = api.get("Pod", "one").meta.uid;
});
const ref = refTo("Pod", "one");

describe("a binding", () => {
  it("gives a pod its node", () => {
    expect(api.accepted({ verb: "bind", ref, uid, node: "node-1" })).toEqual([
      { type: "PodScheduled", data: { node: "node-1" } },
    ]);
  });

  it("is made once", () => {
    api.accepted({ verb: "bind", ref, uid, node: "node-1" });
    expect(api.refused({ verb: "bind", ref, uid, node: "node-2" })).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "one": pod one is already assigned to node "node-1"',
    });
  });

  it("is refused for a pod on its way out", () => {
    api.create(podManifest({}, { name: "held", finalizers: ["example.com/wait"] }));
    const held = refTo("Pod", "held");
    api.accepted({ verb: "delete", ref: held });
    const refused = api.refused({ verb: "bind", ref: held, uid: api.get("Pod", "held").meta.uid, node: "node-1" });
    expect(refused).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on pods/binding "held": pod held is being deleted, cannot be assigned to a host',
    });
  });

  it("is refused when the pod is gone, or another has its name", () => {
    expect(api.refused({ verb: "bind", ref: refTo("Pod", "two"), uid, node: "n" }).message).toBe(
      'pods "two" not found',
    );
    expect(api.refused({ verb: "bind", ref, uid: "other" as Uid, node: "n" }).reason).toBe("Conflict");
  });
});

describe("the scheduler's complaint", () => {
  it("is recorded when it says something new", () => {
    const say = (message: string) => api.accepted({ verb: "reportUnschedulable", ref, uid, message });
    expect(typesOf(say("0/3 nodes"))).toEqual(["PodUnschedulable"]);
    expect(say("0/3 nodes")).toEqual([]);
    expect(typesOf(say("0/4 nodes"))).toEqual(["PodUnschedulable"]);
  });
});

describe("a kubelet's report", () => {
  it("is recorded as it stands, all of it or nothing", () => {
    const facts = [
      { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: true } },
      { type: "PodContainerStarted", data: { container: "web", phase: "Running" } },
    ] as const;
    expect(api.accepted({ verb: "report", ref, uid, facts })).toEqual(facts);
    expect(api.get("Pod", "one").status.phase).toBe("Running");
    expect(api.refused({ verb: "report", ref, uid: "other" as Uid, facts }).reason).toBe("Conflict");
  });

  it("of a node is recorded for the node", () => {
    api.create(manifest("v1", "Node", "node-1", {}));
    const lost = { type: "NodeNotReady", data: { reason: "NodeStatusUnknown", message: "silent" } } as const;
    expect(api.accepted({ verb: "reportNode", ref: refTo("Node", "node-1"), facts: [lost] })).toEqual([lost]);
    expect(api.refused({ verb: "reportNode", ref: refTo("Node", "node-9"), facts: [lost] }).message).toBe(
      'nodes "node-9" not found',
    );
  });
});

describe("a strip", () => {
  const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "uid-n" };

  it("takes finalizers and owners away, and nothing that is not there", () => {
    api.create(podManifest({}, { name: "two", finalizers: ["x/a", "x/b"], ownerReferences: [owner] }));
    const two = refTo("Pod", "two");
    const { uid: second } = api.get("Pod", "two").meta;
    api.accepted({ verb: "strip", ref: two, uid: second, finalizer: "x/a", owners: ["uid-n"] });
    expect(api.get("Pod", "two").meta).toMatchObject({ finalizers: ["x/b"], ownerReferences: [] });
    expect(api.accepted({ verb: "strip", ref: two, uid: second, finalizer: "x/a", owners: ["uid-n"] })).toEqual([]);
  });
});
