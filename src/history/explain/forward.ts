/** Everything that followed from one commit: the tree of its effects. */
import type { RecordedEvent } from "../../event-store/port.ts";
import { type LogReader, type Step, stepOf } from "./step.ts";

export interface Effect {
  readonly step: Step;
  /** In the order of the log. */
  readonly effects: readonly Effect[];
}

export interface Consequences {
  readonly root: Effect;
  /** Commits that followed, shown or not. */
  readonly total: number;
  /** The first so many of them are in the tree. */
  readonly shown: number;
}

/** The effects without their tree, in the order of the log: each names its cause. */
export const effectsInOrder = ({ root }: Consequences): readonly Step[] => {
  const found: Effect[] = [...root.effects];
  for (let i = 0; i < found.length; i++) found.push(...(found[i]?.effects ?? []));
  return found.map(({ step }) => step).sort((a, b) => a.seq - b.seq);
};

interface Growing {
  readonly event: RecordedEvent;
  readonly effects: Growing[];
}

/** Chains of effects grow as long as a rollout: the tree is built from its leaves on, because the stack would not hold it. */
const treeOf = (reader: LogReader, nodes: readonly Growing[], root: Growing): Effect => {
  const built = new Map<Growing, Effect>();
  const effectsOf = ({ effects }: Growing): readonly Effect[] =>
    effects.map((each) => built.get(each)).filter((each) => each !== undefined);
  for (const node of nodes.toReversed()) {
    built.set(node, { step: stepOf(reader, node.event), effects: effectsOf(node) });
  }
  return { step: stepOf(reader, root.event), effects: effectsOf(root) };
};

/**
 * Collects what followed, reading the log once from the root on. It remembers the first `limit` effects, and of the others no
 * more than where they stand.
 */
export class ConsequencesFold {
  readonly #limit: number;
  readonly #root: Growing;
  /** The commits that followed so far, by the seqs of their events; those beyond the limit without a body. */
  readonly #known = new Map<number, Growing | undefined>();
  /** Those in the tree, in the order of the log: effects behind their causes. */
  readonly #nodes: Growing[] = [];
  #total = 0;

  constructor(root: RecordedEvent, limit: number) {
    this.#limit = limit;
    this.#root = { event: root, effects: [] };
    this.#remember(root, this.#root);
  }

  /** Takes the next event of the log behind the root's commit. */
  apply(event: RecordedEvent): void {
    const { cause, commit, seq } = event;
    if (seq !== commit.firstSeq || cause === null || !this.#known.has(cause)) return;
    this.#total += 1;
    const parent = this.#known.get(cause);
    if (!parent || this.#nodes.length >= this.#limit) {
      this.#remember(event, undefined);
      return;
    }
    const effect: Growing = { event, effects: [] };
    parent.effects.push(effect);
    this.#nodes.push(effect);
    this.#remember(event, effect);
  }

  finish(reader: LogReader): Consequences {
    const root = treeOf(reader, this.#nodes, this.#root);
    return { root, total: this.#total, shown: this.#nodes.length };
  }

  #remember({ commit }: RecordedEvent, effect: Growing | undefined): void {
    for (let seq = commit.firstSeq; seq <= commit.lastSeq; seq++) this.#known.set(seq, effect);
  }
}
