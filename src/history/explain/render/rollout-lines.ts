/** "Why is this rollout not moving?", on one screen. */
import { type Line, type Run, type Tone, text } from "../../ink.ts";
import type { Hindrance } from "../pod-state.ts";
import { type Block, isMoving, type RolloutState } from "../rollout-model.ts";
import type { Frame } from "./chain-lines.ts";
import { aligned, hanging, moment } from "./layout.ts";

/** More pods say nothing that these do not. */
const maxPods = 8;
/** What comes first is what one waits for. */
const maxComing = 6;

const label = (name: string): Run => text(`  ${name.padEnd(10)}`, "dim");

const sinceText = ({ sinceMs, again }: Block, nowMs: number): readonly string[] => {
  if (sinceMs === undefined) return [];
  const since = `since ${moment(sinceMs, nowMs)}`;
  return again === undefined ? [since] : [`${again} ${since}`, "not ready yet"];
};

const blockText = (block: Block, nowMs: number): string =>
  [
    block.text,
    ...sinceText(block, nowMs),
    ...(block.untilMs === undefined ? [] : [`until ${moment(block.untilMs, nowMs)}`]),
  ].join(", ");

const blockTone = (block: Block): Tone => (isMoving([block]) ? "plain" : "alarm");

const blocksTitle = ({ blocks, settled }: RolloutState): string =>
  settled ? "Trouble" : isMoving(blocks) ? "Waits for" : "Blocked";

const blockLines = (state: RolloutState, { columns, nowMs }: Frame): readonly Line[] =>
  state.blocks.flatMap((block, i) => {
    const head = [label(i > 0 ? "" : blocksTitle(state)), text(state.blocks.length > 1 ? `${i + 1}. ` : "")];
    return hanging(head, blockText(block, nowMs), columns, blockTone(block));
  });

const sizeText = ({ sizes }: RolloutState): string => {
  const { desired, available, floor, existing, ceiling, terminating, updated } = sizes;
  const ending = terminating > 0 ? `, ${terminating} ending` : "";
  return `${desired} wanted: ${existing} exist (at most ${ceiling} may), ${updated} new, ${available} available (at least ${floor} must be)${ending}`;
};

const nextLines = ({ plan, scheduled }: RolloutState, { columns, nowMs }: Frame): readonly Line[] => {
  const { writes, looksAgain } = plan;
  const comes = [
    ...scheduled,
    ...(looksAgain ? [{ actor: looksAgain.actor, does: "looks again", atMs: looksAgain.atMs }] : []),
  ].sort((a, b) => a.atMs - b.atMs);
  const idle =
    comes.length > 0
      ? "the controllers would do nothing now; what is due:"
      : "the controllers would do nothing until something changes";
  const left = comes.length - maxComing;
  const lines = [
    ...(writes.length > 0 ? writes.map(({ actor, wants }) => `${actor} would ${wants}`) : [idle]),
    ...comes.slice(0, maxComing).map(({ actor, does, atMs }) => `${actor} ${does} at ${moment(atMs, nowMs)}`),
    ...(left > 0 ? [`… and ${left} more, later`] : []),
  ];
  return lines.flatMap((line, i) => hanging([label(i === 0 ? "Next" : "")], line, columns));
};

const hindranceTone = (hindrance: Hindrance): Tone => {
  switch (hindrance) {
    case "nothing":
      return "good";
    case "starting":
    case "minReadySeconds":
    case "terminating":
      return "plain";
    default:
      return "alarm";
  }
};

/** What the blocks have said of a pod is not said again. */
const podLines = ({ pods, blocks }: RolloutState, { columns, nowMs }: Frame): readonly Line[] => {
  if (pods.length === 0) return [];
  const isSaid = (message: string): boolean => blocks.some(({ text: words }) => words.includes(message));
  const shown = pods.slice(0, maxPods);
  const rows = aligned(
    [
      { title: "POD" },
      { title: "" },
      { title: "STATUS" },
      { title: "RESTARTS", right: true },
      { title: "NODE" },
      { title: "SINCE" },
    ],
    shown.map((pod) => [
      text(pod.name),
      text(pod.isNew ? "new" : "old", "dim"),
      text(pod.status, hindranceTone(pod.hindrance)),
      text(String(pod.restarts)),
      text(pod.node ?? "-"),
      text(moment(pod.sinceMs, nowMs)),
    ]),
  );
  let before = "";
  const lines = rows.flatMap((row, i) => {
    const message = shown[i - 1]?.message ?? "";
    if (message === "" || message === before || isSaid(message)) return [row];
    before = message;
    return [row, ...hanging([text("      ")], message, columns, "dim")];
  });
  const left = pods.length - shown.length;
  return [[], ...lines, ...(left > 0 ? [[text(`  … and ${left} more`, "dim")]] : [])];
};

const deadlineLines = ({ deadline }: RolloutState, { columns, nowMs }: Frame): readonly Line[] => {
  if (!deadline) return [];
  const { atMs, exceeded } = deadline;
  const words = exceeded
    ? `exceeded, noticed ${moment(atMs, nowMs)}`
    : `${moment(atMs, nowMs)}, unless something moves`;
  return hanging([label("Deadline")], words, columns, exceeded ? "alarm" : "plain");
};

export const rolloutLines = (object: string, state: RolloutState, frame: Frame): readonly Line[] => {
  const { columns, nowMs } = frame;
  const tone: Tone = state.complete ? "good" : state.moving ? "strong" : "alarm";
  const title = hanging([], `${object} ${state.verdict}`, columns, tone);
  if (state.complete) return [...title, ...hanging([label("Size")], sizeText(state), columns)];
  return [
    ...title,
    [],
    ...(state.awaits.length > 0 ? hanging([label("Awaited")], state.awaits.join(", "), columns) : []),
    ...hanging([label("Progress")], `the last was at ${moment(state.lastProgressMs, nowMs)}`, columns),
    ...blockLines(state, frame),
    ...hanging([label("Size")], sizeText(state), columns),
    ...nextLines(state, frame),
    ...deadlineLines(state, frame),
    ...podLines(state, frame),
  ];
};
