/** Where things stand in the picture: time from left to right, parts from top to bottom. Lengths are px. */
import type { Timeline } from "../model.ts";
import { layOut, type Scale } from "../scale.ts";
import type { Markup } from "./element.ts";

export interface Sheet {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly width: number;
  /** Where time begins. */
  readonly left: number;
  /** Where time ends. */
  readonly right: number;
  /** Width of one column of the scale. */
  readonly columnPx: number;
  /** The place of a moment; those outside of the timeline are at its edges. */
  readonly x: (atMs: number) => number;
}

const width = 1200;
const left = 128;
const right = width - 20;
/** Fine enough that a stretch is placed exactly and a break is narrow. */
const columnCount = 268;

export const sheetOf = (timeline: Timeline): Sheet => {
  const scale = layOut(timeline, columnCount);
  const { columns } = scale;
  const columnPx = (right - left) / columns.length;
  const x = (atMs: number): number => {
    let low = 0;
    let high = columns.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((columns[middle]?.fromMs ?? Infinity) <= atMs) low = middle;
      else high = middle - 1;
    }
    const { fromMs = 0, toMs = 1 } = columns[low] ?? {};
    const share = Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)));
    return left + (low + share) * columnPx;
  };
  return { timeline, scale, width, left, right, columnPx, x };
};

/** About as many characters as have room. */
export const charactersIn = (px: number): number => Math.max(0, Math.floor((px - 6) / 6.2));

/** A part of the picture, and the room it takes. */
export interface Part {
  readonly shapes: readonly Markup[];
  /** Stand before all shapes. */
  readonly words: readonly Markup[];
  readonly height: number;
}
