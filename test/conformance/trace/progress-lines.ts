/**
 * The lines of `rollout status`. kubectl prints one for every write of the status that it happens to see, so how often a line
 * is repeated depends on how many writes the controllers needed; and a state that lasts only as long as controllers work on
 * it (a few requests, each of some milliseconds) may be missed, on either side.
 */
import type { Printed } from "./recording.ts";

/** Controllers take less than this to react to each other; the kubelet's transitions are almost twice as far apart. */
const briefMs = 60;

interface Line {
  readonly text: string;
  readonly isBrief: boolean;
}

interface Timed {
  readonly t: number;
  readonly text: string;
}

/** Whole lines, each with the time at which it began to be printed. */
const linesOf = (printed: readonly Printed[]): readonly Timed[] => {
  const lines: { t: number; text: string; isOpen: boolean }[] = [];
  for (const { t, text } of printed) {
    for (const part of text.split(/(?<=\n)/)) {
      const last = lines.at(-1);
      if (last?.isOpen) Object.assign(last, { text: last.text + part, isOpen: !part.endsWith("\n") });
      else lines.push({ t, text: part, isOpen: !part.endsWith("\n") });
    }
  }
  return lines;
};

/** Equal lines in a row as one. */
const statesOf = (printed: readonly Printed[]): readonly Line[] => {
  const distinct = linesOf(printed).filter(({ text }, at, lines) => text !== lines[at - 1]?.text);
  return distinct.map(({ t, text }, at) => {
    const next = distinct[at + 1];
    return { text, isBrief: next !== undefined && next.t - t < briefMs };
  });
};

const areAlike = (a: readonly Line[], b: readonly Line[]): boolean => {
  const [first, ...rest] = a;
  const [other, ...others] = b;
  if (!first) return b.every(({ isBrief }) => isBrief);
  if (!other) return a.every(({ isBrief }) => isBrief);
  if (first.text === other.text && areAlike(rest, others)) return true;
  return (first.isBrief && areAlike(rest, b)) || (other.isBrief && areAlike(a, others));
};

const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => text).join("");

/** Both sides; the same text when they tell the same. */
export const compareProgress = (
  recorded: readonly Printed[],
  ours: readonly Printed[],
): { readonly recorded: string; readonly ours: string } => {
  const [theirs, own] = [statesOf(recorded), statesOf(ours)];
  return { recorded: textOf(theirs), ours: areAlike(theirs, own) ? textOf(theirs) : textOf(own) };
};
