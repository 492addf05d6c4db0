/** What came of playing a scenario. */
import type { Check } from "./expect/check.ts";
import type { Scenario } from "./parse.ts";

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly seed: number;
  /** How many steps were played. */
  readonly steps: number;
  readonly checks: readonly Check[];
  /** Events in the log. */
  readonly events: number;
  /** Cluster time that passed, ms. */
  readonly clusterMs: number;
  /** Digest of the canonical log: equal for the same scenario, seed and version. */
  readonly digest: string;
}

/** Every expectation held and every step was played. */
export const hasPassed = ({ scenario, steps, checks }: ScenarioResult): boolean =>
  steps === scenario.steps.length && checks.every(({ holds }) => holds);
