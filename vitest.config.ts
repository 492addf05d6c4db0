import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/run-folder.ts",
    testTimeout: 30_000,
    // No test leaves anything behind in a module, so a worker loads each module once, not once for every test file.
    isolate: false,
    // By itself vitest leaves a core to whoever watches; here nobody does.
    maxWorkers: "100%",
    reporters: ["default", "./test/support/count-reporter.ts"],
  },
});
