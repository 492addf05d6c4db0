/** A folder for the files of one run of the tests, gone when the run ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const setup = (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-test-"));
  process.env.ROLLOUT_TEST_FOLDER = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};
