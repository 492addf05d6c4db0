/** Histories for laws that only read them: all laws of a file see the same random plans, and each plan is played once. */
import fc from "fast-check";
import { afterAll } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { type Plan, play } from "./plan.ts";
import { started } from "./terminal.ts";

export interface Played {
  /** For `fc.assert`: the same seed gives every law the same plans. */
  readonly seed: number;
  /** The ledger after the plan, to be left as it is. */
  after(plan: Plan): Promise<LedgerSession>;
}

/** Once in a test file. */
export const playedOnce = (): Played => {
  const sessions = new Map<string, LedgerSession>();
  afterAll(() => {
    for (const session of sessions.values()) session.close();
  });
  return {
    seed: fc.sample(fc.integer(), 1)[0] ?? 0,
    async after(plan) {
      const key = JSON.stringify(plan);
      const known = sessions.get(key);
      if (known) return known;
      const session = started(":memory:", { seed: plan.seed });
      sessions.set(key, session);
      await play(session, plan);
      return session;
    },
  };
};
