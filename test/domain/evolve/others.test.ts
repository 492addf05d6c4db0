import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/events.ts";
import type { EndpointSlice, Node } from "../../../src/domain/state.ts";
import type { Endpoint } from "../../../src/kubernetes/objects.ts";
import { startMs } from "../api-server.ts";
import { type Commit, commit, digest, fold, secondsOn, uid } from "./fold.ts";

const endpoint = (pod: string, ready = true): Endpoint => ({
  addresses: [`10.0.0.${pod.length}`],
  conditions: { ready, serving: ready, terminating: false },
  targetRef: { kind: "Pod", namespace: "default", name: pod, uid: `uid-${pod}` },
});

describe("an EndpointSlice", () => {
  const created: DomainEvent = {
    type: "EndpointSliceCreated",
    data: { uid, addressType: "IPv4", ports: [{ port: 80 }], endpoints: [endpoint("b")] },
  };
  const slice = (...commits: readonly (DomainEvent | Commit)[]): EndpointSlice =>
    fold("EndpointSlice", created, ...commits);
  const pods = ({ endpoints }: EndpointSlice) => endpoints.map(({ targetRef }) => targetRef?.name);

  it("keeps its endpoints in the order of their pods' names", () => {
    const grown = slice(
      { type: "EndpointAdded", data: { endpoint: endpoint("c") } },
      { type: "EndpointAdded", data: { endpoint: endpoint("a") } },
      { type: "EndpointAdded", data: { endpoint: endpoint("bb") } },
    );
    expect(pods(grown)).toEqual(["a", "b", "bb", "c"]);
  });

  it("changes or loses one endpoint and leaves the others the objects they are", () => {
    const before = slice({ type: "EndpointAdded", data: { endpoint: endpoint("c") } });
    const { targetRef: _, ...to } = endpoint("c", false);
    const changed = slice(
      { type: "EndpointAdded", data: { endpoint: endpoint("c") } },
      { type: "EndpointChanged", data: { pod: "c", to } },
    );
    expect(changed.endpoints[1]).toEqual(endpoint("c", false));
    expect(changed.endpoints[0]).toBe(created.type === "EndpointSliceCreated" ? created.data.endpoints[0] : undefined);
    expect(before.endpoints[0]).toBe(changed.endpoints[0]);
    expect(pods(slice({ type: "EndpointRemoved", data: { pod: "b" } }))).toEqual([]);
  });

  it("raises its generation with every commit that changes what it says, once", () => {
    expect(slice().meta.generation).toBe(1);
    const changes: readonly DomainEvent[] = [
      { type: "EndpointAdded", data: { endpoint: endpoint("c") } },
      { type: "EndpointRemoved", data: { pod: "b" } },
      { type: "EndpointSlicePortsChanged", data: { from: [{ port: 80 }], to: [{ port: 81 }] } },
    ];
    const { meta, ports } = slice(commit(0, ...changes));
    expect([meta.generation, ports]).toEqual([2, [{ port: 81 }]]);
    expect(slice(...changes).meta.generation).toBe(4);
    const patch = [{ op: "add", path: "/labels/a", value: "1" }] as const;
    expect(slice({ type: "EndpointSliceMetadataChanged", data: { patch } }).meta).toMatchObject({
      labels: { a: "1" },
      generation: 1,
    });
  });
});

describe("a Node", () => {
  const created: DomainEvent = { type: "NodeCreated", data: { uid, spec: {}, capacity: { cpu: "8" } } };
  const lost: DomainEvent = { type: "NodeNotReady", data: { reason: "NodeStatusUnknown", message: "silent" } };
  const node = (...commits: readonly (DomainEvent | Commit)[]): Node => fold("Node", created, ...commits);

  it("is ready from the start, unknown when it is silent, and ready again", () => {
    const ready = { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" };
    expect(node().conditions).toEqual([{ ...ready, lastTransitionMs: startMs }]);
    expect(node(commit(5000, lost), commit(5000, lost)).conditions).toEqual([
      {
        type: "Ready",
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "silent",
        lastTransitionMs: secondsOn(5),
      },
    ]);
    expect(node(commit(5000, lost), commit(5000, { type: "NodeReady", data: {} })).conditions).toEqual([
      { ...ready, lastTransitionMs: secondsOn(10) },
    ]);
  });

  it("is cordoned by its spec", () => {
    const patch = [{ op: "add", path: "/unschedulable", value: true }] as const;
    expect(node({ type: "NodeSpecChanged", data: { patch } }).spec).toEqual({ unschedulable: true });
  });
});

describe("kinds without a life of their own", () => {
  it("change their spec by a patch, a budget with a new generation", () => {
    const service: DomainEvent = { type: "ServiceCreated", data: { uid, spec: { ports: [{ port: 80 }] } } };
    const port = [{ op: "replace", path: "/ports/0/port", value: 81 }] as const;
    const changed = fold("Service", service, { type: "ServiceSpecChanged", data: { patch: port } });
    expect(changed.spec.ports).toEqual([{ port: 81 }]);
    expect(changed.meta).toMatchObject({ generation: 1, resourceVersion: 2 });

    const budget: DomainEvent = { type: "PodDisruptionBudgetCreated", data: { uid, spec: { minAvailable: 1 } } };
    const least = [{ op: "replace", path: "/minAvailable", value: 2 }] as const;
    const raised = fold("PodDisruptionBudget", budget, {
      type: "PodDisruptionBudgetSpecChanged",
      data: { patch: least, generation: 2 },
    });
    expect([raised.spec.minAvailable, raised.meta.generation]).toEqual([2, 2]);
  });

  it.each(["ConfigMap", "Secret"] as const)("a %s changes its content by naming another body", (kind) => {
    const created: DomainEvent = { type: `${kind}Created`, data: { uid, content: digest("a") } };
    const data = { from: digest("a"), to: digest("b") };
    expect(fold(kind, created, { type: `${kind}ContentChanged`, data }).content).toBe(digest("b"));
  });

  it("are marked, change their metadata, and go", () => {
    const created: DomainEvent = { type: "NamespaceCreated", data: { uid, spec: {}, finalizers: ["kubernetes"] } };
    const going: DomainEvent = {
      type: "NamespaceDeletionRequested",
      data: { deadlineMs: startMs, graceSeconds: 0, generation: 2 },
    };
    expect(fold("Namespace", created, going).meta).toMatchObject({
      deletion: { deadlineMs: startMs, graceSeconds: 0 },
      finalizers: ["kubernetes"],
    });
    const patch = [{ op: "remove", path: "/finalizers/0" }] as const;
    const released: DomainEvent = { type: "NamespaceMetadataChanged", data: { patch } };
    expect(fold("Namespace", created, going, released).meta.finalizers).toEqual([]);
    expect(() => fold("Namespace", created, { type: "NamespaceDeleted", data: {} })).toThrow("nothing is left");
  });
});
