/** What real Kubernetes answered, a row each: read from `CONFORMANCE_DIR`, or from the copy beside this file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const root = process.env.CONFORMANCE_DIR ?? join(import.meta.dirname, "data");

const fileOf = (name: string): string => join(root, "vectors", `${name}.jsonl.gz`);

export const hasVectors = (name: string): boolean => existsSync(fileOf(name));

/** The rows of one file. Their shape is what the recorder wrote; nothing checks it but the comparison itself. */
export const readVectors = <T>(name: string): readonly T[] => {
  const lines = gunzipSync(readFileSync(fileOf(name)))
    .toString("utf8")
    .split("\n");
  return lines.filter((line) => line !== "").map((line): T => JSON.parse(line));
};
