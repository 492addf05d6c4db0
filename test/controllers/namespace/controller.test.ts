import { describe, expect, test } from "vitest";
import { reconcileNamespace } from "../../../src/controllers/namespace/controller.ts";
import { namespaceKeys } from "../../../src/controllers/wakeups.ts";
import type { ConfigMap, Digest, Entity, Namespace } from "../../../src/domain/state.ts";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { Cluster } from "../../support/cluster.ts";
import { deploymentOf, metaOf, podOf, replicaSetOf, startMs } from "../../support/workloads.ts";
import { serviceOf } from "../endpoint-slice/services.ts";

const key = { kind: "Namespace", namespace: "", name: "default" } as const;
const deletion = { deadlineMs: startMs, graceSeconds: 0 };

const namespaceOf = (meta: Partial<Namespace["meta"]> = {}): Namespace => ({
  kind: "Namespace",
  meta: metaOf("default", { namespace: "", finalizers: ["kubernetes"], ...meta }),
  spec: {},
});

const configMap = (namespace: string): ConfigMap => ({
  kind: "ConfigMap",
  meta: metaOf("settings", { namespace }),
  content: "content" as Digest,
});

const web2 = replicaSetOf("web-2", { replicas: 1 });
const pod = { ...podOf("web-2-a", web2, "Running"), nodeName: "node-1" };
const contents: readonly Entity[] = [pod, web2, configMap("default"), deploymentOf()];

const settle = (cluster: Cluster, from = 0): number =>
  cluster.settle(
    (change) => namespaceKeys(cluster, change),
    (key) => reconcileNamespace(cluster, key),
    from,
  );

describe("a namespace that is being deleted", () => {
  test("loses its content, owners first, and goes when the last pod has", () => {
    const cluster = new Cluster(namespaceOf({ deletion }), configMap("elsewhere"), ...contents);
    expect(cluster.run(reconcileNamespace(cluster, key))).toEqual({});
    expect(cluster.writesOf("delete").map(({ ref }) => ref.kind)).toEqual([
      "Deployment",
      "ReplicaSet",
      "ConfigMap",
      "Pod",
    ]);
    expect(cluster.contents("default").map(({ kind }) => kind)).toEqual(["Pod"]);

    const from = cluster.changes.length;
    cluster.remove(pod);
    settle(cluster, from);
    expect(cluster.namespace("default")).toBeUndefined();
    expect(cluster.get("ConfigMap", "settings", "elsewhere")).toBeDefined();
  });

  test("is not told twice: what is on its way out is left to go", () => {
    const cluster = new Cluster(namespaceOf({ deletion }), ...contents);
    cluster.run(reconcileNamespace(cluster, key));
    const before = cluster.requests.length;
    cluster.run(reconcileNamespace(cluster, key));
    expect(cluster.requests).toHaveLength(before);
  });

  test("is tried again when a deletion is refused, but not when the object was gone", () => {
    const cluster = new Cluster(namespaceOf({ deletion }), ...contents);
    cluster.refuse = ({ verb }) => (verb === "delete" ? refusal("InternalError", "boom") : undefined);
    expect(cluster.run(reconcileNamespace(cluster, key))).toEqual({ error: "boom" });
    cluster.refuse = ({ verb }) => (verb === "delete" ? refusal("NotFound", "gone") : undefined);
    expect(cluster.run(reconcileNamespace(cluster, key))).toEqual({});
  });

  test("loses its Deployments in a request of their own, then ReplicaSets and Services, then the rest by name and kind", () => {
    const sameName = { ...configMap("default"), meta: metaOf(pod.meta.name) };
    const cluster = new Cluster(namespaceOf({ deletion }), sameName, serviceOf(), ...contents);
    cluster.run(reconcileNamespace(cluster, key));
    const kinds = cluster.requests.map((request) =>
      "writes" in request ? request.writes.flatMap((write) => (write.verb === "delete" ? [write.ref.kind] : [])) : [],
    );
    expect(kinds).toEqual([["Deployment"], ["Service", "ReplicaSet"], ["ConfigMap", "ConfigMap", "Pod"]]);
    expect(new Set(cluster.writesOf("delete").map(({ propagation }) => propagation))).toEqual(new Set(["Background"]));
  });

  test("cannot be let go: that is an error, unless it is gone", () => {
    const cluster = new Cluster(namespaceOf({ deletion }));
    cluster.refuse = () => refusal("InternalError", "boom");
    expect(cluster.run(reconcileNamespace(cluster, key))).toEqual({ error: "boom" });
    cluster.refuse = () => refusal("NotFound", "gone");
    expect(cluster.run(reconcileNamespace(cluster, key))).toEqual({});
  });

  test("goes at once when it is empty", () => {
    const cluster = new Cluster(namespaceOf({ deletion }));
    expect(settle(cluster)).toBe(2);
    expect(cluster.namespace("default")).toBeUndefined();
  });
});

test("a namespace that lives keeps its content", () => {
  const cluster = new Cluster(namespaceOf(), ...contents);
  settle(cluster);
  expect(cluster.requests).toEqual([]);
});

test("the end of an object wakes its namespace only if it terminates and nothing is left in it", () => {
  const keysFor = (cluster: Cluster) => namespaceKeys(cluster, { before: pod, after: undefined });
  expect(keysFor(new Cluster(namespaceOf()))).toEqual([]);
  expect(keysFor(new Cluster(namespaceOf({ deletion }), web2))).toEqual([]);
  expect(keysFor(new Cluster(namespaceOf({ deletion })))).toEqual([key]);
  expect(keysFor(new Cluster())).toEqual([]);
  expect(namespaceKeys(new Cluster(namespaceOf({ deletion })), { before: undefined, after: pod })).toEqual([]);
});
