import fc from "fast-check";
import { expect, test } from "vitest";
import type { History } from "../../../src/history/timeline/model.ts";
import { play, troubledPlan } from "../../support/plan.ts";
import { started } from "../../support/terminal.ts";
import { historyOf } from "../timeline/read.ts";
import { reportsOf } from "./read.ts";

/** Pods below the floor in force times the time they were. */
const missingPodMs = ({ availability }: History, { fromMs, toMs }: { fromMs: number; toMs: number }): number =>
  availability.reduce((total, step, i) => {
    const ms = Math.min(availability[i + 1]?.atMs ?? toMs, toMs) - Math.max(step.atMs, fromMs);
    return total + Math.max(0, ms) * Math.max(0, step.floorInForce - step.available);
  }, 0);

test("every pod missing below the floor is charged to exactly one loss whose cause the log tells", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      const history = historyOf(session);
      for (const { shortfalls, lost, rollout, endMs } of reportsOf(session, history)) {
        for (const shortfall of shortfalls) {
          const charged = shortfall.blames.reduce((total, { podMs }) => total + podMs, 0);
          expect(charged).toBe(missingPodMs(history, shortfall));
          for (const { cause, losses } of shortfall.blames) {
            expect(cause.type, JSON.stringify(losses)).not.toBe("unknown");
          }
        }
        // A pod that is lost at the very end of the history has no state after that to tell of it.
        if (rollout.startedAtMs === rollout.atMs && endMs < history.toMs) {
          expect(lost.filter(({ atMs }) => atMs <= endMs).length).toBeGreaterThanOrEqual(rollout.podsLost);
        }
      }
      session.close();
    }),
    { numRuns: 15 },
  ));
