/** A timeline as text, for a terminal of any width. */

import { fitted, type Line, type Paint, plainPaint, printLines, text } from "../ink.ts";
import { axisLines } from "./axis.ts";
import type { Canvas } from "./canvas.ts";
import { chartLines } from "./chart.ts";
import { closingLines, legendLines } from "./closing.ts";
import { asciiGlyphs, unicodeGlyphs } from "./glyphs.ts";
import { rolloutLines, titleLines } from "./heading.ts";
import type { Timeline } from "./model.ts";
import { countNameWidth, maxPodRows, podLines } from "./pod-rows.ts";
import { railLine } from "./rail.ts";
import { layOut } from "./scale.ts";

export interface RenderOptions {
  /** Width in characters; a picture narrower than 40 is not drawn. */
  readonly columns: number;
  readonly ascii?: boolean;
  /** Colours, where the terminal has them; without, characters tell things apart. */
  readonly paint?: Paint;
  /** A bar for every pod, however many there are. */
  readonly everyPod?: boolean;
}

const minColumns = 40;
/** Room for the longest word before a number. */
const widestName = "ceiling ".length;
/** With more lines than this between them, the axis is drawn above and below. */
const linesPerAxis = 16;

const gutterFor = ({ replicaSets, availability }: Timeline, width: number, isEveryPodDrawn: boolean): number => {
  const labels = replicaSets.flatMap(({ name, pods }) =>
    pods.map((pod) => (pod.name.startsWith(`${name}-`) ? pod.name.length - name.length - 1 : pod.name.length)),
  );
  const mostPods = availability.reduce((most, { ceiling, pods }) => Math.max(most, ceiling, pods), 0);
  const digits = String(mostPods).length;
  if (!isEveryPodDrawn) return countNameWidth + digits + 1;
  const widest = labels.reduce((most, label) => Math.max(most, label + 2), widestName + 2);
  return Math.max(Math.min(widest, Math.floor(width / 4)), widestName + digits) + 1;
};

/** The picture, with its line ends. */
export const renderTimeline = (timeline: Timeline, options: RenderOptions): string => {
  const width = Math.max(minColumns, options.columns);
  const glyphs = options.ascii ? asciiGlyphs : unicodeGlyphs;
  const podCount = timeline.replicaSets.reduce((total, { pods }) => total + pods.length, 0);
  const isEveryPodDrawn = options.everyPod === true || podCount <= maxPodRows;
  const gutter = gutterFor(timeline, width, isEveryPodDrawn);
  const canvas: Canvas = {
    timeline,
    scale: layOut(timeline, width - gutter),
    glyphs,
    isColored: options.paint !== undefined,
    width,
    gutter,
  };
  const note = `${podCount} pods, counted by ReplicaSet; --pods draws each`;
  const pods = podLines(canvas, isEveryPodDrawn);
  const empty: Line = [];
  const lines = [
    ...titleLines(timeline, width),
    empty,
    ...rolloutLines(timeline, glyphs, width),
    empty,
    ...axisLines(canvas),
    railLine(canvas),
    ...chartLines(canvas),
    empty,
    ...pods,
    ...(isEveryPodDrawn ? [] : [[text(note, "dim")]]),
    ...(pods.length > linesPerAxis ? axisLines(canvas).toReversed() : []),
    empty,
    ...legendLines(canvas, isEveryPodDrawn),
    ...closingLines(timeline, glyphs, width),
  ];
  const fitting = lines.map((line) => fitted(line, width, glyphs.ellipsis));
  return printLines(fitting, options.paint ?? plainPaint);
};
