import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./worker.mjs", import.meta.url));

export interface Worker {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  lines(): readonly string[];
  /** Resolves when it has ended, by itself or by a signal; rejects when it failed. */
  readonly ended: Promise<void>;
}

/** Starts a task of worker.mjs in another process. */
export const startWorker = (
  task: string,
  parameter: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Worker => {
  const child = spawn(process.execPath, [script, task, parameter], { env: { ...process.env, ...env } });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  // A killed process does not read on.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(input));
  const ended = new Promise<void>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => (code === 0 || code === null ? done() : fail(new Error(err))));
  });
  return { process: child, lines: () => out.split("\n").slice(0, -1), ended };
};
