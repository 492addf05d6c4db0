/** What all parts of the picture share: its time, its width and its characters. */

import type { Line, Run } from "../ink.ts";
import { blank, lengthOf, text } from "../ink.ts";
import type { Glyphs } from "./glyphs.ts";
import type { Timeline } from "./model.ts";
import type { Column, Scale } from "./scale.ts";

export interface Canvas {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly glyphs: Glyphs;
  /** Whether tones can be told apart; if not, characters must. */
  readonly isColored: boolean;
  /** Of the whole picture. */
  readonly width: number;
  /** Of the labels to the left of the columns. */
  readonly gutter: number;
}

/** A line that is laid out over time. */
export interface Row {
  readonly label: Line;
  /** One character each. */
  readonly cells: readonly Run[];
}

export const lineOf = ({ gutter }: Canvas, { label, cells }: Row): Line => [
  ...label,
  text(" ".repeat(Math.max(0, gutter - lengthOf(label)))),
  ...cells,
];

/** Draws each column; in a break, only what stands in its middle and only where something goes on. */
export const drawColumns = (
  { scale, glyphs }: Canvas,
  cellAt: (column: Column, index: number) => Run,
): readonly Run[] =>
  scale.columns.map((column, index) => {
    const cell = cellAt(column, index);
    if (!column.skipped) return cell;
    return column.skipped.isMiddle && cell.text !== " " ? text(glyphs.skip, "dim") : blank;
  });

/** Nothing is known of the column's middle. */
export const isUnknown = ({ timeline: { unknown } }: Canvas, { fromMs, toMs }: Column): boolean => {
  const middleMs = (fromMs + toMs) / 2;
  return unknown.some((span) => span.fromMs <= middleMs && middleMs < span.toMs);
};

export const unknownCell = ({ glyphs }: Canvas): Run => text(glyphs.unknown, "dim");

/** Words for a picture without anything beyond ASCII. */
export const inAlphabet = (content: string, glyphs: Glyphs): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
  glyphs.ellipsis === "…" ? content : content.replace(/[^\u0000-\u007f]/g, "?");
