/** Runs what `parse.ts` has read: replaces `$(…)` by what it prints, and honours `&&`. */
import type { ExitCode } from "../../commands/command.ts";
import type { Command, Script, Word } from "./parse.ts";

/** What carries out one command. */
export interface Shell {
  /** A command of the script itself is about to run; those inside `$(…)` are not told. */
  begin?(command: Command): Promise<void> | void;
  execute(words: readonly string[], stdin: string): Promise<ExitCode>;
  /** The same, with what it prints on standard output. */
  capture(words: readonly string[]): Promise<string>;
}

const outputOf = async (script: Script, shell: Shell): Promise<string> => {
  let output = "";
  for (const command of script) output += await shell.capture(await expand(command.words, shell));
  return output.replace(/\n+$/, "");
};

const expand = async (words: readonly Word[], shell: Shell): Promise<readonly string[]> => {
  const expanded: string[] = [];
  for (const word of words) {
    let text: string | undefined;
    for (const part of word) {
      if (part.is === "text") text = (text ?? "") + part.text;
      else if (part.quoted) text = (text ?? "") + (await outputOf(part.script, shell));
      else {
        const [first, ...more] = (await outputOf(part.script, shell)).split(/\s+/).filter((piece) => piece !== "");
        if (first !== undefined) text = (text ?? "") + first;
        if (text !== undefined && more.length > 0) expanded.push(text);
        expanded.push(...more.slice(0, -1));
        text = more.at(-1) ?? text;
      }
    }
    if (text !== undefined) expanded.push(text);
  }
  return expanded;
};

/** Answers with the exit code of the first command that failed, or 0. */
export const runScript = async (script: Script, shell: Shell): Promise<ExitCode> => {
  let last: ExitCode = 0;
  let failed: ExitCode = 0;
  for (const command of script) {
    if (command.onSuccess && last !== 0) continue;
    await shell.begin?.(command);
    last = await shell.execute(await expand(command.words, shell), command.stdin ?? "");
    failed ||= last;
  }
  return failed;
};
