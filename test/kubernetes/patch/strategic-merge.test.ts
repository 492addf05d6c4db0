import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../../src/kubernetes/json.ts";
import { lastApplied, withLastApplied } from "../../../src/kubernetes/patch/last-applied.ts";
import { createStrategicMergePatch, createThreeWayPatch } from "../../../src/kubernetes/patch/strategic-diff.ts";
import { applyStrategicMergePatch } from "../../../src/kubernetes/patch/strategic-merge.ts";

const applied = (target: JsonObject, patch: JsonObject, kind = "Deployment"): JsonObject => {
  const merged = applyStrategicMergePatch(target, patch, kind);
  if (E.isLeft(merged)) throw new Error(merged.left);
  return merged.right;
};

const deployment = (podSpec: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { ...spec, template: { spec: podSpec } },
});
const containers = (...list: readonly Json[]): JsonObject => deployment({ containers: list });

describe("applyStrategicMergePatch", () => {
  const web = {
    name: "web",
    image: "web:1",
    ports: [{ containerPort: 80 }],
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
  };
  const side = { name: "side", image: "side:1" };
  const before = containers(web, side);

  test("merges containers, variables and ports by their keys", () => {
    const patch = containers({
      name: "web",
      image: "web:2",
      env: [
        { name: "B", value: "3" },
        { name: "C", value: "4" },
      ],
      ports: [{ containerPort: 80, name: "http" }],
    });
    expect(applied(before, patch)).toEqual(
      containers(
        {
          name: "web",
          image: "web:2",
          ports: [{ containerPort: 80, name: "http" }],
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "3" },
            { name: "C", value: "4" },
          ],
        },
        side,
      ),
    );
  });

  test("obeys $patch in elements and objects", () => {
    expect(applied(before, containers({ name: "side", $patch: "delete" }))).toEqual(containers(web));
    expect(applied(before, containers({ $patch: "replace" }, { name: "only" }))).toEqual(containers({ name: "only" }));
    expect(applied(before, { spec: { $patch: "delete" } })).toEqual({ spec: {} });
    expect(applied({ spec: { a: 1 } }, { spec: { $patch: "merge", b: 2 } })).toEqual({ spec: { a: 1, b: 2 } });
  });

  test("orders a list by $setElementOrder, what it does not name before what it stood before", () => {
    const patch = deployment({
      "$setElementOrder/containers": [{ name: "new" }, { name: "side" }],
      containers: [{ name: "new", image: "new:1" }],
    });
    expect(applied(before, patch)).toEqual(containers({ name: "new", image: "new:1" }, web, side));
  });

  test("removes scalars from a merged list of scalars, and adds others once", () => {
    const target = { metadata: { finalizers: ["a", "b"] } };
    expect(
      applied(target, { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"], finalizers: ["b", "c"] } }),
    ).toEqual({ metadata: { finalizers: ["b", "c"] } });
  });

  test("clears the other members of a union with $retainKeys", () => {
    const target = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(applied(target, patch)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  test("replaces lists that have no merge key, and merges those of other kinds by theirs", () => {
    const tolerations = (...keys: readonly string[]) => deployment({ tolerations: keys.map((key) => ({ key })) });
    expect(applied(tolerations("a", "b"), tolerations("c"))).toEqual(tolerations("c"));
    const service = { spec: { ports: [{ port: 80, nodePort: 30080 }] } };
    expect(applied(service, { spec: { ports: [{ port: 80, targetPort: 8080 }] } }, "Service")).toEqual({
      spec: { ports: [{ port: 80, nodePort: 30080, targetPort: 8080 }] },
    });
    const budget = { spec: { selector: { matchLabels: { a: "1" } } } };
    expect(applied(budget, { spec: { selector: { matchLabels: { b: "2" } } } }, "PodDisruptionBudget")).toEqual({
      spec: { selector: { matchLabels: { b: "2" } } },
    });
  });

  test.each<[JsonObject, string]>([
    [containers({ image: "x" }), "map: map[image:x] does not contain declared merge key: name"],
    [containers({ name: "web", $patch: "twist" }), "unknown patch type: twist in map: map[$patch:twist name:web]"],
    [{ spec: { strategy: { $retainKeys: ["type"], rollingUpdate: {} } } }, "invalid patch format of retainKeys"],
    [{ metadata: { "$deleteFromPrimitiveList/finalizers": "a" } }, "invalid patch format of primitive list"],
    [deployment({ "$setElementOrder/containers": 1 }), "invalid patch format of setElementOrder list"],
    [
      deployment({ "$setElementOrder/containers": [{ name: "web" }], containers: [{ name: "x" }] }),
      "The order in patch list:\n[map[name:x]]\n doesn't match $setElementOrder list:\n[map[name:web]]\n",
    ],
  ])("refuses %j", (patch, message) => {
    expect(applyStrategicMergePatch(before, patch, "Deployment")).toEqual(E.left(message));
  });
});

describe("createThreeWayPatch", () => {
  const manifest = (image: string, spec: JsonObject = {}) =>
    deployment({ containers: [{ name: "web", image, ports: [{ containerPort: 8080 }] }] }, { replicas: 3, ...spec });
  /** As the API server keeps it: with defaults. */
  const live = (image: string) =>
    deployment(
      {
        containers: [
          { name: "web", image, ports: [{ containerPort: 8080, protocol: "TCP" }], imagePullPolicy: "IfNotPresent" },
        ],
        restartPolicy: "Always",
      },
      {
        replicas: 3,
        revisionHistoryLimit: 10,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } },
      },
    );

  test("says nothing when the manifest has not changed", () => {
    expect(createThreeWayPatch(manifest("web:1"), manifest("web:1"), live("web:1"), "Deployment")).toEqual({});
  });

  test("sets what changed, and restates the order of the list it changes", () => {
    expect(createThreeWayPatch(manifest("web:1"), manifest("web:2"), live("web:1"), "Deployment")).toEqual(
      deployment({ "$setElementOrder/containers": [{ name: "web" }], containers: [{ image: "web:2", name: "web" }] }),
    );
  });

  test("takes back what others changed, and keeps what only they set", () => {
    const patch = createThreeWayPatch(manifest("web:1"), manifest("web:1"), live("web:9"), "Deployment");
    expect(applied(live("web:9"), patch)).toEqual(live("web:1"));
  });

  test("deletes what was dropped since it was last applied, and only that", () => {
    const previous = manifest("web:1", { minReadySeconds: 5 });
    const now = { ...live("web:1"), metadata: { labels: { theirs: "1", ours: "1" } } };
    const patch = createThreeWayPatch(
      { ...previous, metadata: { labels: { ours: "1" } } },
      { ...manifest("web:1"), metadata: { labels: {} } },
      now,
      "Deployment",
    );
    expect(patch).toEqual({ spec: { minReadySeconds: null }, metadata: { labels: { ours: null } } });
    expect(applied(now, patch)).toEqual({ ...live("web:1"), metadata: { labels: { theirs: "1" } } });
  });

  test("deletes a dropped container, but not one that was injected", () => {
    const previous = containers({ name: "web" }, { name: "old" });
    const now = containers({ name: "proxy" }, { name: "web" }, { name: "old" });
    const patch = createThreeWayPatch(previous, containers({ name: "web" }), now, "Deployment");
    expect(patch).toEqual(
      deployment({
        "$setElementOrder/containers": [{ name: "web" }],
        containers: [{ $patch: "delete", name: "old" }],
      }),
    );
    expect(applied(now, patch)).toEqual(containers({ name: "proxy" }, { name: "web" }));
  });

  test("switches the strategy by naming what stays", () => {
    const patch = createThreeWayPatch(
      manifest("web:1"),
      manifest("web:1", { strategy: { type: "Recreate" } }),
      live("web:1"),
      "Deployment",
    );
    expect(patch).toEqual({ spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } });
    expect(applied(live("web:1"), patch)).toMatchObject({ spec: { strategy: { type: "Recreate" } } });
  });
});

// Objects with every way of merging: maps, lists by key, lists as a whole, sets of scalars, a union.
const names = fc.constantFrom("a", "b", "c", "d", "constructor");
const values = fc.oneof(fc.string({ maxLength: 2 }), fc.integer({ min: 0, max: 3 }), fc.boolean());
/** Objects with any of the fields. */
const optional = (fields: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(...Object.entries(fields).map(([key, value]) => fc.option(fc.tuple(fc.constant(key), value), { nil: [] })))
    .map((entries) => Object.fromEntries(entries.filter((entry) => entry.length > 0)));
const byName = (fields: Record<string, fc.Arbitrary<Json>>) =>
  fc.uniqueArray(
    fc.tuple(names, optional(fields)).map(([name, rest]) => ({ ...rest, name })),
    { selector: ({ name }) => name, maxLength: 4 },
  );
const labels = fc.dictionary(names, fc.string({ maxLength: 2 }), { maxKeys: 3, noNullPrototype: true });
const env = byName({ value: values });
const ports = fc.uniqueArray(
  fc
    .tuple(optional({ name: values, protocol: values }), fc.integer({ min: 1, max: 4 }))
    .map(([rest, containerPort]) => ({ ...rest, containerPort })),
  { selector: ({ containerPort }) => containerPort, maxLength: 3 },
);
const podSpecs = optional({
  containers: byName({ image: values, env, ports, args: fc.array(values, { maxLength: 2 }), resources: labels }),
  volumes: byName({ emptyDir: labels, configMap: labels }),
  nodeSelector: labels,
  tolerations: fc.array(labels, { maxLength: 2 }),
});
const strategies = optional({ type: fc.constantFrom("Recreate", "RollingUpdate"), rollingUpdate: labels });
const deployments: fc.Arbitrary<JsonObject> = optional({
  metadata: optional({ labels, finalizers: fc.uniqueArray(names, { maxLength: 3 }) }),
  spec: optional({ replicas: values, strategy: strategies, template: optional({ spec: podSpecs }) }),
});

describe("strategic merge patches", () => {
  test("turn the original into the modified object", () => {
    fc.assert(
      fc.property(deployments, deployments, (original, modified) => {
        expect(applied(original, createStrategicMergePatch(original, modified, "Deployment"))).toEqual(modified);
      }),
      { numRuns: 500 },
    );
  });

  test("of equal objects are empty", () => {
    fc.assert(
      fc.property(deployments, (object) => {
        expect(createStrategicMergePatch(object, structuredClone(object), "Deployment")).toEqual({});
      }),
    );
  });

  test("give the same when applied again", () => {
    fc.assert(
      fc.property(deployments, deployments, deployments, (previous, modified, live) => {
        const patch = createThreeWayPatch(previous, modified, live, "Deployment");
        const once = applied(live, patch);
        expect(applied(once, patch)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  test("leave nothing to apply a second time, whatever others had done", () => {
    fc.assert(
      fc.property(deployments, deployments, deployments, (previous, modified, live) => {
        const once = applied(live, createThreeWayPatch(previous, modified, live, "Deployment"));
        const again = createThreeWayPatch(modified, modified, once, "Deployment");
        expect(applied(once, again)).toEqual(once);
        expect(holds(once, modified)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  /** Whether everything in `part` is in `whole`; a list by its elements, in any order. */
  const holds = (whole: Json | undefined, part: Json): boolean => {
    if (Array.isArray(part))
      return Array.isArray(whole) && part.every((item: Json) => whole.some((other: Json) => holds(other, item)));
    if (!isJsonObject(part)) return whole === part;
    return isJsonObject(whole) && Object.keys(part).every((key) => holds(whole[key], part[key] ?? null));
  };
});

describe("the last applied configuration", () => {
  test("is the manifest itself, keys in order, on one line", () => {
    const manifest = { kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "web" }, spec: { a: "<" } };
    expect(withLastApplied(manifest)).toEqual({
      ...manifest,
      metadata: {
        name: "web",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration":
            '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{},"name":"web"},"spec":{"a":"\\u003c"}}\n',
        },
      },
    });
  });

  test("does not contain itself, and is read back", () => {
    const manifest = { metadata: { name: "web", annotations: { note: "x" } } };
    const twice = withLastApplied(withLastApplied(manifest));
    expect(twice).toEqual(withLastApplied(manifest));
    expect(lastApplied(twice)).toEqual(E.right(manifest));
    expect(lastApplied(manifest)).toEqual(E.right(undefined));
  });

  test("that cannot be read is an error", () => {
    const annotated = (text: string) => ({
      metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": text } },
    });
    expect(lastApplied(annotated("{"))).toMatchObject({ _tag: "Left" });
    expect(lastApplied(annotated("[]"))).toMatchObject({ _tag: "Left" });
  });
});
