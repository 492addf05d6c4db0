import fc from "fast-check";
import { expect, test } from "vitest";
import { closest, editDistance } from "../../src/kubernetes/edit-distance.ts";

test.each([
  ["replica", "replicas"],
  ["Replicas", "replicas"],
  ["relpicas", "replicas"],
  ["minReadySecond", "minReadySeconds"],
  ["strat", "strategy"],
  ["xyz", undefined],
  ["", undefined],
])("%j was probably meant to be %j", (word, meant) => {
  expect(closest(word, ["replicas", "selector", "strategy", "template", "minReadySeconds"])).toBe(meant);
});

test("a beginning that several words share suggests none of them", () => {
  expect(closest("temp", ["template", "temperature"])).toBeUndefined();
});

test("swapped neighbours count as one mistake", () => {
  expect(editDistance("imgae", "image")).toBe(1);
});

test("the distance is symmetric, zero to itself, and at most the longer word", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.toLowerCase().length, b.toLowerCase().length));
    }),
  );
});
