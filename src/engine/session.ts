/**
 * An open ledger, as everything above the engine sees it: requests and reads in Kubernetes' own terms, time, and waiting.
 * The command line, scenario steps, tests and the library all speak through this.
 */
import type { Either } from "fp-ts/lib/Either.js";
import type { BodySource } from "../domain/bodies.ts";
import type { DomainEventOf } from "../domain/events.ts";
import type { EntityKind, ObjectRef } from "../domain/state.ts";
import type { World } from "../domain/world.ts";
import type { Write } from "../domain/write.ts";
import type { EventFilter, EventStore, RecordedEvent } from "../event-store/port.ts";
import type { Moment } from "../history/moment.ts";
import type { LedgerRollout } from "../history/rollouts.ts";
import type { DeploymentName } from "../invariants/check.ts";
import type { KubeEvent, KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import type { BehaviourRule } from "../simulation/behaviour.ts";
import type { Fault } from "../simulation/fault.ts";
import type { Queries } from "./queries.ts";
import type { RedactionReport, RedactionTarget } from "./upkeep/redaction.ts";
import type { Upkeep } from "./upkeep/upkeep.ts";

export type { BehaviourRule } from "../simulation/behaviour.ts";
export type { Fault } from "../simulation/fault.ts";

/** What the client says about a request; kept with its commit. */
export interface Intent {
  /** As typed, without credentials: `rollout set image deployment/web web=nginx:1.15`. */
  readonly command?: string;
  readonly verb?: string;
  readonly toRevision?: number;
  readonly changeCause?: string;
  readonly fieldManager?: string;
}

export interface RequestOptions {
  /** `user:alice`. */
  readonly actor: string;
  readonly intent: Intent;
  /** Decide and answer, but record nothing. */
  readonly dryRun?: boolean;
}

/** One change of a watched object, in commit order. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  /** Cluster time of the commit, ms. */
  readonly atMs: number;
}

export interface WatchTarget {
  readonly kind: EntityKind;
  /** Undefined: all namespaces. */
  readonly namespace?: string;
  /** Undefined: every object of the kind. */
  readonly name?: string;
}

/**
 * Why a watch ended: the listener was satisfied; the time was up; or (on a manual clock) nothing changed for an hour of
 * virtual time, so that nothing would ever come.
 */
export type WatchEnd = "stopped" | "timeout" | "idle";

export interface WatchOptions {
  /** In cluster time; undefined waits for as long as it takes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Session {
  readonly clock: "wall" | "manual";
  readonly seed: number;
  /** Templates, pod specs and other bodies that events name by their digest. */
  readonly bodies: BodySource;
  /** Cluster time, ms. */
  now(): number;
  /** The end of the log, and what the clock shows. */
  moment(): Moment;
  /** How far it is known what happened, cluster time in ms: on a wall clock, up to where the cluster has caught up. */
  knownUntil(): number;
  /**
   * The same ledger as it was at a moment: reads answer what they answered then, and let no time pass; requests, faults,
   * behaviours and `advance` throw. A moment that is not the end of a commit, or lies behind this session's own, is a
   * RangeError. Valid until this session is closed.
   */
  at(moment: Moment): Session;
  /** Every object there is, for folds that read many of them. Not to be changed; reading on, it may. */
  world(): World;

  get(ref: ObjectRef): KubeObject | undefined;
  /** Every Deployment that ever was, in order of namespace, then name. */
  deployments(): readonly DeploymentName[];
  /** The rollouts of a Deployment by number, also of one that is no more; none where the log knows no such Deployment. */
  rollouts(of: DeploymentName): readonly LedgerRollout[];
  /** In order of namespace, then name. */
  list(kind: EntityKind, namespace?: string): readonly KubeObject[];
  /** Kubernetes `Event` objects of the last hour, oldest first; a fold of the log. */
  events(namespace?: string): readonly KubeEvent[];

  /** The log itself, in order, from one seq to another (inclusive); reading it never lets time pass. */
  log(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent>;
  /** The log as it is stored: rows with their hashes, bodies, the head. It is written through this session's requests alone. */
  readonly store: EventStore;
  /** Proves, rebuilds, copies and measures the ledger. */
  readonly upkeep: Upkeep;
  /** SQL, and the rows of its views. */
  readonly queries: Queries;
  /**
   * The log from a seq on, then what this or any other process records, in batches that end with a commit, until aborted.
   * Following lets no time pass.
   */
  follow(from: number, filter?: EventFilter, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[], void>;
  /**
   * Calls the listener with each event that this process records from now on, after it is safe on disk. Returns the function
   * that ends the subscription.
   */
  subscribe(listener: (event: RecordedEvent) => void): () => void;
  /** Over the canonical form of the log: equal for equal histories, whenever and wherever they were recorded. */
  digest(): string;

  request(write: Write, options: RequestOptions): Either<Refusal, KubeObject>;
  injectFault(fault: Fault, options: RequestOptions): Either<Refusal, void>;
  setBehaviour(rule: BehaviourRule, options: RequestOptions): void;
  /** Records a fact about the ledger itself; it changes no object. */
  note(event: DomainEventOf<"ScenarioStarted">, options: RequestOptions): void;

  /**
   * Deletes bodies for good, and records that they were. Left says why not: an unknown target, or a body that an existing
   * Deployment, ReplicaSet or Pod needs.
   */
  redact(targets: readonly RedactionTarget[], reason: string, options: RequestOptions): Either<string, RedactionReport>;

  /**
   * Lets the cluster come up to the clock: what was due meanwhile happens. Reads of the past need not call it. Aborted, it
   * stops between two steps, and the next one goes on from there.
   */
  catchUp(onProgress?: (atMs: number) => void, signal?: AbortSignal): Promise<void>;
  /** Lets the cluster run for this long, at once. Resolves when it has; reports progress on long spans. Aborted, it stops early. */
  advance(durationMs: number, onProgress?: (atMs: number) => void, signal?: AbortSignal): Promise<void>;
  /**
   * Lets time go on and hands every change of the target to the listener until it returns `stop`. Starts with an ADDED for
   * each object that is there.
   */
  watch(
    target: WatchTarget,
    listener: (event: WatchEvent) => "continue" | "stop",
    options?: WatchOptions,
  ): Promise<WatchEnd>;
  close(): void;
}
