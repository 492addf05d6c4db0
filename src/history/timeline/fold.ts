/** Reads a Deployment's history out of the log, one event at a time. */
import TinyQueue from "tinyqueue";
import { evolve } from "../../domain/evolve.ts";
import {
  controllerOf,
  type Deployment,
  type Digest,
  type Entity,
  type Pod,
  type ReplicaSet,
  refOf,
  streamOf,
  type Uid,
} from "../../domain/state.ts";
import { refOfStream } from "../../domain/world.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { REVISION, REVISION_HISTORY } from "../../kubernetes/well-known.ts";
import { foldedEvent } from "../../projections/replay.ts";
import type { TemplateSource } from "../../projections/rollouts/deployment-track.ts";
import { imagesIn } from "../../projections/rollouts/intent.ts";
import { availableAtMs, podState } from "../../projections/rollouts/pod-state.ts";
import { AvailabilityTrack } from "./availability.ts";
import type { History, PodBar, ReplicaSetBars, RevisionSpan, Scaling } from "./model.ts";
import { markOf, PodTrack } from "./pod-track.ts";
import { RolloutTrack } from "./rollout-track.ts";
import { type HistoryStart, Hues } from "./start.ts";
import { namedImagesIn, withOtherChanges } from "./templates.ts";

/** Which Deployment is meant, and how its templates resolve. */
export interface HistoryOf {
  readonly namespace: string;
  readonly name: string;
  readonly templateOf: TemplateSource;
}

/** Pods of a ReplicaSet that was deleted stay the Deployment's until they are gone, too; those of a released one do not. */
type Ownership = "owned" | "deleted" | "released";

interface ReplicaSetTrack {
  readonly index: number;
  readonly name: string;
  readonly uid: Uid;
  readonly template: Digest;
  readonly fromMs: number;
  readonly revisions: RevisionSpan[];
  readonly scalings: Scaling[];
  /** What its status said of its available pods, and since which event. */
  readonly beliefs: { readonly seq: number; readonly available: number }[];
  /** Of each pod it ever had, in the order in which they became its own; undefined while it has them. */
  readonly bars: Map<PodTrack, PodBar | undefined>;
  minReadySeconds: number;
  ownership: Ownership;
}

/** At this time a pod may become available, if it is still ready since the same moment. */
interface Timer {
  readonly dueMs: number;
  readonly uid: Uid;
}

const kinds: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "Pod"]);

const newestRevision = ({ revisions }: Pick<ReplicaSetBars, "revisions">): number =>
  Number(revisions.at(-1)?.revision ?? 0);

/** The numbers by which a ReplicaSet went before, as Kubernetes keeps them with it. */
const formerRevisions = (history: string | undefined, fromMs: number): RevisionSpan[] =>
  (history ?? "").split(",").flatMap((revision) => (revision === "" ? [] : [{ revision, fromMs }]));

/**
 * The history of a Deployment. It takes the events of the log in order, from the first one on or from those behind a start;
 * what concerns others is passed over.
 */
export class HistoryFold {
  readonly #of: HistoryOf;
  readonly #stream: string;
  /** What exists in the namespace, by stream. */
  readonly #entities = new Map<string, Entity>();
  /** Uids that the Deployment had: one for each time it was created. */
  readonly #deploymentUids = new Set<string>();
  readonly #replicaSets: ReplicaSetTrack[] = [];
  readonly #byUid = new Map<string, ReplicaSetTrack>();
  readonly #pods = new Map<Uid, { readonly track: PodTrack; pod: Pod }>();
  readonly #timers = new TinyQueue<Timer>([], (a, b) => a.dueMs - b.dueMs);
  readonly #rollouts: Pick<RolloutTrack, "observe" | "at">;
  readonly #hues = new Hues();
  readonly #availability: AvailabilityTrack;
  #deployment: Deployment | undefined;
  #knownFromMs: number | undefined;
  #fromMs: number | undefined;
  #nowMs = 0;

  constructor(of: HistoryOf, start?: HistoryStart) {
    this.#of = of;
    this.#stream = streamOf({ kind: "Deployment", namespace: of.namespace, name: of.name });
    this.#availability = new AvailabilityTrack(start?.levels);
    this.#rollouts = start
      ? { observe: () => undefined, at: () => start.rollouts }
      : new RolloutTrack(this.#stream, of.templateOf);
    if (start) this.#begin(start);
  }

  /** Takes the objects as they are; pods after what owns them. */
  #begin({ atMs, knownFromMs, entities, gone, rollouts }: HistoryStart): void {
    this.#nowMs = atMs;
    this.#knownFromMs = knownFromMs;
    const isBefore = rollouts.some((rollout) => rollout.atMs <= atMs);
    if (isBefore) this.#fromMs = rollouts[0]?.atMs;
    for (const entity of entities) this.#entities.set(streamOf(refOf(entity)), entity);
    const deployment = this.#entities.get(this.#stream);
    if (deployment?.kind === "Deployment") this.#deployment = deployment;
    const replicaSets = [...entities, ...gone].filter((entity) => entity.kind === "ReplicaSet");
    for (const { meta } of replicaSets) {
      const owner = controllerOf(meta);
      if (owner?.kind === "Deployment" && owner.name === this.#of.name) this.#deploymentUids.add(owner.uid);
    }
    for (const replicaSet of replicaSets) this.#followReplicaSet(replicaSet, true, undefined);
    for (const entity of entities) if (entity.kind === "Pod") this.#followPod(entity, true, undefined);
    for (const replicaSet of gone) this.#followReplicaSet(replicaSet, false, undefined);
  }

  apply(recorded: RecordedEvent): void {
    const { stream, at } = recorded;
    this.#knownFromMs ??= at;
    const ref = refOfStream(stream);
    if (!ref || !kinds.has(ref.kind) || ref.namespace !== this.#of.namespace) return;
    if (ref.kind === "Deployment" && stream !== this.#stream) return;
    this.#passTo(at);
    const event = foldedEvent(recorded);
    const before = this.#entities.get(stream);
    const after = evolve(before, event, ref);
    if (after) this.#entities.set(stream, after);
    else this.#entities.delete(stream);
    const { seq, actor, commit } = recorded;
    this.#rollouts.observe({ seq, atMs: at, stream, actor, intent: commit.intent, event, before, after });

    const entity = after ?? before;
    switch (entity?.kind) {
      case "Deployment":
        this.#deployment = after?.kind === "Deployment" ? after : undefined;
        this.#fromMs ??= at;
        this.#deploymentUids.add(entity.meta.uid);
        return;
      case "ReplicaSet":
        this.#followReplicaSet(entity, after !== undefined, recorded.seq);
        if (event.type === "ReplicaSetScaled") this.#noteScaling(entity.meta.uid, event.data, recorded);
        return;
      case "Pod": {
        this.#followPod(entity, after !== undefined, recorded.seq);
        const mark = markOf(before?.kind === "Pod" ? before : undefined, event, at, recorded.seq);
        if (mark) this.#pods.get(entity.meta.uid)?.track.mark(mark);
        return;
      }
      default:
        return;
    }
  }

  /**
   * The history up to this moment, which is not before the last event taken; undefined when no such Deployment was met. Ends
   * the fold.
   */
  finish(toMs: number): History | undefined {
    if (this.#fromMs === undefined) return undefined;
    this.#passTo(toMs);
    this.#settle();
    for (const { track } of this.#pods.values())
      this.#replicaSetAt(track.replicaSet).bars.set(track, track.finish(toMs));
    const inOrder = this.#replicaSets.toSorted((a, b) => newestRevision(a) - newestRevision(b) || a.index - b.index);
    // The curve names ReplicaSets by their place.
    const placeOf = new Map(inOrder.map(({ index }, place) => [index, place]));
    const { namespace, name, templateOf } = this.#of;
    return {
      namespace,
      name,
      knownFromMs: this.#knownFromMs ?? this.#fromMs,
      fromMs: this.#fromMs,
      toMs,
      rollouts: this.#hues.with(this.#rollouts.at(toMs)).map((rollout) => withOtherChanges(rollout, templateOf)),
      replicaSets: inOrder.map((track) => this.#finishReplicaSet(track)),
      availability: this.#availability.steps.map((step) => ({
        ...step,
        availableBy: step.availableBy
          .map(({ replicaSet, pods }) => ({ replicaSet: placeOf.get(replicaSet) ?? replicaSet, pods }))
          .sort((a, b) => a.replicaSet - b.replicaSet),
      })),
    };
  }

  #finishReplicaSet({ name, uid, template, fromMs, revisions, scalings, bars }: ReplicaSetTrack): ReplicaSetBars {
    const body = this.#of.templateOf(template);
    return {
      name,
      uid,
      hue: this.#hues.of(template),
      template,
      images: imagesIn(body),
      containers: namedImagesIn(body),
      revisions,
      scalings,
      fromMs,
      pods: [...bars.values()].filter((bar) => bar !== undefined).sort((a, b) => a.fromMs - b.fromMs),
    };
  }

  #replicaSetAt(index: number): ReplicaSetTrack {
    const track = this.#replicaSets[index];
    if (!track) throw new Error(`no ReplicaSet number ${index}`);
    return track;
  }

  /** Lets time pass: pods become available, and what happened at a moment is summed up when the moment is over. */
  #passTo(atMs: number): void {
    for (let next = this.#timers.peek(); next && next.dueMs <= atMs; next = this.#timers.peek()) {
      this.#timers.pop();
      this.#stepTo(next.dueMs);
      const known = this.#pods.get(next.uid);
      if (known) this.#refresh(known.track, known.pod, undefined);
    }
    this.#stepTo(atMs);
  }

  #stepTo(atMs: number): void {
    if (atMs <= this.#nowMs) return;
    this.#settle();
    this.#nowMs = atMs;
  }

  #settle(): void {
    if (this.#fromMs === undefined) return;
    this.#availability.settle(this.#nowMs, this.#deployment);
  }

  #followReplicaSet(replicaSet: ReplicaSet, exists: boolean, seq: number | undefined): void {
    const { meta, spec, status } = replicaSet;
    const isControlled = this.#deploymentUids.has(controllerOf(meta)?.uid ?? "");
    const known = this.#byUid.get(meta.uid);
    if (!known && !isControlled) return;
    const track = known ?? this.#newReplicaSet(replicaSet);
    const revision = meta.annotations[REVISION];
    if (revision !== undefined && revision !== track.revisions.at(-1)?.revision) {
      track.revisions.push({ revision, fromMs: this.#nowMs });
    }
    const believed = exists ? status.availableReplicas : 0;
    if (believed !== (track.beliefs.at(-1)?.available ?? 0)) track.beliefs.push({ seq: seq ?? 0, available: believed });
    const ownership = !isControlled ? "released" : exists ? "owned" : "deleted";
    if (track.ownership === ownership && track.minReadySeconds === spec.minReadySeconds) return;
    track.ownership = ownership;
    track.minReadySeconds = spec.minReadySeconds;
    for (const entity of this.#entities.values()) {
      if (entity.kind === "Pod" && controllerOf(entity.meta)?.uid === meta.uid) this.#followPod(entity, true, seq);
    }
  }

  #noteScaling(uid: Uid, { from, to }: { readonly from: number; readonly to: number }, recorded: RecordedEvent): void {
    const track = this.#byUid.get(uid);
    if (!track) return;
    const { at: atMs, seq, actor, view } = recorded;
    const readTo = view === null || typeof view === "number" ? view : (view.ReplicaSet ?? null);
    const available = this.#sum(({ index }) => this.#availability.availableIn(index));
    const believed =
      readTo === null
        ? undefined
        : this.#sum(({ beliefs }) => beliefs.findLast((belief) => belief.seq <= readTo)?.available ?? 0);
    track.scalings.push({ atMs, seq, actor, from, to, available, ...(believed === undefined ? {} : { believed }) });
  }

  #sum(count: (track: ReplicaSetTrack) => number): number {
    return this.#replicaSets.reduce((total, track) => total + count(track), 0);
  }

  #newReplicaSet({ meta, spec }: ReplicaSet): ReplicaSetTrack {
    const track: ReplicaSetTrack = {
      index: this.#replicaSets.length,
      name: meta.name,
      uid: meta.uid,
      template: spec.template.digest,
      fromMs: this.#nowMs,
      revisions: formerRevisions(meta.annotations[REVISION_HISTORY], this.#nowMs),
      scalings: [],
      beliefs: [],
      bars: new Map(),
      minReadySeconds: spec.minReadySeconds,
      ownership: "released",
    };
    this.#replicaSets.push(track);
    this.#byUid.set(meta.uid, track);
    return track;
  }

  #followPod(pod: Pod, exists: boolean, seq: number | undefined): void {
    const { uid } = pod.meta;
    const known = this.#pods.get(uid);
    const owner = this.#byUid.get(controllerOf(pod.meta)?.uid ?? "");
    if (!exists || !owner || owner.ownership === "released") {
      if (known) this.#dismiss(known.track, exists ? "released" : "deleted", seq);
      return;
    }
    if (known) {
      known.pod = pod;
      known.track.runOn(pod.nodeName);
      this.#refresh(known.track, pod, seq);
      return;
    }
    const track = new PodTrack(pod, owner.index, podState(pod, owner.minReadySeconds, this.#nowMs), this.#nowMs, seq);
    this.#pods.set(uid, { track, pod });
    owner.bars.set(track, undefined);
    this.#availability.move(owner.index, undefined, track.state);
    this.#refresh(track, pod, seq);
  }

  #dismiss(track: PodTrack, end: NonNullable<PodBar["end"]>, endSeq: number | undefined): void {
    this.#pods.delete(track.uid);
    this.#availability.move(track.replicaSet, track.state, undefined);
    const bar = track.finish(this.#nowMs, { end, ...(endSeq === undefined ? {} : { endSeq }) });
    this.#replicaSetAt(track.replicaSet).bars.set(track, bar);
  }

  #refresh(track: PodTrack, pod: Pod, seq: number | undefined): void {
    const { minReadySeconds } = this.#replicaSetAt(track.replicaSet);
    const from = track.state;
    const to = podState(pod, minReadySeconds, this.#nowMs);
    track.enter(to, this.#nowMs, seq);
    this.#availability.move(track.replicaSet, from, to);
    const dueMs = to === "ready" ? availableAtMs(pod, minReadySeconds) : undefined;
    if (dueMs !== undefined) this.#timers.push({ dueMs, uid: track.uid });
  }
}
