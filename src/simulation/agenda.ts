/**
 * What is going to happen, and when: tasks in order of time, then of the actors' canonical rank, then of entry.
 * Each task has a slot, and a slot holds one task at most, the earliest asked for: that is how a work queue coalesces.
 */
import TinyQueue from "tinyqueue";
import { z } from "zod";

export interface Task {
  readonly atMs: number;
  /** The actor's place in the canonical order of ties. */
  readonly rank: number;
  /** Order of entry; breaks what is left of a tie. */
  readonly entry: number;
  readonly actor: string;
  /** What the actor is to look at. */
  readonly key: string;
  /** Names the task among all: a later request for the same slot changes nothing. */
  readonly slot: string;
  /** The event that put it here, null when there is none (a resync). */
  readonly cause: number | null;
}

export type NewTask = Omit<Task, "entry">;

/** The slot of an actor that has one task for a key. */
export const slotOf = (actor: string, key: string): string => `${actor} ${key}`;

const inOrder = (a: Task, b: Task): number => a.atMs - b.atMs || a.rank - b.rank || a.entry - b.entry;

/** A task in few bytes: thousands are saved with every transaction. A slot that is the usual one is null. */
const savedTaskSchema = z.tuple([
  z.number(), // atMs
  z.number().int(), // rank
  z.number().int(), // entry
  z.string(), // actor
  z.string(), // key
  z.string().nullable(), // slot
  z.number().int().nullable(), // cause
]);

type SavedTask = z.infer<typeof savedTaskSchema>;

const packed = ({ atMs, rank, entry, actor, key, slot, cause }: Task): SavedTask => [
  atMs,
  rank,
  entry,
  actor,
  key,
  slot === slotOf(actor, key) ? null : slot,
  cause,
];

const unpacked = ([atMs, rank, entry, actor, key, slot, cause]: SavedTask): Task => ({
  atMs,
  rank,
  entry,
  actor,
  key,
  slot: slot ?? slotOf(actor, key),
  cause,
});

export const agendaStateSchema = z.object({
  /** In no particular order: a task carries its own. */
  tasks: z.array(savedTaskSchema),
  entries: z.number().int(),
});

export type AgendaState = z.infer<typeof agendaStateSchema>;

export class Agenda {
  readonly #heap: TinyQueue<Task>;
  readonly #slots: Map<string, Task>;
  #entries: number;

  constructor(state: AgendaState = { tasks: [], entries: 0 }) {
    const tasks = state.tasks.map(unpacked);
    this.#heap = new TinyQueue(tasks, inOrder);
    this.#slots = new Map(tasks.map((task) => [task.slot, task]));
    this.#entries = state.entries;
  }

  /** Adds a task, unless its slot already holds one that is due no later. */
  add(task: NewTask): void {
    const held = this.#slots.get(task.slot);
    if (held && held.atMs <= task.atMs) return;
    const entered: Task = { ...task, entry: this.#entries++ };
    this.#slots.set(task.slot, entered);
    this.#heap.push(entered);
  }

  cancel(slot: string): void {
    this.#slots.delete(slot);
  }

  /** When the next task is due, ms; undefined when nothing is left to do. */
  nextAtMs(): number | undefined {
    return this.#first()?.atMs;
  }

  /** Takes the next task that is due by `limitMs`. */
  take(limitMs: number): Task | undefined {
    const first = this.#first();
    if (!first || first.atMs > limitMs) return undefined;
    this.#heap.pop();
    this.#slots.delete(first.slot);
    return first;
  }

  /** Whose tasks there are. */
  actors(): ReadonlySet<string> {
    return new Set(Array.from(this.#slots.values(), ({ actor }) => actor));
  }

  /** To be saved. */
  state(): AgendaState {
    return { tasks: Array.from(this.#slots.values(), packed), entries: this.#entries };
  }

  /** Drops tasks that were replaced or cancelled, so that the heap's head is live. */
  #first(): Task | undefined {
    let task = this.#heap.peek();
    while (task && this.#slots.get(task.slot) !== task) {
      this.#heap.pop();
      task = this.#heap.peek();
    }
    return task;
  }
}
