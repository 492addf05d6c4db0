import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { filesOfDisk } from "../../src/scenario/files.ts";
import { faultLines, parseScenario, type Scenario } from "../../src/scenario/parse.ts";
import type { ScenarioResult } from "../../src/scenario/result.ts";
import { runScenario } from "../../src/scenario/runner.ts";
import { repository, rollout } from "../cli/rollout.ts";

const folder = join(repository, "scenarios");
const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

const load = (name: string): Scenario => {
  const scenario = parseScenario(readFileSync(join(folder, name), "utf8"), `scenarios/${name}`);
  if (E.isLeft(scenario)) throw new Error(faultLines(name, scenario.left).join("\n"));
  return scenario.right;
};

const play = async (name: string): Promise<ScenarioResult> => {
  const result = await runScenario(load(name), { files: filesOfDisk(folder) });
  if (E.isLeft(result)) throw result.left;
  return result.right;
};

it("the stories are all there", () => {
  expect(names).toEqual(
    expect.arrayContaining([
      "canary-and-rollback.yaml",
      "crash-mid-rollout.yaml",
      "graceful-update.yaml",
      "gray-release.yaml",
      "maxUnavailable-0.yaml",
      "proportional-scaling.yaml",
      "rolling-update.yaml",
      "rollover.yaml",
      "stuck-rollout-deadline.yaml",
      "two-ways-by-hand.yaml",
    ]),
  );
});

describe.each(names)("%s", (name) => {
  it("goes as it says", async () => {
    const { checks, steps, scenario } = await play(name);
    const failed = checks.filter(({ holds }) => !holds);
    expect(failed.map(({ what, where, difference }) => ({ what, where, difference }))).toEqual([]);
    expect(steps).toBe(scenario.steps.length);
    expect(checks.length).toBeGreaterThan(3);
  });
});

it("every story gives the same log in another process and another time zone", async () => {
  const paths = names.map((name) => `scenarios/${name}`);
  const { code, out } = await rollout(["run", "--digest", ...paths], {
    env: { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8" },
  });
  const here = await Promise.all(names.map(async (name) => `${(await play(name)).digest}  scenarios/${name}\n`));
  expect(out).toBe(here.join(""));
  expect(code).toBe(0);
});
