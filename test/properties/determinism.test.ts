import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../support/folder.ts";
import { record, type Script, story } from "../support/script.ts";
import { startWorker } from "../support/worker.ts";

const folder = scratchFolder();

/** The digests that a process far away gets from the same scripts. */
const digestsElsewhere = async (scripts: readonly Script[]): Promise<readonly string[]> => {
  const env = { TZ: "America/St_Johns", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
  const worker = startWorker("replay", folder, scripts, env);
  await worker.ended;
  return JSON.parse(worker.lines().join());
};

describe("the same commands at the same times", () => {
  it("give the same log in another process, time zone, language and order of insertion", {
    timeout: 120_000,
  }, async () => {
    const scripts: Script[] = [];
    const digests: string[] = [];
    for (const one of fc.sample(story(), 200)) {
      const { script, session } = await record(one);
      scripts.push(script);
      digests.push(session.digest());
      session.close();
    }
    const elsewhere = await digestsElsewhere(scripts);
    expect(scripts.filter((_, nth) => digests[nth] !== elsewhere[nth])).toEqual([]);
    // Equal digests say something only where histories differ.
    expect(new Set(digests).size).toBeGreaterThan(150);
  });
});
