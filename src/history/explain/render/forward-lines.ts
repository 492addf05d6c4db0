/** What followed from an event, as a tree that begins anew at the left where it would grow too deep for the terminal. */
import { type Line, lengthOf, type Paint, plainPaint, printLines, text } from "../../ink.ts";
import { type Consequences, type Effect, effectsInOrder } from "../forward.ts";
import type { Step } from "../step.ts";
import { actorTone, sentence, sightNote } from "./chain-lines.ts";
import { after, hanging, moment } from "./layout.ts";

interface Row {
  readonly effect: Effect;
  /** What is drawn in front: `│ ├─ `. */
  readonly branch: string;
  /** What is drawn in front of its further lines. */
  readonly below: string;
  /** What followed from it stands in a part of its own. */
  readonly isContinued: boolean;
}

/** A tree that fits: that of the root, or of an effect that stood too far to the right. */
interface Part {
  readonly top: Effect;
  readonly rows: readonly Row[];
  /** Tops of parts to come, in the order of their rows. */
  readonly open: readonly Effect[];
}

const partOf = (top: Effect, maxDepth: number): Part => {
  const rows: Row[] = [];
  const open: Effect[] = [];
  // As deep as the terminal is wide: the stack holds it.
  const visit = (effect: Effect, depth: number, branch: string, indent: string): void => {
    const isLast = (i: number): boolean => i === effect.effects.length - 1;
    const isContinued = depth === maxDepth && effect.effects.length > 0;
    const hasChildrenHere = effect.effects.length > 0 && !isContinued;
    rows.push({ effect, branch, below: `${indent}${hasChildrenHere ? "│" : ""}`, isContinued });
    if (isContinued) open.push(effect);
    else {
      effect.effects.forEach((each, i) => {
        visit(each, depth + 1, `${indent}${isLast(i) ? "└─ " : "├─ "}`, `${indent}${isLast(i) ? "  " : "│ "}`);
      });
    }
  };
  visit(top, 0, "", "");
  return { top, rows, open };
};

/** The root's part first; each further one as soon as what stands before it in the log has been told. */
const partsOf = (root: Effect, maxDepth: number): readonly Part[] => {
  const parts: Part[] = [];
  const open: Effect[] = [root];
  for (let top = open.shift(); top; top = open.shift()) {
    const part = partOf(top, maxDepth);
    parts.push(part);
    open.push(...part.open);
    open.sort((a, b) => a.step.seq - b.step.seq);
  }
  return parts;
};

export interface ForwardOptions {
  readonly columns: number;
  readonly nowMs: number;
  readonly paint?: Paint;
}

/** What a sentence needs beside its branches so that it is still read with ease. */
const sentenceWidth = 34;
const branchWidth = 2;
/** On a narrow terminal lines are rather too long. */
const leastDepth = 4;

export const renderConsequences = (
  told: Consequences,
  { columns, nowMs, paint = plainPaint }: ForwardOptions,
): string => {
  const { root, total, shown } = told;
  const steps = [root.step, ...effectsInOrder(told)];
  // There may be more of them than a call takes arguments.
  const widest = (cell: (step: Step) => string): number =>
    steps.reduce((width, step) => Math.max(width, cell(step).length), 0);
  const widths = {
    after: widest(({ atMs }) => after(atMs - root.step.atMs)),
    seq: widest(({ seq }) => String(seq)),
    actor: widest(({ actor }) => actor),
  };
  const headOf = (step: Step): Line => [
    text(`  ${String(step.seq).padStart(widths.seq)}  `, "dim"),
    text(`${after(step.atMs - root.step.atMs).padStart(widths.after)}  `, "dim"),
    text(`${step.actor.padEnd(widths.actor)}  `, actorTone(step)),
  ];
  const headWidth = lengthOf(headOf(root.step));
  const maxDepth = Math.max(leastDepth, Math.floor((columns - headWidth - sentenceWidth) / branchWidth));

  const rowLines = ({ effect: { step }, branch, below, isContinued }: Row): readonly Line[] => {
    const note = sightNote(step.sight);
    const words = `${sentence(step)}${note === undefined ? "" : ` (${note})`}${isContinued ? " ↓" : ""}`;
    // Further lines hang one further, so that no line of the tree touches their words.
    const [first = [], ...rest] = hanging([...headOf(step), text(branch, "dim")], words, columns - 1);
    const hung = text(`${" ".repeat(headWidth)}${below.padEnd(branch.length + 1)}`, "dim");
    return [first, ...rest.map(([, ...line]) => [hung, ...line])];
  };
  const partLines = ({ top, rows }: Part): readonly Line[] => {
    if (top === root) return rows.flatMap(rowLines);
    const heading = hanging([text(`↓ From ${top.step.seq} `, "strong")], sentence(top.step), columns, "dim");
    return [[], ...heading, ...rows.slice(1).flatMap(rowLines)];
  };

  const count = total === 1 ? "1 write followed" : `${total} writes followed`;
  const title = `${count} from seq:${root.step.seq} of ${moment(root.step.atMs, nowMs)}; times count from it`;
  const left = total - shown;
  const lines: readonly Line[] = [
    ...hanging([], title, columns, "strong"),
    ...(root.step.command === undefined ? [] : hanging([text("  $ ", "dim")], root.step.command, columns, "dim")),
    [],
    ...partsOf(root, maxDepth).flatMap(partLines),
    ...(left > 0 ? [[text(`  … and ${left} more, shown with --limit ${total}`, "dim")]] : []),
  ];
  return printLines(lines, paint);
};
