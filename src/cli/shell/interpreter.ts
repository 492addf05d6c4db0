/** Runs lines as they come in; those that are not whole wait for more. */
import { setTimeout as sleep } from "node:timers/promises";
import * as E from "fp-ts/lib/Either.js";
import type { CommandIo, ExitCode } from "../../commands/command.ts";
import { dispatch } from "../../commands/dispatch.ts";
import type { Verb } from "../../commands/verb.ts";
import { type Command, parseScript, type Script } from "../../scenario/shell/parse.ts";
import { runScript } from "../../scenario/shell/run.ts";
import type { CliContext } from "../context.ts";

/** In real time, pasted commands follow each other as fast as kubectl would start, and not faster. */
const startMs = 100;

export type LineEnd = "done" | "more" | "exit";

const isExit = (script: Script): boolean => {
  const [command, another] = script;
  return another === undefined && (command?.typed === "exit" || command?.typed === "quit");
};

export class Interpreter {
  readonly #ctx: CliContext;
  readonly #verbs: readonly Verb<CliContext>[];
  readonly #echo: (command: Command) => void;
  #text = "";
  #idleSinceMs = Number.NEGATIVE_INFINITY;
  /** The first exit code that was not 0. */
  failed: ExitCode = 0;

  /** `echo` is told of each command before it runs. */
  constructor(ctx: CliContext, verbs: readonly Verb<CliContext>[], echo: (command: Command) => void) {
    this.#ctx = ctx;
    this.#verbs = verbs;
    this.#echo = echo;
  }

  /** Forgets the lines that wait for more. */
  reset(): void {
    this.#text = "";
  }

  /** Takes one line, without its end. */
  async line(text: string): Promise<LineEnd> {
    this.#text += `${text}\n`;
    const parsed = parseScript(this.#text);
    if (E.isLeft(parsed)) {
      if (parsed.left.isIncomplete) return "more";
      this.reset();
      this.#fail(parsed.left.message);
      return "done";
    }
    this.reset();
    if (isExit(parsed.right)) return "exit";
    const code = await runScript(parsed.right, {
      begin: async (command) => {
        await this.#pace();
        this.#echo(command);
      },
      execute: (words, stdin) => this.#run(words, { ...this.#ctx.io, readStdin: () => stdin }),
      capture: (words) => this.#capture(words),
    });
    this.#note(code);
    return "done";
  }

  /** There are no more lines. */
  end(): void {
    if (this.#text === "") return;
    const parsed = parseScript(this.#text);
    if (E.isLeft(parsed)) this.#fail(parsed.left.message);
    this.reset();
  }

  #fail(message: string): void {
    this.#ctx.io.err(`error: ${message}\n`);
    this.#note(1);
  }

  #note(code: ExitCode): void {
    this.failed ||= code;
  }

  async #pace(): Promise<void> {
    const restMs = startMs - (performance.now() - this.#idleSinceMs);
    if (restMs > 0 && this.#ctx.ledgers.clock !== "manual") await sleep(restMs);
  }

  async #run(words: readonly string[], io: CommandIo): Promise<ExitCode> {
    const { interrupts } = this.#ctx;
    if (words.length === 0) return 0;
    try {
      return await dispatch({ ...this.#ctx, io, signal: interrupts.signal }, words, this.#verbs);
    } finally {
      this.#idleSinceMs = performance.now();
    }
  }

  async #capture(words: readonly string[]): Promise<string> {
    let captured = "";
    const out = (text: string): void => {
      captured += text;
    };
    await this.#run(words, { ...this.#ctx.io, out, readStdin: () => "" });
    return captured;
  }
}
