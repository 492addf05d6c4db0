/**
 * Folds of the log that are kept at positions: the state at any seq is then the nearest snapshot at or before it, and the
 * events from there on. Snapshots are never truth; without any, the fold begins at the first event.
 */
import type { EventStore, Json, JsonInput, RecordedEvent } from "../event-store/port.ts";

/** What a fold is read from. */
export type FoldSource = Pick<EventStore, "read" | "readAll" | "readPages" | "snapshots" | "seam" | "baseOf">;

export interface KeptFold<S> {
  readonly name: string;
  /** Raised when `apply` tells something else, or `keep` another form: earlier snapshots are then not seen. */
  readonly version: number;
  /** The types of event that it looks at; all of them when left out. */
  readonly types?: readonly string[];
  /** The state before the first event. */
  begin(): S;
  /** May change the state in place. */
  apply(state: S, event: RecordedEvent): S;
  /**
   * The state as JSON: `resume` makes of it a state that goes on as this one would. Of one log it is the same text, however the
   * fold came there.
   */
  keep(state: S): JsonInput;
  /** Undefined where that is not what `keep` makes: a snapshot of another form is as good as none. */
  resume(kept: Json, seq: number): S | undefined;
}

/** One fold's state, moved along the log. */
export class FoldCursor<S> {
  readonly #source: FoldSource;
  readonly #fold: KeptFold<S>;
  #reached: { state: S; seq: number } | undefined;

  constructor(source: FoldSource, fold: KeptFold<S>) {
    this.#source = source;
    this.#fold = fold;
  }

  /** The state at the end of `seq`. It belongs to the cursor, which changes it when it moves on. */
  at(seq: number): S {
    const from = this.#reached && this.#reached.seq <= seq ? this.#reached : this.#nearest(seq);
    this.#reached = undefined;
    const state = this.#foldOn(from, seq);
    this.#reached = { state, seq };
    return state;
  }

  /** What was reached is not so: the events were rolled back. */
  forget(): void {
    this.#reached = undefined;
  }

  #foldOn(from: { state: S; seq: number }, to: number): S {
    let { state } = from;
    const { types } = this.#fold;
    if (types) {
      for (const event of this.#source.readAll(from.seq + 1, to, { types })) state = this.#fold.apply(state, event);
      return state;
    }
    for (const page of this.#source.readPages(from.seq + 1, to)) {
      for (const event of page) state = this.#fold.apply(state, event);
    }
    return state;
  }

  #nearest(seq: number): { state: S; seq: number } {
    const { name, version } = this.#fold;
    for (let atOrBefore = seq; ; ) {
      const snapshot = this.#source.snapshots.latest(name, version, atOrBefore);
      if (!snapshot) return { state: this.#fold.begin(), seq: 0 };
      const state = this.#fold.resume(snapshot.state, snapshot.seq);
      if (state !== undefined) return { state, seq: snapshot.seq };
      atOrBefore = snapshot.seq - 1;
    }
  }
}
