/** Pods as bars over time, ReplicaSet by ReplicaSet; where there are too many, as counts. */

import { oneLine, truncate } from "../format.ts";
import { shortImage } from "../images.ts";
import { blank, type Line, type Run, text } from "../ink.ts";
import { type Canvas, drawColumns, inAlphabet, isUnknown, lineOf, unknownCell } from "./canvas.ts";
import type { PodBar, PodState, ReplicaSetBars, Segment } from "./model.ts";
import type { Column } from "./scale.ts";

const overlapMs = (a: { fromMs: number; toMs: number }, b: { fromMs: number; toMs: number }): number =>
  Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs);

/** The state that takes up most of the column; none where the pod is there for less than half of it, unless it comes. */
const stateIn = ({ fromMs, segments }: PodBar, column: Column): PodState | undefined => {
  let most: Segment | undefined;
  let totalMs = 0;
  for (const segment of segments) {
    const ms = overlapMs(segment, column);
    if (ms <= 0) continue;
    totalMs += ms;
    if (!most || ms >= overlapMs(most, column)) most = segment;
  }
  const comes = fromMs >= column.fromMs && fromMs < column.toMs;
  return comes || totalMs >= (column.toMs - column.fromMs) / 2 ? most?.state : undefined;
};

const beginnings: readonly PodState[] = ["pending", "starting", "running"];

/** States by column. However short it was, the beginning and the end of a life stay visible. */
const statesOf = (pod: PodBar, columns: readonly Column[]): readonly (PodState | undefined)[] => {
  const states = columns.map((column) => stateIn(pod, column));
  const first = states.findIndex((state) => state !== undefined);
  const last = states.findLastIndex((state) => state !== undefined);
  const shown = new Set(states);
  const [begin] = pod.segments;
  if (first < last && begin && beginnings.includes(begin.state) && !beginnings.some((state) => shown.has(state))) {
    const longest = pod.segments
      .filter(({ state }) => beginnings.includes(state))
      .reduce((a, b) => (b.toMs - b.fromMs > a.toMs - a.fromMs ? b : a), begin);
    states[first] = longest.state;
  }
  if (first < last && pod.segments.at(-1)?.state === "terminating" && !shown.has("terminating")) {
    states[last] = "terminating";
  }
  return states;
};

const hasMark = ({ marks }: PodBar, { fromMs, toMs }: Column): boolean =>
  marks.some(({ atMs }) => atMs >= fromMs && atMs < toMs);

const toneOf = (state: PodState, hue: number): Run["tone"] => {
  if (state === "backing-off" || state === "failed") return "alarm";
  return { hue };
};

const labelOf = ({ gutter, glyphs }: Canvas, { name }: ReplicaSetBars, pod: PodBar): Line => {
  const short = pod.name.startsWith(`${name}-`) ? pod.name.slice(name.length + 1) : pod.name;
  const label = truncate(short, gutter - 3, glyphs.ellipsis);
  return [text(`  ${label}`, pod.end ? "dim" : "plain")];
};

const podLine = (canvas: Canvas, replicaSet: ReplicaSetBars, pod: PodBar): Line => {
  const { glyphs, scale } = canvas;
  const states = statesOf(pod, scale.columns);
  const cells = drawColumns(canvas, (column, i) => {
    if (hasMark(pod, column)) return text(glyphs.crash, "alarm");
    // A pod that was there when the log ends may be there, or not.
    if (pod.end === undefined && column.fromMs >= pod.toMs && isUnknown(canvas, column)) return unknownCell(canvas);
    const state = states[i];
    return state ? text(glyphs.states[state], toneOf(state, replicaSet.hue)) : blank;
  });
  return lineOf(canvas, { label: labelOf(canvas, replicaSet, pod), cells });
};

/** What pods do, as far as a count of them tells it apart. Names are at most {@link countNameWidth} wide. */
const groups: readonly { readonly name: string; readonly states: readonly PodState[] }[] = [
  { name: "ready", states: ["ready", "available"] },
  { name: "coming up", states: ["pending", "starting", "running"] },
  { name: "failing", states: ["backing-off", "failed"] },
  { name: "going", states: ["terminating"] },
  { name: "finished", states: ["succeeded"] },
];

/** Width of the names that stand before counts. */
export const countNameWidth = "  coming up ".length;

/** The most pods that were in one of these states at once, column by column. */
const countsOf = (
  pods: readonly PodBar[],
  states: readonly PodState[],
  columns: readonly Column[],
): readonly number[] => {
  const changes = pods
    .flatMap(({ segments }) => segments.filter(({ state }) => states.includes(state)))
    .flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, by: 1 },
      { atMs: toMs, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let at = 0;
  let count = 0;
  return columns.map(({ toMs }) => {
    let most = count;
    for (let change = changes[at]; change && change.atMs < toMs; change = changes[at]) {
      count += change.by;
      most = Math.max(most, count);
      at++;
    }
    return most;
  });
};

const countLines = (canvas: Canvas, { pods, hue }: ReplicaSetBars): readonly Line[] =>
  groups.flatMap(({ name, states }) => {
    const counts = countsOf(pods, states, canvas.scale.columns);
    const most = Math.max(0, ...counts);
    if (most === 0) return [];
    const { levels } = canvas.glyphs;
    const cells = drawColumns(canvas, (column, i) => {
      if (isUnknown(canvas, column)) return unknownCell(canvas);
      const level = Math.ceil(((counts[i] ?? 0) / pods.length) * (levels.length - 1));
      return text(
        levels[level] ?? " ",
        name === "failing" ? "alarm" : { hue, ...(name === "ready" ? {} : { weight: "dim" }) },
      );
    });
    return [
      lineOf(canvas, {
        label: [text(`  ${name}`), text(String(most).padStart(canvas.gutter - name.length - 3), "dim")],
        cells,
      }),
    ];
  });

const headingOf = ({ glyphs, width }: Canvas, { name, images, revisions, hue }: ReplicaSetBars): Line => {
  const current = revisions.at(-1)?.revision;
  const former = revisions.slice(0, -1).map(({ revision }) => revision);
  const title = current === undefined ? "no revision" : `revision ${current}`;
  const was = former.length > 0 ? ` (was ${former.join(", ")})` : "";
  const rest = [oneLine(images.map(shortImage).join(", ")), name].filter((part) => part !== "");
  const more = rest.map((part) => ` ${glyphs.dot} ${inAlphabet(part, glyphs)}`).join("");
  return [
    text(title, { hue, weight: "strong" }),
    text(truncate(`${was}${more}`, width - title.length, glyphs.ellipsis), "dim"),
  ];
};

/** More pods than this in one picture are counted, not drawn. */
export const maxPodRows = 40;

export const podLines = (canvas: Canvas, isEveryPodDrawn: boolean): readonly Line[] =>
  canvas.timeline.replicaSets.flatMap((replicaSet): readonly Line[] => [
    headingOf(canvas, replicaSet),
    ...(isEveryPodDrawn
      ? replicaSet.pods.map((pod) => podLine(canvas, replicaSet, pod))
      : countLines(canvas, replicaSet)),
  ]);
