/** The session over a ledger: requests, reads, time and waiting. */
import * as E from "fp-ts/lib/Either.js";
import type { BodySource } from "../domain/bodies.ts";
import { notFound } from "../domain/decide.ts";
import type { DomainEvent, DomainEventOf } from "../domain/events.ts";
import { type EntityKind, type ObjectRef, streamOf } from "../domain/state.ts";
import { render } from "../domain/wire/render.ts";
import type { World } from "../domain/world.ts";
import type { Write } from "../domain/write.ts";
import { canonicalDigest } from "../event-store/hash-chain.ts";
import type { EventFilter, RecordedEvent } from "../event-store/port.ts";
import type { SqliteEventStore } from "../event-store/sqlite/store.ts";
import { kubeEventsAt } from "../history/kube-events.ts";
import type { Moment } from "../history/moment.ts";
import { deploymentsOf, type LedgerRollout, withReplicaSets } from "../history/rollouts.ts";
import type { DeploymentName } from "../invariants/check.ts";
import type { KubeEvent, KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import type { BehaviourRule } from "../simulation/behaviour.ts";
import { BEHAVIOURS, FAULTS, type Fault } from "../simulation/fault.ts";
import { followLog } from "./follow.ts";
import type { Ledger } from "./ledger.ts";
import { PastSession } from "./past-session.ts";
import { Queries } from "./queries.ts";
import { objectIn, objectsIn } from "./read-world.ts";
import type { RequestOptions, Session, WatchEnd, WatchEvent, WatchOptions, WatchTarget } from "./session.ts";
import { LEDGER } from "./settings.ts";
import { runAll, runTo } from "./steps.ts";
import { redact } from "./upkeep/redact.ts";
import type { RedactionReport, RedactionTarget } from "./upkeep/redaction.ts";
import { Upkeep } from "./upkeep/upkeep.ts";
import { watchLedger } from "./watch.ts";

export interface SessionOptions {
  /**
   * On a manual clock, how long a person's write takes, ms of cluster time; default 100, about what kubectl needs. The cluster
   * goes on meanwhile: `set image … && rollout pause …` lets the first new pods be made, as it does on a real cluster.
   */
  readonly roundTripMs?: number;
}

const DEFAULT_ROUND_TRIP_MS = 100;

export class LedgerSession implements Session {
  readonly #store: SqliteEventStore;
  readonly #ledger: Ledger;
  readonly #roundTripMs: number;

  constructor(store: SqliteEventStore, ledger: Ledger, { roundTripMs = DEFAULT_ROUND_TRIP_MS }: SessionOptions) {
    this.#store = store;
    this.#ledger = ledger;
    this.#roundTripMs = roundTripMs;
    ledger.refresh();
  }

  get clock(): "wall" | "manual" {
    return this.#ledger.settings.clock;
  }

  get seed(): number {
    return this.#ledger.settings.seed;
  }

  get bodies(): BodySource {
    return this.#ledger.bodies;
  }

  get store(): SqliteEventStore {
    return this.#store;
  }

  get queries(): Queries {
    // Who asks in SQL finds the objects of now.
    this.#ledger.settle();
    return new Queries(this.#store);
  }

  get upkeep(): Upkeep {
    return Upkeep.of(this.#store);
  }

  now(): number {
    this.#ledger.refresh();
    return this.#ledger.now();
  }

  knownUntil(): number {
    this.#ledger.refresh();
    return this.clock === "manual" ? this.#ledger.now() : Math.max(this.#ledger.reachedMs, this.#store.head().at);
  }

  moment(): Moment {
    this.#ledger.refresh();
    return { seq: this.#ledger.headSeq(), atMs: this.#ledger.now() };
  }

  at(moment: Moment): Session {
    const { seq, atMs } = moment;
    if (!this.#endsCommit(moment))
      throw new RangeError(`no moment: no commit of the log ends with seq ${seq} by ${atMs} ms`);
    return new PastSession(this, moment);
  }

  world(): World {
    this.#ledger.refresh();
    return this.#ledger.world;
  }

  get(ref: ObjectRef): KubeObject | undefined {
    return objectIn(this.world(), this.#ledger.bodies, ref);
  }

  deployments(): readonly DeploymentName[] {
    this.#ledger.refresh();
    return deploymentsOf(this.#ledger.readModels.rollouts.fold.streams());
  }

  rollouts(of: DeploymentName): readonly LedgerRollout[] {
    const world = this.world();
    const { rollouts } = this.#ledger.readModels;
    const stream = streamOf({ kind: "Deployment", ...of });
    const open = rollouts.fold.openAt(stream, this.knownUntil());
    const closed = rollouts.closed(stream, this.#ledger.headSeq());
    return withReplicaSets(open ? [...closed, open] : closed, world, of);
  }

  list(kind: EntityKind, namespace?: string): readonly KubeObject[] {
    return objectsIn(this.world(), this.#ledger.bodies, kind, namespace);
  }

  events(namespace?: string): readonly KubeEvent[] {
    const { seq, atMs } = this.moment();
    return kubeEventsAt(this.#ledger.snapshots.kubeEventsAt(seq), atMs, namespace);
  }

  log(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent> {
    return this.#store.readAll(from, to, filter);
  }

  follow(from: number, filter?: EventFilter, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[], void> {
    return followLog(this.#store, from, filter, signal);
  }

  subscribe(listener: (event: RecordedEvent) => void): () => void {
    return this.#store.subscribe((commits) => {
      const [first, last] = [commits.at(0), commits.at(-1)];
      if (!first || !last) return;
      for (const event of this.#store.readAll(first.firstSeq, last.lastSeq)) listener(event);
    });
  }

  digest(): string {
    return canonicalDigest(this.#store);
  }

  request(write: Write, { actor, intent, dryRun }: RequestOptions): E.Either<Refusal, KubeObject> {
    const ledger = this.#ledger;
    const answer = ledger.transact(() => {
      const nowMs = ledger.now();
      runAll(ledger, nowMs);
      if (dryRun) return ledger.preview(write, nowMs);
      const answered = ledger.write(write, { actor, cause: null, view: ledger.headSeq(), intent }, nowMs);
      if (E.isRight(answered)) this.#passRoundTrip(nowMs);
      return answered;
    });
    return E.isLeft(answer) ? answer : E.right(render(answer.right, ledger.bodies));
  }

  injectFault(fault: Fault, options: RequestOptions): E.Either<Refusal, void> {
    const ref: ObjectRef =
      fault.type === "node"
        ? { kind: "Node", namespace: "", name: fault.node }
        : { kind: "Pod", namespace: fault.namespace, name: fault.pod };
    if (!this.get(ref)) return E.left(notFound(ref));
    this.#record(FAULTS, { type: "FaultInjected", data: { fault } }, options);
    return E.right(undefined);
  }

  setBehaviour(rule: BehaviourRule, options: RequestOptions): void {
    this.#record(BEHAVIOURS, { type: "BehaviourSet", data: rule }, options);
  }

  note(event: DomainEventOf<"ScenarioStarted">, options: RequestOptions): void {
    this.#record(LEDGER, event, options);
  }

  redact(
    targets: readonly RedactionTarget[],
    reason: string,
    options: RequestOptions,
  ): E.Either<string, RedactionReport> {
    return redact(this.#store, this.#ledger, targets, reason, options);
  }

  async catchUp(onProgress?: (atMs: number) => void, signal?: AbortSignal): Promise<void> {
    // In an archive nothing more happens.
    if (this.#store.next) return;
    await runTo(this.#ledger, () => this.#ledger.now(), onProgress, signal);
  }

  async advance(durationMs: number, onProgress?: (atMs: number) => void, signal?: AbortSignal): Promise<void> {
    const untilMs = this.now() + durationMs;
    await runTo(this.#ledger, () => untilMs, onProgress, signal);
    const ledger = this.#ledger;
    ledger.transact(() => ledger.setClock(signal?.aborted ? ledger.reachedMs : untilMs));
  }

  watch(
    target: WatchTarget,
    listener: (event: WatchEvent) => "continue" | "stop",
    options: WatchOptions = {},
  ): Promise<WatchEnd> {
    return watchLedger(this.#ledger, target, listener, options);
  }

  close(): void {
    this.#ledger.close();
  }

  /** A seam, too, is the end of a commit. */
  #endsCommit({ seq, atMs }: Moment): boolean {
    const { seam } = this.#store;
    if (seq === 0) return true;
    if (seq === seam?.seq) return seam.at <= atMs;
    const [last] = this.#store.readAll(seq, seq);
    return last !== undefined && last.commit.lastSeq === seq && last.at <= atMs;
  }

  /** On a manual clock nothing takes time by itself, so a client's way to the server and back has to be given some. */
  #passRoundTrip(fromMs: number): void {
    if (this.clock !== "manual" || this.#roundTripMs === 0) return;
    runAll(this.#ledger, fromMs + this.#roundTripMs);
    this.#ledger.setClock(fromMs + this.#roundTripMs);
  }

  #record(stream: string, event: DomainEvent, { actor, intent }: RequestOptions): void {
    const ledger = this.#ledger;
    ledger.transact(() => {
      const nowMs = ledger.now();
      runAll(ledger, nowMs);
      ledger.commit(stream, [event], { actor, cause: null, view: ledger.headSeq(), intent }, nowMs);
    });
  }
}
