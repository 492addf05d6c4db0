import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../../../src/controllers/garbage-collector/controller.ts";
import type { SyncResult } from "../../../src/controllers/reconcile.ts";
import { garbageCollectorKeys } from "../../../src/controllers/wakeups.ts";
import {
  type ConfigMap,
  type Digest,
  type Entity,
  type Meta,
  type ObjectRef,
  type Pod,
  refOf,
} from "../../../src/domain/state.ts";
import type { OwnerReference } from "../../../src/kubernetes/objects.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../../src/kubernetes/well-known.ts";
import { Cluster } from "../../support/cluster.ts";
import { deploymentOf, metaOf, podOf, replicaSetOf, startMs, uidOf } from "../../support/workloads.ts";
import { nodeOf } from "../endpoint-slice/services.ts";

const sync = (cluster: Cluster, entity: Entity): SyncResult => cluster.run(collectGarbage(cluster, refOf(entity)));

/** Runs everything that the changes from the `from`th on call for. */
const settle = (cluster: Cluster, from: number): number =>
  cluster.settle(
    (change) => garbageCollectorKeys(cluster, change),
    (key) => collectGarbage(cluster, key),
    from,
  );

const ownedBy = (owner: Entity, traits: Partial<OwnerReference> = { blockOwnerDeletion: true }): OwnerReference => ({
  apiVersion: "v1",
  kind: owner.kind,
  name: owner.meta.name,
  uid: owner.meta.uid,
  ...traits,
});

const configMap = (name: string, owners: readonly OwnerReference[] = [], meta: Partial<Meta> = {}): ConfigMap => ({
  kind: "ConfigMap",
  meta: metaOf(name, { ownerReferences: owners, ...meta }),
  content: "content" as Digest,
});

const web = deploymentOf();
const replicaSets = [replicaSetOf("web-1", { replicas: 0 }), replicaSetOf("web-2", { replicas: 2 })] as const;
const pods = ["a", "b"].map(
  (name): Pod => ({ ...podOf(`web-2-${name}`, replicaSets[1], "Running"), nodeName: "node-1" }),
);

const rolledOut = (): Cluster => new Cluster(web, ...replicaSets, ...pods);

/** What a DELETE leaves behind while a finalizer holds the object. */
const deleting = <T extends Entity>(entity: T, finalizer: string): T => ({
  ...entity,
  meta: { ...entity.meta, finalizers: [finalizer], deletion: { deadlineMs: startMs, graceSeconds: 0 } },
});

const namesOf = (cluster: Cluster): readonly string[] =>
  [...cluster.all("Deployment"), ...cluster.all("ReplicaSet"), ...cluster.all("Pod"), ...cluster.all("ConfigMap")].map(
    ({ meta }) => meta.name,
  );

/** The kubelet has ended the pods that were terminating. */
const endTerminating = (cluster: Cluster): void => {
  for (const pod of cluster.all("Pod")) if (pod.meta.deletion) cluster.remove(pod);
};

describe("background deletion", () => {
  test("with the owner gone, its dependents and theirs go, pods with their grace", () => {
    const cluster = rolledOut();
    const from = cluster.changes.length;
    cluster.remove(web);
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual(["web-2-a", "web-2-b"]);
    expect(cluster.all("Pod").every(({ meta }) => meta.deletion !== undefined)).toBe(true);
    expect(cluster.writesOf("delete").map(({ ref, propagation }) => [ref.name, propagation])).toEqual([
      ["web-1", "Background"],
      ["web-2", "Background"],
      ["web-2-a", "Background"],
      ["web-2-b", "Background"],
    ]);
  });

  test("an owner of the same name with another UID is another object", () => {
    const cluster = rolledOut();
    cluster.put({ ...web, meta: { ...web.meta, uid: uidOf("web-again") } });
    sync(cluster, replicaSets[1]);
    expect(cluster.get("ReplicaSet", "web-2")).toBeUndefined();
    expect(cluster.writesOf("delete")).toMatchObject([{ uid: "uid-web-2" }]);
  });

  test("an object that lives is left alone, as is one that is already going", () => {
    const cluster = rolledOut();
    for (const entity of [web, ...replicaSets, ...pods]) expect(sync(cluster, entity)).toEqual({});
    cluster.put(deleting(replicaSets[0], "example.com/hold"));
    cluster.remove(web);
    sync(cluster, replicaSets[0]);
    expect(cluster.requests).toEqual([]);
  });

  test("an object that is gone needs nothing", () => {
    expect(sync(new Cluster(), web)).toEqual({});
  });

  test("an owner without a namespace is looked for without one", () => {
    const node = nodeOf("node-1");
    const agent = configMap("agent", [ownedBy(node)]);
    const cluster = new Cluster(node, agent);
    expect(sync(cluster, agent)).toEqual({});
    expect(cluster.requests).toEqual([]);
  });

  test("a dependent with the foreground finalizer goes in the foreground when its owner is gone", () => {
    const middle = configMap("middle", [ownedBy(web)], { finalizers: [FOREGROUND_FINALIZER] });
    const cluster = new Cluster(middle);
    sync(cluster, middle);
    expect(cluster.writesOf("delete").map(({ propagation }) => propagation)).toEqual(["Foreground"]);
  });

  test("a finalizer alone is no deletion", () => {
    for (const finalizer of [FOREGROUND_FINALIZER, ORPHAN_FINALIZER]) {
      const held = configMap("held", [], { finalizers: [finalizer] });
      const cluster = new Cluster(held, configMap("dependent", [ownedBy(held)]));
      sync(cluster, held);
      expect(cluster.requests).toEqual([]);
    }
  });

  test("an owner that the view does not show yet is looked for before anything is deleted", () => {
    const view = new Cluster(replicaSets[1]);
    const live = new Cluster(web, replicaSets[1]);
    expect(live.run(collectGarbage(view, refOf(replicaSets[1])))).toEqual({});
    expect(live.requests).toEqual([{ read: refOf(web) }]);
  });

  test("an owner that cannot be looked for decides nothing", () => {
    const cluster = new Cluster(replicaSets[1]);
    const sync = collectGarbage(cluster, refOf(replicaSets[1]));
    expect(sync.next().value).toEqual({ read: refOf(web) });
    expect(sync.next([E.left(refusal("InternalError", "boom"))])).toEqual({ done: true, value: { error: "boom" } });
  });

  test("an owner of a kind that is not stored here counts as existing", () => {
    const custom = configMap("settings", [{ apiVersion: "example.com/v1", kind: "Website", name: "w", uid: "u" }]);
    const cluster = new Cluster(custom);
    sync(cluster, custom);
    expect(namesOf(cluster)).toEqual(["settings"]);
  });

  test("with one owner gone and one left, only the dangling reference goes", () => {
    const other = configMap("other-owner");
    const shared = configMap("shared", [ownedBy(web), ownedBy(other)]);
    const cluster = new Cluster(web, other, shared);
    const from = cluster.changes.length;
    cluster.remove(web);
    settle(cluster, from);
    expect(cluster.get("ConfigMap", "shared")?.meta.ownerReferences).toEqual([ownedBy(other)]);
  });

  test("a namespaced owner is looked for in the namespace of its dependent", () => {
    const elsewhere = configMap("dependent", [ownedBy(web)], { namespace: "elsewhere" });
    const cluster = new Cluster(web, elsewhere);
    sync(cluster, elsewhere);
    expect(cluster.get("ConfigMap", "dependent", "elsewhere")).toBeUndefined();
  });

  test("a refused deletion is an error, unless the object is gone", () => {
    const cluster = rolledOut();
    cluster.remove(web);
    cluster.refuse = ({ verb }) => (verb === "delete" ? refusal("InternalError", "boom") : undefined);
    expect(sync(cluster, replicaSets[0])).toEqual({ error: "boom" });
    cluster.refuse = ({ verb }) => (verb === "delete" ? refusal("NotFound", "gone") : undefined);
    expect(sync(cluster, replicaSets[0])).toEqual({});
  });
});

describe("foreground deletion", () => {
  test("the owner goes last: after its ReplicaSets, which go after their pods", () => {
    const cluster = rolledOut();
    const from = cluster.changes.length;
    cluster.put(deleting(web, FOREGROUND_FINALIZER));
    settle(cluster, from);
    // The empty ReplicaSet had nothing to wait for.
    expect(namesOf(cluster)).toEqual(["web", "web-2", "web-2-a", "web-2-b"]);
    expect(cluster.writesOf("delete").map(({ ref, propagation }) => [ref.name, propagation])).toEqual([
      ["web-1", "Background"],
      ["web-2", "Foreground"],
      ["web-2-a", "Background"],
      ["web-2-b", "Background"],
    ]);

    const ended = cluster.changes.length;
    endTerminating(cluster);
    settle(cluster, ended);
    expect(namesOf(cluster)).toEqual([]);
    expect(cluster.writesOf("strip").map(({ ref, finalizer }) => [ref.name, finalizer])).toEqual([
      ["web-2", FOREGROUND_FINALIZER],
      ["web", FOREGROUND_FINALIZER],
    ]);
  });

  test("a dependent that does not block is deleted but not waited for", () => {
    const held = configMap("held", [ownedBy(web, {})], { finalizers: ["example.com/hold"] });
    const cluster = new Cluster(web, held);
    const from = cluster.changes.length;
    cluster.put(deleting(web, FOREGROUND_FINALIZER));
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual(["held"]);
    expect(cluster.get("ConfigMap", "held")?.meta.deletion).toBeDefined();
  });

  test("the owner waits for what blocks it, not for what blocks another owner", () => {
    const going = deleting(web, FOREGROUND_FINALIZER);
    const other = configMap("other-owner");
    const blockedBy = (...owners: readonly OwnerReference[]): readonly string[] => {
      const cluster = new Cluster(going, other, configMap("shared", owners));
      sync(cluster, going);
      return cluster.writes.map(({ verb }) => verb);
    };
    expect(blockedBy(ownedBy(other, {}), ownedBy(web))).toEqual([]);
    expect(blockedBy(ownedBy(other), ownedBy(web, {}))).toEqual(["strip"]);
  });

  test("a dependent one of whose own dependents waits goes at once, because they may wait in a circle", () => {
    const middle = configMap("middle", [ownedBy(web)]);
    const leaves = [
      configMap("leaf", [ownedBy(middle)]),
      deleting(configMap("waiting", [ownedBy(middle)]), FOREGROUND_FINALIZER),
    ];
    const cluster = new Cluster(deleting(web, FOREGROUND_FINALIZER), middle, ...leaves);
    sync(cluster, middle);
    expect(cluster.writesOf("delete").map(({ propagation }) => propagation)).toEqual(["Background"]);
  });

  test("a dependent that also has another owner only loses its reference", () => {
    const other = configMap("other-owner");
    const shared = configMap("shared", [ownedBy(web), ownedBy(other)]);
    const cluster = new Cluster(web, other, shared);
    const from = cluster.changes.length;
    cluster.put(deleting(web, FOREGROUND_FINALIZER));
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual(["other-owner", "shared"]);
    expect(cluster.get("ConfigMap", "shared")?.meta.ownerReferences).toEqual([ownedBy(other)]);
  });

  test("owners in a circle do not wait for each other for ever", () => {
    const [a, b] = [configMap("a"), configMap("b")];
    const cluster = new Cluster(configMap("a", [ownedBy(b)]), configMap("b", [ownedBy(a)]));
    const from = cluster.changes.length;
    cluster.put(deleting(configMap("a", [ownedBy(b)]), FOREGROUND_FINALIZER));
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual([]);
  });
});

describe("orphaning deletion", () => {
  test("the dependents lose their owner and stay, then the owner goes", () => {
    const cluster = rolledOut();
    const from = cluster.changes.length;
    cluster.put(deleting(web, ORPHAN_FINALIZER));
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual(["web-1", "web-2", "web-2-a", "web-2-b"]);
    expect(cluster.all("ReplicaSet").flatMap(({ meta }) => meta.ownerReferences)).toEqual([]);
    expect(cluster.all("Pod").every(({ meta }) => meta.ownerReferences.length === 1)).toBe(true);
    expect(cluster.writesOf("delete")).toEqual([]);
  });

  test("an owner without dependents goes at once", () => {
    const cluster = new Cluster(deleting(web, ORPHAN_FINALIZER));
    sync(cluster, web);
    expect(cluster.requests).toHaveLength(1);
    expect(namesOf(cluster)).toEqual([]);
  });

  test("dependents are let go in the order of their names, then namespaces, then kinds, whatever that of the view", () => {
    const dependents = [
      configMap("b", [ownedBy(web)]),
      configMap("a", [ownedBy(web)], { namespace: "elsewhere" }),
      replicaSetOf("a"),
      configMap("a", [ownedBy(web)]),
    ];
    const cluster = new Cluster(deleting(web, ORPHAN_FINALIZER), ...dependents);
    sync(cluster, web);
    const strips = cluster.writesOf("strip").filter(({ owners }) => owners !== undefined);
    expect(strips.map(({ ref }) => `${ref.name} ${ref.namespace} ${ref.kind}`)).toEqual([
      "a default ConfigMap",
      "a default ReplicaSet",
      "a elsewhere ConfigMap",
      "b default ConfigMap",
    ]);
  });

  test("the owner stays as long as a dependent could not be let go", () => {
    const cluster = rolledOut();
    cluster.put(deleting(web, ORPHAN_FINALIZER));
    cluster.refuse = (write) =>
      write.verb === "strip" && write.ref.name === "web-1" ? refusal("InternalError", "boom") : undefined;
    expect(sync(cluster, web)).toEqual({ error: "failed to orphan dependents of owner uid-web, got errors: boom" });
    expect(namesOf(cluster)).toContain("web");
    cluster.refuse = (write) =>
      write.verb === "strip" && write.ref.name === "web-1" ? refusal("NotFound", "gone") : undefined;
    expect(sync(cluster, web)).toEqual({});
    expect(namesOf(cluster)).not.toContain("web");
  });

  test("a dependent with the orphan finalizer passes on what it was told when its owner goes", () => {
    const middle = configMap("middle", [ownedBy(web)], { finalizers: [ORPHAN_FINALIZER] });
    const leaf = configMap("leaf", [ownedBy(middle)]);
    const cluster = new Cluster(web, middle, leaf);
    const from = cluster.changes.length;
    cluster.remove(web);
    settle(cluster, from);
    expect(namesOf(cluster)).toEqual(["leaf"]);
    expect(cluster.get("ConfigMap", "leaf")?.meta.ownerReferences).toEqual([]);
  });
});

describe("wake-ups", () => {
  const keys = (cluster: Cluster, before: Entity | undefined, after: Entity | undefined): readonly ObjectRef[] =>
    garbageCollectorKeys(cluster, { before, after });

  test("an object whose owners live, and changes of anything but owners and finalizers, wake nobody", () => {
    const cluster = rolledOut();
    const [pod] = pods;
    if (!pod) throw new Error("no pod");
    expect(keys(cluster, undefined, pod)).toEqual([]);
    expect(keys(cluster, pod, { ...pod, meta: { ...pod.meta, labels: {} } })).toEqual([]);
    const deletion = { deadlineMs: startMs, graceSeconds: 30 };
    expect(keys(cluster, pod, { ...pod, meta: { ...pod.meta, deletion } })).toEqual([]);
    expect(keys(cluster, pod, undefined)).toEqual([]);
  });

  test("an object created for an owner that is gone, or that waits for its dependents, is woken", () => {
    const late = configMap("late", [ownedBy(web)]);
    expect(keys(new Cluster(late), undefined, late)).toEqual([refOf(late)]);
    expect(keys(new Cluster(deleting(web, FOREGROUND_FINALIZER), late), undefined, late)).toEqual([refOf(late)]);
    expect(keys(new Cluster(deleting(web, ORPHAN_FINALIZER), late), undefined, late)).toEqual([]);
  });

  test("a change of the owners alone, or a deletion alone, is enough", () => {
    const held = configMap("held", [ownedBy(web)]);
    const freed = { ...held, meta: { ...held.meta, ownerReferences: [] } };
    expect(keys(new Cluster(deleting(web, FOREGROUND_FINALIZER), freed), held, freed)).toEqual([refOf(web)]);
    const marked = { ...web, meta: { ...web.meta, finalizers: [FOREGROUND_FINALIZER] } };
    const begun = { ...marked, meta: { ...marked.meta, deletion: { deadlineMs: startMs, graceSeconds: 0 } } };
    expect(keys(rolledOut(), marked, begun).map(({ name }) => name)).toEqual(["web", "web-1", "web-2"]);
  });

  test("a finalizer that comes or goes while nothing waits wakes no dependents", () => {
    const held = { ...web, meta: { ...web.meta, finalizers: ["example.com/hold"] } };
    expect(keys(rolledOut(), web, held)).toEqual([]);
    expect(keys(rolledOut(), held, web)).toEqual([]);
  });

  test("an object with an owner of a kind that is not stored here is left alone", () => {
    const custom = configMap("settings", [{ apiVersion: "example.com/v1", kind: "Website", name: "w", uid: "u" }]);
    expect(keys(new Cluster(custom), undefined, custom)).toEqual([]);
  });

  test("an object that begins to wait wakes itself and its dependents, once", () => {
    const cluster = rolledOut();
    const held = deleting(web, "example.com/hold");
    const heldBy = (...finalizers: readonly string[]): Entity => ({ ...held, meta: { ...held.meta, finalizers } });
    const waiting = heldBy("example.com/hold", FOREGROUND_FINALIZER);
    expect(keys(cluster, held, waiting).map(({ name }) => name)).toEqual(["web", "web-1", "web-2"]);
    expect(keys(cluster, waiting, heldBy(FOREGROUND_FINALIZER))).toEqual([refOf(web)]);
  });

  test("an object that is no longer blocked on wakes the owner that waits", () => {
    const waiting = deleting(web, FOREGROUND_FINALIZER);
    const freed = configMap("freed", []);
    expect(keys(new Cluster(waiting, freed), configMap("freed", [ownedBy(web)]), freed)).toEqual([refOf(web)]);
  });
});
