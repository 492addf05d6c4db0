/** What stands above the picture: whose it is, and the rollouts in it. */

import { endOf, wasOverdue } from "../../projections/rollouts/model.ts";
import { offset, oneLine, shortDuration } from "../format.ts";
import { imageChange, shortImage } from "../images.ts";
import type { Line, Tone } from "../ink.ts";
import { lengthOf, text } from "../ink.ts";
import { inAlphabet } from "./canvas.ts";
import type { Glyphs } from "./glyphs.ts";
import type { Rollout, Timeline } from "./model.ts";

/** `2026-01-01T00:00:10Z`, with milliseconds where there are any. */
const instant = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

/** In two lines where one is too narrow. */
export const titleLines = ({ namespace, name, originMs }: Timeline, width: number): readonly Line[] => {
  const whose = [text(`deployment.apps/${name}`, "strong"), text(` in ${namespace}`, "dim")];
  const when = `+0s is ${instant(originMs)}`;
  const line = [...whose, text(`, ${when}`, "dim")];
  return lengthOf(line) <= width ? [line] : [whose, [text(when, "dim")]];
};

/** What changed in the images, container by container, the image alone when none did; then what else changed. */
const imagesText = ({ images, imagesBefore, otherChanges, restores }: Rollout, glyphs: Glyphs): string => {
  const changes = images.map((image, i) => {
    const before = imagesBefore?.[i];
    return before === undefined || before === image ? shortImage(image) : imageChange(before, image, glyphs.arrow);
  });
  const all = otherChanges === undefined ? changes : [...changes, otherChanges];
  return `${all.join(", ")}${restores === undefined ? "" : ` (as #${restores})`}`;
};

const pausedMs = ({ paused }: Rollout, fromMs: number, toMs: number): number =>
  paused.reduce(
    (total, span) => total + Math.max(0, Math.min(span.toMs ?? toMs, toMs) - Math.max(span.fromMs, fromMs)),
    0,
  );

/** Time in which a rollout could go on, and beside it the time in which it was paused. */
const spent = (rollout: Rollout, fromMs: number, toMs: number): string => {
  const restMs = pausedMs(rollout, fromMs, toMs);
  const activeMs = Math.max(0, toMs - fromMs - restMs);
  return `${shortDuration(activeMs)}${restMs > 0 ? `, ${shortDuration(restMs)} paused` : ""}`;
};

interface Outcome {
  readonly text: string;
  readonly tone: Tone;
}

/** How a rollout came out, or how it stands at the end of the picture; if it took longer than it may, that it did. */
export const outcomeOf = (rollout: Rollout, toMs: number): Outcome => {
  const outcome = plainOutcomeOf(rollout, toMs);
  if (!wasOverdue(rollout, toMs) || isStuck(rollout, toMs)) return outcome;
  return { text: `${outcome.text}, past its deadline`, tone: outcome.tone === "good" ? "plain" : outcome.tone };
};

/** It is not over, and its controller has given up waiting. */
const isStuck = (rollout: Rollout, toMs: number): boolean =>
  wasOverdue(rollout, toMs) && (endOf(rollout) ?? Infinity) > toMs;

const plainOutcomeOf = (rollout: Rollout, toMs: number): Outcome => {
  const { startedAtMs, completedAtMs } = rollout;
  const [completedMs, replacedMs, deletedMs] = [completedAtMs, rollout.replacedAtMs, rollout.deletedAtMs].map((atMs) =>
    atMs !== undefined && atMs <= toMs ? atMs : undefined,
  );
  if (startedAtMs === undefined || startedAtMs > toMs) {
    return { text: replacedMs === undefined ? "paused" : "never began", tone: "dim" };
  }
  if (completedMs !== undefined) return { text: spent(rollout, startedAtMs, completedMs), tone: "good" };
  if (replacedMs !== undefined)
    return { text: `replaced after ${spent(rollout, startedAtMs, replacedMs)}`, tone: "alarm" };
  if (deletedMs !== undefined)
    return { text: `deleted after ${spent(rollout, startedAtMs, deletedMs)}`, tone: "alarm" };
  if (isStuck(rollout, toMs)) return { text: `stuck for ${spent(rollout, startedAtMs, toMs)}`, tone: "alarm" };
  const pause = rollout.paused.findLast((span) => span.fromMs <= toMs);
  if (pause && (pause.toMs ?? Infinity) > toMs)
    return { text: `paused for ${shortDuration(toMs - pause.fromMs)}`, tone: "plain" };
  return { text: `running for ${spent(rollout, startedAtMs, toMs)}`, tone: "plain" };
};

/** What made someone do it: the change-cause where one was given, else the command. An undo brings back an old cause. */
const causeOf = ({ changeCause, command, verb }: Rollout): string =>
  oneLine((verb === "undo" ? undefined : changeCause) ?? command ?? changeCause ?? "");

const cell = (content: string, tone: Tone = "plain") => ({ content, tone });
type Cell = ReturnType<typeof cell>;

const titles = ["ROLLOUT", "REVISION", "AT", "TOOK", "IMAGE"];
/** Below this width a cause says too little to stand beside the rest. */
const minCauseWidth = 16;
const maxRollouts = 12;

const cellsOf = (rollout: Rollout, { originMs, toMs }: Timeline, glyphs: Glyphs): readonly Cell[] => {
  const outcome = outcomeOf(rollout, toMs);
  return [
    cell(`#${rollout.number}`, { hue: rollout.hue, weight: "strong" }),
    cell(rollout.revision ?? "-", { hue: rollout.hue, weight: "strong" }),
    cell(offset(rollout.atMs - originMs)),
    cell(outcome.text, outcome.tone),
    cell(inAlphabet(oneLine(imagesText(rollout, glyphs)), glyphs)),
  ];
};

/**
 * The newest rollouts: number, revision, when, how long, images, by whom, and why. Where that is too wide, who and why come in
 * a line of their own.
 */
export const rolloutLines = (timeline: Timeline, glyphs: Glyphs, width: number): readonly Line[] => {
  const { rollouts } = timeline;
  const shown = rollouts.slice(-maxRollouts);
  const rows = shown.map((rollout) => cellsOf(rollout, timeline, glyphs));
  const widthOf = (title: string, contents: readonly string[]): number =>
    Math.max(title.length, ...contents.map((content) => content.length));
  const widths = titles.map((title, i) =>
    widthOf(
      title,
      rows.map((row) => row[i]?.content ?? ""),
    ),
  );
  const actorWidth = widthOf(
    "BY",
    shown.map(({ actor }) => actor),
  );
  const used = [...widths, actorWidth].reduce((total, each) => total + each + 2, 0);
  const isWide = width - used >= minCauseWidth;
  const tableLine = (row: readonly Cell[], actor: string, cause: string): Line => {
    const line = row.flatMap(({ content, tone }, i) => [
      text(content, tone),
      text(" ".repeat((widths[i] ?? 0) - content.length + 2)),
    ]);
    return isWide ? [...line, text(`${actor.padEnd(actorWidth)}  ${cause}`, "dim")] : line;
  };
  const earlier = rollouts.length - shown.length;
  return [
    tableLine(
      titles.map((title) => cell(title, "dim")),
      "BY",
      "CAUSE",
    ),
    ...(earlier > 0 ? [[text(`${glyphs.ellipsis} and ${earlier} earlier`, "dim")]] : []),
    ...rows.flatMap((row, i) => {
      const rollout = shown[i];
      const [actor, cause] = rollout ? [rollout.actor, inAlphabet(causeOf(rollout), glyphs)] : ["", ""];
      const line = tableLine(row, actor, cause);
      return isWide ? [line] : [line, [text(`    ${actor}  ${cause}`, "dim")]];
    }),
  ];
};
