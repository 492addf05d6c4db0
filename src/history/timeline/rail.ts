/** The revision rail: which template the Deployment asks for, when. */

import { oneLine } from "../format.ts";
import { shortImage } from "../images.ts";
import { blank, type Line, type Run, text } from "../ink.ts";
import { type Canvas, drawColumns, inAlphabet, lineOf } from "./canvas.ts";
import type { Rollout } from "./model.ts";
import type { Column } from "./scale.ts";

const inForceAt = (rollouts: readonly Rollout[], { toMs }: Column): Rollout | undefined => {
  const rollout = rollouts.findLast(({ atMs }) => atMs < toMs);
  return rollout?.deletedAtMs !== undefined && rollout.deletedAtMs < toMs ? undefined : rollout;
};

const isPaused = ({ paused }: Rollout, { fromMs, toMs }: Column): boolean =>
  paused.some((span) => span.fromMs < toMs && (span.toMs ?? Infinity) > fromMs);

/** `2`, or `#2` while there is no revision. */
const shortName = ({ number, revision }: Rollout): string => revision ?? `#${number}`;

/** The words at the beginning of a rollout's part of the rail: its images too when there is room. */
const words = ({ glyphs }: Canvas, rollout: Rollout, room: number): string => {
  const short = shortName(rollout);
  const images = inAlphabet(oneLine(rollout.images.map(shortImage).join(", ")), glyphs);
  const long = `${short} ${images} `;
  return long.length + 2 <= room ? long : short.length <= room ? short : "";
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
    if (!rollout) return blank;
    if (i === 0 || inForce[i - 1] !== rollout) written = { from: i, content: words(canvas, rollout, roomAt(i)) };
    const character = written.content[i - written.from];
    if (character !== undefined) return text(character, { hue: rollout.hue, weight: "strong" });
    return text(isPaused(rollout, column) ? glyphs.pausedRail : glyphs.rail, { hue: rollout.hue });
  });
  return lineOf(canvas, { label: [text("revision", "dim")], cells });
};
