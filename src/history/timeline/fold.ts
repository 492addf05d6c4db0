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
  streamOf,
  type Uid,
} from "../../domain/state.ts";
import { refOfStream } from "../../domain/world.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { REVISION } from "../../kubernetes/well-known.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { AvailabilityTrack } from "./availability.ts";
import type { History, PodBar, ReplicaSetBars, RevisionSpan } from "./model.ts";
import { availableAtMs, podState } from "./pod-state.ts";
import { markOf, PodTrack } from "./pod-track.ts";
import { RolloutTrack } from "./rollout-track.ts";

/** Which Deployment is meant, and how its templates resolve. */
export interface HistoryOf {
  readonly namespace: string;
  readonly name: string;
  readonly imagesOf: (template: Digest) => readonly string[];
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
  readonly bars: PodBar[];
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

/**
 * The history of a Deployment. It takes the events of the log in order, from the first one on; what concerns others is passed
 * over.
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
  readonly #rollouts: RolloutTrack;
  readonly #availability = new AvailabilityTrack();
  #deployment: Deployment | undefined;
  #fromMs: number | undefined;
  #nowMs = 0;

  constructor(of: HistoryOf) {
    this.#of = of;
    this.#stream = streamOf({ kind: "Deployment", namespace: of.namespace, name: of.name });
    this.#rollouts = new RolloutTrack(of.imagesOf);
  }

  apply(recorded: RecordedEvent): void {
    const { stream, at } = recorded;
    const ref = refOfStream(stream);
    if (!ref || !kinds.has(ref.kind) || ref.namespace !== this.#of.namespace) return;
    if (ref.kind === "Deployment" && stream !== this.#stream) return;
    this.#passTo(at);
    const event = foldedEvent(recorded);
    const before = this.#entities.get(stream);
    const after = evolve(before, event, ref);
    if (after) this.#entities.set(stream, after);
    else this.#entities.delete(stream);

    const entity = after ?? before;
    switch (entity?.kind) {
      case "Deployment":
        this.#deployment = after?.kind === "Deployment" ? after : undefined;
        this.#fromMs ??= at;
        this.#deploymentUids.add(entity.meta.uid);
        this.#rollouts.apply(before?.kind === "Deployment" ? before : undefined, event, this.#deployment, recorded);
        return;
      case "ReplicaSet":
        this.#followReplicaSet(entity, after !== undefined);
        return;
      case "Pod": {
        this.#followPod(entity, after !== undefined);
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
    for (const { track } of this.#pods.values()) this.#replicaSetAt(track.replicaSet).bars.push(track.finish(toMs));
    const inOrder = this.#replicaSets.toSorted((a, b) => newestRevision(a) - newestRevision(b) || a.index - b.index);
    // The curve names ReplicaSets by their place.
    const placeOf = new Map(inOrder.map(({ index }, place) => [index, place]));
    const { namespace, name } = this.#of;
    return {
      namespace,
      name,
      fromMs: this.#fromMs,
      toMs,
      rollouts: this.#rollouts.rollouts,
      replicaSets: inOrder.map((track) => this.#finishReplicaSet(track)),
      availability: this.#availability.steps.map((step) => ({
        ...step,
        availableBy: step.availableBy
          .map(({ replicaSet, pods }) => ({ replicaSet: placeOf.get(replicaSet) ?? replicaSet, pods }))
          .sort((a, b) => a.replicaSet - b.replicaSet),
      })),
    };
  }

  #finishReplicaSet({ name, uid, template, fromMs, revisions, bars }: ReplicaSetTrack): ReplicaSetBars {
    return {
      name,
      uid,
      hue: this.#rollouts.hueOf(template),
      template,
      images: this.#of.imagesOf(template),
      revisions,
      fromMs,
      pods: bars.sort((a, b) => a.fromMs - b.fromMs),
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
      if (known) this.#refresh(known.track, known.pod);
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
    if (this.#isComplete()) this.#rollouts.complete(this.#nowMs);
  }

  #isComplete(): boolean {
    const deployment = this.#deployment;
    if (!deployment || deployment.meta.deletion) return false;
    const { replicas, template } = deployment.spec;
    if (this.#availability.pods !== replicas) return false;
    return this.#replicaSets.some(
      (track) =>
        track.ownership === "owned" &&
        track.template === template &&
        this.#availability.availableIn(track.index) === replicas,
    );
  }

  #followReplicaSet(replicaSet: ReplicaSet, exists: boolean): void {
    const { meta, spec } = replicaSet;
    const isControlled = this.#deploymentUids.has(controllerOf(meta)?.uid ?? "");
    const known = this.#byUid.get(meta.uid);
    if (!known && !isControlled) return;
    const track = known ?? this.#newReplicaSet(replicaSet);
    const revision = meta.annotations[REVISION];
    if (revision !== undefined && revision !== track.revisions.at(-1)?.revision) {
      track.revisions.push({ revision, fromMs: this.#nowMs });
    }
    const ownership = !isControlled ? "released" : exists ? "owned" : "deleted";
    if (track.ownership === ownership && track.minReadySeconds === spec.minReadySeconds) return;
    track.ownership = ownership;
    track.minReadySeconds = spec.minReadySeconds;
    for (const entity of this.#entities.values()) {
      if (entity.kind === "Pod" && controllerOf(entity.meta)?.uid === meta.uid) this.#followPod(entity, true);
    }
  }

  #newReplicaSet({ meta, spec }: ReplicaSet): ReplicaSetTrack {
    const track: ReplicaSetTrack = {
      index: this.#replicaSets.length,
      name: meta.name,
      uid: meta.uid,
      template: spec.template.digest,
      fromMs: this.#nowMs,
      revisions: [],
      bars: [],
      minReadySeconds: spec.minReadySeconds,
      ownership: "released",
    };
    this.#replicaSets.push(track);
    this.#byUid.set(meta.uid, track);
    return track;
  }

  #followPod(pod: Pod, exists: boolean): void {
    const { uid } = pod.meta;
    const known = this.#pods.get(uid);
    const owner = this.#byUid.get(controllerOf(pod.meta)?.uid ?? "");
    if (!exists || !owner || owner.ownership === "released") {
      if (known) this.#dismiss(known.track, exists ? "released" : "deleted");
      return;
    }
    if (known) {
      known.pod = pod;
      this.#refresh(known.track, pod);
      return;
    }
    const track = new PodTrack(pod, owner.index, podState(pod, owner.minReadySeconds, this.#nowMs), this.#nowMs);
    this.#pods.set(uid, { track, pod });
    this.#availability.move(owner.index, undefined, track.state);
    this.#refresh(track, pod);
  }

  #dismiss(track: PodTrack, end: NonNullable<PodBar["end"]>): void {
    this.#pods.delete(track.uid);
    this.#availability.move(track.replicaSet, track.state, undefined);
    this.#replicaSetAt(track.replicaSet).bars.push(track.finish(this.#nowMs, end));
  }

  #refresh(track: PodTrack, pod: Pod): void {
    const { minReadySeconds } = this.#replicaSetAt(track.replicaSet);
    const from = track.state;
    const to = podState(pod, minReadySeconds, this.#nowMs);
    track.enter(to, this.#nowMs);
    this.#availability.move(track.replicaSet, from, to);
    const dueMs = to === "ready" ? availableAtMs(pod, minReadySeconds) : undefined;
    if (dueMs !== undefined) this.#timers.push({ dueMs, uid: track.uid });
  }
}
