/**
 * A timeline as one SVG file: for a report, a ticket or a post-mortem. It needs nothing else, runs no script, follows light
 * and dark surroundings, keeps its words as text, and tells details where the pointer rests.
 */
import { oneLine } from "../../format.ts";
import { skipsOf, ticksOf } from "../axis.ts";
import { closingLines, stateNames } from "../closing.ts";
import { unicodeGlyphs } from "../glyphs.ts";
import { titleLines } from "../heading.ts";
import type { PodState, Timeline } from "../model.ts";
import { bandPart } from "./band.ts";
import { element, lines, type Markup } from "./element.ts";
import { podsPart, railPart } from "./lanes.ts";
import { definitions } from "./palette.ts";
import { type Sheet, sheetOf } from "./sheet.ts";

const textOf = (runs: readonly (readonly { readonly text: string }[])[]): string =>
  oneLine(runs.map((line) => line.map(({ text }) => text).join("")).join(" "));

/** Labels are so many columns apart. */
const tickColumns = 16;

const gridOf = ({ timeline, scale, x }: Sheet, topPx: number, bottomPx: number): readonly Markup[] =>
  ticksOf(timeline.originMs, scale, tickColumns).flatMap(({ atMs, label }) => [
    element("line", { x1: x(atMs), x2: x(atMs), y1: topPx + 5, y2: bottomPx, class: "grid" }),
    element("text", { x: x(atMs), y: topPx, "text-anchor": "middle", class: "soft" }, label),
  ]);

/** Covers what a break leaves out, and says how long that is. */
const breaksOf = ({ scale, x, columnPx }: Sheet, topPx: number, bottomPx: number): readonly Markup[] =>
  skipsOf(scale).flatMap(({ atMs, label }) => {
    const middle = x(atMs);
    const width = columnPx * 2;
    return [
      element("rect", { x: middle - width / 2, y: topPx + 5, width, height: bottomPx - topPx - 5, class: "paper" }),
      // A line above the other labels, for which there may be little room beside a break.
      element("text", { x: middle, y: topPx - 12, "text-anchor": "middle", class: "soft" }, label),
    ];
  });

const unknownOf = ({ timeline: { unknown }, x }: Sheet, topPx: number, bottomPx: number): readonly Markup[] =>
  unknown.map(({ fromMs, toMs }) =>
    element(
      "rect",
      { x: x(fromMs), y: topPx, width: x(toMs) - x(fromMs), height: bottomPx - topPx, class: "unknown" },
      element("title", {}, "nothing is known of this time"),
    ),
  );

const legendOf = ({ timeline, left }: Sheet, topPx: number): readonly Markup[] => {
  const pods = timeline.replicaSets.flatMap((replicaSet) => replicaSet.pods);
  const occurring = new Set(pods.flatMap(({ segments }) => segments.map(({ state }) => state)));
  const states = (Object.keys(stateNames) as PodState[]).filter((state) => occurring.has(state));
  const entries = [
    ...states.map((state) => ({
      className: `bar h0 ${state}`,
      // Where pods are available as soon as they are ready, one word does.
      name: state === "available" && occurring.has("ready") ? "available" : stateNames[state],
    })),
    ...(timeline.summary.shortfalls.length > 0 ? [{ className: "shortfall", name: "below the floor" }] : []),
    ...(timeline.unknown.length > 0 ? [{ className: "unknown", name: "nothing is known" }] : []),
  ];
  let x = left;
  return entries.flatMap(({ className, name }) => {
    const at = x;
    x += 32 + name.length * 6.2;
    return [
      element("rect", { x: at, y: topPx, width: 14, height: 10, class: className }),
      element("text", { x: at + 19, y: topPx + 9, class: "soft" }, name),
    ];
  });
};

/** The picture, with a line end. */
export const renderSvg = (timeline: Timeline): string => {
  const sheet = sheetOf(timeline);
  const { width } = sheet;
  const axisPx = 94;
  const rail = railPart(sheet, axisPx + 10);
  const band = bandPart(sheet, axisPx + 10 + rail.height + 8);
  const podsPx = axisPx + 10 + rail.height + 8 + band.height + 14;
  const pods = podsPart(sheet, podsPx);
  const parts = [rail, band, pods];
  const bottomPx = podsPx + pods.height;
  const height = bottomPx + 34;
  const name = `deployment.apps/${timeline.name}`;
  const closing = textOf(closingLines(timeline, unicodeGlyphs, Number.POSITIVE_INFINITY));
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${Math.ceil(height)}`,
      width,
      height: Math.ceil(height),
      role: "img",
      "aria-labelledby": "title description",
    },
    lines([
      element("title", { id: "title" }, `Timeline of ${name} in ${timeline.namespace}`),
      element("desc", { id: "description" }, closing),
      definitions(),
      element("rect", { width, height: Math.ceil(height), class: "paper" }),
      element("text", { x: 12, y: 26, class: "title" }, name),
      element(
        "text",
        { x: 12, y: 44, class: "soft" },
        textOf(titleLines(timeline, Number.POSITIVE_INFINITY)).slice(name.length + 1),
      ),
      element("text", { x: 12, y: 61 }, closing),
      ...gridOf(sheet, axisPx, bottomPx),
      ...parts.flatMap(({ shapes }) => shapes),
      ...breaksOf(sheet, axisPx, bottomPx),
      ...unknownOf(sheet, axisPx + 5, bottomPx),
      ...parts.flatMap(({ words }) => words),
      ...legendOf(sheet, bottomPx + 12),
    ]),
  );
  return `${svg.markup}\n`;
};
