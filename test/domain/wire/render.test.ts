import { beforeEach, describe, expect, it } from "vitest";
import type { PodFact } from "../../../src/domain/events.ts";
import type { EntityKind } from "../../../src/domain/state.ts";
import {
  ApiServer,
  deploymentManifest,
  manifest,
  podManifest,
  refTo,
  serviceManifest,
  startMs,
} from "../api-server.ts";

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer();
});

const report = (...facts: readonly PodFact[]): void => {
  api.accepted({ verb: "report", ref: refTo("Pod", "one"), uid: api.get("Pod", "one").meta.uid, facts });
};
const bind = (): void => {
  api.accepted({ verb: "bind", ref: refTo("Pod", "one"), uid: api.get("Pod", "one").meta.uid, node: "node-1" });
};
const wire = (kind: EntityKind, name: string) => api.wire(api.get(kind, name));
const status = () => Reflect.get(wire("Pod", "one"), "status");

describe("a pod as it is shown", () => {
  it("has a phase and a class of service from the start, and nothing of its containers while it has no node", () => {
    api.create(podManifest());
    expect(status()).toEqual({ phase: "Pending", qosClass: "BestEffort" });
  });

  it("shows every container of its spec once it has a node", () => {
    api.create(
      podManifest({
        containers: [
          { name: "web", image: "web:1" },
          { name: "log", image: "log:1" },
        ],
      }),
    );
    bind();
    expect(status().containerStatuses).toEqual(
      ["web", "log"].map((name) => ({
        name,
        image: `${name}:1`,
        imageID: "",
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: "ContainerCreating" } },
        lastState: {},
      })),
    );
    expect(status()).not.toHaveProperty("initContainerStatuses");
  });

  it("waits for its init containers by their own word", () => {
    api.create(podManifest({ initContainers: [{ name: "init", image: "init:1" }] }));
    bind();
    report({ type: "PodStarted", data: { podIP: "10.244.0.1", initialized: false } });
    expect(status().containerStatuses[0].state).toEqual({ waiting: { reason: "PodInitializing" } });
    expect(status().initContainerStatuses[0].state).toEqual({ waiting: { reason: "PodInitializing" } });
    expect(status().conditions[1]).toMatchObject({
      type: "Initialized",
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [init]",
    });
  });

  it("has its conditions in the usual order, the false ones with the names of who holds them up", () => {
    api.create(
      podManifest({
        containers: [
          { name: "web", image: "web:1" },
          { name: "log", image: "log:1" },
        ],
      }),
    );
    bind();
    api.nowMs += 1500;
    report(
      { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: true } },
      { type: "PodContainerStarted", data: { container: "web" } },
      { type: "PodContainerReady", data: { container: "web" } },
    );
    const at = "2026-01-01T00:00:01Z";
    const waiting = { reason: "ContainersNotReady", message: "containers with unready status: [log]" };
    expect(status()).toMatchObject({ podIP: "10.244.0.1", podIPs: [{ ip: "10.244.0.1" }], startTime: at });
    expect(status().conditions).toEqual([
      { type: "PodReadyToStartContainers", status: "True", lastProbeTime: null, lastTransitionTime: at },
      { type: "Initialized", status: "True", lastProbeTime: null, lastTransitionTime: at },
      { type: "Ready", status: "False", lastProbeTime: null, lastTransitionTime: at, ...waiting },
      { type: "ContainersReady", status: "False", lastProbeTime: null, lastTransitionTime: at, ...waiting },
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-01T00:00:00Z" },
    ]);
  });

  it("shows how a container ended and that it runs again", () => {
    api.create(podManifest());
    bind();
    report(
      { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: true } },
      { type: "PodContainerStarted", data: { container: "web", phase: "Running" } },
    );
    api.nowMs += 5000;
    report({ type: "PodContainerTerminated", data: { container: "web", exitCode: 1, reason: "Error" } });
    const terminated = {
      exitCode: 1,
      reason: "Error",
      startedAt: "2026-01-01T00:00:00Z",
      finishedAt: "2026-01-01T00:00:05Z",
    };
    expect(status().containerStatuses[0]).toMatchObject({ started: false, state: { terminated }, lastState: {} });
    report({ type: "PodContainerStarted", data: { container: "web" } }, { type: "PodReady", data: {} });
    expect(status().containerStatuses[0]).toMatchObject({
      ready: true,
      started: true,
      restartCount: 1,
      state: { running: { startedAt: "2026-01-01T00:00:05Z" } },
      lastState: { terminated },
    });
  });

  it.each([
    ["BestEffort", {}],
    ["Burstable", { requests: { cpu: "100m" } }],
    ["Guaranteed", { limits: { cpu: "1", memory: "1Gi" } }],
  ])("is %s by its resources", (qosClass, resources) => {
    api.create(podManifest({ containers: [{ name: "web", image: "web:1", resources }] }));
    expect(status().qosClass).toBe(qosClass);
  });

  it("says why it failed, and when it is to go", () => {
    api.create(podManifest());
    bind();
    api.accepted({ verb: "delete", ref: refTo("Pod", "one") });
    report({ type: "PodFailed", data: { reason: "Evicted", message: "low on memory" } });
    expect(status()).toMatchObject({ phase: "Failed", reason: "Evicted", message: "low on memory" });
    expect(wire("Pod", "one").metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:30Z",
      deletionGracePeriodSeconds: 30,
    });
  });
});

describe("other objects as they are shown", () => {
  it("leave out what is empty or zero", () => {
    api.create(deploymentManifest());
    expect(wire("Deployment", "web")).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "web",
        namespace: "default",
        uid: api.get("Deployment", "web").meta.uid,
        resourceVersion: "2",
        generation: 1,
        creationTimestamp: "2026-01-01T00:00:00Z",
      },
      spec: {
        progressDeadlineSeconds: 600,
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: "web" } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
        template: expect.objectContaining({ metadata: { creationTimestamp: null, labels: { app: "web" } } }),
      },
      status: {},
    });
  });

  it("show a ReplicaSet's replicas even when there are none", () => {
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } };
    const spec = { replicas: 0, selector: { matchLabels: { app: "web" } }, template };
    api.create(manifest("apps/v1", "ReplicaSet", "web", { spec }));
    expect(wire("ReplicaSet", "web")).toMatchObject({ spec: { replicas: 0 }, status: { replicas: 0 } });
  });

  it("show a Deployment's conditions with both their times, and only counts that are not zero", () => {
    api.create(deploymentManifest());
    const stored = api.get("Deployment", "web");
    const condition = {
      type: "Available",
      status: "True",
      reason: "Enough",
      lastUpdateMs: startMs + 2000,
      lastTransitionMs: startMs,
    } as const;
    const written = { ...stored.status, replicas: 1, conditions: [condition] };
    api.accepted({ verb: "replace", entity: { ...stored, status: written }, subresource: "status" });
    expect(Reflect.get(wire("Deployment", "web"), "status")).toEqual({
      replicas: 1,
      conditions: [
        {
          type: "Available",
          status: "True",
          lastUpdateTime: "2026-01-01T00:00:02Z",
          lastTransitionTime: "2026-01-01T00:00:00Z",
          reason: "Enough",
        },
      ],
    });
  });

  it("have a generation where Kubernetes gives them one", () => {
    api.create(serviceManifest());
    api.create(podManifest());
    api.create(manifest("policy/v1", "PodDisruptionBudget", "one", { spec: {} }));
    const generations = [wire("Service", "web"), wire("Pod", "one"), wire("PodDisruptionBudget", "one")];
    expect(generations.map(({ metadata }) => metadata.generation)).toEqual([undefined, undefined, 1]);
  });

  it("show a slice without ports as null, and a node with what it reports", () => {
    const meta = { namespace: "default", name: "web-1" };
    api.accepted({
      verb: "createDraft",
      draft: { kind: "EndpointSlice", meta, addressType: "IPv4", ports: [], endpoints: [] },
    });
    expect(wire("EndpointSlice", "web-1")).toMatchObject({ addressType: "IPv4", ports: null, endpoints: [] });
    api.create(manifest("v1", "Node", "node-1", {}));
    const { conditions, capacity, allocatable } = Reflect.get(wire("Node", "node-1"), "status");
    expect(conditions.map(({ type, status: value }: { type: string; status: string }) => `${type}=${value}`)).toEqual([
      "MemoryPressure=False",
      "DiskPressure=False",
      "PIDPressure=False",
      "Ready=True",
    ]);
    expect(allocatable).toEqual(capacity);
  });
});
