import { expect, it } from "vitest";
import { started, typed } from "../support/terminal.ts";

/** A cluster that is never at rest: its pods crash for ever. */
const busyLedger = async () => {
  const session = started();
  await typed(session, "behave image=web:1 --crash-after 5s");
  await typed(session, "create deployment web --image=web:1 --replicas=40");
  return session;
};

it("advancing can be interrupted between two steps, says how far it came, and goes on to the same log", async () => {
  const spanMs = 12 * 3_600_000;
  const whole = await busyLedger();
  const endMs = whole.now() + spanMs;
  await whole.advance(spanMs);

  const parts = await busyLedger();
  const interruption = new AbortController();
  const progress: number[] = [];
  await parts.advance(
    spanMs,
    (atMs) => {
      progress.push(atMs);
      if (progress.length === 2) interruption.abort();
    },
    interruption.signal,
  );
  expect(progress).toHaveLength(2);
  expect(parts.now()).toBe(progress[1]);
  expect(parts.now()).toBeLessThan(endMs);

  await parts.advance(endMs - parts.now());
  expect(parts.now()).toBe(endMs);
  expect(parts.digest()).toBe(whole.digest());
});
