/** A transcript: each question as it is typed, and what is answered; long answers by their digest. */
import { hash } from "node:crypto";
import type { Output } from "../support/terminal.ts";

const pipe = " | sha256sum";

export const transcript = async (
  questions: readonly string[],
  ask: (line: string) => Promise<Output>,
): Promise<string> => {
  let text = "";
  for (const question of questions) {
    const isLong = question.endsWith(pipe);
    const { code, out, err } = await ask(isLong ? question.slice(0, -pipe.length) : question);
    const said = isLong ? `${hash("sha256", out, "hex")}  -\n` : out;
    text += `$ ${question}\n${said}${err}${code === 0 ? "" : `exit ${code}\n`}`;
  }
  return text;
};

export const questionsIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2));
