/** Where the recordings of real Kubernetes are: `CONFORMANCE_DIR`, or the copy beside this file. Any file may be gzipped. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const root = process.env.CONFORMANCE_DIR ?? join(import.meta.dirname, "data");

/** The recordings are the repository's own, whose exceptions are known by name and number. */
export const isOwnCopy = process.env.CONFORMANCE_DIR === undefined;

/** The text of a file, or undefined when there is none. */
export const readRecorded = (...path: readonly string[]): string | undefined => {
  const plain = join(root, ...path);
  if (existsSync(plain)) return readFileSync(plain, "utf8");
  const packed = `${plain}.gz`;
  return existsSync(packed) ? gunzipSync(readFileSync(packed)).toString("utf8") : undefined;
};

export const isRecorded = (...path: readonly string[]): boolean => {
  const plain = join(root, ...path);
  return existsSync(plain) || existsSync(`${plain}.gz`);
};

/** The folders in a folder, in order of name. */
export const recordedFolders = (path: string): readonly string[] => {
  const folder = join(root, path);
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
};

/** One JSON value a line. Their shape is what the recorder wrote; nothing checks it but the comparison itself. */
export const parseLines = <T>(text: string): readonly T[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): T => JSON.parse(line));
