import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { expect, test } from "vitest";
import {
  maxSurge,
  maxUnavailable,
  minAvailable,
  resolveFenceposts,
  scaledValue,
} from "../../src/kubernetes/int-or-percent.ts";
import type { IntOrPercent } from "../../src/kubernetes/objects.ts";

const fenceposts = (surge: IntOrPercent | undefined, unavailable: IntOrPercent | undefined, desired: number) =>
  resolveFenceposts(surge, unavailable, desired);

test.each([
  ["0%", "0%", 0, 0, 1],
  ["39%", "39%", 10, 4, 3],
  [undefined, "39%", 10, 0, 3],
  ["39%", undefined, 10, 4, 0],
  [undefined, undefined, 10, 0, 1],
  ["25%", "25%", 1, 1, 0],
  ["25%", "25%", 4, 1, 1],
  ["25%", "25%", 10, 3, 2],
  [0, "10%", 5, 0, 1],
])("surge %s and unavailable %s of %d are %d and %d", (surge, unavailable, desired, maxSurge, maxUnavailable) => {
  expect(fenceposts(surge, unavailable, desired)).toEqual(E.right({ maxSurge, maxUnavailable }));
});

test("a string that is no percentage is an error in Go's words", () => {
  expect(fenceposts("oops", 1, 3)).toEqual(
    E.left("invalid value for IntOrString: invalid type: string is not a percentage"),
  );
  expect(fenceposts(1, "1.5%", 3)).toEqual(
    E.left('invalid value for IntOrString: invalid value "1.5%": strconv.Atoi: parsing "1.5": invalid syntax'),
  );
});

test("Recreate neither surges nor keeps pods available", () => {
  const spec = { replicas: 10, strategy: { type: "Recreate" } } as const;
  expect([maxSurge(spec), maxUnavailable(spec), minAvailable(spec)]).toEqual([0, 0, 0]);
});

test("no more pods can be unavailable than are wanted", () => {
  const spec = { replicas: 5, strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 10 } } } as const;
  expect([maxUnavailable(spec), minAvailable(spec)]).toEqual([5, 0]);
  expect(maxUnavailable({ ...spec, replicas: 0 })).toBe(0);
});

const limit = fc.oneof(
  fc.nat({ max: 50 }),
  fc.nat({ max: 200 }).map((share) => `${share}%`),
);

test("a rolling update can always move, and never keeps fewer than no pods", () => {
  fc.assert(
    fc.property(limit, limit, fc.integer({ min: 1, max: 1000 }), (surge, unavailable, replicas) => {
      const spec = {
        replicas,
        strategy: { type: "RollingUpdate" as const, rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
      };
      expect(maxSurge(spec) + maxUnavailable(spec)).toBeGreaterThan(0);
      expect(minAvailable(spec)).toBeGreaterThanOrEqual(0);
      expect(minAvailable(spec) + maxUnavailable(spec)).toBe(replicas);
    }),
  );
});

test("a share rounded up exceeds the same share rounded down by at most one", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 300 }), fc.nat({ max: 10_000 }), (share, total) => {
      const [up, down] = (["up", "down"] as const).map((rounding) => scaledValue(`${share}%`, total, rounding));
      if (!up || !down || E.isLeft(up) || E.isLeft(down)) throw new Error("a percentage has a value");
      expect([0, 1]).toContain(up.right - down.right);
      expect(Object.is(up.right, -0)).toBe(false);
    }),
  );
});
