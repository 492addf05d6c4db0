/** The characters of the picture, and what they stand for. */
import type { PodState } from "./model.ts";

export interface Glyphs {
  readonly states: Readonly<Record<PodState, string>>;
  readonly crash: string;
  readonly skip: string;
  /** Nothing is known. */
  readonly unknown: string;
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
    ready: "▅",
    // Not quite full, so that one bar can be told from the next.
    available: "▇",
    "backing-off": "·",
    terminating: "╍",
    succeeded: "○",
    failed: "×",
  },
  crash: "✖",
  skip: "⋯",
  unknown: "╱",
  shortfall: "!",
  excess: "▲",
  present: "░",
  limit: "┈",
  rail: "━",
  pausedRail: "┅",
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
  unknown: "?",
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
