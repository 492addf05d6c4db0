/** Available pods as areas stacked by ReplicaSet, between floor and ceiling. */
import { offset, shortDuration } from "../../format.ts";
import type { AvailabilityStep, Breach } from "../model.ts";
import { element, type Markup, tooltip } from "./element.ts";
import { hueClass } from "./palette.ts";
import type { Part, Sheet } from "./sheet.ts";

const heightPx = 150;

interface Span {
  readonly step: AvailabilityStep;
  readonly fromMs: number;
  readonly toMs: number;
}

const spansOf = ({ timeline: { availability, fromMs, toMs, unknown } }: Sheet): readonly Span[] => {
  const knownToMs = unknown.find((span) => span.toMs === toMs)?.fromMs ?? toMs;
  return availability.map((step, i) => ({
    step,
    fromMs: Math.max(fromMs, step.atMs),
    toMs: Math.min(availability[i + 1]?.atMs ?? knownToMs, knownToMs),
  }));
};

type YOf = (pods: number) => number;

/** One rectangle for each time in which the ReplicaSets have the same number of available pods. */
const areas = ({ x, timeline }: Sheet, spans: readonly Span[], y: YOf): readonly Markup[] =>
  spans.flatMap(({ step, fromMs, toMs }) => {
    const at = { x: x(fromMs), width: x(toMs) - x(fromMs) };
    if (at.width <= 0) return [];
    const present = element("rect", {
      ...at,
      y: y(step.pods),
      height: y(step.available) - y(step.pods),
      class: "present",
    });
    let below = 0;
    const stacked = step.availableBy.map(({ replicaSet, pods }) => {
      const [from, to] = [below, below + pods];
      below = to;
      const { hue = 0, name = "" } = timeline.replicaSets[replicaSet] ?? {};
      return element(
        "rect",
        { ...at, y: y(to), height: y(from) - y(to), class: `area ${hueClass(hue)}` },
        tooltip(
          `${offset(fromMs - timeline.originMs)}: ${pods} available of ${name}; ${step.available} in all, floor ${step.floor}`,
        ),
      );
    });
    return step.pods > step.available ? [present, ...stacked] : stacked;
  });

/** A bound as a line that steps; where there is none, the line is broken. */
const boundLine = ({ x }: Sheet, spans: readonly Span[], y: YOf, bound: (step: AvailabilityStep) => number): Markup => {
  const moves = spans.map(({ step, fromMs, toMs }, i) => {
    const before = spans[i - 1];
    const joins = before !== undefined && before.step.desired > 0;
    if (step.desired === 0) return "";
    return `${joins ? "L" : "M"}${x(fromMs).toFixed(1)} ${y(bound(step)).toFixed(1)}H${x(toMs).toFixed(1)}`;
  });
  return element("path", { d: moves.join(""), class: "bound" });
};

const breachRect = ({ x, timeline }: Sheet, { fromMs, toMs, pods, bound }: Breach, y: YOf, word: string): Markup => {
  const [high, low] = [Math.max(pods, bound), Math.min(pods, bound)];
  const [begin, end] = [x(fromMs), x(toMs)];
  return element(
    "rect",
    { x: begin, width: Math.max(1, end - begin), y: y(high), height: y(low) - y(high), class: "shortfall" },
    tooltip(
      `${word} for ${shortDuration(toMs - fromMs)} from ${offset(fromMs - timeline.originMs)} on: ${pods}, the bound is ${bound}`,
    ),
  );
};

const labels = ({ left, timeline: { availability } }: Sheet, y: YOf, top: number): readonly Markup[] => {
  const promise = availability.findLast(({ desired }) => desired > 0);
  const { floor = 0, desired = 0, ceiling = 0 } = promise ?? {};
  const wanted = [
    {
      pods: desired,
      name: desired === floor ? "desired, floor" : desired === ceiling ? "desired, ceiling" : "desired",
    },
    { pods: floor, name: "floor" },
    { pods: ceiling, name: "ceiling" },
    { pods: 0, name: "" },
    { pods: top, name: "" },
  ];
  const shown: { readonly pods: number; readonly name: string }[] = [];
  for (const label of wanted) {
    if (shown.every(({ pods }) => Math.abs(y(pods) - y(label.pods)) >= 11)) shown.push(label);
  }
  return shown.map(({ pods, name }) =>
    element("text", { x: left - 8, y: y(pods) + 4, "text-anchor": "end", class: "soft" }, `${name} ${pods}`.trim()),
  );
};

export const bandPart = (sheet: Sheet, topPx: number): Part => {
  const { timeline, left, right } = sheet;
  const top = timeline.availability.reduce((most, { ceiling, pods }) => Math.max(most, ceiling, pods), 1);
  const y: YOf = (pods) => topPx + heightPx - (pods / top) * (heightPx - 8);
  const spans = spansOf(sheet).filter(({ fromMs, toMs }) => toMs > fromMs);
  const base = element("line", { x1: left, x2: right, y1: y(0), y2: y(0), class: "grid" });
  return {
    height: heightPx,
    words: labels(sheet, y, top),
    shapes: [
      base,
      ...areas(sheet, spans, y),
      boundLine(sheet, spans, y, ({ floor }) => floor),
      boundLine(sheet, spans, y, ({ ceiling }) => ceiling),
      ...timeline.summary.shortfalls.map((breach) => breachRect(sheet, breach, y, "below the floor")),
      ...timeline.summary.excesses.map((breach) => breachRect(sheet, breach, y, "above the ceiling")),
    ],
  };
};
