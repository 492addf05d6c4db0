/** What followed from an event, as a tree that does not grow to the right with every step. */
import { type Line, type Paint, plainPaint, printLines, text } from "../../ink.ts";
import type { Consequences, Effect } from "../forward.ts";
import { actorTone, sentence, sightNote } from "./chain-lines.ts";
import { after, hanging, moment } from "./layout.ts";

interface Row {
  readonly effect: Effect;
  /** What is drawn in front: `│ ├ `. */
  readonly branch: string;
}

/** How many effects each one has, itself included; leaves first. */
const weights = (root: Effect): ReadonlyMap<Effect, number> => {
  const order: Effect[] = [root];
  for (let i = 0; i < order.length; i++) order.push(...(order[i]?.effects ?? []));
  const weight = new Map<Effect, number>();
  for (const effect of order.toReversed()) {
    weight.set(
      effect,
      effect.effects.reduce((sum, each) => sum + (weight.get(each) ?? 0), 1),
    );
  }
  return weight;
};

/**
 * The effect that leads furthest goes on in its cause's own column, below the side branches: so a rollout, which is one long
 * chain with twigs, stays narrow. The depth is at most the logarithm of the number of effects.
 */
const rowsOf = (root: Effect): readonly Row[] => {
  const weight = weights(root);
  const rows: Row[] = [];
  const visit = (top: Effect, first: string, rest: string): void => {
    let prefix = first;
    for (let effect: Effect | undefined = top; effect; prefix = rest) {
      rows.push({ effect, branch: prefix });
      const main: Effect | undefined = effect.effects.toSorted(
        (a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0),
      )[0];
      for (const side of effect.effects) if (side !== main) visit(side, `${rest}├ `, `${rest}│ `);
      effect = main;
    }
  };
  visit(root, "", "");
  return rows;
};

export interface ForwardOptions {
  readonly columns: number;
  readonly nowMs: number;
  readonly paint?: Paint;
}

export const renderConsequences = (
  told: Consequences,
  { columns, nowMs, paint = plainPaint }: ForwardOptions,
): string => {
  const { root, total, shown } = told;
  const rows = rowsOf(root);
  const widths = {
    after: Math.max(...rows.map(({ effect }) => after(effect.step.atMs - root.step.atMs).length)),
    seq: Math.max(...rows.map(({ effect }) => String(effect.step.seq).length)),
    actor: Math.max(...rows.map(({ effect }) => effect.step.actor.length)),
  };
  const lineOf = ({ effect: { step }, branch }: Row): readonly Line[] => {
    const head: Line = [
      text(`  ${String(step.seq).padStart(widths.seq)}  `, "dim"),
      text(`${after(step.atMs - root.step.atMs).padStart(widths.after)}  `, "dim"),
      text(`${step.actor.padEnd(widths.actor)}  `, actorTone(step)),
      text(branch, "dim"),
    ];
    const note = sightNote(step.sight);
    return hanging(head, note === undefined ? sentence(step) : `${sentence(step)} (${note})`, columns);
  };
  const count = total === 1 ? "1 write followed" : `${total} writes followed`;
  const title = `${count} from seq:${root.step.seq} of ${moment(root.step.atMs, nowMs)}; times count from it`;
  const left = total - shown;
  const lines: readonly Line[] = [
    ...hanging([], title, columns, "strong"),
    ...(root.step.command === undefined ? [] : hanging([text("  $ ", "dim")], root.step.command, columns, "dim")),
    [],
    ...rows.flatMap(lineOf),
    ...(left > 0 ? [[text(`  … and ${left} more, shown with --limit ${total}`, "dim")]] : []),
  ];
  return printLines(lines, paint);
};
