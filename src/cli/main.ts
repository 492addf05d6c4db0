#!/usr/bin/env node
/** The process: arguments, terminal, signals, exit codes. What a verb needs is loaded when it runs. */
import { userInfo } from "node:os";
import * as E from "fp-ts/lib/Either.js";
import { splitArguments } from "./arguments.ts";
import type { CliContext } from "./context.ts";
import { faultText } from "./fault.ts";
import { Interrupts } from "./interrupts.ts";
import { Ledgers } from "./ledgers.ts";
import { openTerminal } from "./terminal.ts";
import { welcome } from "./welcome.ts";

/** What a shell says of a program that wrote into a closed pipe. */
const brokenPipeExitCode = 141;

const loginName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
};

const main = async (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  const interrupts = new Interrupts();
  const terminal = openTerminal(env, () => interrupts.interrupt());
  process.on("SIGINT", () => interrupts.interrupt());
  const split = splitArguments(argv);
  if (E.isLeft(split)) {
    terminal.io.err(`error: ${split.left}\n`);
    return 1;
  }
  const { ledger, noColor, words } = split.right;
  // Read by the colour library when it is loaded.
  if (noColor) env.NO_COLOR = "1";
  if (words.length === 0) {
    terminal.io.out(welcome);
    return 0;
  }
  const [{ dispatch }, { verbs }] = await Promise.all([import("../commands/dispatch.ts"), import("./verbs.ts")]);
  const ctx: CliContext = {
    io: terminal.io,
    terminal,
    ledgers: new Ledgers(ledger, env),
    actor: `user:${loginName()}`,
    defaultNamespace: "default",
    interrupts,
    signal: interrupts.signal,
  };
  const isHelp = words.length === 1 && (words[0] === "--help" || words[0] === "-h");
  try {
    const code = await dispatch(ctx, isHelp ? ["help"] : words, verbs);
    return terminal.hasReader() ? code : brokenPipeExitCode;
  } finally {
    ctx.ledgers.close();
  }
};

try {
  process.exitCode = await main(process.argv.slice(2), process.env);
} catch (error) {
  process.stderr.write(faultText(error, process.env));
  process.exitCode = 1;
}
