/** Standard input, output and error as commands use them. */
import { readSync } from "node:fs";
import type { Ansis } from "ansis";
import type { CommandIo } from "../commands/command.ts";
import { filesOfDisk } from "../scenario/files.ts";
import { userEditor } from "./editor.ts";
import { takeKeyboard } from "./keyboard.ts";
import { ProgressLine } from "./progress.ts";

const retryMs = 10;

/** All of standard input. A terminal or pipe that has nothing yet is asked again. */
const readStandardInput = (): string => {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    try {
      const length = readSync(0, buffer);
      if (length === 0) return Buffer.concat(chunks).toString("utf8");
      chunks.push(Buffer.from(buffer.subarray(0, length)));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EOF") return Buffer.concat(chunks).toString("utf8");
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
};

/** More is a mistake. */
const maxWishedColumns = 1000;

/** What COLUMNS says where no terminal does: 0, which is nothing, when it cannot be used. */
export const wishedColumns = (typed = ""): number =>
  /^\d{1,4}$/.test(typed) && Number(typed) <= maxWishedColumns ? Number(typed) : 0;

export interface Terminal {
  readonly io: CommandIo;
  readonly progress: ProgressLine;
  /** Colours for what this process itself says; without effect where nobody sees them. */
  style(): Promise<Ansis>;
  /** Whether whoever reads our output has gone. */
  hasReader(): boolean;
}

/** `onGone` is called when nobody reads the output any more. */
export const openTerminal = (env: NodeJS.ProcessEnv, onGone: () => void): Terminal => {
  const progress = new ProgressLine(process.stderr.isTTY === true && env.TERM !== "dumb");
  let hasReader = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (hasReader) onGone();
      hasReader = false;
    });
  }
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    progress.clear();
    if (hasReader) stream.write(text);
  };
  const edit = userEditor(env);
  return {
    io: {
      out: (text) => write(process.stdout, text),
      err: (text) => write(process.stderr, text),
      readStdin: readStandardInput,
      ...filesOfDisk(),
      ...(edit ? { edit } : {}),
      ...(process.stdin.isTTY && process.stdout.isTTY ? { takeKeyboard: () => takeKeyboard(process.stdin) } : {}),
      isTerminal: process.stdout.isTTY === true,
      // Asked for anew each time: a terminal's window is made larger and smaller.
      get columns() {
        return process.stdout.columns || wishedColumns(env.COLUMNS);
      },
      get rows() {
        return process.stdout.rows ?? 24;
      },
    },
    progress,
    style: async () => {
      const { Ansis } = await import("ansis");
      // The library takes a CI system for a terminal with colours; a file or a pipe gets them only when asked to.
      return process.stdout.isTTY || env.FORCE_COLOR !== undefined ? new Ansis() : new Ansis(0);
    },
    hasReader: () => hasReader,
  };
};
