import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BackOff, nextPull, nextRestart } from "../../src/simulation/kubelet/back-off.ts";

/** The waits before the restarts of a container that runs for `runMs` each time and then exits. */
const waits = (runMs: readonly number[]): readonly number[] => {
  let nowMs = 1_000_000;
  let backOff: BackOff | undefined;
  return runMs.map((ran) => {
    nowMs += ran;
    const next = nextRestart(backOff, nowMs);
    backOff = next.backOff;
    nowMs += next.waitMs;
    return next.waitMs / 1000;
  });
};

const row = [0, 10, 20, 40, 80, 160, 300, 300, 300];

describe("a container that exits again and again", () => {
  it.each([0, 5000, 9999, 60_000, 599_999])("after %d ms each starts again after 0, 10, 20, … 300 s", (ranMs) => {
    expect(waits(row.map(() => ranMs))).toEqual(row);
  });

  it("starts over when it ran for more than ten minutes since its last start", () => {
    expect(waits([0, 0, 0, 600_000, 600_001, 0])).toEqual([0, 10, 20, 40, 0, 10]);
  });

  it("never waits longer than five minutes, nor shorter than the time before unless it starts over", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 900_000 }), { maxLength: 30 }), (runs) => {
        const all = waits(runs);
        for (const [i, wait] of all.entries()) {
          expect(wait).toBeLessThanOrEqual(300);
          const isReset = (runs[i] ?? 0) > 600_000;
          if (isReset || i === 0) expect(wait).toBe(0);
          else expect(wait).toBeGreaterThanOrEqual(all[i - 1] ?? 0);
        }
      }),
    );
  });
});

describe("an image that cannot be pulled", () => {
  it("is tried again after 10, 20, … 300 s", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempts) => nextPull(attempts) / 1000)).toEqual([
      10, 20, 40, 80, 160, 300, 300, 300,
    ]);
  });
});
