/** Manifests that are refused leave the ledger as it was, however they come. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { beforeAll, describe, expect, it } from "vitest";
import { openLedger } from "../../src/engine/open.ts";
import { brokenManifests } from "../kubernetes/broken-manifests.ts";
import { scratchFolder } from "../support/folder.ts";
import { rollout } from "./rollout.ts";

const folder = scratchFolder();
const ledger = join(folder, "rollout.db");
const goodManifest = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: good\n";

const state = (): unknown => {
  const opened = openLedger(ledger);
  if (E.isLeft(opened)) throw opened.left;
  const session = opened.right;
  const result = { digest: session.digest(), nowMs: session.now(), namespaces: session.list("Namespace").length };
  session.close();
  return result;
};

/** Runs the verb on every manifest, in one process; answers with what each said. */
const refusals = async (verb: string): Promise<readonly string[]> => {
  const lines = brokenManifests.map((_, i) => `${verb} -f ${i}.yaml\nversion --separator\n`);
  const { code, out, err } = await rollout(["sh", "--ledger", ledger], { cwd: folder, input: lines.join("") });
  expect(code).toBe(1);
  expect(out.split("\n").filter((line) => line !== "" && !line.startsWith("$ "))).toEqual([]);
  return err.split(/^error: unknown flag: --separator\n.*\n/m).slice(0, -1);
};

beforeAll(async () => {
  mkdirSync(join(folder, "mixed"));
  for (const [i, { yaml }] of brokenManifests.entries()) writeFileSync(join(folder, `${i}.yaml`), yaml);
  await rollout(["init", "--clock", "manual", "--ledger", ledger]);
});

describe.each(["apply", "create"])("%s", (verb) => {
  it("refuses every broken manifest in its words, and records nothing", async () => {
    const before = state();
    const said = await refusals(verb);
    expect(said).toHaveLength(brokenManifests.length);
    for (const [i, { name, expectMessage, expectNote }] of brokenManifests.entries()) {
      expect(said[i], name).toContain(expectMessage);
      if (expectNote !== undefined) expect(said[i], name).toContain(`${i}.yaml${expectNote}`);
    }
    expect(state()).toEqual(before);
  });
});

it("a broken document keeps the good ones of its file from being applied", async () => {
  const before = state();
  const unreadable = brokenManifests.find(({ name }) => name === "a tab as indentation")?.yaml ?? "";
  const { code, out, err } = await rollout(["apply", "-f", "-", "--ledger", ledger], {
    input: `${goodManifest}---\n${unreadable}`,
  });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^error: error parsing STDIN|^error: /);
  expect(state()).toEqual(before);
});
