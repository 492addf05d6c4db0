import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../../src/kubernetes/json.ts";
import { createStrategicMergePatch, createThreeWayPatch } from "../../../src/kubernetes/patch/strategic-diff.ts";
import { applied } from "./support.ts";

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
