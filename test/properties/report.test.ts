import fc from "fast-check";
import { expect, test } from "vitest";
import { reportData } from "../../src/history/report/data.ts";
import { reportIn } from "../history/report/read.ts";
import { historyOf } from "../history/timeline/read.ts";
import { play, troubledPlan } from "../support/plan.ts";
import { started, typed } from "../support/terminal.ts";

test("a report that reads only its part of the log says what one that reads all of it does", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      const of = { namespace: "default", name: "web" };
      const rollouts = session.rollouts(of);
      for (const [i, { number }] of rollouts.entries()) {
        // A moment after the next one began: what came later is of no concern.
        const toMs = Math.min((rollouts[i + 1]?.atMs ?? Infinity) + 1, session.now());
        const whole = { ...historyOf(session, toMs), rollouts: rollouts.map((rollout) => ({ ...rollout, hue: 0 })) };
        const report = reportIn(session, whole, number);
        const { out } = await typed(session, `report deploy/web rollout:${number} -o json`);
        const told: unknown = JSON.parse(out);
        expect(told).toEqual(JSON.parse(JSON.stringify(reportData(report))));
      }
      session.close();
    }),
    { numRuns: 30 },
  ));
