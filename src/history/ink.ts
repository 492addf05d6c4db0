/** What people read in a terminal is put together from: runs of text with a tone. */

import { truncate } from "./format.ts";

/** How a text is meant to look. `breach` fills an area in which a promise is broken; equal hues look the same. */
export type Tone =
  | "plain"
  | "dim"
  | "strong"
  | "alarm"
  | "breach"
  | "good"
  | { readonly hue: number; readonly weight?: "dim" | "strong" };

/** Puts the tone into the text, as far as the terminal can show it. */
export type Paint = (text: string, tone: Tone) => string;

export const plainPaint: Paint = (text) => text;

export interface Run {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Run[];

const sameTone = (a: Tone, b: Tone): boolean =>
  a === b || (typeof a === "object" && typeof b === "object" && a.hue === b.hue && a.weight === b.weight);

/** Neighbours of one tone become one run. */
const joined = (cells: Line): Line => {
  const runs: Run[] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last && sameTone(last.tone, cell.tone)) runs[runs.length - 1] = { ...last, text: last.text + cell.text };
    else runs.push(cell);
  }
  return runs;
};

export const text = (content: string, tone: Tone = "plain"): Run => ({ text: content, tone });
export const blank: Run = text(" ");

export const lengthOf = (line: Line): number => line.reduce((total, run) => total + run.text.length, 0);

/** Cut to so many characters, the last of them an ellipsis. */
export const fitted = (line: Line, width: number, ellipsis = "…"): Line => {
  if (lengthOf(line) <= width) return line;
  const runs: Run[] = [];
  let room = width;
  for (const run of line) {
    if (run.text.length >= room) return [...runs, { ...run, text: truncate(`${run.text}${ellipsis}`, room, ellipsis) }];
    runs.push(run);
    room -= run.text.length;
  }
  return runs;
};

/** Blanks at the end of a line say nothing. */
export const printLines = (lines: readonly Line[], paint: Paint): string =>
  lines
    .map((line) => {
      const runs = [...joined(line)];
      while (runs.at(-1)?.text.trim() === "") runs.pop();
      return runs.map((run, i) => paint(i === runs.length - 1 ? run.text.trimEnd() : run.text, run.tone)).join("");
    })
    .map((line) => `${line}\n`)
    .join("");
