/**
 * What is going to happen, and when: tasks in order of time, then of the actors' canonical rank, then of entry.
 * Each task has a slot, and a slot holds one task at most, the earliest asked for: that is how a work queue coalesces.
 */
import TinyQueue from "tinyqueue";

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

const inOrder = (a: Task, b: Task): number => a.atMs - b.atMs || a.rank - b.rank || a.entry - b.entry;

export interface AgendaState {
  readonly tasks: readonly Task[];
  readonly entries: number;
}

export class Agenda {
  readonly #heap: TinyQueue<Task>;
  readonly #slots: Map<string, Task>;
  #entries: number;

  constructor(state: AgendaState = { tasks: [], entries: 0 }) {
    this.#heap = new TinyQueue([...state.tasks], inOrder);
    this.#slots = new Map(state.tasks.map((task) => [task.slot, task]));
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

  /** To be saved. The tasks carry their order with them. */
  state(): AgendaState {
    return { tasks: [...this.#slots.values()], entries: this.#entries };
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
