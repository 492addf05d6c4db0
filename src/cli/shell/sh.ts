/** `rollout sh`: lines typed, pasted or piped in, one after another, with one ledger open. */
import { createInterface, type Interface } from "node:readline";
import type { ExitCode } from "../../commands/command.ts";
import { failUsage } from "../../commands/failure.ts";
import type { Verb } from "../../commands/verb.ts";
import type { CliContext } from "../context.ts";
import { faultText } from "../fault.ts";
import { interruptedExitCode } from "../interrupts.ts";
import { Interpreter, type LineEnd } from "./interpreter.ts";
import { LineGate } from "./line-gate.ts";

const historySize = 1000;

/** What is not foreseen ends the line, not the prompt. */
const runLine = async (ctx: CliContext, interpreter: Interpreter, line: string): Promise<LineEnd> => {
  try {
    return await interpreter.line(line);
  } catch (error) {
    ctx.io.err(faultText(error, process.env));
    interpreter.reset();
    interpreter.failed ||= 1;
    return "done";
  }
};

/** The next line; undefined when there are no more. */
const nextLine = (prompt: Interface): Promise<string | undefined> =>
  new Promise((resolve) => {
    const settle = (line?: string): void => {
      prompt.off("line", settle);
      prompt.off("close", settle);
      resolve(line);
    };
    prompt.on("line", settle);
    prompt.on("close", settle);
  });

const typedSession = async (ctx: CliContext, verbs: readonly Verb<CliContext>[]): Promise<ExitCode> => {
  const style = await ctx.terminal.style();
  const gate = new LineGate(process.stdin);
  const interpreter = new Interpreter(ctx, verbs, () => undefined);
  const [first, more] = [style.cyan("rollout> "), style.dim("      … ")];
  const prompt = createInterface({ input: gate, output: process.stdout, terminal: true, historySize, prompt: first });
  let isOver = false;
  prompt.on("close", () => {
    isOver = true;
  });
  prompt.on("SIGINT", () => {
    process.stdout.write("^C\n");
    interpreter.reset();
    gate.discard();
    prompt.setPrompt(first);
    // Drops what stands in the line.
    prompt.write(null, { ctrl: true, name: "e" });
    prompt.write(null, { ctrl: true, name: "u" });
    prompt.prompt();
  });
  ctx.io.out(style.dim(`${ctx.ledgers.path}: type or paste lines; "help" lists the verbs, Ctrl-D ends\n`));
  while (!isOver) {
    prompt.prompt();
    const next = nextLine(prompt);
    gate.open();
    const line = await next;
    if (line === undefined) break;
    gate.close();
    const end = await runLine(ctx, interpreter, line);
    if (ctx.interrupts.signal.aborted) gate.discard();
    ctx.interrupts.renew();
    if (end === "exit") break;
    prompt.setPrompt(end === "more" ? more : first);
  }
  if (isOver) process.stdout.write("\n");
  prompt.close();
  gate.close();
  return 0;
};

const pipedSession = async (ctx: CliContext, verbs: readonly Verb<CliContext>[]): Promise<ExitCode> => {
  const interpreter = new Interpreter(ctx, verbs, ({ typed, stdin = "" }) => ctx.io.out(`$ ${typed}\n${stdin}`));
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const end = await runLine(ctx, interpreter, line);
    if (ctx.interrupts.signal.aborted) return interruptedExitCode;
    if (end === "exit") return interpreter.failed;
  }
  interpreter.end();
  return interpreter.failed;
};

/** `verbs` are those that may be typed at the prompt. */
export const sh = (verbs: readonly Verb<CliContext>[]): Verb<CliContext> => ({
  name: "sh",
  ours: true,
  summary: "Open a prompt, to type or paste lines into",
  usage: "[< FILE]",
  examples: ["rollout sh", "rollout sh < tutorial.txt"],
  flags: [],
  run: async (ctx, { args, path }) => {
    if (args.length > 0) return failUsage(ctx, path, `sh reads standard input: rollout sh < ${args[0]}`);
    const isTyped = process.stdin.isTTY === true && process.stdout.isTTY === true;
    return isTyped ? typedSession(ctx, verbs) : pipedSession(ctx, verbs);
  },
});
