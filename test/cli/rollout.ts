/** The built command line, as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
const mainFile = join(repository, "dist/cli/bundle/main.js");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly process: ChildProcess;
  /** What it has said so far on standard output. */
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

export interface Options {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const start = (program: string, args: readonly string[], { cwd = repository, input, env = {} }: Options): Started => {
  const {
    NO_COLOR: _,
    FORCE_COLOR: __,
    ROLLOUT_LEDGER: ___,
    EDITOR: ____,
    KUBE_EDITOR: _____,
    COLUMNS: ______,
    ...inherited
  } = process.env;
  const child = spawn(program, args, { cwd, env: { ...inherited, ...env } });
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text.err += chunk;
  });
  child.stdin.end(input ?? "");
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
  return { process: child, said: () => text.out, ended };
};

export const startRollout = (args: readonly string[], options: Options = {}): Started =>
  start(process.execPath, [mainFile, ...args], options);

/** Runs to its end. */
export const rollout = (args: readonly string[], options: Options = {}): Promise<Ended> =>
  startRollout(args, options).ended;

/** A line for bash, in which `rollout` is the built command line. */
export const bash = (line: string, options: Options = {}): Promise<Ended> =>
  start("bash", ["-o", "pipefail", "-c", `rollout() { "${process.execPath}" "${mainFile}" "$@"; }\n${line}`], options)
    .ended;
