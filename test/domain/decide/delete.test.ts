import { beforeEach, describe, expect, it } from "vitest";
import type { DomainEvent, PodFact } from "../../../src/domain/events.ts";
import { type ObjectRef, streamOf, type Uid } from "../../../src/domain/state.ts";
import type { Write } from "../../../src/domain/write.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../../src/kubernetes/well-known.ts";
import { ApiServer, deploymentManifest, manifest, podManifest, refTo, startMs, typesOf } from "../api-server.ts";

type Deletion = Omit<Extract<Write, { verb: "delete" }>, "verb" | "ref">;

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer();
});

const pod = refTo("Pod", "one");
const deletePod = (how: Deletion = {}): readonly DomainEvent[] => api.accepted({ verb: "delete", ref: pod, ...how });
const deploy = refTo("Deployment", "web");
const deleteDeployment = (how: Deletion = {}): readonly DomainEvent[] =>
  api.accepted({ verb: "delete", ref: deploy, ...how });

const bind = (): void => {
  api.accepted({ verb: "bind", ref: pod, uid: api.get("Pod", "one").meta.uid, node: "node-1" });
};
const report = (...facts: readonly PodFact[]): void => {
  api.accepted({ verb: "report", ref: pod, uid: api.get("Pod", "one").meta.uid, facts });
};
const strip = (finalizer: string, ref: ObjectRef = pod): readonly DomainEvent[] => {
  const uid = api.world.get(ref)?.meta.uid ?? ("" as Uid);
  return api.accepted({ verb: "strip", ref, uid, finalizer });
};

describe("deleting a pod", () => {
  beforeEach(() => api.create(podManifest()));

  it("ends one that never reached a node at once", () => {
    expect(typesOf(deletePod())).toEqual(["PodDeleted"]);
    expect(api.has("Pod", "one")).toBe(false);
  });

  it.each<[string, PodFact]>([
    ["succeeded", { type: "PodSucceeded", data: {} }],
    ["failed", { type: "PodFailed", data: {} }],
  ])("ends one that %s at once", (_, fact) => {
    bind();
    report(fact);
    expect(typesOf(deletePod())).toEqual(["PodDeleted"]);
  });

  it("gives one on a node the grace of its spec, from whole seconds on", () => {
    bind();
    api.nowMs = startMs + 1234;
    expect(deletePod()).toEqual([
      { type: "PodDeletionRequested", data: { deadlineMs: startMs + 31_000, graceSeconds: 30 } },
    ]);
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs + 31_000, graceSeconds: 30 });
  });

  it("gives it the grace that the request names", () => {
    bind();
    deletePod({ graceSeconds: 5 });
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs + 5000, graceSeconds: 5 });
  });

  it("takes a negative grace for one second", () => {
    bind();
    deletePod({ graceSeconds: -1 });
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs + 1000, graceSeconds: 1 });
  });

  it("ends it at once when the request allows no grace", () => {
    bind();
    expect(typesOf(deletePod({ graceSeconds: 0 }))).toEqual(["PodDeleted"]);
  });
});

describe("deleting a pod a second time", () => {
  beforeEach(() => {
    api.create(podManifest());
    bind();
    deletePod();
    api.nowMs += 10_000;
  });

  it.each([undefined, 30, 60])("changes nothing with a grace of %s", (graceSeconds) => {
    expect(deletePod(graceSeconds === undefined ? {} : { graceSeconds })).toEqual([]);
  });

  it("changes nothing without a grace even when the pod has ended meanwhile: its kubelet removes it", () => {
    report({ type: "PodSucceeded", data: {} });
    expect(deletePod()).toEqual([]);
  });

  it("may shorten the grace, counted from the first request", () => {
    deletePod({ graceSeconds: 20 });
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs + 20_000, graceSeconds: 20 });
  });

  it("leaves one second to a grace that would be over already", () => {
    deletePod({ graceSeconds: 5 });
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs + 10_000, graceSeconds: 1 });
  });

  it("ends it when no grace is left", () => {
    expect(typesOf(deletePod({ graceSeconds: 0 }))).toEqual(["PodDeleted"]);
  });
});

describe("deleting a pod that finalizers hold", () => {
  beforeEach(() => {
    api.create(podManifest({}, { finalizers: ["example.com/wait"] }));
    bind();
  });

  it("stays after its grace until the last finalizer is off", () => {
    deletePod();
    expect(typesOf(deletePod({ graceSeconds: 0 }))).toEqual(["PodDeletionRequested"]);
    expect(api.get("Pod", "one").meta.deletion).toEqual({ deadlineMs: startMs, graceSeconds: 0 });
    expect(typesOf(strip("example.com/wait"))).toEqual(["PodMetadataChanged", "PodDeleted"]);
  });

  it("keeps its grace when the last finalizer goes first", () => {
    deletePod();
    expect(typesOf(strip("example.com/wait"))).toEqual(["PodMetadataChanged"]);
    expect(api.get("Pod", "one").meta.deletion?.graceSeconds).toBe(30);
    expect(typesOf(deletePod({ graceSeconds: 0 }))).toEqual(["PodDeleted"]);
  });

  it("is only marked when it never reached a node", () => {
    api.create(podManifest({}, { name: "two", finalizers: ["example.com/wait"] }));
    const events = api.accepted({ verb: "delete", ref: refTo("Pod", "two") });
    expect(events).toEqual([{ type: "PodDeletionRequested", data: { deadlineMs: startMs, graceSeconds: 0 } }]);
  });
});

describe("deleting a pod with a word on its dependents", () => {
  beforeEach(() => {
    api.create(podManifest());
    bind();
  });

  it.each([
    ["Foreground", FOREGROUND_FINALIZER],
    ["Orphan", ORPHAN_FINALIZER],
  ] as const)("keeps its grace with %s, and adds the finalizer", (propagation, finalizer) => {
    deletePod({ propagation });
    const { deletion, finalizers } = api.get("Pod", "one").meta;
    expect(deletion).toEqual({ deadlineMs: startMs + 30_000, graceSeconds: 30 });
    expect(finalizers).toEqual([finalizer]);
    strip(finalizer);
    expect(api.has("Pod", "one")).toBe(true);
  });

  it("cannot say otherwise once its grace runs", () => {
    deletePod();
    expect(deletePod({ propagation: "Foreground" })).toEqual([]);
    expect(api.get("Pod", "one").meta.finalizers).toEqual([]);
  });
});

describe("deleting a Deployment", () => {
  beforeEach(() => api.create(deploymentManifest()));

  it("ends it at once", () => {
    expect(deleteDeployment()).toEqual([{ type: "DeploymentDeleted", data: {} }]);
    expect(api.has("Deployment", "web")).toBe(false);
  });

  it.each([
    ["Foreground", FOREGROUND_FINALIZER],
    ["Orphan", ORPHAN_FINALIZER],
  ] as const)(
    "with %s leaves it to the garbage collector, and raises the generation once",
    (propagation, finalizer) => {
      api.nowMs = startMs + 1500;
      deleteDeployment({ propagation });
      const { deletion, finalizers, generation } = api.get("Deployment", "web").meta;
      expect(deletion).toEqual({ deadlineMs: startMs + 1000, graceSeconds: 0 });
      expect([finalizers, generation]).toEqual([[finalizer], 2]);
      expect(deleteDeployment({ propagation })).toEqual([]);
      expect(typesOf(strip(finalizer, deploy))).toEqual(["DeploymentMetadataChanged", "DeploymentDeleted"]);
    },
  );

  it("can change its mind about the dependents, which raises no generation", () => {
    deleteDeployment({ propagation: "Orphan" });
    api.nowMs += 5000;
    deleteDeployment({ propagation: "Foreground" });
    const { deletion, finalizers, generation } = api.get("Deployment", "web").meta;
    expect(finalizers).toEqual([FOREGROUND_FINALIZER]);
    expect(generation).toBe(2);
    expect(deletion?.deadlineMs).toBe(startMs);
    expect(typesOf(deleteDeployment({ propagation: "Background" }))).toEqual(["DeploymentDeleted"]);
  });

  it("keeps to what its finalizers say when the request says nothing", () => {
    deleteDeployment({ propagation: "Orphan" });
    expect(deleteDeployment()).toEqual([]);
    expect(api.has("Deployment", "web")).toBe(true);
  });

  it("is only marked while other finalizers hold it", () => {
    api.create(deploymentManifest({}, { name: "held", finalizers: ["example.com/wait"] }));
    const events = api.accepted({ verb: "delete", ref: refTo("Deployment", "held") });
    expect(typesOf(events)).toEqual(["DeploymentDeletionRequested"]);
    expect(typesOf(strip("example.com/wait", refTo("Deployment", "held")))).toEqual([
      "DeploymentMetadataChanged",
      "DeploymentDeleted",
    ]);
  });
});

describe("a deletion that does not find what it means", () => {
  it("is not found", () => {
    expect(api.refused({ verb: "delete", ref: deploy })).toMatchObject({
      code: 404,
      message: 'deployments.apps "web" not found',
      details: { name: "web", group: "apps", kind: "deployments" },
    });
  });

  it("is refused when another object has the name now", () => {
    api.create(deploymentManifest());
    const { uid } = api.get("Deployment", "web").meta;
    expect(api.refused({ verb: "delete", ref: deploy, uid: "other" as Uid })).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on deployments.apps "web": the UID in the precondition (other) does not match ' +
        `the UID in record (${uid}). The object might have been deleted and then recreated`,
    });
  });
});

describe("deleting a namespace", () => {
  beforeEach(() => api.create(manifest("v1", "Namespace", "shop", {})));
  const shop = refTo("Namespace", "shop");

  it("leaves it terminating until its content is gone", () => {
    expect(typesOf(api.accepted({ verb: "delete", ref: shop }))).toEqual(["NamespaceDeletionRequested"]);
    expect(api.wire(api.get("Namespace", "shop"))).toMatchObject({ status: { phase: "Terminating" } });
    expect(api.accepted({ verb: "delete", ref: shop, propagation: "Background" })).toEqual([]);
    const { uid } = api.get("Namespace", "shop").meta;
    api.accepted({ verb: "strip", ref: shop, uid, finalizer: "kubernetes" });
    expect(api.world.record(streamOf(shop)).entity).toBeUndefined();
  });

  it("keeps new objects out of it", () => {
    api.accepted({ verb: "delete", ref: shop });
    expect(api.refused({ verb: "create", object: deploymentManifest({}, { namespace: "shop" }) })).toMatchObject({
      code: 403,
      message:
        'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
      causes: [
        {
          reason: "NamespaceTerminating",
          field: "metadata.namespace",
          message: "namespace shop is being terminated",
        },
      ],
    });
  });

  it("is refused for the namespace that everything falls back to", () => {
    expect(api.refused({ verb: "delete", ref: refTo("Namespace", "default") })).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });
});
