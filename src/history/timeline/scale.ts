/** Which moments each column of a picture stands for: time runs evenly, but for long stretches in which nothing happens. */

import type { Timeline } from "./model.ts";
import { isSettled, momentsOf } from "./window.ts";

/** One character of width. */
export interface Column {
  readonly fromMs: number;
  /** Exclusive, but for the last column of all. */
  readonly toMs: number;
  /** The column is part of a break: it stands, with its neighbours, for all of this time. */
  readonly skipped?: { readonly ms: number; readonly isMiddle: boolean };
}

export interface Scale {
  readonly columns: readonly Column[];
  /** Columns from here on belong together: the first one, and those behind breaks. */
  readonly pieces: readonly number[];
}

/** Width of a break; odd, so that it has a middle. */
const breakColumns = 3;
/** A stretch may take this share of the picture while everything is as it should be, or while something is awaited. */
const maxSettledShare = 0.3;
const maxAwaitedShare = 5 / 6;
/** What stays visible on both sides of a break, as a share of the rest. */
const marginShare = 0.04;
const minBreakMs = 10_000;

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly settled: boolean;
}

const lengthOf = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): number => toMs - fromMs;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** The times between two changes. */
const stretchesOf = (timeline: Timeline): readonly Stretch[] => {
  const { fromMs, toMs, availability, unknown } = timeline;
  const edges = unknown.flatMap((span) => [span.fromMs, span.toMs]);
  const within = [...momentsOf(timeline), ...edges].filter((atMs) => atMs > fromMs && atMs < toMs);
  const bounds = [fromMs, ...within.sort((a, b) => a - b), toMs];
  let next = 0;
  return bounds.slice(0, -1).map((startMs, i) => {
    while ((availability[next]?.atMs ?? Infinity) <= startMs) next++;
    const step = availability[next - 1];
    const isUnknown = unknown.some((span) => span.fromMs <= startMs && startMs < span.toMs);
    return { fromMs: startMs, toMs: bounds[i + 1] ?? toMs, settled: isUnknown || !step || isSettled(step) };
  });
};

/** The stretches that would leave the others too little room, shortened by their margins; in order of time. */
const chooseBreaks = (stretches: readonly Stretch[], width: number): readonly Stretch[] => {
  const skipped = new Set<Stretch>();
  const byLength = stretches.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  let restMs = sum(stretches.map(lengthOf));
  for (const stretch of byLength) {
    const share = lengthOf(stretch) / restMs;
    if (lengthOf(stretch) < minBreakMs || (skipped.size + 1) * breakColumns > width / 3) break;
    if (share <= (stretch.settled ? maxSettledShare : maxAwaitedShare) || lengthOf(stretch) === restMs) continue;
    skipped.add(stretch);
    restMs -= lengthOf(stretch);
  }
  const marginMs = restMs * marginShare;
  return stretches.flatMap((stretch) => {
    if (!skipped.has(stretch) || lengthOf(stretch) <= 2 * marginMs) return [];
    return [{ ...stretch, fromMs: stretch.fromMs + marginMs, toMs: stretch.toMs - marginMs }];
  });
};

/** Whole columns for each length, in proportion, at least one each, `total` in all. */
const apportion = (lengths: readonly number[], total: number): readonly number[] => {
  const all = sum(lengths);
  const shares = lengths.map((length) => Math.max(1, Math.floor((length / all) * total)));
  for (let rest = total - sum(shares); rest !== 0; rest -= Math.sign(rest)) {
    const widest = shares.indexOf(Math.max(...shares));
    shares[widest] = (shares[widest] ?? 0) + Math.sign(rest);
  }
  return shares;
};

const evenColumns = (fromMs: number, toMs: number, count: number): readonly Column[] => {
  const edge = (i: number): number => fromMs + ((toMs - fromMs) * i) / count;
  return Array.from({ length: count }, (_, i) => ({ fromMs: edge(i), toMs: edge(i + 1) }));
};

/** Lays the timeline's time out over so many columns. */
export const layOut = (timeline: Timeline, width: number): Scale => {
  const breaks = chooseBreaks(stretchesOf(timeline), width);
  const shown = [...breaks, undefined].map((gap, i) => ({
    fromMs: breaks[i - 1]?.toMs ?? timeline.fromMs,
    toMs: gap?.fromMs ?? timeline.toMs,
    gap,
  }));
  const counts = apportion(
    shown.map((piece) => Math.max(1, lengthOf(piece))),
    width - breaks.length * breakColumns,
  );
  const columns: Column[] = [];
  const pieces: number[] = [];
  for (const [i, { fromMs, toMs, gap }] of shown.entries()) {
    pieces.push(columns.length);
    columns.push(...evenColumns(fromMs, toMs, counts[i] ?? 1));
    if (!gap) continue;
    for (const [nth, column] of evenColumns(gap.fromMs, gap.toMs, breakColumns).entries()) {
      columns.push({ ...column, skipped: { ms: lengthOf(gap), isMiddle: nth === (breakColumns - 1) / 2 } });
    }
  }
  return { columns, pieces };
};
