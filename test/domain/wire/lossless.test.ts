import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { internTemplate, renderTemplate } from "../../../src/domain/wire/template.ts";
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import type { ManifestKind } from "../../../src/kubernetes/schema/kinds.ts";
import { ApiServer, deploymentManifest, MemoryBodies, manifest, podManifest, serviceManifest } from "../api-server.ts";

/** Fields that no table knows, which `--validate=false` lets through. */
const unknown = { future: { list: [1, null, "x"], flag: false } };

const template = {
  metadata: { labels: { app: "web" }, annotations: { a: "b" }, ...unknown },
  spec: {
    containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80, ...unknown }], ...unknown }],
    ...unknown,
  },
  ...unknown,
};

const manifests: readonly (readonly [ManifestKind, KubeObject])[] = [
  [
    "Deployment",
    deploymentManifest({
      template,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0, ...unknown }, ...unknown },
      ...unknown,
    }),
  ],
  ["Deployment", deploymentManifest({ strategy: { type: "Recreate", ...unknown } })],
  [
    "ReplicaSet",
    manifest("apps/v1", "ReplicaSet", "web", {
      spec: { selector: { matchLabels: { app: "web" } }, template, ...unknown },
    }),
  ],
  ["Pod", podManifest({ ...template.spec, nodeName: "node-7" }, { labels: { app: "web" } })],
  ["Service", serviceManifest({ type: "NodePort", ports: [{ port: 80, ...unknown }], ...unknown })],
  ["Namespace", manifest("v1", "Namespace", "shop", { spec: unknown })],
  ["Node", manifest("v1", "Node", "node-1", { spec: { taints: [{ key: "a", effect: "NoSchedule" }], ...unknown } })],
  ["ConfigMap", manifest("v1", "ConfigMap", "one", { data: { a: "1" }, binaryData: { b: "AAE=" }, ...unknown })],
  ["Secret", manifest("v1", "Secret", "one", { type: "example.com/key", data: { a: "MQ==" }, ...unknown })],
  [
    "PodDisruptionBudget",
    manifest("policy/v1", "PodDisruptionBudget", "one", { spec: { minAvailable: 1, ...unknown } }),
  ],
];

describe("what is written comes back", () => {
  it.each(manifests)("of a %s with every field, known or not", (kind, object) => {
    const api = new ApiServer();
    api.create(object);
    const [stored] = [...api.world.all(kind)].filter(({ meta }) => meta.name === object.metadata.name);
    expect(stored && JSON.parse(JSON.stringify(api.wire(stored)))).toMatchObject(JSON.parse(JSON.stringify(object)));
  });

  it("of a Secret as data, when it was written as text", () => {
    const api = new ApiServer();
    api.create(manifest("v1", "Secret", "one", { stringData: { a: "ü" } }));
    const wire = api.wire(api.get("Secret", "one"));
    expect(wire).toMatchObject({ type: "Opaque", data: { a: "w7w=" } });
    expect(wire).not.toHaveProperty("stringData");
  });
});

describe("a template", () => {
  const labels = fc.dictionary(fc.constantFrom("app", "tier", "pod-template-hash"), fc.constantFrom("a", "b"), {
    noNullPrototype: true,
  });

  it("is one body whatever its hash label says, and comes back with that label", () => {
    fc.assert(
      fc.property(labels, (chosen) => {
        const bodies = new MemoryBodies();
        const ref = internTemplate({ metadata: { labels: chosen }, spec: { containers: [] } }, bodies);
        const { "pod-template-hash": hash, ...others } = chosen;
        const bare = internTemplate({ metadata: { labels: others }, spec: { containers: [] } }, bodies);
        expect(ref.digest).toBe(bare.digest);
        expect(ref.hash).toBe(hash);
        expect(renderTemplate(ref, bodies).metadata?.labels ?? {}).toEqual(chosen);
      }),
    );
  });
});
