/** Rollouts and pods as bars over time, events as marks on them. */
import { offset, oneLine, shortDuration, truncate } from "../../format.ts";
import { shortImage } from "../../images.ts";
import { stateNames } from "../closing.ts";
import { outcomeOf } from "../heading.ts";
import type { PodBar, PodMark, ReplicaSetBars, Rollout, Scaling } from "../model.ts";
import { railWords } from "../rail.ts";
import { element, type Markup, tooltip } from "./element.ts";
import { hueClass } from "./palette.ts";
import { charactersIn, type Part, type Sheet } from "./sheet.ts";

const railPx = 22;

const rolloutTip = ({ timeline }: Sheet, rollout: Rollout): string =>
  [
    railWords(rollout, timeline.toMs)[0] ?? "",
    `${offset(rollout.atMs - timeline.originMs)}, ${new Date(rollout.atMs).toISOString()}`,
    ...(rollout.restores === undefined ? [] : [`restores #${rollout.restores}`]),
    ...(rollout.changeCause === undefined ? [] : [rollout.changeCause]),
    ...(rollout.command === undefined ? [] : [`$ ${rollout.command}`]),
    outcomeOf(rollout, timeline.toMs).text,
  ]
    .map(oneLine)
    .join("\n");

const railBar = (
  sheet: Sheet,
  rollout: Rollout,
  topPx: number,
): { readonly bar: Markup; readonly words: string; readonly x: number } => {
  const { timeline, x } = sheet;
  const endMs = Math.min(rollout.replacedAtMs ?? rollout.deletedAtMs ?? timeline.toMs, timeline.toMs);
  const [from, to] = [x(Math.max(rollout.atMs, timeline.fromMs)), x(endMs)];
  const room = charactersIn(to - from);
  const words = railWords(rollout, timeline.toMs).find(({ length }) => length <= room) ?? "";
  const place = { y: topPx, height: railPx };
  const paused = rollout.paused.map((span) => {
    const [begin, end] = [x(span.fromMs), x(Math.min(span.toMs ?? endMs, endMs))];
    return element("rect", { ...place, x: begin, width: Math.max(0, end - begin), class: "paused" });
  });
  const bar = element(
    "g",
    { class: hueClass(rollout.hue) },
    tooltip(rolloutTip(sheet, rollout)),
    element("rect", { ...place, x: from, width: Math.max(1, to - from), class: "rail" }),
    ...paused,
    element("rect", { ...place, x: from, width: 2, class: "edge" }),
  );
  return { bar, words, x: from + 6 };
};

export const railPart = (sheet: Sheet, topPx: number): Part => {
  const bars = sheet.timeline.rollouts.map((rollout) => railBar(sheet, rollout, topPx));
  const y = topPx + 15;
  return {
    height: railPx,
    shapes: bars.map(({ bar }) => bar),
    words: [
      element("text", { x: sheet.left - 8, y, "text-anchor": "end", class: "soft" }, "rollout"),
      ...bars.flatMap(({ words, x }) => (words === "" ? [] : [element("text", { x, y }, words)])),
    ],
  };
};

const headPx = 25;
/** More pods than this are drawn as thin lines, whose names are in their tooltips. */
const maxNamed = 80;

const markAt = (
  { timeline, x }: Sheet,
  { atMs, container, what, seq }: PodMark,
  middle: number,
  size: number,
): Markup => {
  const at = x(atMs);
  const words = [container, what].filter((part) => part !== "").join(" ");
  return element(
    "path",
    { d: `M${at.toFixed(1)} ${middle - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`, class: "mark" },
    tooltip(`${words} at ${offset(atMs - timeline.originMs)}, seq:${seq}`),
  );
};

const podLane = (sheet: Sheet, { name, hue }: ReplicaSetBars, pod: PodBar, topPx: number, rowPx: number): Markup => {
  const { timeline, x, left } = sheet;
  const short = pod.name.startsWith(`${name}-`) ? pod.name.slice(name.length + 1) : pod.name;
  const isNamed = rowPx >= 12;
  const barPx = isNamed ? rowPx - 5 : Math.max(1, rowPx - 1);
  const bars = pod.segments.map(({ state, fromMs, toMs, seq }) =>
    element(
      "rect",
      { x: x(fromMs), y: topPx, width: Math.max(0.5, x(toMs) - x(fromMs)), height: barPx, class: `bar ${state}` },
      tooltip(
        [
          `${pod.name}${pod.node === undefined ? "" : ` on ${pod.node}`}`,
          `${stateNames[state]} for ${shortDuration(toMs - fromMs)} from ${offset(fromMs - timeline.originMs)} on`,
          ...(seq === undefined ? [] : [`seq:${seq}`]),
        ].join("\n"),
      ),
    ),
  );
  const label = element(
    "text",
    { x: left - 8, y: topPx + barPx - 1, "text-anchor": "end", class: "mono" },
    truncate(short, 15),
  );
  const marks = pod.marks.map((mark) => markAt(sheet, mark, topPx + barPx / 2, isNamed ? 5 : 3));
  return element("g", { class: hueClass(hue) }, ...(isNamed ? [label] : []), ...bars, ...marks);
};

const scalingMark = (
  { timeline, x }: Sheet,
  { atMs, actor, from, to, believed, available, seq }: Scaling,
  y: number,
): Markup => {
  const tip = to > from ? -5 : 5;
  const belief =
    believed === undefined || believed === available ? "" : `, believing ${believed} available where ${available} were`;
  return element(
    "path",
    { d: `M${(x(atMs) - 3).toFixed(1)} ${to > from ? y : y - 5}h6l-3 ${tip}z`, class: "scaling" },
    tooltip(`${actor} scaled ${from} → ${to} at ${offset(atMs - timeline.originMs)}${belief}, seq:${seq}`),
  );
};

const groupHead = (sheet: Sheet, { name, images, revisions, scalings, hue }: ReplicaSetBars, topPx: number): Markup => {
  const revision = revisions.at(-1)?.revision;
  const words = [
    revision === undefined ? "no revision" : `revision ${revision}`,
    oneLine(images.map(shortImage).join(", ")),
    name,
  ].join(" · ");
  const { fromMs, toMs } = sheet.timeline;
  const shown = scalings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return element(
    "g",
    { class: hueClass(hue) },
    element("text", { x: 12, y: topPx + 13, class: "group" }, truncate(words, 90)),
    ...shown.map((scaling) => scalingMark(sheet, scaling, topPx + 22)),
  );
};

export const podsPart = (sheet: Sheet, topPx: number): Part => {
  const { replicaSets } = sheet.timeline;
  const count = replicaSets.reduce((total, { pods }) => total + pods.length, 0);
  const rowPx = count <= maxNamed ? 16 : count <= 400 ? 5 : 2;
  const shapes: Markup[] = [];
  const words: Markup[] = [];
  let y = topPx;
  for (const replicaSet of replicaSets) {
    words.push(groupHead(sheet, replicaSet, y));
    y += headPx;
    for (const pod of replicaSet.pods) {
      shapes.push(podLane(sheet, replicaSet, pod, y, rowPx));
      y += rowPx;
    }
    y += 4;
  }
  return { shapes, words, height: y - topPx };
};
