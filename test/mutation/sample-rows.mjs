/** Every eighth row of what Kubernetes' own functions answered, as a `CONFORMANCE_DIR`: enough to know a mutant by. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const EVERY = 8;
const recorded = "test/conformance/data/vectors";
const sampled = "reports/mutation/rows/vectors";

mkdirSync(sampled, { recursive: true });
for (const file of readdirSync(recorded)) {
  const rows = gunzipSync(readFileSync(join(recorded, file)))
    .toString("utf8")
    .split("\n");
  const sample = rows.filter((row, at) => row !== "" && at % EVERY === 0);
  writeFileSync(join(sampled, file.replace(/\.gz$/, "")), `${sample.join("\n")}\n`);
}
