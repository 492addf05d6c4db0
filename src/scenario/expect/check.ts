/** The outcome of one expectation. */
import { type ComparedLine, compareOutput } from "./output.ts";

export interface Check {
  /** What was expected: `output`, `exit code`, `deploy/web status.readyReplicas`, `deploy/web: available ≥ 4`. */
  readonly what: string;
  readonly holds: boolean;
  /** `scenarios/web.yaml:12:5`. */
  readonly where: string;
  /** Expected against actual, line by line; empty when it holds. */
  readonly difference: readonly ComparedLine[];
}

/** Expects a text, with wildcards. */
export const expectText = (what: string, expected: string, actual: string, where: string): Check => {
  const { holds, lines } = compareOutput(expected, actual);
  return { what, holds, where, difference: holds ? [] : lines };
};

/** Something that is plainly so or not; `expected` and `actual` say what in one line each. */
export const expectFact = (
  what: string,
  holds: boolean,
  where: string,
  [expected, actual]: readonly [expected: string, actual: string],
): Check => ({
  what,
  holds,
  where,
  difference: holds
    ? []
    : [
        { from: "expected", text: expected },
        { from: "actual", text: actual },
      ],
});
