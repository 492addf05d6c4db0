/** What stands below the picture: what its characters mean, and what it comes down to. */

import { offset, shortDuration } from "../format.ts";
import { type Line, type Run, text } from "../ink.ts";
import type { Canvas } from "./canvas.ts";
import type { Glyphs } from "./glyphs.ts";
import { outcomeOf } from "./heading.ts";
import type { Breach, Extreme, PodBar, PodState, Summary, Timeline } from "./model.ts";

export const stateNames: Readonly<Record<PodState, string>> = {
  pending: "pending",
  starting: "starting",
  running: "running, not ready",
  ready: "ready, not yet available",
  available: "ready",
  "backing-off": "backing off",
  terminating: "terminating",
  succeeded: "succeeded",
  failed: "failed",
};

/** What stands for the states and mishaps of single pods. */
const podLegend = (pods: readonly PodBar[], glyphs: Glyphs): readonly string[] => {
  const occurring = new Set(pods.flatMap(({ segments }) => segments.map(({ state }) => state)));
  const states = Object.keys(stateNames) as PodState[];
  const known = states
    .filter((state) => occurring.has(state))
    .map((state) => {
      const name = state === "available" && occurring.has("ready") ? "available" : stateNames[state];
      return `${glyphs.states[state]} ${name}`;
    });
  const marks = new Set(pods.flatMap((pod) => pod.marks.map(({ type }) => type)));
  const mishaps = [
    ...(marks.has("exited") ? ["crashed"] : []),
    ...(marks.has("pull-failed") ? ["image not pulled"] : []),
    ...(marks.has("unschedulable") ? ["no node has room"] : []),
  ];
  return mishaps.length === 0 ? known : [...known, `${glyphs.crash} ${mishaps.join(", ")}`];
};

/** What stands for numbers of pods. */
const chartLegend = ({ timeline, glyphs, isColored }: Canvas): readonly string[] => {
  const { summary, availability } = timeline;
  const entries: string[] = [];
  if (!isColored) entries.push("1..9 available, by revision");
  if (availability.some(({ pods, available }) => pods > available)) entries.push(`${glyphs.present} not available`);
  if (summary.shortfalls.length > 0) entries.push(`${glyphs.shortfall} below the floor`);
  if (summary.excesses.length > 0) entries.push(`${glyphs.excess} above the ceiling`);
  if (timeline.unknown.length > 0) entries.push(`${glyphs.unknown} nothing is known`);
  return entries;
};

const wrapped = (title: string, entries: readonly string[], width: number): readonly Line[] => {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    const longer = last === undefined ? `${title.padEnd(7)}${entry}` : `${last}   ${entry}`;
    if (last !== undefined && longer.length > width) lines.push(`${" ".repeat(7)}${entry}`);
    else lines[Math.max(0, lines.length - 1)] = longer;
  }
  return lines.map((line) => [text(line, "dim")]);
};

/** The meaning of the characters, of those that occur. */
export const legendLines = (canvas: Canvas, isEveryPodDrawn: boolean): readonly Line[] => {
  const pods = canvas.timeline.replicaSets.flatMap((replicaSet) => replicaSet.pods);
  return [
    ...wrapped("chart", chartLegend(canvas), canvas.width),
    ...(isEveryPodDrawn ? wrapped("pods", podLegend(pods, canvas.glyphs), canvas.width) : []),
  ];
};

const totalMs = (breaches: readonly Breach[]): number =>
  breaches.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);

const rolloutsText = ({ rollouts, toMs }: Timeline): string => {
  const finished = rollouts.filter(({ completedAtMs }) => completedAtMs !== undefined && completedAtMs <= toMs);
  if (rollouts.length > 3) return `${rollouts.length} rollouts, ${finished.length} complete`;
  return rollouts
    .map((rollout) => {
      const { text: outcome } = outcomeOf(rollout, toMs);
      return `#${rollout.number} ${finished.includes(rollout) ? `took ${outcome}` : outcome}`;
    })
    .join("; ");
};

const deletionText = ({ rollouts, originMs, toMs }: Timeline): Run | undefined => {
  const deletedAtMs = rollouts.at(-1)?.deletedAtMs;
  if (deletedAtMs === undefined || deletedAtMs > toMs) return undefined;
  return text(`deleted at ${offset(deletedAtMs - originMs)}`);
};

const boundText = (
  words: { readonly most: (pods: number) => string; readonly bound: string; readonly beyond: string },
  extreme: Extreme | undefined,
  breaches: readonly Breach[],
): Run | undefined => {
  if (!extreme) return undefined;
  const fact = `${words.most(extreme.pods)}, ${words.bound} ${extreme.bound}`;
  // A floor of 0 is kept by an outage, too.
  if (breaches.length === 0) return text(fact, extreme.bound > 0 ? "good" : "plain");
  return text(`${fact}: ${words.beyond} it for ${shortDuration(totalMs(breaches))}`, "alarm");
};

/** Where the tightest moment was not the lowest or the highest of all, it is not called so. */
const floorWords = ({ hadFewer }: Summary) => ({
  most: (pods: number) => `${hadFewer ? "tightest" : "lowest"} ${pods} available`,
  bound: "floor",
  beyond: "below",
});
const ceilingWords = ({ hadMore }: Summary) => ({
  most: (pods: number) => `${hadMore ? "tightest" : "highest"} ${pods} ${pods === 1 ? "pod" : "pods"}`,
  bound: "ceiling",
  beyond: "above",
});

/** The rollouts' durations, and the tightest moments of both bounds. */
export const closingLines = (timeline: Timeline, glyphs: Glyphs, width: number): readonly Line[] => {
  const { summary } = timeline;
  const runs = [
    text(rolloutsText(timeline), "strong"),
    boundText(floorWords(summary), summary.lowest, summary.shortfalls),
    boundText(ceilingWords(summary), summary.highest, summary.excesses),
    deletionText(timeline),
  ].filter((run) => run !== undefined);
  const separator = text(` ${glyphs.dot} `, "dim");
  const length = runs.reduce((total, run) => total + run.text.length + 3, -3);
  if (length > width) return runs.map((run) => [run]);
  return [runs.flatMap((run, i) => (i === 0 ? [run] : [separator, run]))];
};
