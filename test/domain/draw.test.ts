import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawBelow, drawSuffix, drawUid, drawUint32 } from "../../src/domain/draw.ts";

describe("a draw", () => {
  it("is the same for the same seed and key, and another for another", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.nat(), (seed, purpose, n) => {
        expect(drawUint32(seed, purpose, n)).toBe(drawUint32(seed, purpose, n));
        expect(drawUint32(seed, purpose, n)).not.toBe(drawUint32(seed, purpose, n + 1));
        expect(drawUint32(seed, purpose, n)).not.toBe(drawUint32(seed + 1, purpose, n));
      }),
    );
  });

  it("tells the parts of a key apart", () => {
    expect(drawUint32(1, "ab", "c")).not.toBe(drawUint32(1, "a", "bc"));
    expect(drawUint32(1, "a", 12)).not.toBe(drawUint32(1, "a", 1, 2));
  });

  it("stays below its bound and comes to every number about as often", () => {
    const [bound, draws] = [27, 27_000];
    const counts = Array.from({ length: bound }, () => 0);
    for (let n = 0; n < draws; n++) {
      const drawn = drawBelow(bound, 7, "fair", n);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    const expected = draws / bound;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 26 degrees of freedom: above 54 once in a thousand fair runs; this one is always the same.
    expect(chiSquare).toBeLessThan(54);
    expect(counts).toHaveLength(bound);
  });

  it("of a suffix is five of the server's letters, seldom the same twice", () => {
    const suffixes = new Set<string>();
    for (let n = 0; n < 10_000; n++) {
      const suffix = drawSuffix(1, "name", "uid", n, 0);
      expect(suffix).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      suffixes.add(suffix);
    }
    // Of 27^5 names, 10,000 draws leave about 3.5 pairs.
    expect(suffixes.size).toBeGreaterThan(9985);
  });

  it("of a uid is a UUID of version 8, another for every creation", () => {
    const uids = new Set<string>();
    for (let nth = 1; nth <= 1000; nth++) {
      const uid = drawUid(1, "Pod", "default", "one", nth);
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      uids.add(uid);
    }
    expect(uids.size).toBe(1000);
    expect(drawUid(1, "Pod", "default", "one", 1)).not.toBe(drawUid(1, "Pod", "default", "on", 1));
  });
});
