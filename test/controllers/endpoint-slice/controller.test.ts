import { describe, expect, test } from "vitest";
import { reconcileService } from "../../../src/controllers/endpoint-slice/controller.ts";
import type { SyncResult } from "../../../src/controllers/reconcile.ts";
import type { Entity, Pod } from "../../../src/domain/state.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { Cluster } from "../../support/cluster.ts";
import { startMs, uidOf } from "../../support/workloads.ts";
import { endpointPod, endpointsIn, nodeOf, podsNumbered, serviceOf, sizes, slicesIn, viewOf } from "./services.ts";

const key = { kind: "Service", namespace: "default", name: "web" } as const;

const sync = (cluster: Cluster): SyncResult => cluster.run(reconcileService(cluster, key));

const synced = (...entities: readonly Entity[]): Cluster => {
  const cluster = new Cluster(nodeOf("node-1"), ...entities);
  expect(sync(cluster)).toEqual({});
  return cluster;
};

const names = (cluster: Cluster): readonly (string | undefined)[] =>
  endpointsIn(cluster).map(({ targetRef }) => targetRef?.name);

describe("what an endpoint says", () => {
  test("a ready pod becomes an endpoint in a slice that is the Service's", () => {
    const cluster = synced(serviceOf(), endpointPod("a", { ip: "10.0.0.7" }));
    const [slice] = slicesIn(cluster);
    expect(slice).toMatchObject({
      addressType: "IPv4",
      ports: [{ name: "", port: 8080, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.0.0.7"],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: "Pod", namespace: "default", name: "a", uid: "uid-a" },
          nodeName: "node-1",
        },
      ],
    });
    expect(slice?.meta).toMatchObject({
      generateName: "web-",
      labels: {
        team: "a",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [
        {
          apiVersion: "v1",
          kind: "Service",
          name: "web",
          uid: "uid-svc-web",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  test.each([
    { ready: true, terminating: false, publish: false, says: [true, true, false] },
    { ready: false, terminating: false, publish: false, says: [false, false, false] },
    { ready: true, terminating: true, publish: false, says: [false, true, true] },
    { ready: false, terminating: true, publish: false, says: [false, false, true] },
    { ready: false, terminating: false, publish: true, says: [true, false, false] },
    { ready: true, terminating: true, publish: true, says: [true, true, true] },
    { ready: false, terminating: true, publish: true, says: [true, false, true] },
  ])(
    "ready $ready, terminating $terminating, publishNotReadyAddresses $publish",
    ({ ready, terminating, publish, says }) => {
      const service = serviceOf(publish ? { publishNotReadyAddresses: true } : {});
      const [endpoint] = endpointsIn(synced(service, endpointPod("a", { ready, terminating })));
      const { conditions } = endpoint ?? {};
      expect([conditions?.ready, conditions?.serving, conditions?.terminating]).toEqual(says);
    },
  );

  test("pods without an address, finished, or not selected are no endpoints", () => {
    const cluster = synced(
      serviceOf(),
      endpointPod("no-ip", { ip: "" }),
      endpointPod("failed", { phase: "Failed" }),
      endpointPod("succeeded", { phase: "Succeeded" }),
      endpointPod("other", { app: "db" }),
      endpointPod("yes"),
    );
    expect(names(cluster)).toEqual(["yes"]);
  });

  test("a pod on an unknown node is left out and asked for again, unless all addresses are published", () => {
    const lost = endpointPod("lost", { node: "node-9" });
    const cluster = new Cluster(nodeOf("node-1"), serviceOf(), lost, endpointPod("a"));
    expect(sync(cluster)).toEqual({ error: "skipping Pod lost for Service default/web: Node node-9 Not Found" });
    expect(names(cluster)).toEqual(["a"]);
    cluster.put(nodeOf("node-9"));
    expect(sync(cluster)).toEqual({});
    expect(names(cluster)).toEqual(["a", "lost"]);
    expect(names(synced(serviceOf({ publishNotReadyAddresses: true }), lost))).toEqual(["lost"]);
  });

  test("Services without selector and ExternalName Services are left alone", () => {
    for (const spec of [{ selector: {} }, { type: "ExternalName" }]) {
      expect(synced(serviceOf(spec), endpointPod("a")).requests).toEqual([]);
    }
  });

  test("a pod without a node is left out as well", () => {
    const { nodeName: _, ...adrift } = endpointPod("adrift");
    const cluster = new Cluster(serviceOf(), adrift);
    expect(sync(cluster)).toEqual({ error: "skipping Pod adrift for Service default/web: Node  Not Found" });
  });

  test("a headless Service says so in a label, another does not", () => {
    const [other] = slicesIn(synced(serviceOf(), endpointPod("a")));
    expect(other?.meta.labels).not.toHaveProperty("service.kubernetes.io/headless");
    const [slice] = slicesIn(synced(serviceOf({ clusterIP: "None" }), endpointPod("a")));
    expect(slice?.meta.labels["service.kubernetes.io/headless"]).toBe("");
  });
});

describe("ports", () => {
  test("pods are grouped by what a named port resolves to; a pod without it lacks the port", () => {
    const service = serviceOf({
      ports: [
        { name: "web", port: 80, targetPort: "http", protocol: "TCP" },
        { name: "metrics", port: 90, targetPort: 9090, protocol: "TCP" },
      ],
    });
    const cluster = new Cluster(nodeOf("node-1"), service);
    cluster.ports = (spec) => {
      if (spec === "old") return [{ name: "http", containerPort: 8080 }];
      if (spec === "new")
        return [
          { name: "http", containerPort: 80, protocol: "UDP" },
          { name: "http", containerPort: 8081 },
        ];
      return [];
    };
    cluster.put(
      endpointPod("a", { spec: "old" }),
      endpointPod("b", { spec: "new" }),
      endpointPod("c", { spec: "none" }),
    );
    cluster.put(endpointPod("d", { spec: "old" }));
    expect(sync(cluster)).toEqual({});
    const metrics = { name: "metrics", port: 9090, protocol: "TCP" };
    expect(
      slicesIn(cluster).map(({ ports, endpoints }) => [ports, endpoints.map(({ targetRef }) => targetRef?.name)]),
    ).toEqual([
      [
        [{ name: "web", port: 8080, protocol: "TCP" }, metrics],
        ["a", "d"],
      ],
      [[{ name: "web", port: 8081, protocol: "TCP" }, metrics], ["b"]],
      [[metrics], ["c"]],
    ]);
  });

  test("without a target port the Service's own is meant, by TCP; without any port there are endpoints all the same", () => {
    const [slice] = slicesIn(synced(serviceOf({ ports: [{ port: 80 }] }), endpointPod("a")));
    expect(slice?.ports).toEqual([{ name: "", port: 80, protocol: "TCP" }]);
    const { ports: _, ...spec } = serviceOf().spec;
    const [portless] = slicesIn(synced({ ...serviceOf(), spec }, endpointPod("a")));
    expect([portless?.ports, portless?.endpoints.length]).toEqual([[], 1]);
  });

  test("a named port is found by its name, wherever it stands", () => {
    const cluster = new Cluster(
      nodeOf("node-1"),
      serviceOf({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] }),
      endpointPod("a"),
    );
    cluster.ports = () => [
      { name: "admin", containerPort: 1 },
      { name: "http", containerPort: 2 },
    ];
    sync(cluster);
    expect(slicesIn(cluster).map(({ ports }) => ports[0]?.port)).toEqual([2]);
  });

  test("a pod with ports of its own does not go into a slice of others, however much room there is", () => {
    const cluster = new Cluster(
      nodeOf("node-1"),
      serviceOf({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] }),
    );
    cluster.ports = (spec) => [{ name: "http", containerPort: Number(spec) }];
    cluster.put(endpointPod("a", { spec: "8080" }));
    sync(cluster);
    cluster.put(endpointPod("b", { spec: "9090" }));
    sync(cluster);
    expect(slicesIn(cluster).map(({ ports }) => ports[0]?.port)).toEqual([8080, 9090]);
  });

  test("other ports of the Service move its endpoints, in the slices that are there", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 3));
    const [before] = slicesIn(cluster);
    cluster.put(serviceOf({ ports: [{ port: 80, targetPort: 9999, protocol: "TCP" }] }));
    sync(cluster);
    const [after, another] = slicesIn(cluster);
    expect(another).toBeUndefined();
    expect(after?.meta.uid).toBe(before?.meta.uid);
    expect([after?.ports[0]?.port, after?.endpoints.length]).toEqual([9999, 3]);
  });
});

describe("packing", () => {
  test("at most 100 endpoints a slice, ordered by pod name", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 250).toReversed());
    expect(sizes(cluster)).toEqual([100, 100, 50]);
    expect(names(cluster)).toEqual(podsNumbered(0, 250).map(({ meta }) => meta.name));
  });

  test("one change among a thousand pods reads one pod and writes one slice", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 1_000));
    const before = cluster.requests.length;
    cluster.put(endpointPod("p0500", { ready: false }));
    const read: string[] = [];
    const pod = (namespace: string, name: string): Pod | undefined => {
      read.push(name);
      return cluster.pod(namespace, name);
    };
    const view = { ...viewOf(cluster), pendingPods: () => ["p0500"], pod };
    expect(cluster.run(reconcileService(view, key))).toEqual({});
    expect(read).toEqual(["p0500"]);
    expect(cluster.requests.length - before).toBe(1);
    expect(endpointsIn(cluster).filter(({ conditions }) => !conditions.ready)).toHaveLength(1);
  });

  test("a new endpoint goes into the slice with the tightest fit, and endpoints stay where they are", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 250));
    const gone = [3, 110, 120].map((n) => endpointPod(`p${String(n).padStart(4, "0")}`));
    for (const pod of gone) cluster.remove(pod);
    sync(cluster);
    expect(sizes(cluster)).toEqual([99, 98, 50]);
    cluster.put(endpointPod("z-one"), endpointPod("z-two"));
    sync(cluster);
    expect(sizes(cluster)).toEqual([99, 100, 50]);
    cluster.put(endpointPod("z-three"));
    sync(cluster);
    expect(sizes(cluster)).toEqual([100, 100, 50]);
  });

  test("of equal slices the first by name is filled, whatever the order of the view", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 200));
    for (const n of ["p0010", "p0110"]) cluster.remove(endpointPod(n));
    sync(cluster);
    expect(sizes(cluster)).toEqual([99, 99]);
    cluster.put(endpointPod("z-new"));
    const view = { ...viewOf(cluster), slicesOf: () => slicesIn(cluster).toReversed() };
    cluster.run(reconcileService(view, key));
    expect(sizes(cluster)).toEqual([100, 99]);
  });

  test("groups of ports get their slices in the order of their pods' names, whatever that of the view", () => {
    const cluster = new Cluster(
      nodeOf("node-1"),
      serviceOf({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] }),
      endpointPod("a", { spec: "8080" }),
      endpointPod("b", { spec: "9090" }),
    );
    cluster.ports = (spec) => [{ name: "http", containerPort: Number(spec) }];
    cluster.run(reconcileService({ ...viewOf(cluster), pendingPods: () => ["b", "a"] }, key));
    expect(slicesIn(cluster).map(({ ports }) => ports[0]?.port)).toEqual([8080, 9090]);
  });

  test("a new endpoint takes its place by name among those that are there", () => {
    const cluster = synced(serviceOf(), endpointPod("b"), endpointPod("d"));
    cluster.put(endpointPod("c"), endpointPod("a"));
    sync(cluster);
    expect(names(cluster)).toEqual(["a", "b", "c", "d"]);
  });

  test("of slices that change anyway the fullest is filled first, wherever it stands", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 150));
    for (const pod of [...podsNumbered(0, 60), ...podsNumbered(149, 150)]) cluster.remove(pod);
    cluster.put(endpointPod("z-new"));
    sync(cluster);
    expect(sizes(cluster)).toEqual([40, 50]);
  });

  test("slices that change anyway are filled first, the fullest before the others", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 250));
    for (const n of [10, 210]) cluster.remove(endpointPod(`p${String(n).padStart(4, "0")}`));
    cluster.put(endpointPod("z-one"), endpointPod("z-two"));
    const before = cluster.writes.length;
    sync(cluster);
    expect(sizes(cluster)).toEqual([100, 100, 50]);
    expect(cluster.writes.length - before).toBe(2);
  });

  test("a pod that comes back under its name with another UID is a new endpoint", () => {
    const cluster = synced(serviceOf(), endpointPod("a"));
    cluster.put(endpointPod("a", { uid: "again" }));
    sync(cluster);
    expect(endpointsIn(cluster).map(({ targetRef }) => targetRef?.uid)).toEqual(["uid-again"]);
  });

  test("a pod in two slices loses one of its endpoints", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 150));
    const [first, second] = slicesIn(cluster);
    if (!first || !second) throw new Error("there should be two slices");
    cluster.put({ ...second, endpoints: [...first.endpoints.slice(0, 1), ...second.endpoints] });
    sync(cluster);
    expect(sizes(cluster)).toEqual([100, 50]);
  });
});

describe("slices that come and go", () => {
  test("a Service without endpoints has one placeholder, which its first endpoint takes over", () => {
    const cluster = synced(serviceOf());
    expect(slicesIn(cluster)).toMatchObject([{ ports: [], endpoints: [] }]);
    const [placeholder] = slicesIn(cluster);
    const before = cluster.requests.length;
    sync(cluster);
    expect(cluster.requests).toHaveLength(before);
    cluster.put(endpointPod("a"));
    sync(cluster);
    expect(slicesIn(cluster).map(({ meta }) => meta.uid)).toEqual([placeholder?.meta.uid]);
    expect(sizes(cluster)).toEqual([1]);
    cluster.remove(endpointPod("a"));
    sync(cluster);
    expect(slicesIn(cluster)).toMatchObject([{ ports: [], endpoints: [], meta: { uid: placeholder?.meta.uid } }]);
  });

  test("an emptied slice is deleted while others remain", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 150));
    for (const pod of podsNumbered(100, 150)) cluster.remove(pod);
    sync(cluster);
    expect(sizes(cluster)).toEqual([100]);
  });

  test("of two placeholders one goes", () => {
    const cluster = synced(serviceOf());
    const [placeholder] = slicesIn(cluster);
    if (!placeholder) throw new Error("there is no placeholder");
    cluster.put({ ...placeholder, meta: { ...placeholder.meta, name: "web-twin", uid: uidOf("twin") } });
    sync(cluster);
    expect(slicesIn(cluster)).toMatchObject([{ ports: [], endpoints: [] }]);
    expect(slicesIn(cluster)).toHaveLength(1);
  });

  test("a slice that somebody emptied becomes a placeholder, without ports", () => {
    const cluster = synced(serviceOf());
    const [placeholder] = slicesIn(cluster);
    if (!placeholder) throw new Error("there is no placeholder");
    cluster.put({ ...placeholder, ports: [{ name: "", port: 8080, protocol: "TCP" }] });
    sync(cluster);
    expect(slicesIn(cluster).map(({ ports }) => ports)).toEqual([[]]);
  });

  test("a slice without ports loses its last endpoint", () => {
    const service = serviceOf({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] });
    const cluster = synced(service, endpointPod("a"));
    expect(slicesIn(cluster)).toMatchObject([{ ports: [] }]);
    cluster.remove(endpointPod("a"));
    sync(cluster);
    expect(sizes(cluster)).toEqual([0]);
  });

  test("a slice that bears the Service's labels but belongs to nobody goes", () => {
    const cluster = synced(serviceOf(), endpointPod("a"));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    cluster.put({ ...slice, meta: { ...slice.meta, name: "web-adrift", uid: uidOf("adrift"), ownerReferences: [] } });
    sync(cluster);
    expect(slicesIn(cluster).map(({ meta }) => meta.name)).toEqual([slice.meta.name]);
  });

  test("a slice that somebody else manages is left alone", () => {
    const cluster = synced(serviceOf(), endpointPod("a"));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    const labels = { ...slice.meta.labels, "endpointslice.kubernetes.io/managed-by": "somebody" };
    const theirs = {
      ...slice,
      meta: { ...slice.meta, name: "theirs", uid: uidOf("theirs"), labels, ownerReferences: [] },
    };
    cluster.put(theirs);
    const before = cluster.requests.length;
    expect(sync(cluster)).toEqual({});
    expect(cluster.requests).toHaveLength(before);
  });

  test("labels follow the Service's", () => {
    const cluster = synced(serviceOf(), endpointPod("a"));
    cluster.put(serviceOf({}, { labels: { team: "b" } }));
    sync(cluster);
    const [slice] = slicesIn(cluster);
    expect(slice?.meta.labels).toMatchObject({ team: "b", "kubernetes.io/service-name": "web" });
  });

  test("slices of an earlier Service of the same name are replaced, not taken over", () => {
    const cluster = synced(serviceOf(), endpointPod("a"));
    const [old] = slicesIn(cluster);
    cluster.put(serviceOf({}, { uid: uidOf("svc-again") }));
    sync(cluster);
    const [slice, another] = slicesIn(cluster);
    expect(another).toBeUndefined();
    expect(slice?.meta.uid).not.toBe(old?.meta.uid);
    expect(slice?.endpoints).toHaveLength(1);
  });

  test("a Service that is going gets no new slices", () => {
    const deletion = { deadlineMs: startMs, graceSeconds: 0 };
    const cluster = synced(serviceOf({}, { deletion, finalizers: ["foregroundDeletion"] }), endpointPod("a"));
    expect(cluster.requests).toEqual([]);
  });

  test("a refused write is the error of the sync; a terminating namespace is none", () => {
    const cluster = new Cluster(nodeOf("node-1"), serviceOf(), endpointPod("a"));
    cluster.refuse = () => refusal("Forbidden", "no room");
    expect(sync(cluster)).toEqual({ error: "failed to create EndpointSlice for Service default/web: no room" });
    const cause = { reason: "NamespaceTerminating", field: "metadata.namespace", message: "" };
    cluster.refuse = () => refusal("Forbidden", "terminating", { causes: [cause] });
    expect(sync(cluster)).toEqual({});
  });

  test("a refused update or deletion names the slice", () => {
    const cluster = synced(serviceOf(), ...podsNumbered(0, 150));
    const [first, second] = slicesIn(cluster).map(({ meta }) => meta.name);
    cluster.refuse = () => refusal("Conflict", "modified");
    for (const pod of podsNumbered(100, 150)) cluster.remove(pod);
    expect(sync(cluster)).toEqual({
      error: `failed to delete ${second} EndpointSlice for Service default/web: modified`,
    });
    cluster.remove(endpointPod("p0000"));
    expect(sync(cluster)).toEqual({
      error: `failed to update ${first} EndpointSlice for Service default/web: modified`,
    });
  });
});
