import { join } from "node:path";
import { expect, test } from "vitest";
import { Ledgers } from "../../src/cli/ledgers.ts";
import { verbs } from "../../src/commands/registry.ts";
import { scratchFolder } from "../support/folder.ts";

test("where there is no ledger, every verb is named that starts one", async () => {
  const opened = await new Ledgers(join(scratchFolder(), "none.db"), {}).open();
  const said = opened._tag === "Left" ? opened.left.message : "";
  const starters = verbs.filter(({ ledger }) => ledger === "new").map(({ group, name }) => group ?? name);
  const named = / as do (.*), in real time$/.exec(said)?.[1]?.split(/, | and /);
  expect(named?.sort()).toEqual([...new Set(starters)].sort());
});
