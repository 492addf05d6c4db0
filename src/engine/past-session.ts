/** A ledger as it was at a moment: it can be read like the present, and nothing in it can be changed. */
import type { Either } from "fp-ts/lib/Either.js";
import type { BodySource } from "../domain/bodies.ts";
import { type EntityKind, type ObjectRef, streamOf } from "../domain/state.ts";
import type { World } from "../domain/world.ts";
import { canonicalDigest } from "../event-store/hash-chain.ts";
import type { EventFilter, EventStore, RecordedEvent } from "../event-store/port.ts";
import { eventTypesOf } from "../history/event-types.ts";
import { kubeEventFold } from "../history/kube-event-fold.ts";
import { type KubeEventsState, kubeEventsAt } from "../history/kube-events.ts";
import type { Moment } from "../history/moment.ts";
import { deploymentsOf, type LedgerRollout, withReplicaSets } from "../history/rollouts.ts";
import type { DeploymentName } from "../invariants/check.ts";
import type { KubeEvent, KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { FoldCursor } from "../projections/kept-fold.ts";
import type { RolloutsFold } from "../projections/rollouts/fold.ts";
import { rolloutsFold } from "../projections/rollouts/kept.ts";
import { kindAt, worldAt } from "../projections/world-at.ts";
import { objectIn, objectsIn } from "./read-world.ts";
import type { Session, WatchEnd, WatchEvent, WatchOptions, WatchTarget } from "./session.ts";
import type { RedactionReport } from "./upkeep/redaction.ts";
import type { Upkeep } from "./upkeep/upkeep.ts";

/** Asking for a change of the past is a mistake of the calling code: no command does. */
const unchangeable = (what: string): Error => new Error(`this session shows the past, where ${what}`);

export class PastSession implements Session {
  readonly #present: Session;
  readonly #moment: Moment;
  #world: World | undefined;
  readonly #kinds = new Map<EntityKind, World>();
  #kubeEvents: KubeEventsState | undefined;
  #rollouts: RolloutsFold | undefined;

  /** @param moment the end of a commit of the present's log. */
  constructor(present: Session, moment: Moment) {
    this.#present = present;
    this.#moment = moment;
  }

  get clock(): "wall" | "manual" {
    return this.#present.clock;
  }

  get seed(): number {
    return this.#present.seed;
  }

  get bodies(): BodySource {
    return this.#present.bodies;
  }

  get store(): EventStore {
    return this.#present.store;
  }

  get upkeep(): Upkeep {
    return this.#present.upkeep;
  }

  /** SQL reads the whole ledger: its rows carry their seq and time. */
  get queries(): Session["queries"] {
    return this.#present.queries;
  }

  knownUntil(): number {
    return Math.min(this.#moment.atMs, this.#present.knownUntil());
  }

  moment(): Moment {
    return this.#moment;
  }

  now(): number {
    return this.#moment.atMs;
  }

  at(moment: Moment): Session {
    if (moment.seq > this.#moment.seq || moment.atMs > this.#moment.atMs) {
      throw new RangeError(`seq ${moment.seq} lies behind the moment that this session shows, seq ${this.#moment.seq}`);
    }
    return this.#present.at(moment);
  }

  world(): World {
    this.#world ??= worldAt(this.store, this.#moment.seq);
    return this.#world;
  }

  get(ref: ObjectRef): KubeObject | undefined {
    return objectIn(this.#holding(ref.kind), this.bodies, ref);
  }

  deployments(): readonly DeploymentName[] {
    return deploymentsOf(this.#rolloutsFold().streams());
  }

  /** What was closed by then is as it is now; the one that was not stands as it stood. */
  rollouts(of: DeploymentName): readonly LedgerRollout[] {
    const closed = this.#present.rollouts(of).filter(({ closedSeq = Infinity }) => closedSeq <= this.#moment.seq);
    const open = this.#rolloutsFold().openAt(streamOf({ kind: "Deployment", ...of }), this.knownUntil());
    return withReplicaSets(open ? [...closed, open] : closed, this.world(), of);
  }

  list(kind: EntityKind, namespace?: string): readonly KubeObject[] {
    return objectsIn(this.#holding(kind), this.bodies, kind, namespace);
  }

  events(namespace?: string): readonly KubeEvent[] {
    const { bodies, store } = this;
    this.#kubeEvents ??= new FoldCursor(
      store,
      kubeEventFold((digest) => bodies.podSpec(digest)),
    ).at(this.#moment.seq);
    return kubeEventsAt(this.#kubeEvents, this.#moment.atMs, namespace);
  }

  log(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent> {
    return this.store.readAll(from, Math.min(to ?? this.#moment.seq, this.#moment.seq), filter);
  }

  /** What was there at the moment; then it ends, for nothing more comes. */
  async *follow(from: number, filter?: EventFilter): AsyncGenerator<readonly RecordedEvent[], void> {
    const events = [...this.log(from, undefined, filter)];
    if (events.length > 0) yield events;
  }

  subscribe(): () => void {
    return () => undefined;
  }

  digest(): string {
    return canonicalDigest(this.store, this.#moment.seq);
  }

  request(): Either<Refusal, KubeObject> {
    throw unchangeable("nothing can be written");
  }

  injectFault(): Either<Refusal, void> {
    throw unchangeable("no fault can be injected");
  }

  setBehaviour(): void {
    throw unchangeable("behaviours are as they were");
  }

  note(): void {
    throw unchangeable("nothing can be recorded");
  }

  redact(): Either<string, RedactionReport> {
    throw unchangeable("nothing can be deleted");
  }

  async catchUp(): Promise<void> {
    // The past has caught up with its own clock for good.
  }

  async advance(): Promise<void> {
    throw unchangeable("time stands still");
  }

  /** Ends when it has told what was there. */
  async watch(
    { kind, namespace, name }: WatchTarget,
    listener: (event: WatchEvent) => "continue" | "stop",
    { timeoutMs }: WatchOptions = {},
  ): Promise<WatchEnd> {
    for (const object of this.list(kind, namespace)) {
      if (name !== undefined && object.metadata.name !== name) continue;
      if (listener({ type: "ADDED", object, atMs: this.#moment.atMs }) === "stop") return "stopped";
    }
    return timeoutMs === undefined ? "idle" : "timeout";
  }

  close(): void {
    // The ledger is its present's to close.
  }

  #rolloutsFold(): RolloutsFold {
    const { bodies, store } = this;
    this.#rollouts ??= new FoldCursor(
      store,
      rolloutsFold(store, (digest) => bodies.template(digest)),
    ).at(this.#moment.seq).fold;
    return this.#rollouts;
  }

  /** A world with at least the objects of this kind. */
  #holding(kind: EntityKind): World {
    const known = this.#world ?? this.#kinds.get(kind);
    if (known) return known;
    const world = kindAt(this.store, this.#moment.seq, kind, eventTypesOf(kind));
    this.#kinds.set(kind, world);
    return world;
  }
}
