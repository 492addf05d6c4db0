import { beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../../src/kubernetes/json.ts";
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import { ApiServer, deploymentManifest, manifest, podManifest, refTo, typesOf } from "../api-server.ts";

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer();
  api.create(deploymentManifest());
});

const web = refTo("Deployment", "web");
const update = (object: KubeObject) => api.accepted({ verb: "update", object });
const patch = (patchOf: Json, ref = web, patchType: "merge" | "strategic" | "json" = "merge") =>
  api.accepted({ verb: "patch", ref, patchType, patch: patchOf });
const generation = (): number => api.get("Deployment", "web").meta.generation;

describe("an update", () => {
  it("that changes nothing becomes no event, defaults written out or not", () => {
    expect(update(deploymentManifest())).toEqual([]);
    expect(update(api.wire(api.get("Deployment", "web")))).toEqual([]);
    expect(update(deploymentManifest({ replicas: 1, minReadySeconds: 0, paused: false }))).toEqual([]);
  });

  it("says in one event each what it changes, and raises the generation once", () => {
    const container = { name: "web", image: "web:2" };
    const events = update(
      deploymentManifest({
        replicas: 5,
        paused: true,
        minReadySeconds: 7,
        strategy: { type: "Recreate" },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
      }),
    );
    expect(typesOf(events)).toEqual([
      "DeploymentTemplateChanged",
      "DeploymentScaled",
      "DeploymentStrategyChanged",
      "DeploymentPaused",
      "DeploymentSpecChanged",
    ]);
    expect(generation()).toBe(2);
    const { spec } = api.get("Deployment", "web");
    expect(spec).toMatchObject({ replicas: 5, paused: true, minReadySeconds: 7, strategy: { type: "Recreate" } });
    expect(api.bodies.template(spec.template).spec.containers[0]).toMatchObject(container);
  });

  it("raises a Deployment's generation for annotations, not for labels", () => {
    patch({ metadata: { labels: { tier: "front" } } });
    expect(generation()).toBe(1);
    patch({ metadata: { annotations: { note: "a" } } });
    expect(generation()).toBe(2);
  });

  it("takes the labels and annotations away that it does not name", () => {
    patch({ metadata: { labels: { tier: "front" }, annotations: { note: "a" } } });
    update(deploymentManifest());
    expect(api.get("Deployment", "web").meta).toMatchObject({ labels: {}, annotations: {} });
  });

  it("passes over what the server writes itself", () => {
    const stored = api.wire(api.get("Deployment", "web"));
    const forged = { ...stored.metadata, generation: 99, creationTimestamp: "2020-01-01T00:00:00Z" };
    expect(update({ ...stored, metadata: forged })).toEqual([]);
    expect(patch({ status: { replicas: 7 }, metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } })).toEqual([]);
  });

  it("is refused when it was made from an older version", () => {
    const stale = api.wire(api.get("Deployment", "web"));
    patch({ spec: { replicas: 2 } });
    expect(api.refused({ verb: "update", object: stale })).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    });
    const { resourceVersion: _, ...metadata } = stale.metadata;
    expect(typesOf(update({ ...stale, metadata }))).toEqual(["DeploymentScaled"]);
  });

  it("is refused when it means an object that is gone", () => {
    const { uid } = api.get("Deployment", "web").meta;
    expect(api.refused({ verb: "update", object: deploymentManifest({}, { uid: "old" }) }).message).toBe(
      `Operation cannot be fulfilled on deployments.apps "web": Precondition failed: UID in precondition: old, UID in object meta: ${uid}`,
    );
    expect(api.refused({ verb: "update", object: deploymentManifest({}, { name: "other" }) }).message).toBe(
      'deployments.apps "other" not found',
    );
  });

  it("is refused with every fault that it would bring in", () => {
    const object = deploymentManifest({ replicas: -1, selector: { matchLabels: { app: "shop" } } });
    expect(api.refused({ verb: "update", object }).causes.map(({ field }) => field)).toEqual([
      "spec.replicas",
      "spec.template.metadata.labels",
      "spec.selector",
    ]);
  });
});

describe("an update of an object on its way out", () => {
  it("leaves a pod its grace", () => {
    api.create(podManifest());
    const pod = refTo("Pod", "one");
    api.accepted({ verb: "bind", ref: pod, uid: api.get("Pod", "one").meta.uid, node: "node-1" });
    api.accepted({ verb: "delete", ref: pod });
    expect(
      typesOf(
        api.accepted({ verb: "patch", ref: pod, patchType: "merge", patch: { metadata: { labels: { a: "b" } } } }),
      ),
    ).toEqual(["PodMetadataChanged"]);
    expect(api.get("Pod", "one").meta.deletion?.graceSeconds).toBe(30);
  });

  it("ends it with the last finalizer", () => {
    patch({ metadata: { finalizers: ["example.com/wait"] } });
    api.accepted({ verb: "delete", ref: web });
    expect(typesOf(patch({ metadata: { finalizers: null } }))).toEqual([
      "DeploymentMetadataChanged",
      "DeploymentDeleted",
    ]);
    expect(api.has("Deployment", "web")).toBe(false);
  });

  it("may not add a finalizer", () => {
    patch({ metadata: { finalizers: ["example.com/wait"] } });
    api.accepted({ verb: "delete", ref: web });
    const finalizers = ["example.com/wait", "example.com/more"];
    const refused = api.refused({ verb: "patch", ref: web, patchType: "merge", patch: { metadata: { finalizers } } });
    expect(refused.causes).toMatchObject([{ field: "metadata.finalizers", reason: "FieldValueForbidden" }]);
  });
});

describe("a patch", () => {
  it.each([
    ["json", [{ op: "replace", path: "/spec/replicas", value: 4 }]],
    ["merge", { spec: { replicas: 4 } }],
    ["strategic", { spec: { replicas: 4 } }],
  ] as const)("of type %s is applied to what is stored", (patchType, body) => {
    expect(patch(body, web, patchType)).toEqual([
      { type: "DeploymentScaled", data: { from: 1, to: 4, generation: 2 } },
    ]);
  });

  it("merges containers by name", () => {
    patch({ spec: { template: { spec: { containers: [{ name: "log", image: "log:1" }] } } } }, web, "strategic");
    const { containers } = api.bodies.template(api.get("Deployment", "web").spec.template).spec;
    expect(containers.map(({ name }) => name)).toEqual(["log", "web"]);
  });

  it("may carry the version that it was made from", () => {
    const refused = api.refused({
      verb: "patch",
      ref: web,
      patchType: "merge",
      patch: { metadata: { resourceVersion: "1" } },
    });
    expect(refused.reason).toBe("Conflict");
  });

  it.each<[string, Json, string]>([
    [
      "another name",
      { metadata: { name: "shop" } },
      "the name of the object (shop) does not match the name on the URL (web)",
    ],
    [
      "another namespace",
      { metadata: { namespace: "shop" } },
      "the namespace of the object (shop) does not match the namespace on the request (default)",
    ],
    [
      "no name",
      { metadata: null },
      "the name of the object (web based on URL) was undeterminable: name must be provided",
    ],
    [
      "another kind",
      { kind: "Pod", apiVersion: "v1", spec: null },
      'Pod in version "v1" cannot be handled as a Deployment: unknown conversion',
    ],
    [
      "fields of another type",
      { spec: { replicas: "many" } },
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
  ])("that gives the object %s is refused", (_, body, message) => {
    expect(api.refused({ verb: "patch", ref: web, patchType: "merge", patch: body })).toMatchObject({
      code: 400,
      reason: "BadRequest",
      message,
    });
  });
});

describe("the scale", () => {
  const scale = (body: Json) =>
    ({ verb: "patch", ref: web, patchType: "merge", subresource: "scale", patch: body }) as const;

  it("is the number of replicas alone", () => {
    expect(api.accepted(scale({ spec: { replicas: 3 }, metadata: { labels: { a: "b" } } }))).toEqual([
      { type: "DeploymentScaled", data: { from: 1, to: 3, generation: 2 } },
    ]);
    expect(api.accepted(scale({ spec: { replicas: 3 } }))).toEqual([]);
  });

  it("is refused below zero, and from an older version", () => {
    expect(api.refused(scale({ spec: { replicas: -1 } }))).toMatchObject({
      code: 422,
      causes: [{ field: "spec.replicas", message: "Invalid value: -1: must be greater than or equal to 0" }],
    });
    expect(api.refused(scale({ metadata: { resourceVersion: "1" }, spec: { replicas: 3 } })).reason).toBe("Conflict");
  });

  it("is a thing of Deployments and ReplicaSets", () => {
    api.create(podManifest());
    expect(api.refused({ ...scale({ spec: { replicas: 1 } }), ref: refTo("Pod", "one") })).toMatchObject({
      code: 404,
      message: "the server could not find the requested resource",
    });
  });
});

describe("updates of other kinds", () => {
  it("let a pod change its image and little else", () => {
    api.create(podManifest());
    const before = api.get("Pod", "one").spec;
    const pod = refTo("Pod", "one");
    const imaged = { spec: { containers: [{ name: "web", image: "web:2" }] } };
    const events = api.accepted({ verb: "patch", ref: pod, patchType: "strategic", patch: imaged });
    expect(events).toEqual([{ type: "PodSpecChanged", data: { from: before, to: api.get("Pod", "one").spec } }]);
    const renamed = { spec: { hostNetwork: true } };
    expect(api.refused({ verb: "patch", ref: pod, patchType: "merge", patch: renamed }).causes).toMatchObject([
      { field: "spec", reason: "FieldValueForbidden" },
    ]);
  });

  it("raise a PodDisruptionBudget's generation with its spec only", () => {
    api.create(manifest("policy/v1", "PodDisruptionBudget", "web", { spec: { minAvailable: 1 } }));
    const pdb = refTo("PodDisruptionBudget", "web");
    const generations = () => api.wire(api.get("PodDisruptionBudget", "web")).metadata.generation;
    expect(generations()).toBe(1);
    api.accepted({ verb: "patch", ref: pdb, patchType: "merge", patch: { metadata: { annotations: { a: "b" } } } });
    expect(generations()).toBe(1);
    api.accepted({ verb: "patch", ref: pdb, patchType: "merge", patch: { spec: { minAvailable: 2 } } });
    expect(generations()).toBe(2);
  });

  it("give a ConfigMap another body, and its metadata apart from it", () => {
    api.create(manifest("v1", "ConfigMap", "settings", { data: { a: "1" } }));
    const from = api.get("ConfigMap", "settings").content;
    const events = update(manifest("v1", "ConfigMap", "settings", { data: { a: "2" } }, { labels: { x: "y" } }));
    const to = api.get("ConfigMap", "settings").content;
    expect(events).toEqual([
      { type: "ConfigMapMetadataChanged", data: { patch: [{ op: "add", path: "/labels/x", value: "y" }] } },
      { type: "ConfigMapContentChanged", data: { from, to } },
    ]);
    expect(api.bodies.content(to)).toEqual({ data: { a: "2" } });
  });

  it("leave the endpoints of a slice to their controller", () => {
    const slice = { kind: "EndpointSlice", addressType: "IPv4", ports: [], endpoints: [] } as const;
    api.accepted({ verb: "createDraft", draft: { ...slice, meta: { namespace: "default", name: "web-1" } } });
    const ref = refTo("EndpointSlice", "web-1");
    const labelled = api.accepted({
      verb: "patch",
      ref,
      patchType: "merge",
      patch: { metadata: { labels: { a: "b" } } },
    });
    expect(typesOf(labelled)).toEqual(["EndpointSliceMetadataChanged"]);
    expect(api.refused({ verb: "patch", ref, patchType: "merge", patch: { endpoints: null } })).toMatchObject({
      code: 403,
      message: 'endpointslices.discovery.k8s.io "web-1" is forbidden: its endpoints are kept by their controller',
    });
  });

  it("keep what holds a namespace until it is empty", () => {
    api.create(manifest("v1", "Namespace", "shop", {}));
    expect(api.wire(api.get("Namespace", "shop"))).toMatchObject({ spec: { finalizers: ["kubernetes"] } });
    expect(api.wire(api.get("Namespace", "shop")).metadata.finalizers).toBeUndefined();
    expect(update(manifest("v1", "Namespace", "shop", {}))).toEqual([]);
    const held = manifest(
      "v1",
      "Namespace",
      "shop",
      { spec: { finalizers: [] } },
      { finalizers: ["example.com/wait"] },
    );
    update(held);
    expect(api.get("Namespace", "shop").meta.finalizers).toEqual(["example.com/wait", "kubernetes"]);
    expect(typesOf(api.accepted({ verb: "delete", ref: refTo("Namespace", "shop") }))).toEqual([
      "NamespaceDeletionRequested",
    ]);
    update(manifest("v1", "Namespace", "shop", {}));
    expect(api.has("Namespace", "shop")).toBe(true);
  });
});
