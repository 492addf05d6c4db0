import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/kubernetes/canonical-json.ts";

test("keys are sorted at every level, undefined ones are left out", () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, A: "ä\n" })).toBe('{"A":"ä\\n","b":[{"c":null,"d":1}]}');
});

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
};

test("the order in which keys were written makes no difference", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
    }),
  );
});

test("the text is JSON for the same value, so that different values have different texts", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
