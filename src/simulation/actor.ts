/** An actor reads the log through its view, and answers with writes at times that the agenda sets. */
import type { FoldedEvent } from "../domain/events.ts";
import type { Entity } from "../domain/state.ts";
import type { Answer, Write } from "../domain/write.ts";
import type { Agenda } from "./agenda.ts";

/** What one commit did to one object: the events, and the images before and after, computed once and shared by every view. */
export interface Change {
  /** The last seq of the commit. */
  readonly seq: number;
  /** When it was committed, ms; for an actor, when it hears of it. */
  readonly atMs: number;
  readonly stream: string;
  readonly events: readonly FoldedEvent[];
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

/** What an actor may do while it runs. */
export interface Turn {
  readonly nowMs: number;
  /** The event that led here; recorded with every write. */
  readonly cause: number | null;
  /** Sends a write in the actor's name, or another's (each kubelet writes in its own). */
  submit(write: Write, as?: string): Answer;
  /** Sends writes side by side, in the actor's name. What the turn sends after them, others hear of one request later. */
  send(writes: readonly Write[]): readonly Answer[];
}

export interface Actor {
  readonly name: string;
  /** Takes a change into its view and puts tasks into the agenda; reads nothing but the change and its view. */
  observe(change: Change, agenda: Agenda): void;
  /** Does the task of this key. The view has just moved to the head of the log. */
  run(key: string, turn: Turn, agenda: Agenda): void;
  /** Starts over: puts every object it cares for back on the agenda. */
  resync(nowMs: number, agenda: Agenda): void;
  /** What it remembers beside its view; saved with the checkpoint. */
  save(): unknown;
  restore(saved: unknown): void;
}
