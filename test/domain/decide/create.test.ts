import { beforeEach, describe, expect, it } from "vitest";
import type { Uid } from "../../../src/domain/state.ts";
import type { Draft } from "../../../src/domain/write.ts";
import {
  ApiServer,
  deploymentManifest,
  manifest,
  podManifest,
  refTo,
  serviceManifest,
  startMs,
  typesOf,
} from "../api-server.ts";

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer();
});

describe("creating an object", () => {
  it("stores it with its defaults, at generation 1 and in whole seconds", () => {
    api.nowMs = startMs + 1999;
    api.create(deploymentManifest({}, { labels: { tier: "front" }, annotations: { note: "x" } }));
    const { meta, spec } = api.get("Deployment", "web");
    expect(meta).toMatchObject({
      namespace: "default",
      generation: 1,
      createdAtMs: startMs + 1000,
      labels: { tier: "front" },
      annotations: { note: "x" },
      resourceVersion: api.seq,
    });
    expect(spec).toEqual({
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: spec.template,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      minReadySeconds: 0,
      paused: false,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    expect(api.bodies.template(spec.template).spec.restartPolicy).toBe("Always");
  });

  it("passes over what the server writes itself", () => {
    const forged = { uid: "mine", generation: 7, creationTimestamp: "2020-01-01T00:00:00Z", resourceVersion: "" };
    api.create({ ...deploymentManifest({}, forged), status: { replicas: 9 } } as ReturnType<typeof deploymentManifest>);
    const { meta, status } = api.get("Deployment", "web");
    expect(meta.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([meta.generation, meta.createdAtMs, status.replicas]).toEqual([1, startMs, 0]);
  });

  it("gives a name that comes back another uid", () => {
    api.create(podManifest());
    const first = api.get("Pod", "one").meta.uid;
    api.accepted({ verb: "delete", ref: refTo("Pod", "one") });
    api.create(podManifest());
    expect(api.get("Pod", "one").meta.uid).not.toBe(first);
  });

  it("gives nodes the capacity they name, or the usual one", () => {
    api.create(manifest("v1", "Node", "small", { status: { capacity: { cpu: "1", memory: "1Gi", pods: "4" } } }));
    api.create(manifest("v1", "Node", "usual", {}));
    expect(api.get("Node", "small").capacity).toEqual({ cpu: "1", memory: "1Gi", pods: "4" });
    expect(api.get("Node", "usual").capacity).toEqual({ cpu: "8", memory: "16Gi", pods: "110" });
  });

  it("knows the node of a pod that names it", () => {
    api.create(podManifest({ nodeName: "node-1" }));
    const pod = api.get("Pod", "one");
    expect(pod.nodeName).toBe("node-1");
    expect(api.bodies.podSpec(pod.spec)).not.toHaveProperty("nodeName");
    expect(api.wire(pod)).toMatchObject({ spec: { nodeName: "node-1" } });
  });

  it.each<[string, object, Record<string, unknown>]>([
    [
      "a version",
      deploymentManifest({}, { resourceVersion: "12" }),
      { code: 400, message: "resourceVersion should not be set on objects to be created" },
    ],
    [
      "a namespace that does not exist",
      deploymentManifest({}, { namespace: "shop" }),
      { code: 404, message: 'namespaces "shop" not found', details: { name: "shop", kind: "namespaces" } },
    ],
    [
      "faults, all at once",
      deploymentManifest({ replicas: -1, minReadySeconds: -2 }),
      {
        code: 422,
        message:
          'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0]',
      },
    ],
    [
      "a kind that nobody knows",
      manifest("batch/v1", "Job", "web", {}),
      { code: 404, message: "the server could not find the requested resource" },
    ],
    [
      "no name",
      podManifest({}, { name: "" }),
      {
        code: 422,
        causes: [
          {
            reason: "FieldValueRequired",
            field: "metadata.name",
            message: "Required value: name or generateName is required",
          },
        ],
      },
    ],
  ])("is refused with %s", (_, object, refusal) => {
    expect(api.refused({ verb: "create", object: object as ReturnType<typeof podManifest> })).toMatchObject(refusal);
  });

  it("is refused when the name is taken, after everything else was found right", () => {
    api.create(deploymentManifest());
    expect(api.refused({ verb: "create", object: deploymentManifest() })).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: 'deployments.apps "web" already exists',
    });
    expect(api.refused({ verb: "create", object: deploymentManifest({ replicas: -1 }) }).reason).toBe("Invalid");
  });
});

describe("a generated name", () => {
  const generated = (generateName: string) => podManifest({}, { name: "", generateName });

  it("ends with five of the server's letters", () => {
    api.create(generated("job-"));
    const [pod] = api.world.all("Pod");
    expect(pod?.meta.name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(pod?.meta.generateName).toBe("job-");
  });

  it("keeps within 63 characters", () => {
    api.create(generated(`${"a".repeat(70)}`));
    const [pod] = api.world.all("Pod");
    expect(pod?.meta.name).toHaveLength(63);
  });

  it("is another one each time, also at one instant", () => {
    for (let i = 0; i < 100; i++) api.create(generated("job-"));
    expect(api.world.count("Pod")).toBe(100);
  });

  it("is another one where the first that was drawn is, or ever was, somebody's", () => {
    const { seq } = api;
    api.create(generated("job-"));
    const [first] = api.world.all("Pod");
    api.seq = seq;
    api.create(generated("job-"));
    api.accepted({ verb: "delete", ref: refTo("Pod", first?.meta.name ?? "") });
    api.seq = seq;
    api.create(generated("job-"));
    expect(api.world.count("Pod")).toBe(2);
    expect(api.has("Pod", first?.meta.name ?? "")).toBe(false);
  });

  it("never comes back, also after its object is gone", () => {
    const names = new Set<string>();
    for (let i = 0; i < 50; i++) {
      api.create(generated("job-"));
      const [pod] = api.world.all("Pod");
      names.add(pod?.meta.name ?? "");
      api.accepted({ verb: "delete", ref: refTo("Pod", pod?.meta.name ?? "") });
    }
    expect(names.size).toBe(50);
  });
});

describe("a controller's draft", () => {
  const labels = { app: "web" };
  const replicaSetDraft = (name: string): Draft => ({
    kind: "ReplicaSet",
    meta: { namespace: "default", name, labels },
    spec: {
      replicas: 2,
      minReadySeconds: 0,
      selector: { matchLabels: labels },
      template: { digest: api.get("Deployment", "web").spec.template, hash: "abc" },
    },
  });
  const podDraft = (owner: Uid, deployment = "web"): Draft => ({
    kind: "Pod",
    meta: {
      namespace: "default",
      generateName: "web-abc-",
      labels: { ...labels, "pod-template-hash": "abc" },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-abc", uid: owner, controller: true }],
    },
    template: { digest: api.get("Deployment", deployment).spec.template, hash: "abc" },
  });
  beforeEach(() => {
    api.create(deploymentManifest());
    api.accepted({ verb: "createDraft", draft: replicaSetDraft("web-abc") });
  });

  it("becomes an object without being parsed", () => {
    expect(api.get("ReplicaSet", "web-abc")).toMatchObject({ meta: { generation: 1, labels }, spec: { replicas: 2 } });
  });

  it("gives pods what a template alone does not have", () => {
    api.accepted({ verb: "createDraft", draft: podDraft(api.get("ReplicaSet", "web-abc").meta.uid) });
    const [pod] = api.world.all("Pod");
    const spec = pod && api.bodies.podSpec(pod.spec);
    expect(spec).toMatchObject({ enableServiceLinks: true, priority: 0, restartPolicy: "Always" });
    expect(spec?.tolerations).toHaveLength(2);
  });

  it("names pods by what their owner has made so far, whatever others do meanwhile", () => {
    const { uid } = api.get("ReplicaSet", "web-abc").meta;
    for (let i = 0; i < 3; i++) api.accepted({ verb: "createDraft", draft: podDraft(uid) });
    const busy = new ApiServer();
    busy.create(deploymentManifest());
    busy.accepted({ verb: "createDraft", draft: replicaSetDraft("web-abc") });
    for (let i = 0; i < 3; i++) {
      busy.create(serviceManifest({ type: "NodePort" }));
      busy.nowMs += 777;
      busy.accepted({ verb: "createDraft", draft: podDraft(uid) });
      busy.accepted({ verb: "delete", ref: refTo("Service", "web") });
    }
    const names = (of: ApiServer) => Array.from(of.world.all("Pod"), ({ meta }) => meta.name);
    expect(names(busy)).toEqual(names(api));
  });

  it("is refused when the name is taken, or the namespace is going", () => {
    expect(api.refused({ verb: "createDraft", draft: replicaSetDraft("web-abc") }).message).toBe(
      'replicasets.apps "web-abc" already exists',
    );
    api.create(manifest("v1", "Namespace", "shop", {}));
    api.accepted({ verb: "delete", ref: refTo("Namespace", "shop") });
    const draft = podDraft("gone" as Uid);
    const refused = api.refused({
      verb: "createDraft",
      draft: { ...draft, meta: { ...draft.meta, namespace: "shop" } },
    });
    expect(refused.message).toBe(
      'pods "web-abc-" is forbidden: unable to create new content in namespace shop because it is being terminated',
    );
  });

  it("is refused as a pod, though its template was not, when an image begins or ends with a blank", () => {
    const spec = { containers: [{ name: "web", image: " web:1" }] };
    api.create(deploymentManifest({ template: { metadata: { labels }, spec } }, { name: "blank" }));
    const { uid } = api.get("ReplicaSet", "web-abc").meta;
    const refused = api.refused({ verb: "createDraft", draft: podDraft(uid, "blank") });
    expect(refused.message).toMatch(
      /^Pod "web-abc-\w{5}" is invalid: spec\.containers\[0\]\.image: Invalid value: " web:1": must not have leading or trailing whitespace$/,
    );
  });

  it("may be written once at its scale, and once by its controller, in one event each", () => {
    const stored = api.get("ReplicaSet", "web-abc");
    const events = api.accepted({ verb: "replace", entity: { ...stored, spec: { ...stored.spec, replicas: 5 } } });
    expect(events).toEqual([{ type: "ReplicaSetScaled", data: { from: 2, to: 5, generation: 2 } }]);
    expect(api.refused({ verb: "replace", entity: stored }).reason).toBe("Conflict");
    const current = api.get("ReplicaSet", "web-abc");
    const status = { ...current.status, replicas: 5, observedGeneration: 2 };
    const written = api.accepted({ verb: "replace", entity: { ...current, status }, subresource: "status" });
    expect(typesOf(written)).toEqual(["ReplicaSetStatusChanged"]);
    expect(api.get("ReplicaSet", "web-abc").meta.generation).toBe(2);
  });
});
