import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Ledger, openLedger } from "../../src/index.ts";

let ledger: Ledger;
const head = (): number => [...ledger.log()].at(-1)?.seq ?? 0;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
  ledger = openLedger(":memory:", { create: true, clock: "wall", user: "alice" });
  await ledger.execute("create deployment web --image=web:1");
  vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 10));
});
afterEach(() => {
  ledger.close();
  vi.useRealTimers();
});

describe("while a wall clock goes on, the cluster", () => {
  test.each([
    "get deploy --as-of rollout:1",
    "describe deploy/web --as-of seq:6",
    "rollout status deploy/web --as-of rollout:1",
    "rollout ledger deploy/web --as-of rollout:1",
    "rollout log --tail 1",
  ])("does not catch up for what was: %s", async (line) => {
    const before = head();
    expect(await ledger.execute(line)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(head()).toBe(before);
  });

  test.each(["get deploy", "rollout ledger deploy/web", "rollout report deploy/web", "rollout timeline deploy/web"])(
    "catches up for what is not over yet: %s",
    async (line) => {
      const before = head();
      await ledger.execute(line);
      expect(head()).toBeGreaterThan(before);
    },
  );

  test("catches up for what is, whatever stood before it in a script", async () => {
    const { stdout } = await ledger.execute("rollout log --tail 1\nkubectl get deploy web");
    expect(stdout).toMatch(/web +1\/1 /);
  });
});
