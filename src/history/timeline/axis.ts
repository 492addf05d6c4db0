/** The time axis: moments as distances from +0s, and how much a break leaves out. */

import { offset, shortDuration } from "../format.ts";
import { type Line, text } from "../ink.ts";
import { type Canvas, drawColumns, lineOf } from "./canvas.ts";
import type { Column, Scale } from "./scale.ts";

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
const tickSteps = [
  100,
  200,
  500,
  s,
  2 * s,
  5 * s,
  10 * s,
  15 * s,
  30 * s,
  m,
  2 * m,
  5 * m,
  10 * m,
  15 * m,
  30 * m,
  h,
  2 * h,
  3 * h,
  6 * h,
  12 * h,
  d,
  2 * d,
  7 * d,
  30 * d,
  365 * d,
];
const minTickColumns = 9;

const stepFor = (columns: readonly Column[], apart: number): number => {
  const widths = columns.filter(({ skipped }) => !skipped).map(({ fromMs, toMs }) => toMs - fromMs);
  const columnMs = Math.max(...widths);
  return tickSteps.find((step) => step >= columnMs * apart) ?? 365 * d;
};

export interface Tick {
  readonly atMs: number;
  readonly column: number;
  readonly label: string;
}

/** Moments to be labelled, so many columns apart at least, and one in each piece of the scale. */
export const ticksOf = (originMs: number, { columns, pieces }: Scale, apart: number): readonly Tick[] => {
  const step = stepFor(columns, apart);
  const ticks: Tick[] = [];
  for (const [i, { fromMs, toMs, skipped }] of columns.entries()) {
    if (skipped) continue;
    // A hair's breadth is allowed for edges that are no whole numbers.
    const multiple = Math.ceil((fromMs - originMs - 1e-6) / step) * step;
    if (originMs + multiple >= toMs - 1e-6) continue;
    ticks.push({ atMs: originMs + multiple, column: i, label: offset(multiple, 100) });
  }
  for (const [i, start] of pieces.entries()) {
    const end = pieces[i + 1] ?? columns.length;
    const column = columns[start];
    if (!column || ticks.some((tick) => tick.column >= start && tick.column < end)) continue;
    ticks.push({ atMs: column.fromMs, column: start, label: offset(column.fromMs - originMs) });
  }
  return ticks.sort((a, b) => a.column - b.column);
};

/** Writes the text at a column, as far as there is room around it; answers whether there was. */
const write = (cells: string[], label: string, column: number): boolean => {
  const at = Math.max(0, Math.min(column, cells.length - label.length));
  const room = cells.slice(Math.max(0, at - 1), at + label.length + 1);
  if (room.some((cell) => cell !== " ")) return false;
  for (const [i, character] of [...label].entries()) cells[at + i] = character;
  return true;
};

/** The middles of the breaks, and how much each leaves out. */
export const skipsOf = ({ columns }: Scale): readonly Tick[] =>
  columns.flatMap(({ fromMs, toMs, skipped }, column) =>
    skipped?.isMiddle ? [{ atMs: (fromMs + toMs) / 2, column, label: `(${shortDuration(skipped.ms)})` }] : [],
  );

export const axisLines = (canvas: Canvas): readonly Line[] => {
  const { glyphs, scale } = canvas;
  const labels = scale.columns.map(() => " ");
  const ticked = new Set<number>();
  const ticks = ticksOf(canvas.timeline.originMs, scale, minTickColumns);
  const zero = ticks.filter(({ label }) => label === "+0s");
  for (const { column, label } of zero) write(labels, label, column);
  for (const { column, label } of skipsOf(scale)) write(labels, label, column - Math.floor(label.length / 2));
  for (const { column, label } of ticks) if (label === "+0s" || write(labels, label, column)) ticked.add(column);
  const line = drawColumns(canvas, (_, i) => text(ticked.has(i) ? glyphs.tick : glyphs.axis, "dim"));
  return [
    lineOf(canvas, { label: [], cells: labels.map((label) => text(label, "dim")) }),
    lineOf(canvas, { label: [], cells: line }),
  ];
};
