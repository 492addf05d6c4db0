/** The newest rollout of a Deployment, while the log is being read. */
import { conditionOf, type Deployment, type Digest } from "../../domain/state.ts";
import { CHANGE_CAUSE } from "../../kubernetes/well-known.ts";
import { type Extremes, highestAt, withLevels } from "./extremes.ts";
import type { Levels } from "./levels.ts";
import type { Outcome, Rollout } from "./model.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What time is spent on from now on. */
type Phase = "unstarted" | "progressing" | "awaiting readiness" | "waiting" | "paused" | "over";

/** The pods of the rollout's template, by what can be expected of them. */
export interface Prospects {
  /** Being scheduled, started, or counted down to being available. */
  readonly underway: number;
  /** Running, and not ready. */
  readonly running: number;
  /** Unschedulable, or waiting for the next try. */
  readonly heldUp: number;
  /** Ready, for whatever time. */
  readonly ready: number;
  /** Their ReplicaSet may not create the pods it wants. */
  readonly isRefused: boolean;
}

/** How things stand when a moment is over. */
export interface Situation {
  readonly atMs: number;
  readonly deployment: Deployment;
  readonly levels: Levels;
  readonly prospects: Prospects;
  readonly isRolledOut: boolean;
  /** Of the ReplicaSet that has the template. */
  readonly revision: string | undefined;
}

type Facts = Omit<Rollout, "outcome" | "countedToMs" | "lowest" | "highest">;

/** Plain JSON: another fold can go on from it. */
export interface OpenRolloutState extends Facts {
  readonly phase: Phase;
  /** Since then the phase; the durations are counted up to here. */
  readonly sinceMs: number;
  /** Time in which only readiness was awaited, and nobody knows yet whether it comes. */
  readonly awaitedMs: number;
  /** Pods of the template that were ready when the last moment was over; absent before the first one is. */
  readonly ready?: number;
  /** The controller has given up, and says so still. */
  readonly isOverdue: boolean;
  readonly extremes: Extremes;
  /** Once it is closed. */
  readonly outcome?: Outcome;
}

const fresh = {
  progressingMs: 0,
  pausedMs: 0,
  waitingMs: 0,
  awaitedMs: 0,
  podsCreated: 0,
  podsLost: 0,
  containerExits: 0,
  paused: [],
  isOverdue: false,
  extremes: {},
} as const;

const phaseOf = ({ deployment, prospects }: Situation): Phase => {
  if (deployment.spec.paused) return "paused";
  if (prospects.underway > 0) return "progressing";
  if (prospects.running > 0) return "awaiting readiness";
  return prospects.heldUp > 0 || prospects.isRefused ? "waiting" : "progressing";
};

const isOverdueBy = (deployment: Deployment | undefined): boolean =>
  deployment !== undefined &&
  conditionOf(deployment.status.conditions, "Progressing")?.reason === "ProgressDeadlineExceeded";

export class OpenRollout {
  readonly #state: Mutable<OpenRolloutState>;

  constructor(state: OpenRolloutState) {
    this.#state = { ...state };
  }

  static begin(facts: Omit<Facts, "startedAtMs" | keyof typeof fresh>, isPaused: boolean): OpenRollout {
    const { atMs, isCreation } = facts;
    return new OpenRollout({
      ...fresh,
      // The pods of a Deployment that was there before are missed if they are not available; of a new one, none were yet.
      extremes: isCreation ? {} : { isUp: true },
      ...facts,
      ...(isPaused ? { phase: "unstarted", paused: [{ fromMs: atMs }] } : { phase: "progressing", startedAtMs: atMs }),
      sinceMs: atMs,
    });
  }

  get number(): number {
    return this.#state.number;
  }

  get template(): Digest {
    return this.#state.template;
  }

  get images(): readonly string[] {
    return this.#state.images;
  }

  /** It has started, and has not ended. */
  get isUnderWay(): boolean {
    const { phase } = this.#state;
    return phase !== "unstarted" && phase !== "over";
  }

  state(): OpenRolloutState {
    return { ...this.#state };
  }

  copy(): OpenRollout {
    return new OpenRollout(this.#state);
  }

  /** The Deployment was created with this, or changed otherwise than in its template. */
  follow(before: Deployment | undefined, after: Deployment, atMs: number): void {
    const state = this.#state;
    const cause = after.meta.annotations[CHANGE_CAUSE];
    if (cause !== undefined && cause !== before?.meta.annotations[CHANGE_CAUSE]) state.changeCause = cause;
    if (before && before.spec.paused !== after.spec.paused) {
      if (after.spec.paused) this.#pause(atMs);
      else this.#resume(atMs);
    }
    if (before?.status.conditions === after.status.conditions) return;
    const [wasOverdue, isOverdue] = [isOverdueBy(before), isOverdueBy(after)];
    // What the controller said of the rollout before stands until it has looked at this one.
    if (isOverdue === wasOverdue) return;
    state.isOverdue = isOverdue;
    if (isOverdue) state.deadlineExceededAtMs ??= atMs;
  }

  takeRevision(revision: string): void {
    this.#state.revision = revision;
  }

  podCreated(): void {
    if (this.isUnderWay) this.#state.podsCreated += 1;
  }

  podLost(): void {
    if (this.isUnderWay) this.#state.podsLost += 1;
  }

  containerExited(): void {
    if (this.isUnderWay) this.#state.containerExits += 1;
  }

  /** While it is under way: a moment is over in which something of the Deployment changed. */
  settle(situation: Situation): void {
    const state = this.#state;
    const { atMs, levels, prospects, isRolledOut, revision } = situation;
    this.#countTo(atMs);
    if (state.ready !== undefined && prospects.ready > state.ready) {
      state.progressingMs += state.awaitedMs;
      state.awaitedMs = 0;
    }
    state.ready = prospects.ready;
    state.extremes = withLevels(state.extremes, levels, atMs);
    if (!isRolledOut) {
      state.phase = phaseOf(situation);
      return;
    }
    state.completedAtMs = atMs;
    // One that goes back and forth within a pause is given no new revision.
    if (state.revision === undefined && revision !== undefined) state.revision = revision;
    this.#end();
  }

  /** The next rollout has begun. */
  supersede(by: number, restoresEarlier: boolean, atMs: number, seq: number): Rollout {
    const state = this.#state;
    state.replacedAtMs = atMs;
    state.supersededBy = by;
    if (state.startedAtMs === undefined) state.outcome = "superseded before start";
    else if (restoresEarlier) state.outcome = "rolled back";
    else state.outcome = state.completedAtMs === undefined ? "superseded" : "complete";
    return this.#close(atMs, seq);
  }

  delete(atMs: number, seq: number): Rollout {
    const state = this.#state;
    state.deletedAtMs = atMs;
    state.outcome = state.completedAtMs === undefined ? "deleted" : "complete";
    return this.#close(atMs, seq);
  }

  /** The rollout as it stands when nothing more happens up to this moment. */
  at(atMs: number): Rollout {
    const copy = this.copy();
    copy.#countTo(atMs);
    const { phase: _, sinceMs, awaitedMs, ready: __, isOverdue: ___, extremes, outcome, ...facts } = copy.#state;
    const highest = highestAt(extremes, sinceMs);
    return {
      ...facts,
      waitingMs: facts.waitingMs + awaitedMs,
      outcome: outcome ?? copy.#standing(),
      countedToMs: sinceMs,
      ...(extremes.lowest ? { lowest: extremes.lowest } : {}),
      ...(highest ? { highest } : {}),
    };
  }

  #standing(): Outcome {
    const { completedAtMs, isOverdue, paused } = this.#state;
    if (completedAtMs !== undefined) return "complete";
    if (isOverdue) return "deadline exceeded";
    const pause = paused.at(-1);
    return pause && pause.toMs === undefined ? "paused" : "in progress";
  }

  #countTo(atMs: number): void {
    const state = this.#state;
    const spentMs = atMs - state.sinceMs;
    switch (state.phase) {
      case "over":
        return;
      case "unstarted":
        break;
      case "progressing":
        state.progressingMs += spentMs;
        break;
      case "awaiting readiness":
        state.awaitedMs += spentMs;
        break;
      case "waiting":
        state.waitingMs += spentMs;
        break;
      case "paused":
        state.pausedMs += spentMs;
        break;
    }
    state.sinceMs = atMs;
  }

  #pause(atMs: number): void {
    const state = this.#state;
    state.paused = [...state.paused, { fromMs: atMs }];
    this.#countTo(atMs);
    if (!this.isUnderWay) return;
    state.phase = "paused";
    // Written together with the template, or before anything could come of it.
    if (state.startedAtMs !== atMs) return;
    delete state.startedAtMs;
    state.phase = "unstarted";
  }

  #resume(atMs: number): void {
    const state = this.#state;
    this.#endPause(atMs);
    this.#countTo(atMs);
    if (state.phase === "unstarted") state.startedAtMs = atMs;
    if (state.phase !== "over") state.phase = "progressing";
  }

  #endPause(atMs: number): void {
    const { paused } = this.#state;
    const last = paused.at(-1);
    if (last && last.toMs === undefined) this.#state.paused = paused.with(-1, { ...last, toMs: atMs });
  }

  #end(): void {
    const state = this.#state;
    const highest = highestAt(state.extremes, state.sinceMs);
    state.extremes = {
      ...(state.extremes.lowest ? { lowest: state.extremes.lowest } : {}),
      ...(highest ? { highest } : {}),
    };
    state.waitingMs += state.awaitedMs;
    state.awaitedMs = 0;
    state.phase = "over";
  }

  #close(atMs: number, seq: number): Rollout {
    this.#countTo(atMs);
    this.#endPause(atMs);
    if (this.isUnderWay) this.#end();
    this.#state.phase = "over";
    this.#state.closedSeq = seq;
    return this.at(atMs);
  }
}
