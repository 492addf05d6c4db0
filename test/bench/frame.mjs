/** How cases are run and what their rows look like. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs a script of this folder in a process of its own; it prints JSON. */
export const inChild = (script, ...args) => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [path, ...args.map(String)], { encoding: "utf8" }));
};

export const inFolder = (work) => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-bench-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const median = (numbers) => percentile(numbers, 50);
export const percentile = (numbers, percent) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor((numbers.length * percent) / 100))];

export const count = (n) => Math.round(n).toLocaleString("en");
export const times = (ratio) => `${ratio < 2 ? ratio.toFixed(2) : ratio.toFixed(1)} ×`;
export const seconds = (s) => `${s.toFixed(2)} s`;
export const milliseconds = (ms) => `${ms.toFixed(1)} ms`;
export const megabytes = (mb) => `${Math.round(mb)} MB`;

const row = (what, value, format, limit) => ({ what, value, shown: format(value), ...limit });
const verdict = (holds) => (holds ? "PASS" : "FAIL");

export const atMost = (what, value, limit, format) =>
  row(
    what,
    value,
    format,
    limit === undefined ? {} : { limit, shownLimit: `at most ${format(limit)}`, verdict: verdict(value <= limit) },
  );

export const atLeast = (what, value, limit, format) =>
  row(
    what,
    value,
    format,
    limit === undefined ? {} : { limit, shownLimit: `at least ${format(limit)}`, verdict: verdict(value >= limit) },
  );

export const notMeasured = (what, remedy) => ({ what, value: null, shown: "–", shownLimit: `not measured: ${remedy}` });
