import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DomainEvent } from "../../src/domain/events.ts";
import type { Digest, Uid } from "../../src/domain/state.ts";
import { foldKubeEvents, kubeEventsAt, noKubeEvents, type RecordedFact } from "../../src/history/kube-events.ts";
import type { KubeEvent, PodSpec } from "../../src/kubernetes/objects.ts";

const start = Date.UTC(2026, 0, 1);
const uid = (text: string): Uid => text as Uid;
const digest = (text: string): Digest => text as Digest;

const specs: Readonly<Record<string, PodSpec>> = {
  web: {
    containers: [{ name: "web", image: "web:1", readinessProbe: { httpGet: { path: "/" } } }],
    initContainers: [{ name: "migrate", image: "tools:1" }],
  },
};
const specOf = (of: Digest): PodSpec => {
  const spec = specs[of];
  if (!spec) throw new Error(`no spec ${of}`);
  return spec;
};

const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "u-deploy", controller: true };
const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5d", uid: "u-rs", controller: true };
const created = (replicas: number): DomainEvent => ({
  type: "ReplicaSetCreated",
  data: {
    uid: uid("u-rs"),
    ownerReferences: [deployment],
    spec: { replicas, minReadySeconds: 0, selector: {}, template: { digest: digest("web") } },
  },
});
const scaled = (from: number, to: number): DomainEvent => ({
  type: "ReplicaSetScaled",
  data: { from, to, generation: 2 },
});
const podCreated: DomainEvent = {
  type: "PodCreated",
  data: { uid: uid("u-pod"), spec: digest("web"), ownerReferences: [replicaSet] },
};

type Entry = readonly [stream: string, actor: string, atSeconds: number, event: DomainEvent];

const recorded = (entries: readonly Entry[]): readonly RecordedFact[] =>
  entries.map(([stream, actor, atSeconds, event], index) => ({
    ...event,
    seq: index + 1,
    stream,
    at: start + atSeconds * 1000,
    actor,
  }));

const eventsOf = (entries: readonly Entry[], nowSeconds?: number): readonly KubeEvent[] => {
  const state = noKubeEvents(specOf);
  for (const fact of recorded(entries)) foldKubeEvents(state, fact);
  return kubeEventsAt(state, start + (nowSeconds ?? entries.at(-1)?.[2] ?? 0) * 1000);
};

const said = (events: readonly KubeEvent[]): readonly string[] =>
  events.map(({ type, reason, message, involvedObject, source }) =>
    [type, reason, `${involvedObject.kind}/${involvedObject.name}`, source.component, message].join(" | "),
  );

const rs = "ReplicaSet/default/web-5d";
const pod = "Pod/default/web-5d-abcde";

describe("the Deployment controller", () => {
  test("speaks of each scaling on the Deployment, from the old size to the new one", () => {
    const events = eventsOf([
      [rs, "controller:deployment", 0, created(3)],
      [rs, "controller:deployment", 5, scaled(3, 1)],
    ]);
    expect(said(events)).toEqual([
      "Normal | ScalingReplicaSet | Deployment/web | deployment-controller | Scaled up replica set web-5d from 0 to 3",
      "Normal | ScalingReplicaSet | Deployment/web | deployment-controller | Scaled down replica set web-5d from 3 to 1",
    ]);
    expect(events[0]?.involvedObject).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "default",
      name: "web",
      uid: "u-deploy",
    });
  });

  test("is silent about a ReplicaSet created empty, and about one that a person scales", () => {
    expect(
      eventsOf([
        [rs, "controller:deployment", 0, created(0)],
        [rs, "user:alice", 1, scaled(0, 4)],
      ]),
    ).toEqual([]);
  });

  test("speaks on the Deployment that adopted the ReplicaSet, and no more once it is released", () => {
    const other = { ...deployment, name: "other", uid: "u-other" };
    const events = eventsOf([
      [rs, "user:alice", 0, { ...created(2) }],
      [rs, "controller:deployment", 0, { type: "ReplicaSetReleased", data: { owner: deployment } }],
      [rs, "controller:deployment", 1, scaled(2, 3)],
      [rs, "controller:deployment", 2, { type: "ReplicaSetAdopted", data: { owner: other } }],
      [rs, "controller:deployment", 3, scaled(3, 4)],
    ]);
    expect(events.map(({ involvedObject, message }) => [involvedObject.name, message])).toEqual([
      ["other", "Scaled up replica set web-5d from 3 to 4"],
    ]);
  });

  test("combines from the tenth distinct message of ten minutes on, in one event that counts", () => {
    const sizes = Array.from({ length: 12 }, (_, i): Entry => [rs, "controller:deployment", i, scaled(i, i + 1)]);
    const events = eventsOf([[rs, "controller:deployment", 0, created(0)], ...sizes]);
    expect(events).toHaveLength(10);
    expect(events.at(-1)).toMatchObject({
      message: "(combined from similar events): Scaled up replica set web-5d from 11 to 12",
      count: 3,
      firstTimestamp: "2026-01-01T00:00:09Z",
      lastTimestamp: "2026-01-01T00:00:11Z",
    });
  });

  test("does not combine what is more than ten minutes apart", () => {
    const sizes = Array.from({ length: 12 }, (_, i): Entry => [rs, "controller:deployment", i * 601, scaled(i, i + 1)]);
    const events = eventsOf([[rs, "controller:deployment", 0, created(0)], ...sizes]);
    expect(events.filter(({ message }) => message.startsWith("(combined"))).toEqual([]);
  });
});

describe("the ReplicaSet controller", () => {
  test("names the pods it created and deleted", () => {
    const events = eventsOf([
      [rs, "controller:deployment", 0, created(0)],
      [pod, "controller:replicaset", 1, podCreated],
      [pod, "controller:replicaset", 2, { type: "PodDeletionRequested", data: { deadlineMs: 0, graceSeconds: 30 } }],
      [pod, "kubelet:node-1", 3, { type: "PodDeleted", data: {} }],
    ]);
    expect(said(events)).toEqual([
      "Normal | SuccessfulCreate | ReplicaSet/web-5d | replicaset-controller | Created pod: web-5d-abcde",
      "Normal | SuccessfulDelete | ReplicaSet/web-5d | replicaset-controller | Deleted pod: web-5d-abcde",
    ]);
  });

  test("is silent about a pod that a person deletes", () => {
    const events = eventsOf([
      [pod, "controller:replicaset", 1, podCreated],
      [pod, "user:alice", 2, { type: "PodDeleted", data: {} }],
    ]);
    expect(events.map(({ reason }) => reason)).toEqual(["SuccessfulCreate"]);
  });

  const refused = (verb: string, object: string, message: string): DomainEvent => ({
    type: "WriteRefused",
    data: { verb, object, code: 403, reason: "Forbidden", message },
  });

  test("warns when a pod cannot be created or deleted, on the ReplicaSet", () => {
    const message = 'pods "web-5d-" is forbidden: exceeded quota';
    const events = eventsOf([
      [rs, "controller:deployment", 0, created(0)],
      [pod, "controller:replicaset", 1, podCreated],
      [
        "refusals/controller:replicaset",
        "controller:replicaset",
        1,
        refused("createDraft", "Pod/default/web-5d-", message),
      ],
      ["refusals/controller:replicaset", "controller:replicaset", 2, refused("delete", pod, "no")],
    ]);
    expect(said(events.slice(1))).toEqual([
      `Warning | FailedCreate | ReplicaSet/web-5d | replicaset-controller | Error creating: ${message}`,
      "Warning | FailedDelete | ReplicaSet/web-5d | replicaset-controller | Error deleting: no",
    ]);
  });

  test("is silent about a pod that it cannot create because its namespace goes away", () => {
    const message =
      'pods "web-5d-" is forbidden: unable to create new content in namespace default because it is being terminated';
    const events = eventsOf([
      [rs, "controller:deployment", 0, created(0)],
      [
        "refusals/controller:replicaset",
        "controller:replicaset",
        1,
        refused("createDraft", "Pod/default/web-5d-", message),
      ],
    ]);
    expect(events).toEqual([]);
  });

  test("falls silent after 25 events at once, and speaks again after 300 s", () => {
    const pods = Array.from({ length: 60 }, (_, i): Entry => [`${pod}${i}`, "controller:replicaset", 0, podCreated]);
    const count = (entries: readonly Entry[]): number => eventsOf(entries).reduce((sum, event) => sum + event.count, 0);
    expect(count(pods)).toBe(9 + 16);
    const later = (at: number): Entry => [`${pod}-later`, "controller:replicaset", at, podCreated];
    expect(count([...pods, later(299)])).toBe(25);
    // Occurrences that were dropped are counted all the same: 60 of them make 9 single events and 51 + 1 combined.
    expect(count([...pods, later(300)])).toBe(9 + 52);
  });
});

describe("the scheduler and the kubelet", () => {
  const life: readonly Entry[] = [
    [pod, "user:alice", 0, podCreated],
    [pod, "scheduler", 0, { type: "PodUnschedulable", data: { message: "0/3 nodes are available: 3 Too many pods." } }],
    [pod, "scheduler", 1, { type: "PodScheduled", data: { node: "node-1" } }],
    [pod, "kubelet:node-1", 2, { type: "PodStarted", data: { podIP: "10.0.0.1", initialized: false } }],
    [pod, "kubelet:node-1", 2, { type: "PodInitContainerStarted", data: { container: "migrate" } }],
    [
      pod,
      "kubelet:node-1",
      3,
      { type: "PodInitContainerCompleted", data: { container: "migrate", initialized: true } },
    ],
    [pod, "kubelet:node-1", 4, { type: "PodContainerStarted", data: { container: "web" } }],
    [pod, "kubelet:node-1", 6, { type: "PodUnready", data: { containers: ["web"] } }],
  ];

  test("tell the life of a pod in Kubernetes' words", () => {
    const deletion: Entry = [
      pod,
      "user:alice",
      9,
      { type: "PodDeletionRequested", data: { deadlineMs: 0, graceSeconds: 30 } },
    ];
    const events = eventsOf([...life, deletion]);
    expect(events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)).toEqual([
      "Warning FailedScheduling: 0/3 nodes are available: 3 Too many pods.",
      "Normal Scheduled: Successfully assigned default/web-5d-abcde to node-1",
      'Normal Pulled: Container image "tools:1" already present on machine',
      "Normal Created: Created container: migrate",
      "Normal Started: Started container migrate",
      'Normal Pulled: Container image "web:1" already present on machine',
      "Normal Created: Created container: web",
      "Normal Started: Started container web",
      "Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503",
      "Normal Killing: Stopping container web",
    ]);
    expect(events.map(({ involvedObject }) => involvedObject.fieldPath)).toContain("spec.initContainers{migrate}");
    expect(events.at(-1)?.source).toEqual({ component: "kubelet", host: "node-1" });
  });

  test("count a crash loop: one BackOff event, and restarts counted on the events of the first start", () => {
    const loop = [10, 20, 40].flatMap((seconds): Entry[] => [
      [
        pod,
        "kubelet:node-1",
        seconds,
        { type: "PodContainerTerminated", data: { container: "web", exitCode: 1, reason: "Error" } },
      ],
      [pod, "kubelet:node-1", seconds, { type: "PodUnready", data: { containers: ["web"] } }],
      [pod, "kubelet:node-1", seconds, { type: "PodBackOff", data: { container: "web", delayMs: 10_000 } }],
      [pod, "kubelet:node-1", seconds + 9, { type: "PodContainerStarted", data: { container: "web" } }],
    ]);
    const events = eventsOf([...life.slice(0, -1), ...loop]);
    const backOff = events.find(({ reason }) => reason === "BackOff");
    expect(backOff).toMatchObject({
      type: "Warning",
      message: "Back-off restarting failed container web in pod web-5d-abcde_default(u-pod)",
      count: 3,
      firstTimestamp: "2026-01-01T00:00:10Z",
      lastTimestamp: "2026-01-01T00:00:40Z",
    });
    expect(events.find(({ message }) => message === "Started container web")?.count).toBe(4);
    expect(events.filter(({ reason }) => reason === "Unhealthy")).toEqual([]);
  });

  test("tell an eviction, by its kubelet's own message", () => {
    const message = "The node was low on resource: memory.";
    const failed: Entry = [pod, "kubelet:node-1", 9, { type: "PodFailed", data: { reason: "Evicted", message } }];
    expect(eventsOf([...life, failed]).at(-1)).toMatchObject({
      type: "Warning",
      reason: "Evicted",
      message,
      source: { component: "kubelet", host: "node-1" },
      involvedObject: { kind: "Pod", name: "web-5d-abcde" },
    });
    const exited: Entry = [pod, "kubelet:node-1", 9, { type: "PodFailed", data: {} }];
    expect(eventsOf([...life, exited]).at(-1)?.reason).toBe("Unhealthy");
  });

  test("tell a failing pull and its back-off", () => {
    const pull = (reason: string): DomainEvent => ({
      type: "PodImagePullFailed",
      data: { container: "web", reason, message: "not found" },
    });
    const events = eventsOf([
      ...life.slice(0, 4),
      [pod, "kubelet:node-1", 3, pull("ErrImagePull")],
      [pod, "kubelet:node-1", 4, pull("ImagePullBackOff")],
    ]);
    expect(events.slice(2).map(({ type, reason, message }) => `${type} ${reason}: ${message}`)).toEqual([
      'Normal Pulling: Pulling image "web:1"',
      'Warning Failed: Failed to pull image "web:1": not found',
      "Warning Failed: Error: ErrImagePull",
      'Normal BackOff: Back-off pulling image "web:1"',
      "Warning Failed: Error: ImagePullBackOff",
    ]);
  });
});

describe("the list of events", () => {
  test("forgets an event an hour after it was last written", () => {
    const entries: readonly Entry[] = [[rs, "controller:deployment", 0, created(3)]];
    expect(eventsOf(entries, 3599)).toHaveLength(1);
    expect(eventsOf(entries, 3600)).toHaveLength(0);
  });

  test("holds all of an hour, while each component remembers a bounded number to count repetitions", () => {
    const state = noKubeEvents(specOf);
    const pods = Array.from({ length: 5000 }, (_, i): readonly Entry[] => [
      [`${pod}${i}`, "user:alice", 0, podCreated],
      [`${pod}${i}`, "scheduler", 0, { type: "PodScheduled", data: { node: "node-1" } }],
    ]);
    for (const fact of recorded(pods.flat())) foldKubeEvents(state, fact);
    expect(kubeEventsAt(state, start)).toHaveLength(5000);
    const sizes = [...state.correlators.values()].flatMap(({ similar, observations, buckets }) => [
      similar.size,
      observations.size,
      buckets.size,
    ]);
    expect(Math.max(...sizes)).toBe(4096);
  });

  test("names events after their object and time, each differently, and the same in every fold", () => {
    const schedule = (i: number): Entry[] => [
      [`${pod}${i}`, "controller:replicaset", 0, podCreated],
      [`${pod}${i}`, "scheduler", 0, { type: "PodScheduled", data: { node: "node-1" } }],
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (pods) => {
        const entries = Array.from({ length: pods }, (_, i) => schedule(i)).flat();
        const names = eventsOf(entries).map(({ metadata }) => metadata.name);
        expect(new Set(names).size).toBe(names.length);
        expect(eventsOf(entries)).toEqual(eventsOf(entries));
        for (const name of names) expect(name).toMatch(/^web-5d(-abcde\d+)?\.[0-9a-f]{16}$/);
      }),
      { numRuns: 20 },
    );
  });
});
