import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A mutant is done with at the first test that fails, and most fall to a controller's own tests within milliseconds. */
const rankOf = ({ moduleId }: TestSpecification): number => {
  if (moduleId.includes("/test/controllers/")) return 0;
  return moduleId.includes("/traps/") ? 2 : 1;
};

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((a, b) => rankOf(a) - rankOf(b));
  }
}

/** What a mutant of `src/controllers/` has to survive: the controllers' own tests, what Kubernetes answered, and the traps. */
export default defineConfig({
  test: {
    include: [
      "test/controllers/**/*.test.ts",
      "test/conformance/{deployment-formulas,deployment-sync,replica-set}.test.ts",
      "test/conformance/traps/*.test.ts",
    ],
    // Written by sample-rows.mjs.
    env: { CONFORMANCE_DIR: join(process.cwd(), "reports/mutation/rows") },
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    testTimeout: 30_000,
  },
});
