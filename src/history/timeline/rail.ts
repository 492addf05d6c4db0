/** The rail of rollouts: which of them is the Deployment's newest, when, by whom and for how long it went on. */

import { oneLine } from "../format.ts";
import { shortImage } from "../images.ts";
import { blank, type Line, type Run, text } from "../ink.ts";
import { type Canvas, drawColumns, inAlphabet, isUnknown, lineOf, unknownCell } from "./canvas.ts";
import { outcomeOf } from "./heading.ts";
import type { Rollout } from "./model.ts";
import type { Column } from "./scale.ts";

const inForceAt = (rollouts: readonly Rollout[], { toMs }: Column): Rollout | undefined => {
  const rollout = rollouts.findLast(({ atMs }) => atMs < toMs);
  return rollout?.deletedAtMs !== undefined && rollout.deletedAtMs < toMs ? undefined : rollout;
};

const isPaused = ({ paused }: Rollout, { fromMs, toMs }: Column): boolean =>
  paused.some((span) => span.fromMs < toMs && (span.toMs ?? Infinity) > fromMs);

/** What can stand at the beginning of a rollout's part of the rail, the longest first. */
export const railWords = (rollout: Rollout, toMs: number): readonly string[] => {
  const { number, revision, actor } = rollout;
  const images = oneLine(rollout.images.map(shortImage).join(", "));
  const name = `#${number}${revision === undefined ? "" : ` revision ${revision}`}`;
  const by = `${oneLine(actor)} ${outcomeOf(rollout, toMs).text}`;
  return [`${name} ${images} ${by}`, `#${number} ${images} ${by}`, `#${number} ${images}`, `#${number}`];
};

/** The most that fits, with a blank and a piece of the rail behind it where it is more than a number. */
const words = ({ glyphs, timeline }: Canvas, rollout: Rollout, room: number): string => {
  const choices = railWords(rollout, timeline.toMs).map((choice) => inAlphabet(choice, glyphs));
  const fits = choices.find((choice, i) => choice.length + (i === choices.length - 1 ? 0 : 3) <= room);
  return fits === undefined || fits === choices.at(-1) ? (fits ?? "") : `${fits} `;
};

export const railLine = (canvas: Canvas): Line => {
  const { timeline, scale, glyphs } = canvas;
  const inForce = scale.columns.map((column) => inForceAt(timeline.rollouts, column));
  const roomAt = (start: number): number => {
    let end = start;
    while (end < inForce.length && inForce[end] === inForce[start] && !scale.columns[end]?.skipped) end++;
    return end - start;
  };
  let written = { from: 0, content: "" };
  const cells = drawColumns(canvas, (column, i): Run => {
    const rollout = inForce[i];
    if (isUnknown(canvas, column)) return unknownCell(canvas);
    if (!rollout) return blank;
    if (i === 0 || inForce[i - 1] !== rollout) written = { from: i, content: words(canvas, rollout, roomAt(i)) };
    const character = written.content[i - written.from];
    if (character !== undefined) return text(character, { hue: rollout.hue, weight: "strong" });
    return text(isPaused(rollout, column) ? glyphs.pausedRail : glyphs.rail, { hue: rollout.hue });
  });
  return lineOf(canvas, { label: [text("rollout", "dim")], cells });
};
