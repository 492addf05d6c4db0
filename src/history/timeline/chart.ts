/** Available pods as an area, stacked by revision, between the floor and the ceiling. */

import { blank, type Line, type Run, text } from "../ink.ts";
import { type Canvas, drawColumns, isUnknown, lineOf, unknownCell } from "./canvas.ts";
import type { AvailabilityStep, Timeline } from "./model.ts";
import type { Column } from "./scale.ts";

/** One line for each pod up to this height; above it, lines stand for several. */
const maxLines = 9;

/** What a column shows of the curve: its worst moment, and the one with the most pods. */
interface Sample {
  readonly worst: AvailabilityStep;
  readonly peak: AvailabilityStep;
}

/** What is over the ceiling only in passing is not drawn there. */
const stepsOf = ({ availability, summary }: Timeline): readonly AvailabilityStep[] =>
  availability.map((step) => {
    const isExcess = summary.excesses.some(({ fromMs, toMs }) => fromMs <= step.atMs && step.atMs < toMs);
    return isExcess ? step : { ...step, pods: Math.min(step.pods, step.ceilingInForce) };
  });

const margin = ({ available, floorInForce }: AvailabilityStep): number => available - floorInForce;

const sampleAt = (steps: readonly AvailabilityStep[], { fromMs, toMs }: Column): Sample | undefined => {
  const within = steps.filter(({ atMs }, i) => atMs < toMs && (steps[i + 1]?.atMs ?? Infinity) > fromMs);
  const [first] = within;
  if (!first) return undefined;
  return {
    worst: within.reduce((worst, step) => (margin(step) <= margin(worst) ? step : worst), first),
    peak: within.reduce((peak, step) => (step.pods > peak.pods ? step : peak), first),
  };
};

/** The promise that the picture is labelled with: the last one there was. */
const lastPromise = (steps: readonly AvailabilityStep[]): AvailabilityStep | undefined =>
  steps.findLast(({ desired }) => desired > 0) ?? steps.at(-1);

/** The numbers of pods that get a line, from the top. */
const levelsOf = (steps: readonly AvailabilityStep[]): readonly number[] => {
  const top = steps.reduce((most, { ceiling, pods }) => Math.max(most, ceiling, pods), 1);
  if (top <= maxLines) return Array.from({ length: top }, (_, i) => top - i);
  const promise = lastPromise(steps);
  const levels = new Set([top, promise?.ceiling ?? top, promise?.desired ?? top, promise?.floor ?? top]);
  const step = Math.ceil(top / maxLines);
  for (let level = step; level < top; level += step) {
    if ([...levels].every((other) => Math.abs(other - level) >= step / 2)) levels.add(level);
  }
  return [...levels].filter((level) => level > 0).sort((a, b) => b - a);
};

const labelOf = ({ gutter }: Canvas, level: number, promise: AvailabilityStep | undefined): Line => {
  const isFloor = level === promise?.floor;
  const isCeiling = level === promise?.ceiling;
  const name = isFloor === isCeiling ? (level === promise?.desired ? "desired" : "") : isFloor ? "floor" : "ceiling";
  const number = String(level).padStart(gutter - 1 - name.length);
  return [text(name, "dim"), text(number, name === "" ? "dim" : "plain")];
};

/** The ReplicaSet whose available pods reach up to this level. */
const ownerOf = ({ availableBy }: AvailabilityStep, level: number): number | undefined => {
  let count = 0;
  for (const { replicaSet, pods } of availableBy) {
    count += pods;
    if (count >= level) return replicaSet;
  }
  return undefined;
};

/** The area of a ReplicaSet: in its colour, or in the last digit of the revision it had at that moment. */
const fill = ({ timeline, glyphs, isColored }: Canvas, index: number, atMs: number): Run => {
  const replicaSet = timeline.replicaSets[index];
  const revision = replicaSet?.revisions.findLast(({ fromMs }) => fromMs <= atMs)?.revision ?? "";
  const glyph = isColored ? glyphs.states.available : (revision.at(-1) ?? glyphs.states.available);
  return text(glyph, { hue: replicaSet?.hue ?? 0 });
};

const cellOf = (canvas: Canvas, sample: Sample | undefined, level: number): Run => {
  if (!sample) return blank;
  const { glyphs } = canvas;
  const { worst, peak } = sample;
  const owner = ownerOf(worst, level);
  if (level <= peak.pods && level > peak.ceilingInForce) return text(glyphs.excess, "breach");
  if (owner !== undefined) return fill(canvas, owner, worst.atMs);
  if (level <= worst.floorInForce) return text(glyphs.shortfall, "breach");
  if (level <= peak.pods) return text(glyphs.present, "dim");
  return level === worst.floor || level === worst.ceiling ? text(glyphs.limit, "dim") : blank;
};

export const chartLines = (canvas: Canvas): readonly Line[] => {
  const steps = stepsOf(canvas.timeline);
  const samples = canvas.scale.columns.map((column) => sampleAt(steps, column));
  const promise = lastPromise(steps);
  return levelsOf(steps).map((level) =>
    lineOf(canvas, {
      label: labelOf(canvas, level, promise),
      cells: drawColumns(canvas, (column, i) =>
        isUnknown(canvas, column) ? unknownCell(canvas) : cellOf(canvas, samples[i], level),
      ),
    }),
  );
};
