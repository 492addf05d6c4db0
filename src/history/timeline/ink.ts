/** What a picture is put together from: texts with a tone, and the characters that stand for things. */
import type { PodState } from "./model.ts";

/** How a text is meant to look; `hue` counts the templates of a Deployment. */
export type Tone =
  | "plain"
  | "dim"
  | "strong"
  | "alarm"
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
export const joined = (cells: Line): Line => {
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

export interface Glyphs {
  readonly states: Readonly<Record<PodState, string>>;
  readonly crash: string;
  readonly skip: string;
  readonly shortfall: string;
  readonly excess: string;
  /** A pod that is there but not available. */
  readonly present: string;
  /** Where floor and ceiling run through empty space. */
  readonly limit: string;
  readonly rail: string;
  readonly pausedRail: string;
  readonly axis: string;
  readonly tick: string;
  readonly arrow: string;
  readonly dot: string;
  readonly ellipsis: string;
  /** From nothing to full, in equal steps. */
  readonly levels: readonly string[];
}

export const unicodeGlyphs: Glyphs = {
  states: {
    pending: "░",
    starting: "▒",
    running: "▓",
    ready: "▆",
    available: "█",
    "backing-off": "·",
    terminating: "╌",
    succeeded: "○",
    failed: "×",
  },
  crash: "✖",
  skip: "⋯",
  shortfall: "!",
  excess: "▲",
  present: "░",
  limit: "┈",
  rail: "━",
  pausedRail: "╍",
  axis: "─",
  tick: "┬",
  arrow: "→",
  dot: "·",
  ellipsis: "…",
  levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
};

export const asciiGlyphs: Glyphs = {
  states: {
    pending: ".",
    starting: ":",
    running: "+",
    ready: "%",
    available: "#",
    "backing-off": "~",
    terminating: "-",
    succeeded: "o",
    failed: "x",
  },
  crash: "X",
  skip: "/",
  shortfall: "!",
  excess: "^",
  present: ".",
  limit: "-",
  rail: "=",
  pausedRail: "-",
  axis: "-",
  tick: "+",
  arrow: "->",
  dot: "|",
  ellipsis: "...",
  levels: [" ", ".", ":", "-", "=", "+", "*", "%", "#"],
};
