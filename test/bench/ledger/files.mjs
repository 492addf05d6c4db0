/** Generated ledgers, kept in the temp folder of the machine until what they are made of changes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What decides on the bytes of a generated ledger. */
const makers = ["migrations/sqlite", "dist/domain", "dist/projections", "test/bench/ledger/generate.mjs"];

const filesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesIn(join(path, name)))
    : [path];

const versionOfMakers = () => {
  const digest = createHash("sha256");
  for (const maker of makers) for (const file of filesIn(join(root, maker))) digest.update(readFileSync(file));
  return digest.digest("hex").slice(0, 12);
};

/** The files of ledgers of these sizes, the smallest first; made now unless they are there. */
export const generatedLedgers = (sizes) => {
  const folder = join(tmpdir(), `rollout-ledgers-${versionOfMakers()}`);
  const files = sizes.map((size) => join(folder, `ledger-${size}.db`));
  if (files.every((file) => existsSync(file))) return files;
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL("./generate.mjs", import.meta.url));
  execFileSync(process.execPath, [script, folder, ...sizes.map(String)], { stdio: ["ignore", "ignore", "inherit"] });
  return files;
};
