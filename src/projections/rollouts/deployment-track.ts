/** One Deployment while the log is being read: its numbers, its newest rollout, and how many pods it has. */
import type { Deployment, Digest } from "../../domain/state.ts";
import type { PodTemplate } from "../../kubernetes/objects.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { REVISION } from "../../kubernetes/well-known.ts";
import type { Change } from "../change.ts";
import { imagesIn, inferredVerb, saidIn } from "./intent.ts";
import { isRolledOut, type Levels, levelsAfter, noLevels, PodTally, sameLevels } from "./levels.ts";
import type { Rollout } from "./model.ts";
import { OpenRollout, type OpenRolloutState, type Prospects } from "./open-rollout.ts";
import type { PodGroup } from "./pods.ts";

/** A template by its digest; undefined when its body is not there any more. */
export type TemplateSource = (digest: Digest) => PodTemplate | undefined;

/** The pods of a ReplicaSet that is gone: what the cluster's objects no longer tell. */
interface OrphanGroup {
  readonly uid: string;
  readonly template: Digest | undefined;
  readonly minReadySeconds: number;
}

/** Plain JSON. What the objects of the cluster tell is not in it. */
export interface DeploymentTrackState {
  /** Numbers given. */
  readonly count: number;
  /** Every uid that the Deployment had. */
  readonly uids: readonly string[];
  /** The newest rollout, unless it is closed. */
  readonly open?: OpenRolloutState;
  readonly levels: Levels;
  /** The last event that changed something of it, and when. */
  readonly touchedSeq: number;
  readonly touchedMs: number;
  /** That moment is not over. */
  readonly isUnsettled: boolean;
  readonly orphans: readonly OrphanGroup[];
}

/** Levels from a moment on, and the last event up to it. */
export interface SteppedLevels {
  readonly atMs: number;
  readonly seq: number;
  readonly levels: Levels;
}

const nobody: Prospects = { underway: 0, running: 0, heldUp: 0, ready: 0, isRefused: false };

export class DeploymentTrack {
  readonly stream: string;
  readonly groups: Set<PodGroup<DeploymentTrack>> = new Set();
  readonly tally = new PodTally();
  readonly uids: string[];
  /** The last number of each template. */
  readonly templates: Map<Digest, number>;
  deployment: Deployment | undefined;
  open: OpenRollout | undefined;
  #count: number;
  #levels: Levels;
  #touchedSeq: number;
  #touchedMs: number;
  #isUnsettled: boolean;

  constructor(stream: string, state?: DeploymentTrackState, templates: Iterable<readonly [Digest, number]> = []) {
    this.stream = stream;
    this.uids = [...(state?.uids ?? [])];
    this.templates = new Map(templates);
    this.open = state?.open && new OpenRollout(state.open);
    this.#count = state?.count ?? 0;
    this.#levels = state?.levels ?? noLevels;
    this.#touchedSeq = state?.touchedSeq ?? 0;
    this.#touchedMs = state?.touchedMs ?? 0;
    this.#isUnsettled = state?.isUnsettled ?? false;
  }

  get isUnsettled(): boolean {
    return this.#isUnsettled;
  }

  state(): DeploymentTrackState {
    const orphans: OrphanGroup[] = [];
    for (const { replicaSet, uid, template, minReadySeconds } of this.groups) {
      if (!replicaSet) orphans.push({ uid, template, minReadySeconds });
    }
    return {
      count: this.#count,
      uids: [...this.uids],
      ...(this.open ? { open: this.open.state() } : {}),
      levels: this.#levels,
      touchedSeq: this.#touchedSeq,
      touchedMs: this.#touchedMs,
      isUnsettled: this.#isUnsettled,
      orphans: orphans.sort((a, b) => compareText(a.uid, b.uid)),
    };
  }

  /** Something of it changes at this moment. */
  touch(seq: number, atMs: number): void {
    this.#touchedSeq = seq;
    this.#touchedMs = atMs;
    this.#isUnsettled = true;
  }

  /** The Deployment itself changed. Answers with the rollout that this closes. */
  follow(change: Change, templateOf: TemplateSource): Rollout | undefined {
    const before = change.before?.kind === "Deployment" ? change.before : undefined;
    const after = change.after?.kind === "Deployment" ? change.after : undefined;
    const { atMs, seq } = change;
    this.deployment = after;
    let closed: Rollout | undefined;
    if (after && before?.spec.template !== after.spec.template) closed = this.#begin(change, before, after, templateOf);
    if (after) this.open?.follow(before, after, atMs);
    if (after && !after.meta.deletion) return closed;
    // A template that is changed while the Deployment goes begins a rollout that ends at once.
    closed = this.open?.delete(atMs, seq) ?? closed;
    this.open = undefined;
    return closed;
  }

  /** The moment is over: takes down what it led to. Answers with the levels if they are others now. */
  settle(): SteppedLevels | undefined {
    if (!this.#isUnsettled) return undefined;
    this.#isUnsettled = false;
    const levels = levelsAfter(this.#levels, this.deployment, this.tally);
    if (this.open) this.#settleRollout(this.open, levels);
    if (sameLevels(levels, this.#levels)) return undefined;
    this.#levels = levels;
    return { atMs: this.#touchedMs, seq: this.#touchedSeq, levels };
  }

  /** The newest rollout as it stands at this moment, by default that of the last change; undefined when it is closed. */
  openAt(atMs = this.#touchedMs): Rollout | undefined {
    return this.#settledOpen()?.at(Math.max(atMs, this.#touchedMs));
  }

  /** The levels that the moment that is not over leads to as far as it is known, if they are others. */
  pending(): SteppedLevels | undefined {
    if (!this.#isUnsettled) return undefined;
    const levels = levelsAfter(this.#levels, this.deployment, this.tally);
    return sameLevels(levels, this.#levels) ? undefined : { atMs: this.#touchedMs, seq: this.#touchedSeq, levels };
  }

  #settledOpen(): OpenRollout | undefined {
    if (!this.open || !this.#isUnsettled) return this.open;
    const copy = this.open.copy();
    this.#settleRollout(copy, levelsAfter(this.#levels, this.deployment, this.tally));
    return copy;
  }

  #begin(
    change: Change,
    before: Deployment | undefined,
    after: Deployment,
    templateOf: TemplateSource,
  ): Rollout | undefined {
    const { atMs, seq, actor, intent } = change;
    const { template, paused } = after.spec;
    this.#count += 1;
    const number = this.#count;
    const restores = before && this.templates.get(template);
    this.templates.set(template, number);
    const body = templateOf(template);
    const bodyBefore = before && templateOf(before.spec.template);
    const said = saidIn(intent);
    const inferVerb = () => (before ? inferredVerb(bodyBefore, body, restores !== undefined) : "create");
    const inferred = said.verb === undefined ? inferVerb() : undefined;
    const closed = this.open?.supersede(number, restores !== undefined, atMs, seq);
    this.open = OpenRollout.begin(
      {
        number,
        seq,
        atMs,
        actor,
        isCreation: before === undefined,
        ...said,
        ...(inferred === undefined ? {} : { verb: inferred, inferred: true }),
        template,
        images: imagesIn(body),
        ...(before ? { templateBefore: before.spec.template, imagesBefore: imagesIn(bodyBefore) } : {}),
        ...(restores === undefined ? {} : { restores }),
      },
      paused,
    );
    return closed;
  }

  #settleRollout(rollout: OpenRollout, levels: Levels): void {
    const { deployment, tally } = this;
    if (!deployment || !rollout.isUnderWay) return;
    const group = this.#newest(deployment.spec.template);
    rollout.settle({
      atMs: this.#touchedMs,
      deployment,
      levels,
      prospects: group ?? nobody,
      isRolledOut: isRolledOut(deployment, tally, group?.available ?? -1),
      revision: group?.replicaSet?.meta.annotations[REVISION],
    });
  }

  /** The pods of the ReplicaSet that has this template. */
  #newest(template: Digest): PodGroup<DeploymentTrack> | undefined {
    let newest: PodGroup<DeploymentTrack> | undefined;
    for (const group of this.groups) {
      if (group.template === template && group.replicaSet && (newest?.pods.size ?? -1) < group.pods.size)
        newest = group;
    }
    return newest;
  }
}
