import { describe, expect, test } from "vitest";
import { reconcileService } from "../../src/controllers/endpoint-slice/controller.ts";
import { deploymentKeys, replicaSetKeys, serviceKeys } from "../../src/controllers/wakeups.ts";
import type { EndpointSlice, Entity, ReplicaSet } from "../../src/domain/state.ts";
import { Cluster } from "../support/cluster.ts";
import { type DeploymentFields, deploymentOf, podOf, replicaSetOf, startMs, uidOf } from "../support/workloads.ts";
import { endpointPod, nodeOf, podsNumbered, serviceOf, slicesIn } from "./endpoint-slice/services.ts";

type KeysOf = typeof deploymentKeys | typeof replicaSetKeys | typeof serviceKeys;

/** The names of the keys, as the view stands after the change. */
const woken = (keysOf: KeysOf, cluster: Cluster, before?: Entity, after?: Entity): readonly string[] =>
  keysOf(cluster, { before, after }).map(({ name }) => name);

const web = deploymentOf();
const web1 = replicaSetOf("web-1", { replicas: 1 });
const orphanReplicaSet: ReplicaSet = { ...web1, meta: { ...web1.meta, ownerReferences: [] } };
const recreate: DeploymentFields = { spec: { strategy: { type: "Recreate" } } };
const withLabels = <T extends Entity>(entity: T, labels: Entity["meta"]["labels"]): T => ({
  ...entity,
  meta: { ...entity.meta, labels },
});
const going = <T extends Entity>(entity: T): T => ({
  ...entity,
  meta: { ...entity.meta, deletion: { deadlineMs: startMs, graceSeconds: 30 } },
});

describe("a Deployment is woken", () => {
  const cluster = new Cluster(web, web1, deploymentOf({ meta: { name: "other", uid: uidOf("other") } }));
  const keys = (before?: Entity, after?: Entity) => woken(deploymentKeys, cluster, before, after);

  test("by its own changes, its end included", () => {
    expect(keys(undefined, web)).toEqual(["web"]);
    expect(keys(web, web)).toEqual(["web"]);
    expect(keys(web, undefined)).toEqual(["web"]);
  });

  test("by its ReplicaSets", () => {
    expect(keys(undefined, web1)).toEqual(["web"]);
    expect(keys(web1, web1)).toEqual(["web"]);
    expect(keys(web1, undefined)).toEqual(["web"]);
    expect(keys(undefined, going(web1))).toEqual(["web"]);
  });

  test("not by a ReplicaSet of an earlier Deployment of its name", () => {
    const [reference] = web1.meta.ownerReferences;
    if (!reference) throw new Error("web-1 has no owner");
    const old = { ...web1, meta: { ...web1.meta, ownerReferences: [{ ...reference, uid: "uid-old" }] } };
    expect(keys(undefined, old)).toEqual([]);
  });

  test("by an orphan that it may adopt: when it appears, is released, or gets other labels", () => {
    expect(keys(undefined, orphanReplicaSet)).toEqual(["other", "web"]);
    expect(keys(web1, orphanReplicaSet)).toEqual(["web", "other", "web"]);
    expect(keys(withLabels(orphanReplicaSet, {}), orphanReplicaSet)).toEqual(["other", "web"]);
    expect(keys(orphanReplicaSet, { ...orphanReplicaSet, status: web1.status })).toEqual([]);
    expect(keys(orphanReplicaSet, withLabels(orphanReplicaSet, { app: "db" }))).toEqual([]);
    expect(keys(undefined, going(orphanReplicaSet))).toEqual([]);
    expect(keys(orphanReplicaSet, undefined)).toEqual([]);
  });

  test("both owners by a ReplicaSet that passes from one to the other", () => {
    const moved = { ...web1, meta: { ...web1.meta, ownerReferences: [{ ...ownerNamed("other") }] } };
    expect(keys(web1, moved)).toEqual(["web", "other"]);
  });

  test("never by a pod, while it rolls", () => {
    const pod = podOf("web-1-a", web1, "Running");
    expect([keys(undefined, pod), keys(pod, going(pod)), keys(pod, undefined)]).toEqual([[], [], []]);
  });

  test("by the end of the last pod of all its ReplicaSets, if it recreates", () => {
    const [last, other] = [podOf("web-1-a", web1, "Running"), podOf("web-2-a", replicaSetOf("web-2"), "Failed")];
    const all = new Cluster(deploymentOf(recreate), web1, replicaSetOf("web-2"), other);
    expect(woken(deploymentKeys, all, last, undefined)).toEqual([]);
    all.remove(other);
    expect(woken(deploymentKeys, all, last, undefined)).toEqual(["web"]);
    expect(woken(deploymentKeys, all, last, going(last))).toEqual([]);
    expect(woken(deploymentKeys, new Cluster(deploymentOf(recreate)), last, undefined)).toEqual([]);
  });
});

const ownerNamed = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  name,
  uid: uidOf(name),
  controller: true,
  blockOwnerDeletion: true,
});

describe("a ReplicaSet is woken", () => {
  const web2 = replicaSetOf("web-2", { spec: { selector: { matchLabels: { app: "web", version: "2" } } } });
  const cluster = new Cluster(web, web1, web2);
  const keys = (before?: Entity, after?: Entity) => woken(replicaSetKeys, cluster, before, after);
  const pod = podOf("web-1-a", web1, "Running");
  const bare = podOf("bare", web1, "Running", { ownerReferences: [], labels: { app: "web", version: "2" } });

  test("by its own changes, but not by those of its Deployment", () => {
    expect(keys(web1, web1)).toEqual(["web-1"]);
    expect(keys(web1, undefined)).toEqual(["web-1"]);
    expect(keys(web, web)).toEqual([]);
  });

  test("by everything that happens to its pods", () => {
    expect(keys(undefined, pod)).toEqual(["web-1"]);
    expect(keys(pod, { ...pod, nodeName: "node-1" })).toEqual(["web-1"]);
    expect(keys(pod, going(pod))).toEqual(["web-1"]);
    expect(keys(going(pod), undefined)).toEqual(["web-1"]);
  });

  test("by an orphan that it may adopt, but not by one that is going", () => {
    expect(keys(undefined, bare)).toEqual(["web-1", "web-2"]);
    expect(keys(undefined, withLabels(bare, { app: "web" }))).toEqual(["web-1"]);
    expect(keys(withLabels(bare, {}), bare)).toEqual(["web-1", "web-2"]);
    expect(keys(bare, { ...bare, nodeName: "node-1" })).toEqual([]);
    expect(keys(bare, going(bare))).toEqual([]);
    expect(keys(bare, undefined)).toEqual([]);
  });

  test("not by objects of other kinds, whatever their labels", () => {
    expect(keys(undefined, withLabels(serviceOf(), { app: "web" }))).toEqual([]);
  });

  test("by the release of its pod, with all that may adopt it", () => {
    const released = { ...pod, meta: { ...pod.meta, ownerReferences: [], labels: { app: "db" } } };
    expect(keys(pod, released)).toEqual(["web-1"]);
  });
});

describe("a Service is woken", () => {
  const settled = (...entities: readonly Entity[]): Cluster => {
    const cluster = new Cluster(nodeOf("node-1"), serviceOf(), ...entities);
    cluster.run(reconcileService(cluster, { kind: "Service", namespace: "default", name: "web" }));
    return cluster;
  };
  /** Makes the change, then asks who is woken by it. */
  const wokenBy = (cluster: Cluster, before: Entity | undefined, next: Entity | undefined): readonly string[] => {
    if (next) cluster.put(next);
    else if (before) cluster.remove(before);
    return woken(serviceKeys, cluster, before, next);
  };

  test("by its own changes", () => {
    expect(wokenBy(settled(), undefined, serviceOf())).toEqual(["web"]);
    expect(wokenBy(settled(), serviceOf(), undefined)).toEqual(["web"]);
  });

  test("by a pod whose endpoint appears, changes or goes", () => {
    const [pod, unready] = [endpointPod("a"), endpointPod("a", { ready: false })];
    expect(wokenBy(settled(), undefined, pod)).toEqual(["web"]);
    expect(wokenBy(settled(pod), pod, unready)).toEqual(["web"]);
    expect(wokenBy(settled(pod), pod, endpointPod("a", { terminating: true }))).toEqual(["web"]);
    expect(wokenBy(settled(pod), pod, endpointPod("a", { phase: "Failed" }))).toEqual(["web"]);
    expect(wokenBy(settled(pod), pod, endpointPod("a", { app: "db" }))).toEqual(["web"]);
    expect(wokenBy(settled(pod), pod, undefined)).toEqual(["web"]);
  });

  test("not by a pod whose change does not matter to endpoints", () => {
    const pod = endpointPod("a");
    const restarted = { ...pod, meta: { ...pod.meta, annotations: { note: "x" } } };
    expect(wokenBy(settled(pod), pod, restarted)).toEqual([]);
    expect(wokenBy(settled(), undefined, endpointPod("a", { ip: "" }))).toEqual([]);
    expect(wokenBy(settled(), undefined, endpointPod("a", { app: "db" }))).toEqual([]);
    expect(wokenBy(settled(), endpointPod("a", { app: "db" }), undefined)).toEqual([]);
  });

  test("by a slice that somebody else changed, not by its own writes", () => {
    const cluster = settled(...podsNumbered(0, 150));
    const from = cluster.changes.length;
    cluster.put(endpointPod("p0000", { ready: false }));
    for (const pod of podsNumbered(100, 150)) cluster.remove(pod);
    cluster.put(endpointPod("z-new", { spec: "other" }));
    cluster.run(reconcileService(cluster, { kind: "Service", namespace: "default", name: "web" }));
    const own = cluster.changes.slice(from).filter(({ before, after }) => (after ?? before)?.kind === "EndpointSlice");
    expect(own).toHaveLength(2);
    for (const change of own) expect(serviceKeys(cluster, change)).toEqual([]);

    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    expect(wokenBy(cluster, slice, { ...slice, endpoints: slice.endpoints.slice(1) })).toEqual(["web"]);
  });

  test("by a slice that gets other ports, an endpoint of nobody, or is going", () => {
    const stranger = {
      addresses: ["10.9.9.9"],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: "Pod", namespace: "default", name: "stranger", uid: "uid-stranger" },
    };
    for (const spoil of [
      (slice: EndpointSlice): EndpointSlice => ({ ...slice, ports: [{ name: "", port: 1, protocol: "TCP" }] }),
      (slice: EndpointSlice): EndpointSlice => ({ ...slice, endpoints: [...slice.endpoints, stranger] }),
      going<EndpointSlice>,
    ]) {
      // Of two, so that the Service does not lack slices altogether.
      const cluster = settled(...podsNumbered(0, 150));
      const [slice] = slicesIn(cluster);
      if (!slice) throw new Error("there is no slice");
      expect(wokenBy(cluster, slice, spoil(slice))).toEqual(["web"]);
    }
  });

  test("by a slice that somebody else makes for it", () => {
    const cluster = settled(endpointPod("a"));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    const twin = { ...slice, meta: { ...slice.meta, name: "web-twin", uid: uidOf("twin") } };
    expect(wokenBy(cluster, undefined, twin)).toEqual(["web"]);
  });

  test("not by another object that bears a slice's labels", () => {
    const cluster = settled(endpointPod("a"));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    expect(woken(serviceKeys, cluster, undefined, withLabels(web, slice.meta.labels))).toEqual([]);
  });

  test("by a slice that is gone, emptied, or no longer labelled as its own", () => {
    for (const spoil of [
      () => undefined,
      <T extends Entity>(slice: T): T => ({ ...slice, endpoints: [] }),
      <T extends Entity>(slice: T): T => withLabels(slice, {}),
      <T extends Entity>(slice: T): T => withLabels(slice, { ...slice.meta.labels, extra: "yes" }),
    ]) {
      const cluster = settled(endpointPod("a"));
      const [slice] = slicesIn(cluster);
      if (!slice) throw new Error("there is no slice");
      expect(wokenBy(cluster, slice, spoil(slice))).toEqual(["web"]);
    }
    const cluster = settled();
    const [placeholder] = slicesIn(cluster);
    expect(wokenBy(cluster, placeholder, undefined)).toEqual(["web"]);
  });

  test("by one of several slices that is taken from it", () => {
    const cluster = settled(...podsNumbered(0, 150));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    expect(wokenBy(cluster, slice, withLabels(slice, {}))).toEqual(["web"]);
    const other = settled(...podsNumbered(0, 150));
    expect(wokenBy(other, slicesIn(other)[0], undefined)).toEqual(["web"]);
  });

  test("not by an empty slice that goes while others remain", () => {
    const cluster = settled(endpointPod("a"));
    const [slice] = slicesIn(cluster);
    if (!slice) throw new Error("there is no slice");
    const empty = { ...slice, meta: { ...slice.meta, name: "web-empty", uid: uidOf("empty") }, endpoints: [] };
    expect(wokenBy(cluster, empty, undefined)).toEqual([]);
    expect(wokenBy(cluster, empty, withLabels(empty, {}))).toEqual([]);
  });

  test("not by the end of its slices when it is gone itself", () => {
    const cluster = settled(endpointPod("a"));
    cluster.remove(serviceOf());
    const [slice] = slicesIn(cluster);
    expect(wokenBy(cluster, slice, undefined)).toEqual([]);
  });
});
