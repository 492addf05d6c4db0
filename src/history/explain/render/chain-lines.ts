/** A chain of causes, a line for each step: the one that began it all on top. */
import { shortDuration } from "../../format.ts";
import { type Line, lengthOf, type Run, type Tone, text } from "../../ink.ts";
import type { Chain } from "../chain.ts";
import { isPerson, type Sight, type Step } from "../step.ts";
import { after, aligned, type Column, clock, hanging } from "./layout.ts";

export interface Frame {
  readonly columns: number;
  readonly nowMs: number;
  /** Every step, however many there are. */
  readonly full: boolean;
}

/** Chains up to this length are shown whole; of longer ones, so many steps at both ends. */
const maxSteps = 12;
const headSteps = 3;
const tailSteps = 8;

export const actorTone = (step: Step): Tone => (isPerson(step) ? "strong" : "plain");

const sightCell = (step: Step): Run => {
  const { sight } = step;
  if (isPerson(step)) return text("");
  switch (sight.is) {
    case "upToDate":
      return text("all", "dim");
    case "behind":
      return text(`-${sight.events}`, "alarm");
    case "notRecorded":
      return text("?", "dim");
  }
};

/** Said below a step that was decided on an old picture of the cluster. */
export const sightNote = (sight: Sight): string | undefined => {
  if (sight.is !== "behind") return undefined;
  const events = sight.events === 1 ? "the last event" : `the last ${sight.events} events`;
  return `decided without having seen ${events}: behind by ${shortDuration(sight.ms)}`;
};

export const sentence = ({ object, wrote }: Step): string => (object === "" ? wrote : `${object} ${wrote}`);

const isBad = /Failed|Refused|Terminated|BackOff|NotReady|Unready|Unschedulable|FaultInjected/;

const stepLines = (head: Line, step: Step, { columns }: Frame): readonly Line[] => {
  const blank: Line = [text(" ".repeat(lengthOf(head) + 2))];
  const note = sightNote(step.sight);
  const isAlarming = step.types.some((type) => isBad.test(type)) && !step.wrote.endsWith("exit 0");
  return [
    ...hanging([...head, text("  ")], sentence(step), columns, isAlarming ? "alarm" : "plain"),
    ...(step.command === undefined ? [] : hanging(blank, `$ ${step.command}`, columns, "dim")),
    ...(note === undefined ? [] : hanging(blank, note, columns, "alarm")),
  ];
};

interface StepColumn extends Column {
  readonly cell: (step: Step, root: Step, nowMs: number) => Run;
}

const columns: readonly StepColumn[] = [
  { title: "SEQ", right: true, cell: ({ seq }) => text(String(seq), "dim") },
  { title: "TIME", cell: ({ atMs }, _, nowMs) => text(clock(atMs, nowMs), "dim") },
  {
    title: "AFTER",
    right: true,
    cell: (step, root) => text(step === root ? "" : after(step.atMs - root.atMs), "dim"),
  },
  { title: "WHO", cell: (step) => text(step.actor, actorTone(step)) },
  { title: "SAW", cell: sightCell },
];

/** Columns in which nothing stands are left out: a person's write comes after nothing. */
const headsOf = (steps: readonly Step[], root: Step, nowMs: number): readonly Line[] => {
  const used = columns.filter(({ cell }) => steps.some((step) => cell(step, root, nowMs).text !== ""));
  return aligned(
    used,
    steps.map((step) => used.map(({ cell }) => cell(step, root, nowMs))),
  );
};

export const chainLines = ({ steps, origin }: Chain, frame: Frame): readonly Line[] => {
  const [root] = steps;
  if (!root) return [];
  const heads = headsOf(steps, root, frame.nowMs);
  const [header, ...rows] = heads;
  const blocks = steps.map((step, i) => stepLines(rows[i] ?? [], step, frame));
  const isLong = !frame.full && steps.length > maxSteps;
  const left = steps.length - headSteps - tailSteps;
  const shown = isLong
    ? [
        ...blocks.slice(0, headSteps),
        [[text(`  … ${left} more steps between, shown with --full`, "dim")]],
        ...blocks.slice(-tailSteps),
      ]
    : blocks;
  return [
    [...(header ?? []), text("  WROTE", "dim")],
    ...(origin === "notRecorded"
      ? [[text("  cause not recorded: the log does not say what led to the first step", "dim")]]
      : []),
    ...shown.flat(),
  ];
};
