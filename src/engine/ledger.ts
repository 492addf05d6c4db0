/**
 * A ledger at work: the one place where a decision becomes a commit. It holds the world, the bodies and the simulation in
 * memory, and writes in transactions: load what others wrote, work, append, save.
 */
import * as E from "fp-ts/lib/Either.js";
import { type DecideContext, decide, notFound, targetOf } from "../domain/decide.ts";
import type { DomainEvent, EventCatalogue, FoldedEvent } from "../domain/events.ts";
import { evolve } from "../domain/evolve.ts";
import { type Entity, type EntityKind, type EntityOf, type ObjectRef, streamOf } from "../domain/state.ts";
import { World } from "../domain/world.ts";
import type { Answer, Write } from "../domain/write.ts";
import type { Head, NewCommit } from "../event-store/port.ts";
import type { SqliteEventStore } from "../event-store/sqlite/store.ts";
import { StoreError } from "../event-store/store-error.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { objectsReach } from "../projections/objects.ts";
import { ReadModels } from "../projections/read-models.ts";
import { recallAt } from "../projections/world-at.ts";
import type { Change } from "../simulation/actor.ts";
import { type BehaviourRule, behaviourRuleSchema } from "../simulation/behaviour.ts";
import { BEHAVIOURS, FAULTS, type RecordedFault, recordedFaultSchema } from "../simulation/fault.ts";
import { type Authorship, type Cluster, type Machines, Simulation } from "../simulation/simulation.ts";
import { BodyStore } from "./bodies.ts";
import { checkpointRevision, type EngineState, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { Clock } from "./clock.ts";
import { REDACTIONS, redactedIn } from "./redactions.ts";
import type { Intent } from "./session.ts";
import { LEDGER, type LedgerSettings } from "./settings.ts";
import { Snapshots } from "./snapshots.ts";

const schema = 1;
/** Commits that wait to be appended together: few enough to be garbage while they are young. */
const maxPending = 200;

const found = (entity: Entity | undefined, ref: ObjectRef): Answer =>
  entity ? E.right(entity) : E.left(notFound(ref));

export type ChangeListener = (change: Change) => void;

export class Ledger implements Cluster {
  bodies: BodyStore;
  readonly settings: LedgerSettings;
  readonly snapshots: Snapshots;
  readonly readModels: ReadModels;
  readonly #store: SqliteEventStore;
  readonly #machines: Machines | undefined;
  readonly #clock: Clock;
  readonly #listeners = new Set<ChangeListener>();
  #world = new World();
  #simulation: Simulation | undefined;
  #pending: NewCommit[] = [];
  #headSeq = 0;
  #headAtMs = 0;
  /** The checkpoint that memory agrees with; -1 when it agrees with none. */
  #revision = -1;
  #loads = 0;
  /** Something happened in this transaction that has to be saved. */
  #isDirty = false;
  /** Since the objects were settled. */
  #hasWritten = false;

  /** @param machines what runs pods; left out, the simulated scheduler and kubelets. */
  constructor(store: SqliteEventStore, settings: LedgerSettings, machines?: Machines) {
    this.#store = store;
    this.settings = settings;
    this.#machines = machines;
    this.#clock = new Clock(settings.clock);
    this.bodies = new BodyStore(store.blobs, redactedIn(store));
    this.readModels = new ReadModels(store.sql, (digest) => this.bodies.template(digest));
    this.snapshots = new Snapshots(
      store,
      (digest) => this.bodies.podSpec(digest),
      () => this.readModels.rollouts.fold.state(),
    );
  }

  /** How far the simulation has come, ms. */
  get reachedMs(): number {
    return this.#clock.reachedMs;
  }

  /** Cluster time, ms: never behind the log. */
  now(): number {
    // The clock of an archive stands where its log ends.
    return this.#store.next ? this.#headAtMs : this.#clock.now(this.#headAtMs);
  }

  get world(): World {
    return this.#world;
  }

  /** How often memory was filled from the file; changes when another process has written. */
  get loads(): number {
    return this.#loads;
  }

  all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>> {
    return this.#world.all(kind);
  }

  headSeq(): number {
    return this.#headSeq;
  }

  get rules(): readonly BehaviourRule[] {
    return Array.from(this.#store.read(BEHAVIOURS), ({ data }) => behaviourRuleSchema.parse(data));
  }

  get faults(): readonly RecordedFault[] {
    return Array.from(this.#store.read(FAULTS), ({ seq, data }) => ({ seq, ...recordedFaultSchema.parse(data) }));
  }

  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Brings memory up to the file, if another process wrote meanwhile. */
  refresh(): void {
    if (this.#store.next) {
      if (this.#loads === 0) this.#load(this.#store.head());
      return;
    }
    const isCurrent = this.#revision >= 0 && checkpointRevision(this.#store) === this.#revision;
    if (!isCurrent || this.#store.head().seq !== this.#headSeq) this.transact(() => undefined);
  }

  /**
   * Works under the write lock. What the work commits is recorded, with the read models and the checkpoint, when it returns;
   * when it throws, nothing is, and memory is filled anew.
   */
  transact<T>(work: () => T): T {
    try {
      const result = this.#store.transaction<never, T>(() => {
        this.#catchUpWithFile();
        const value = work();
        this.#flush();
        return E.right(value);
      });
      if (E.isLeft(result)) throw new Error(`the log moved under its write lock: ${JSON.stringify(result.left)}`);
      return result.right;
    } catch (error) {
      this.#revision = -1;
      this.#isDirty = false;
      this.#pending = [];
      this.snapshots.forget();
      throw error;
    }
  }

  /** Carries out the next task that is due by `limitMs`; answers when it was due. Only inside {@link transact}. */
  runNext(limitMs: number): number | undefined {
    const atMs = this.#running().runNext(limitMs);
    this.#isDirty = true;
    if (atMs !== undefined) this.#clock.reach(atMs);
    return atMs;
  }

  nextTaskAtMs(): number | undefined {
    return this.#running().nextAtMs();
  }

  /** Sets the clock forward; a wall clock goes on from there. Only inside {@link transact}. */
  setClock(atMs: number): void {
    this.#isDirty = true;
    this.#clock.set(atMs);
  }

  submit(write: Write, by: Authorship, atMs: number): Answer {
    return this.write(write, { ...by, intent: null }, atMs);
  }

  readLive(ref: ObjectRef): Answer {
    return found(this.#world.get(ref), ref);
  }

  /** Decides the write and commits what it becomes. Only inside {@link transact}. */
  write(write: Write, by: Authorship & { readonly intent: Intent | null }, atMs: number): Answer {
    const decided = this.decide(write, atMs);
    if (E.isLeft(decided)) {
      this.#recordRefusal(write, decided.left, by, atMs);
      return decided;
    }
    const { ref, events } = decided.right;
    const stream = streamOf(ref);
    const before = this.#world.record(stream).entity;
    const after = events.length > 0 ? this.commit(stream, events, by, atMs) : undefined;
    return found(after ?? before, ref);
  }

  decide(write: Write, atMs: number): ReturnType<typeof decide> {
    this.bodies.takeNew();
    const { seed } = this.settings;
    const context: DecideContext = { world: this.#world, bodies: this.bodies, seed, headSeq: this.#headSeq, atMs };
    return decide(context, write);
  }

  /** What the object would become, recording nothing. */
  preview(write: Write, atMs: number): Answer {
    const decided = this.decide(write, atMs);
    if (E.isLeft(decided)) return decided;
    const { ref, events } = decided.right;
    const before = this.#world.record(streamOf(ref)).entity;
    let entity = before;
    for (const event of events) entity = evolve(entity, { ...event, at: atMs, resourceVersion: this.#headSeq }, ref);
    return found(entity ?? before, ref);
  }

  /** Appends events of one stream as one commit, and lets everybody see them. Only inside {@link transact}. */
  commit(
    stream: string,
    events: readonly DomainEvent[],
    by: Authorship & { readonly intent: Intent | null },
    atMs: number,
  ): Entity | undefined {
    const at = Math.max(atMs, this.#headAtMs);
    const record = this.#world.record(stream);
    const resourceVersion = this.#headSeq + events.length;
    const folded = events.map((event): FoldedEvent => ({ ...event, at, resourceVersion }));
    for (const [i, event] of folded.entries()) {
      const applied = this.#world.apply(stream, event);
      const { actor, intent } = by;
      this.readModels.observe({ seq: this.#headSeq + i + 1, atMs: at, stream, actor, intent, event, ...applied });
    }
    const after = this.#world.record(stream).entity;
    this.#pending.push({
      at,
      actor: by.actor,
      cause: by.cause,
      view: by.view,
      intent: by.intent,
      writes: [
        {
          stream,
          expectedVersion: record.version,
          events: events.map(({ type, data }) => ({ type, schema, data })),
        },
      ],
      blobs: this.bodies.takeNew(),
    });
    if (this.#pending.length >= maxPending) this.#appendPending();
    this.#isDirty = true;
    this.#headSeq = resourceVersion;
    this.#headAtMs = at;
    const change: Change = { seq: resourceVersion, atMs: at, stream, events: folded, before: record.entity, after };
    this.#simulation?.observe(change);
    for (const listener of this.#listeners) listener(change);
    return after;
  }

  /** Deletes bodies for good, and says so in the log. Only inside {@link transact}. */
  redact(
    redacted: EventCatalogue["BodiesRedacted"],
    by: Authorship & { readonly intent: Intent | null },
    atMs: number,
  ): void {
    this.commit(REDACTIONS, [{ type: "BodiesRedacted", data: redacted }], by, atMs);
    this.#appendPending();
    this.#store.maintenance.deleteBlobs(redacted.digests);
    this.bodies = new BodyStore(this.#store.blobs, redactedIn(this.#store));
  }

  /** Brings the saved objects up to the log, for those who ask the file itself. */
  settle(): void {
    if (!this.#hasWritten) return;
    try {
      this.transact(() => this.readModels.saveObjects(this.#world, this.#headSeq));
      this.#hasWritten = false;
    } catch (error) {
      // The log is safe, and the next who writes will do it.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  close(): void {
    try {
      this.settle();
    } finally {
      this.#store.close();
    }
  }

  #running(): Simulation {
    this.#store.refuseInArchive();
    if (!this.#simulation) throw new Error("the simulation runs only inside a transaction");
    return this.#simulation;
  }

  /** A person's refused command leaves no trace; what a part of the cluster met is a fact of its history. */
  #recordRefusal(write: Write, met: Refusal, by: Authorship, atMs: number): void {
    const ref = targetOf(write);
    if (by.actor.startsWith("user:") || !ref) return;
    const { code, reason, message } = met;
    const object = `${ref.kind}/${ref.namespace}/${ref.name}`;
    this.bodies.takeNew();
    const event: DomainEvent = { type: "WriteRefused", data: { verb: write.verb, object, code, reason, message } };
    this.commit(`refusals/${by.actor}`, [event], { ...by, intent: null }, atMs);
  }

  #flush(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#appendPending();
    this.readModels.save(this.#world, this.#headSeq);
    this.#hasWritten = true;
    this.#revision = saveCheckpoint(this.#store, {
      headSeq: this.#headSeq,
      ...this.#clock.state(),
      simulation: this.#running().state(),
    });
  }

  #appendPending(): void {
    if (this.#pending.length === 0) return;
    const appended = this.#store.append(this.#pending);
    if (E.isLeft(appended)) throw new Error(`the log moved under its write lock: ${JSON.stringify(appended.left)}`);
    for (const { blobs = [] } of this.#pending) this.bodies.recorded(blobs);
    this.#pending = [];
    this.snapshots.saveDue(this.#store.head().seq, this.#world);
  }

  #catchUpWithFile(): void {
    const head = this.#store.head();
    const revision = checkpointRevision(this.#store);
    if (revision === this.#revision && head.seq === this.#headSeq) return;
    this.#revision = revision;
    this.#load(head);
    const saved = loadCheckpoint(this.#store);
    const reason = "unusable" in saved ? saved.unusable : this.#resume(saved);
    if (reason !== undefined) this.#restart(reason);
  }

  #load(head: Head): void {
    this.#loads += 1;
    this.#headSeq = head.seq;
    this.#headAtMs = head.at;
    this.bodies = new BodyStore(this.#store.blobs, redactedIn(this.#store));
    // A name is asked for as the log had it when the objects were saved, until what is behind them is folded.
    let known = objectsReach(this.#store.sql);
    this.#world = new World((stream) => recallAt(this.#store, known, stream));
    this.readModels.load(this.#world, head, this.#store.readAll(known + 1, head.seq));
    known = Number.MAX_SAFE_INTEGER;
  }

  /** Goes on where the last process stopped, or answers why it cannot. */
  #resume(saved: EngineState): string | undefined {
    try {
      this.#simulation = new Simulation(this, saved.simulation, this.#machines);
      this.#clock.restore(saved, this.#headAtMs);
      return undefined;
    } catch {
      return "checkpoint not readable";
    }
  }

  /** All actors start over, with what the log shows. */
  #restart(reason: string): void {
    this.#clock.restore({ clockMs: Math.max(this.#headAtMs, this.settings.startMs), offsetMs: 0 }, this.#headAtMs);
    this.#simulation = new Simulation(this, { restartAtMs: this.now() }, this.#machines);
    if (this.#headSeq === 0) return;
    const event: DomainEvent = { type: "SimulationRestarted", data: { reason } };
    this.commit(LEDGER, [event], { actor: "engine", cause: null, view: this.#headSeq, intent: null }, this.now());
  }
}
