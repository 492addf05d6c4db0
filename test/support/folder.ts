import { mkdtempSync } from "node:fs";
import { join } from "node:path";

/** A new empty folder that goes when the run of the tests is over. */
export const scratchFolder = (): string => {
  const folder = process.env.ROLLOUT_TEST_FOLDER;
  if (folder === undefined) throw new Error("scratch folders are for tests that vitest runs");
  return mkdtempSync(join(folder, "scratch-"));
};
