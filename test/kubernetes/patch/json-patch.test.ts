import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/kubernetes/json.ts";
import { applyPatchTo } from "../../../src/kubernetes/patch/index.ts";
import { applyJsonPatch, createJsonPatch } from "../../../src/kubernetes/patch/json-patch.ts";
import { applyMergePatch } from "../../../src/kubernetes/patch/merge-patch.ts";
import type { Refusal } from "../../../src/kubernetes/refusal.ts";

const web = { kind: "Deployment", spec: { replicas: 3, paused: true, args: ["a", "b"] } };

const keys = fc.string({ unit: fc.constantFrom("a", "b", "/", "~", "$"), maxLength: 3 });
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.string({ maxLength: 3 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(keys, tie("json"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const objects = fc.dictionary(keys, json, { maxKeys: 4, noNullPrototype: true });

describe("applyJsonPatch", () => {
  test("applies operations in their order", () => {
    const patch = [
      { op: "test", path: "/spec/replicas", value: 3 },
      { op: "replace", path: "/spec/replicas", value: 5 },
      { op: "remove", path: "/spec/paused" },
      { op: "add", path: "/spec/args/-", value: "c" },
      { op: "copy", from: "/spec/args/0", path: "/spec/first" },
      { op: "move", from: "/spec/first", path: "/spec/moved" },
    ];
    expect(applyJsonPatch(web, patch)).toEqual(
      E.right({ kind: "Deployment", spec: { replicas: 5, args: ["a", "b", "c"], moved: "a" } }),
    );
  });

  test.each<[Json, string]>([
    [[{ op: "test", path: "/spec/replicas", value: 77 }], "test operation does not apply: /spec/replicas: test failed"],
    [[{ op: "remove", path: "/spec/nope" }], "remove operation does not apply: /spec/nope: missing value"],
    [[{ op: "add", path: "/a/b", value: 1 }], "add operation does not apply: /a/b: missing value"],
    [[{ op: "add", path: "/spec/args/7", value: 1 }], "add operation does not apply: /spec/args/7: missing value"],
    [[{ op: "add", path: "spec", value: 1 }], 'operation 0: path must be empty or start with "/"'],
    [[{ op: "add", path: "/spec" }], "operation 0: add needs a value"],
    [[{ op: "merge", path: "/spec" }], 'operation 0: unknown op "merge"'],
    [[{ op: "move", path: "/spec" }], 'operation 0: move needs a from that is empty or starts with "/"'],
    [[{ op: "remove", path: "" }], "operation 0: the whole document cannot be removed"],
    [["add"], "operation 0: not an object"],
    [{ op: "remove", path: "/spec" }, "a JSON patch is a list of operations"],
  ])("refuses %j", (patch, message) => {
    expect(applyJsonPatch(web, patch)).toEqual(E.left(message));
  });

  test("leaves the target as it was, also when a later operation does not apply", () => {
    const before = structuredClone(web);
    applyJsonPatch(web, [
      { op: "remove", path: "/spec/paused" },
      { op: "remove", path: "/spec/paused" },
    ]);
    expect(web).toEqual(before);
  });

  test("turns one value into the other with the patch made of both", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(applyJsonPatch(from, createJsonPatch(from, to))).toEqual(E.right(to));
        expect(createJsonPatch(from, structuredClone(from))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("applyMergePatch", () => {
  test("merges objects, deletes with null, replaces lists", () => {
    expect(
      applyMergePatch(web, { spec: { paused: null, args: ["z"], strategy: { type: "Recreate", x: null } } }),
    ).toEqual({
      kind: "Deployment",
      spec: { replicas: 3, args: ["z"], strategy: { type: "Recreate" } },
    });
  });

  test("applied twice gives what it gives once", () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const once = applyMergePatch(target, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
        expect(applyMergePatch(target, {})).toEqual(target);
      }),
    );
  });
});

describe("applyPatchTo", () => {
  const refused = (type: "json" | "merge" | "strategic", patch: Json) =>
    E.match(
      ({ code, reason, message, causes }: Refusal): object => ({ code, reason, message, causes }),
      (patched: object) => patched,
    )(applyPatchTo(web, type, patch));

  test("does not say why a JSON patch does not apply, as the API server does not", () => {
    expect(refused("json", [{ op: "test", path: "/spec/replicas", value: 77 }])).toEqual({
      code: 422,
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
      causes: [],
    });
  });

  test("refuses patches of the wrong form", () => {
    expect(refused("json", {})).toMatchObject({
      code: 400,
      message: "json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    });
    expect(refused("strategic", [])).toMatchObject({
      code: 400,
      message: "json: cannot unmarshal array into Go value of type map[string]interface {}",
    });
    expect(refused("strategic", { spec: { $patch: "twist" } })).toMatchObject({
      reason: "BadRequest",
      message: "unknown patch type: twist in map: map[$patch:twist]",
    });
  });

  test("applies each type of patch", () => {
    expect(refused("merge", { spec: { replicas: 1 } })).toMatchObject({ spec: { replicas: 1, args: ["a", "b"] } });
    expect(refused("strategic", { spec: { $patch: "replace", replicas: 1 } })).toEqual({
      kind: "Deployment",
      spec: { replicas: 1 },
    });
    expect(refused("json", [{ op: "replace", path: "/spec", value: {} }])).toEqual({ kind: "Deployment", spec: {} });
  });
});
