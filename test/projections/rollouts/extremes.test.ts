import { describe, expect, test } from "vitest";
import { type Extremes, highestAt, withLevels } from "../../../src/projections/rollouts/extremes.ts";
import { type Levels, noLevels } from "../../../src/projections/rollouts/levels.ts";

type Step = Partial<Levels>;

/** One step each second. */
const following = (steps: readonly Step[], begin: Extremes = {}): Extremes =>
  steps.reduce<Extremes>((known, step, i) => withLevels(known, { ...noLevels, ...step }, i * 1000), begin);

const ceiling = (pods: number, ceilingInForce: number): Step => ({ pods, ceilingInForce });
const floor = (available: number, floorInForce: number, more: Step = {}): Step => ({
  available,
  floorInForce,
  floor: floorInForce,
  desired: Math.max(4, floorInForce),
  ...more,
});

describe("the highest count against the ceiling", () => {
  test("is of equally tight moments the one with the most pods, and of those the first", () => {
    const { highest } = following([ceiling(5, 5), ceiling(10, 10), ceiling(9, 10), ceiling(10, 10)]);
    expect(highest).toEqual({ atMs: 1000, pods: 10, bound: 10 });
  });

  test("is the tightest moment, even where more pods were there against a higher ceiling", () => {
    expect(following([ceiling(5, 5), ceiling(9, 10)]).highest).toMatchObject({ pods: 5, bound: 5 });
  });

  test("is of equal excesses the one with the most pods", () => {
    const extremes = following([ceiling(6, 5), ceiling(11, 10), ceiling(8, 10)]);
    expect(highestAt(extremes, 2000)).toMatchObject({ pods: 11, bound: 10 });
  });
});

describe("the lowest availability against the floor", () => {
  test("is of equally tight moments the one with the fewest available pods, and of those the first", () => {
    const { lowest } = following([floor(6, 6), floor(3, 3), floor(4, 3), floor(3, 3)]);
    expect(lowest).toEqual({ atMs: 1000, pods: 3, bound: 3 });
  });

  test("is measured against a floor of 0, too, where the strategy promises nothing and pods had been there", () => {
    expect(following([floor(4, 0), floor(1, 0), floor(0, 0), floor(4, 0)]).lowest).toEqual({
      atMs: 2000,
      pods: 0,
      bound: 0,
    });
  });

  test("is not measured before all pods were available once, nor while none are wanted, nor against a floor not reached", () => {
    expect(following([floor(0, 0), floor(3, 0)]).lowest).toBeUndefined();
    expect(following([floor(4, 0), floor(0, 0, { desired: 0 })]).lowest).toMatchObject({ pods: 4, bound: 0 });
    expect(following([floor(0, 0, { floor: 3 })], { isUp: true }).lowest).toBeUndefined();
  });

  test("was measured from the first moment on where the pods had been there before", () => {
    expect(following([floor(0, 0)], { isUp: true }).lowest).toEqual({ atMs: 0, pods: 0, bound: 0 });
  });
});
