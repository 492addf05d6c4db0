import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const worker = fileURLToPath(new URL("./worker.mjs", import.meta.url));
const hooks = new URL("./typescript-hooks.mjs", import.meta.url).href;
const registration = encodeURIComponent(`import { register } from "node:module"; register(${JSON.stringify(hooks)});`);

export interface Worker {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  lines(): readonly string[];
  /** Resolves when it has ended, by itself or by a signal; rejects when it failed. */
  readonly ended: Promise<void>;
}

/** Starts a task of worker.mjs in another process. */
export const startWorker = (task: string, parameters: readonly (string | number)[]): Worker => {
  const args = ["--import", `data:text/javascript,${registration}`, worker, task, ...parameters.map(String)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const ended = new Promise<void>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => (code === 0 || code === null ? done() : fail(new Error(err))));
  });
  return { process: child, lines: () => out.split("\n").slice(0, -1), ended };
};
