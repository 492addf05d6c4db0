import { describe, expect, test } from "vitest";
import type { SyncResult } from "../../../src/controllers/reconcile.ts";
import { BURST_REPLICAS, reconcileReplicaSet } from "../../../src/controllers/replica-set/controller.ts";
import type { Condition, Pod, ReplicaSetStatus } from "../../../src/domain/state.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { Cluster } from "../../support/cluster.ts";
import { deploymentOf, startMs, uidOf } from "../../support/workloads.ts";
import { labels, orphan, running, terminating, webOf } from "./pods.ts";

const key = { kind: "ReplicaSet", namespace: "default", name: "web-1" } as const;

const sync = (cluster: Cluster): SyncResult => cluster.run(reconcileReplicaSet(cluster, key, cluster.nowMs));

const statusOf = (cluster: Cluster): ReplicaSetStatus => {
  const replicaSet = cluster.get("ReplicaSet", "web-1");
  if (!replicaSet) throw new Error("web-1 is gone");
  return replicaSet.status;
};

const batches = (cluster: Cluster): readonly number[] =>
  cluster.requests.flatMap((request) =>
    "writes" in request && request.writes[0]?.verb === "createDraft" ? [request.writes.length] : [],
  );

const deletedNames = (cluster: Cluster): readonly string[] => cluster.writesOf("delete").map(({ ref }) => ref.name);

const ready = (name: string, ageMs = 60_000): Pod => running(name, webOf(0), { readyAtMs: startMs - ageMs });

const quotaExceeded = refusal("Forbidden", 'pods "web-1-" is forbidden: exceeded quota: q');

describe("creation", () => {
  test("pods come in batches of 1, 2, 4, … and are made from the template", () => {
    const cluster = new Cluster(webOf(10));
    expect(sync(cluster)).toEqual({});
    expect(batches(cluster)).toEqual([1, 2, 4, 3]);
    const [write] = cluster.writesOf("createDraft");
    expect(write?.draft).toEqual({
      kind: "Pod",
      meta: {
        namespace: "default",
        generateName: "web-1-",
        labels,
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "ReplicaSet",
            name: "web-1",
            uid: "uid-web-1",
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      template: webOf(0).spec.template,
    });
  });

  test("pods get the template's annotations and finalizers too", () => {
    const metadata = { labels: { app: "web" }, annotations: { team: "shop" }, finalizers: ["example.com/hold"] };
    const template = () => ({ metadata, spec: { containers: [{ name: "web", image: "web:v1" }] } });
    const cluster = Object.assign(new Cluster(webOf(1)), { template });
    sync(cluster);
    const [write] = cluster.writesOf("createDraft");
    expect(write?.draft.meta).toMatchObject({ annotations: { team: "shop" }, finalizers: ["example.com/hold"] });
  });

  test("all pods of a sync are one draft", () => {
    const cluster = new Cluster(webOf(100));
    sync(cluster);
    expect(new Set(cluster.writesOf("createDraft").map(({ draft }) => draft)).size).toBe(1);
  });

  test("one sync creates at most 500, the next one the rest", () => {
    const cluster = new Cluster(webOf(BURST_REPLICAS + 20));
    sync(cluster);
    expect(cluster.all("Pod")).toHaveLength(500);
    sync(cluster);
    expect(cluster.all("Pod")).toHaveLength(520);
  });

  test("the first status says 0 replicas: it counts the pods from before", () => {
    const cluster = new Cluster(webOf(3, { meta: { generation: 4 } }));
    sync(cluster);
    expect(statusOf(cluster)).toMatchObject({ replicas: 0, observedGeneration: 4 });
    sync(cluster);
    expect(statusOf(cluster)).toMatchObject({ replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 0 });
  });

  test("terminating and finished pods are replaced", () => {
    const failed = { ...ready("web-1-b"), status: { ...ready("web-1-b").status, phase: "Failed" } } as const;
    const cluster = new Cluster(webOf(3), terminating(ready("web-1-a")), failed, ready("web-1-c"));
    sync(cluster);
    expect(cluster.writesOf("createDraft")).toHaveLength(2);
  });

  test("a refused batch is the last one; the first refusal is the condition and the error", () => {
    const cluster = new Cluster(webOf(10));
    let created = 0;
    cluster.refuse = ({ verb }) => (verb === "createDraft" && ++created > 2 ? quotaExceeded : undefined);
    expect(sync(cluster)).toEqual({ error: quotaExceeded.message });
    expect(batches(cluster)).toEqual([1, 2]);
    expect(statusOf(cluster).conditions).toEqual([
      {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: quotaExceeded.message,
        lastTransitionMs: startMs,
      },
    ]);
  });

  test("a ReplicaFailure that goes leaves other conditions as they are", () => {
    const conditionOf = (type: string): Condition => ({ type, status: "True", lastTransitionMs: startMs });
    const other = conditionOf("Frozen");
    const conditions = [conditionOf("ReplicaFailure"), other];
    const cluster = new Cluster(webOf(1, { status: { conditions } }), ready("web-1-a"));
    sync(cluster);
    expect(statusOf(cluster).conditions).toEqual([other]);
  });

  test("a ReplicaFailure keeps its first text while creation fails, and goes when it succeeds", () => {
    const cluster = new Cluster(webOf(2));
    cluster.refuse = ({ verb }) => (verb === "createDraft" ? quotaExceeded : undefined);
    sync(cluster);
    cluster.refuse = ({ verb }) => (verb === "createDraft" ? refusal("InternalError", "another") : undefined);
    expect(sync(cluster).error).toBe("another");
    expect(statusOf(cluster).conditions.map(({ message }) => message)).toEqual([quotaExceeded.message]);
    cluster.refuse = () => undefined;
    expect(sync(cluster)).toEqual({});
    expect(statusOf(cluster).conditions).toEqual([]);
  });

  test("a terminating namespace is no failure", () => {
    const cause = { reason: "NamespaceTerminating", field: "metadata.namespace", message: "" };
    const cluster = new Cluster(webOf(3));
    cluster.refuse = ({ verb }) =>
      verb === "createDraft" ? refusal("Forbidden", "is being terminated", { causes: [cause] }) : undefined;
    expect(sync(cluster)).toEqual({});
    expect(batches(cluster)).toEqual([1, 2]);
    expect(statusOf(cluster).conditions).toEqual([]);
  });

  test("a ReplicaSet that is being deleted creates and deletes nothing, but writes its status", () => {
    const deletion = { deadlineMs: startMs, graceSeconds: 0 };
    const cluster = new Cluster(webOf(5, { meta: { deletion } }), ready("web-1-a"), orphan("stranger"));
    expect(sync(cluster)).toEqual({});
    expect(cluster.writes.map(({ verb }) => verb)).toEqual(["replace"]);
    expect(statusOf(cluster)).toMatchObject({ replicas: 1, availableReplicas: 1 });
  });
});

describe("deletion", () => {
  test("what is too much goes, the unready first, in one parallel request", () => {
    const pods = [ready("web-1-a"), running("web-1-b", webOf(0)), ready("web-1-c"), running("web-1-d", webOf(0))];
    const cluster = new Cluster(webOf(2), ...pods);
    expect(sync(cluster)).toEqual({});
    expect([...deletedNames(cluster)].sort()).toEqual(["web-1-b", "web-1-d"]);
    expect(
      cluster.requests.filter((request) => "writes" in request && request.writes[0]?.verb === "delete"),
    ).toHaveLength(1);
  });

  test("a few pods are ranked in the order of their names, whatever that of the view", () => {
    // Two and two: b before c by UID, c before z by UID, z before b as the younger of one second.
    const pod = (name: string, readyMsAgo: number, createdMsAgo: number): Pod =>
      running(name, webOf(0), {
        readyAtMs: startMs - readyMsAgo,
        meta: { uid: uidOf(name), createdAtMs: startMs - createdMsAgo },
      });
    const hour = 3_600_000;
    const circle = [pod("z", 2 * hour, 3 * hour), pod("b", 2 * hour, 90 * hour), pod("c", 2 * hour + 1000, 90 * hour)];
    // Ready for much longer, so the last to go; twelve in all are still a few.
    const others = Array.from({ length: 9 }, (_, nth) => pod(`a-${nth}`, 90 * hour, 90 * hour));
    const cluster = new Cluster(webOf(11), ...circle, ...others);
    sync(cluster);
    expect(deletedNames(cluster)).toEqual(["b"]);
  });

  test("co-location counts the pods of all ReplicaSets of the Deployment", () => {
    const other = webOf(1, { meta: { name: "web-2", uid: uidOf("web-2") } });
    const spread = (name: string, node: string, minutes: number): Pod =>
      running(name, webOf(0), { node, readyAtMs: startMs - minutes * 60_000 });
    const pods = [spread("web-1-young", "node-1", 1), spread("web-1-old", "node-2", 500)];
    const neighbour = running("web-2-a", other, { node: "node-2", readyAtMs: startMs });
    const cluster = new Cluster(deploymentOf(), webOf(1), other, ...pods, neighbour);
    sync(cluster);
    expect(deletedNames(cluster)).toEqual(["web-1-old"]);
  });

  test("without an owner there is no family, and age decides", () => {
    const bare = webOf(1, { meta: { ownerReferences: [] } });
    const spread = (name: string, node: string, minutes: number): Pod =>
      running(name, bare, { node, readyAtMs: startMs - minutes * 60_000 });
    const pods = [
      spread("web-1-young", "node-1", 1),
      spread("web-1-old", "node-2", 500),
      spread("web-1-c", "node-2", 900),
    ];
    const cluster = new Cluster(bare, ...pods);
    sync(cluster);
    expect(deletedNames(cluster)[0]).toBe("web-1-young");
  });

  test("one sync deletes at most 500", () => {
    const pods = Array.from({ length: 510 }, (_, i) => ready(`web-1-${i}`));
    const cluster = new Cluster(webOf(0), ...pods);
    sync(cluster);
    expect(deletedNames(cluster)).toHaveLength(BURST_REPLICAS);
    sync(cluster);
    expect(deletedNames(cluster)).toHaveLength(510);
  });

  test("a pod that is already gone is no failure, another refusal is one", () => {
    const pods = [ready("web-1-a"), ready("web-1-b")];
    const gone = new Cluster(webOf(1), ...pods);
    gone.refuse = ({ verb }) => (verb === "delete" ? refusal("NotFound", "pods not found") : undefined);
    expect(sync(gone)).toEqual({});
    const failing = new Cluster(webOf(1), ...pods);
    failing.refuse = ({ verb }) => (verb === "delete" ? refusal("InternalError", "boom") : undefined);
    expect(sync(failing)).toEqual({ error: "boom" });
    expect(statusOf(failing).conditions).toMatchObject([{ reason: "FailedDelete", message: "boom" }]);
  });

  test("the status after a deletion still counts the deleted pod", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"), ready("web-1-b"));
    sync(cluster);
    expect(statusOf(cluster)).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 });
  });
});

describe("adoption and release", () => {
  const ownersOf = (cluster: Cluster, pod: string): readonly string[] =>
    cluster.get("Pod", pod)?.meta.ownerReferences.map(({ name }) => name) ?? [];

  test("a bare pod that the selector matches is adopted and counts at once", () => {
    const cluster = new Cluster(webOf(2), orphan("bare", { readyAtMs: startMs - 1000 }));
    expect(sync(cluster)).toEqual({});
    expect(ownersOf(cluster, "bare")).toEqual(["web-1"]);
    expect(cluster.writesOf("createDraft")).toHaveLength(1);
    expect(statusOf(cluster)).toMatchObject({
      replicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      fullyLabeledReplicas: 1,
    });
  });

  test("pods are adopted in the order of their names, whatever that of the view", () => {
    const cluster = new Cluster(webOf(3), orphan("b"), orphan("c"), orphan("a"));
    sync(cluster);
    expect(
      cluster.writesOf("replace").flatMap(({ entity }) => (entity.kind === "Pod" ? [entity.meta.name] : [])),
    ).toEqual(["a", "b", "c"]);
  });

  test("an adopted pod too many is deleted by rank like any other", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"), orphan("bare"));
    sync(cluster);
    expect(deletedNames(cluster)).toEqual(["bare"]);
  });

  test("an adopted pod is deleted at once where it is too many, though the view does not show it as owned yet", () => {
    const live = new Cluster(webOf(0), orphan("bare"));
    const view = new Cluster(webOf(0), orphan("bare"));
    live.run(reconcileReplicaSet(view, key, startMs));
    expect(deletedNames(live)).toEqual(["bare"]);
  });

  test("pods with other labels, an owner, or a deletion are not adopted", () => {
    const other = orphan("other", { meta: { labels: { app: "db" } } });
    const owned = running("owned", { ...webOf(0), meta: { ...webOf(0).meta, uid: uidOf("other") } });
    const cluster = new Cluster(webOf(1), other, owned, terminating(orphan("going")));
    sync(cluster);
    expect(cluster.writes.map(({ verb }) => verb)).toEqual(["createDraft"]);
  });

  test("a pod whose label leaves the selector is released, keeps running, and is replaced", () => {
    const relabelled = running("web-1-a", webOf(0), { readyAtMs: startMs, meta: { labels: { app: "web" } } });
    const cluster = new Cluster(webOf(1), relabelled);
    expect(sync(cluster)).toEqual({});
    expect(ownersOf(cluster, "web-1-a")).toEqual([]);
    expect(cluster.writesOf("createDraft")).toHaveLength(1);
    expect(deletedNames(cluster)).toEqual([]);
    expect(statusOf(cluster)).toMatchObject({ replicas: 0, readyReplicas: 0 });
  });

  test("a refused adoption ends the sync before anything is created", () => {
    const cluster = new Cluster(webOf(2), orphan("bare"));
    cluster.refuse = ({ verb }) => (verb === "replace" ? refusal("Conflict", "stale") : undefined);
    expect(sync(cluster)).toEqual({ error: "stale" });
    expect(cluster.writesOf("createDraft")).toEqual([]);
  });

  test("a ReplicaSet that was deleted behind the view's back adopts nothing", () => {
    const view = new Cluster(webOf(1), orphan("bare"));
    const live = new Cluster(
      webOf(1, { meta: { deletion: { deadlineMs: startMs, graceSeconds: 0 } } }),
      orphan("bare"),
    );
    const { error } = live.run(reconcileReplicaSet(view, key, startMs));
    expect(error).toContain("default/web-1 has just been deleted at 2026-01-01 00:00:00 +0000 UTC");
    expect(live.writes).toEqual([]);
  });
});

describe("status", () => {
  test("available is not ready: minReadySeconds have to pass, and the sync asks to be woken when they have", () => {
    const web = webOf(3, { spec: { minReadySeconds: 30 } });
    const cluster = new Cluster(web, ready("a", 30_000), ready("b", 10_000), ready("c", 4_000));
    expect(sync(cluster)).toEqual({ requeueAfterMs: 20_000 });
    expect(statusOf(cluster)).toMatchObject({ readyReplicas: 3, availableReplicas: 1 });
    cluster.nowMs = startMs + 20_000;
    expect(sync(cluster)).toEqual({ requeueAfterMs: 6_000 });
    expect(statusOf(cluster)).toMatchObject({ readyReplicas: 3, availableReplicas: 2 });
  });

  test("nothing is written when nothing differs", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"));
    sync(cluster);
    const before = cluster.requests.length;
    sync(cluster);
    expect(cluster.requests).toHaveLength(before);
  });

  test.each(["observedGeneration", "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const)(
    "a wrong %s alone is put right",
    (count) => {
      const right = {
        observedGeneration: 1,
        replicas: 1,
        fullyLabeledReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
      };
      const cluster = new Cluster(webOf(1, { status: { ...right, [count]: 0 } }), ready("web-1-a"));
      sync(cluster);
      expect(statusOf(cluster)).toMatchObject(right);
    },
  );

  test("a pod that lost a label of the template is a difference, though it still counts", () => {
    const web = webOf(1, { spec: { selector: { matchLabels: { app: "web" } } } });
    const cluster = new Cluster(web, ready("web-1-a"));
    sync(cluster);
    const { meta, ...pod } = ready("web-1-a");
    cluster.put({ ...pod, meta: { ...meta, labels: { app: "web" } } });
    sync(cluster);
    expect(statusOf(cluster)).toMatchObject({ replicas: 1, fullyLabeledReplicas: 0 });
  });

  test("a status of a ReplicaSet that has gone meanwhile is an error", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"));
    cluster.refuse = ({ verb }) => {
      if (verb !== "replace") return undefined;
      cluster.remove(webOf(1));
      return refusal("Conflict", "stale");
    };
    expect(sync(cluster).error).toMatch(/not found/);
    expect(cluster.writesOf("replace")).toHaveLength(1);
  });

  test("a status that meets a conflict is written once more on a fresh copy, with the counts it had", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"));
    let refused = 0;
    cluster.refuse = ({ verb }) => (verb === "replace" && refused++ === 0 ? refusal("Conflict", "stale") : undefined);
    expect(sync(cluster)).toEqual({});
    expect(cluster.requests.map((request) => ("read" in request ? "read" : request.writes[0]?.verb))).toEqual([
      "replace",
      "read",
      "replace",
    ]);
    expect(cluster.writesOf("replace").map(({ subresource }) => subresource)).toEqual(["status", "status"]);
    expect(statusOf(cluster).readyReplicas).toBe(1);
  });

  test("a second conflict is the error of the sync", () => {
    const cluster = new Cluster(webOf(1), ready("web-1-a"));
    cluster.refuse = ({ verb }) => (verb === "replace" ? refusal("Conflict", "stale") : undefined);
    expect(sync(cluster)).toEqual({ error: "stale" });
    expect(cluster.writesOf("replace")).toHaveLength(2);
  });

  test("a ReplicaSet that is gone is left alone", () => {
    const cluster = new Cluster(ready("web-1-a"));
    expect(sync(cluster)).toEqual({});
    expect(cluster.requests).toEqual([]);
  });
});
