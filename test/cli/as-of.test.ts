import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../support/folder.ts";
import { rollout } from "./rollout.ts";

test("a look at the past lets nothing happen in the cluster", async () => {
  const env = { ROLLOUT_LEDGER: join(scratchFolder(), "rollout.db") };
  const last = async (): Promise<string> => (await rollout(["log", "--tail", "1"], { env })).out;
  await rollout(["create", "deployment", "web", "--image=web:1"], { env });
  const before = await last();
  expect((await rollout(["get", "pods", "--as-of", "seq:1"], { env })).code).toBe(0);
  expect(await last()).toBe(before);
  await rollout(["get", "pods"], { env });
  expect(await last()).not.toBe(before);
});
