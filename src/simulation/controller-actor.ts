/**
 * A controller at work: a queue of keys that coalesces, one sync at a time, back-off after failures. The queue is the
 * agenda: one slot a key for wake-ups, one for timers.
 */
import { z } from "zod";
import type { Reconcile, Request, SyncResult } from "../controllers/reconcile.ts";
import { type Entity, type ObjectRef, refOf, streamOf } from "../domain/state.ts";
import { refOfStream } from "../domain/world.ts";
import type { Answer } from "../domain/write.ts";
import type { Actor, Change, Turn } from "./actor.ts";
import type { Agenda } from "./agenda.ts";
import type { View } from "./views/cache.ts";

/** What makes a controller out of a reconcile function. */
export interface ControllerSpec {
  readonly name: string;
  readonly latencyMs: number;
  /** After so many failed retries a key rests until something happens to it; left out, it is retried for ever. */
  readonly maxRetries?: number;
  /** What it reads; moves along the log before it is asked which keys a change wakes. */
  readonly view: View;
  wakes(change: Change): readonly ObjectRef[];
  /** Every object that it looks after. */
  all(): Iterable<Entity>;
  reconcile(key: ObjectRef, nowMs: number): Reconcile<SyncResult>;
  /** The current object, past the view. */
  readLive(ref: ObjectRef): Answer;
}

/** client-go's per-item exponential back-off: 5 ms doubled, at most 1000 s. */
const backOffMs = (failures: number): number => Math.min(5 * 2 ** failures, 1_000_000);

const memorySchema = z.array(z.tuple([z.string(), z.number().int()]));

export class ControllerActor implements Actor {
  readonly name: string;
  readonly #spec: ControllerSpec;
  readonly #rank: number;
  #failures = new Map<string, number>();

  constructor(rank: number, spec: ControllerSpec) {
    this.name = spec.name;
    this.#rank = rank;
    this.#spec = spec;
  }

  observe(change: Change, agenda: Agenda): void {
    this.#spec.view.apply(change);
    for (const ref of this.#spec.wakes(change)) {
      this.#schedule(agenda, "wake", streamOf(ref), change.atMs + this.#spec.latencyMs, change.seq);
    }
  }

  run(key: string, turn: Turn, agenda: Agenda): void {
    const ref = refOfStream(key);
    if (!ref) throw new Error(`no object's key: ${key}`);
    const result = this.#drive(this.#spec.reconcile(ref, turn.nowMs), turn);
    if (result.error === undefined) this.#failures.delete(key);
    else this.#retry(key, turn, agenda);
    if (result.requeueAfterMs !== undefined) {
      this.#schedule(agenda, "timer", key, turn.nowMs + result.requeueAfterMs, turn.cause);
    }
  }

  resync(nowMs: number, agenda: Agenda): void {
    const keys = Array.from(this.#spec.all(), (entity) => streamOf(refOf(entity))).sort();
    for (const key of keys) this.#schedule(agenda, "wake", key, nowMs + this.#spec.latencyMs, null);
  }

  save(): unknown {
    return [...this.#failures];
  }

  restore(saved: unknown): void {
    this.#failures = new Map(memorySchema.parse(saved));
  }

  #drive(sync: Reconcile<SyncResult>, turn: Turn): SyncResult {
    let step = sync.next();
    while (!step.done) step = sync.next(this.#answer(step.value, turn));
    return step.value;
  }

  #answer(request: Request, turn: Turn): readonly Answer[] {
    if ("read" in request) return [this.#spec.readLive(request.read)];
    return turn.send(request.writes);
  }

  #retry(key: string, turn: Turn, agenda: Agenda): void {
    const failures = this.#failures.get(key) ?? 0;
    if (failures >= (this.#spec.maxRetries ?? Infinity)) {
      this.#failures.delete(key);
      return;
    }
    this.#failures.set(key, failures + 1);
    this.#schedule(agenda, "wake", key, turn.nowMs + backOffMs(failures), turn.cause);
  }

  #schedule(agenda: Agenda, kind: "wake" | "timer", key: string, atMs: number, cause: number | null): void {
    agenda.add({ atMs, rank: this.#rank, actor: this.name, key, slot: `${this.name} ${kind} ${key}`, cause });
  }
}
