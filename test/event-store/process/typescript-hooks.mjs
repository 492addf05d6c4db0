/** A module hook for Node that strips types, so that a child process runs the sources as the tests do. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "@swc/core";

const options = { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, sourceMaps: "inline" };

export const load = async (url, context, nextLoad) => {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), "utf8"), options);
  return { format: "module", source: code, shortCircuit: true };
};
