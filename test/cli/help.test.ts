import { expect, test } from "vitest";
import { help } from "../../src/cli/help.ts";
import { verbHelp } from "../../src/commands/help.ts";
import { verbs } from "../../src/commands/registry.ts";

test("help of every verb tells of --ledger", () => {
  for (const verb of verbs) expect(verbHelp(verb)).toMatch(/^Everywhere:\n +--ledger STRING/m);
  expect(verbHelp(help(() => []))).toContain("rollout help points");
});
