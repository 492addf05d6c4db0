/**
 * The command line in a few files: to load five hundred takes longer than most commands do. Beside it the process that queries
 * run in. The bundle lies as deep as the modules in it that find the migrations from where they are.
 */
import { chmodSync } from "node:fs";
import { build } from "rolldown";

const dir = "dist/cli/bundle";
await build({
  input: ["dist/cli/main.js", "dist/event-store/query/process.js"],
  platform: "node",
  external: ["better-sqlite3"],
  output: { dir, cleanDir: true },
});
chmodSync(`${dir}/main.js`, 0o755);
