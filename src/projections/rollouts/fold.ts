/**
 * Follows every Deployment through the log: the rollouts that each change of its template began, and how many pods it had from
 * moment to moment. Takes every event once, in order. What it remembers grows with the pods that are alive, not with the past:
 * rollouts that are closed and levels that have passed are handed out ({@link RolloutsFold.take}).
 *
 * Events of the same millisecond are one moment: what they lead to together counts, and is known when the moment is over.
 */
import TinyQueue from "tinyqueue";
import {
  controllerOf,
  type Digest,
  type EntityKind,
  type EntityOf,
  type Pod,
  type ReplicaSet,
  refOf,
  streamOf,
} from "../../domain/state.ts";
import { REVISION } from "../../kubernetes/well-known.ts";
import type { Change } from "../change.ts";
import {
  DeploymentTrack,
  type DeploymentTrackState,
  type SteppedLevels,
  type TemplateSource,
} from "./deployment-track.ts";
import type { Rollout } from "./model.ts";
import { availableAtMs, isActive, podState } from "./pod-state.ts";
import { PodGroup, type TrackedPod, trackedPod } from "./pods.ts";

/** The cluster's objects, as a `World` has them. */
export interface Objects {
  all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>>;
}

/** Plain JSON: with the world as of `seq`, all that is needed to go on. */
export interface RolloutsState {
  readonly seq: number;
  /** Time of the last event. */
  readonly nowMs: number;
  /** In order of appearance in the log. */
  readonly deployments: readonly SavedDeployment[];
}

export interface SavedDeployment extends DeploymentTrackState {
  readonly stream: string;
  /** The last number of each template. */
  readonly templates: readonly (readonly [Digest, number])[];
}

/** What is known for good, and whose newest rollout is another now. */
export interface Taken {
  readonly closed: readonly { readonly stream: string; readonly rollout: Rollout }[];
  readonly steps: readonly ({ readonly stream: string } & SteppedLevels)[];
  readonly touched: ReadonlySet<DeploymentTrack>;
}

type Group = PodGroup<DeploymentTrack>;
type Tracked = TrackedPod<DeploymentTrack>;

interface Timer {
  readonly dueMs: number;
  readonly tracked: Tracked;
}

const containerEnds: ReadonlySet<string> = new Set(["PodContainerTerminated", "PodInitContainerFailed"]);

/** The ReplicaSet controller deletes pods only where there are more than there should be. */
const isScaleDown = ({ actor, event: { type } }: Change): boolean =>
  actor === "controller:replicaset" && (type === "PodDeletionRequested" || type === "PodDeleted");

export class RolloutsFold implements Objects {
  readonly #templateOf: TemplateSource;
  readonly #tracks = new Map<string, DeploymentTrack>();
  readonly #trackOfUid = new Map<string, DeploymentTrack>();
  readonly #groups = new Map<string, Group>();
  readonly #pods = new Map<string, Tracked>();
  readonly #timers = new TinyQueue<Timer>([], (a, b) => a.dueMs - b.dueMs);
  /** What the moment that is not over has touched. */
  #moment = new Set<DeploymentTrack>();
  #nowMs = 0;
  #seq = 0;
  #closed: Taken["closed"][number][] = [];
  #steps: Taken["steps"][number][] = [];
  #touched = new Set<DeploymentTrack>();

  constructor(templateOf: TemplateSource) {
    this.#templateOf = templateOf;
  }

  /** Goes on from a saved state; `objects` are the cluster's as of the same seq. */
  static restore(state: RolloutsState, objects: Objects, templateOf: TemplateSource): RolloutsFold {
    const fold = new RolloutsFold(templateOf);
    fold.#seq = state.seq;
    fold.#nowMs = state.nowMs;
    for (const saved of state.deployments) fold.#restoreTrack(saved);
    for (const deployment of objects.all("Deployment"))
      fold.#track(streamOf(refOf(deployment))).deployment = deployment;
    for (const replicaSet of objects.all("ReplicaSet")) fold.#linkGroup(replicaSet);
    for (const pod of objects.all("Pod")) fold.#meetPod(streamOf(refOf(pod)), pod);
    return fold;
  }

  state(): RolloutsState {
    const deployments = Array.from(this.#tracks.values(), (track) => ({
      stream: track.stream,
      ...track.state(),
      templates: [...track.templates].sort(([, a], [, b]) => a - b),
    }));
    return { seq: this.#seq, nowMs: this.#nowMs, deployments };
  }

  observe(change: Change): void {
    this.passTo(change.atMs);
    this.#seq = change.seq;
    switch ((change.after ?? change.before)?.kind) {
      case "Deployment":
        this.#followDeployment(change);
        return;
      case "ReplicaSet":
        this.#followReplicaSet(change);
        return;
      case "Pod":
        this.#followPod(change);
        return;
    }
  }

  /** Lets time pass up to a moment that is not over then: pods become available by themselves. */
  passTo(atMs: number): void {
    for (let next = this.#timers.peek(); next && next.dueMs <= atMs; next = this.#timers.peek()) {
      this.#timers.pop();
      this.#stepTo(next.dueMs);
      const { tracked } = next;
      if (this.#pods.get(tracked.stream) === tracked && tracked.state === "ready") {
        this.#refresh(tracked, tracked.pod);
        this.#touch(tracked.group.track);
      }
    }
    this.#stepTo(atMs);
  }

  /** What became known since the last call. */
  take(): Taken {
    const taken = { closed: this.#closed, steps: this.#steps, touched: this.#touched };
    this.#closed = [];
    this.#steps = [];
    this.#touched = new Set();
    return taken;
  }

  /**
   * The newest rollout of a Deployment as it stands when nothing more happens up to `atMs`, which is not before the last event;
   * undefined when it is closed.
   */
  openAt(stream: string, atMs: number): Rollout | undefined {
    const due = this.#timers.peek();
    if (!due || due.dueMs > atMs) return this.#tracks.get(stream)?.openAt(atMs);
    const ahead = RolloutsFold.restore(this.state(), this, this.#templateOf);
    ahead.passTo(atMs);
    return ahead.#tracks.get(stream)?.openAt(atMs);
  }

  /** The streams of every Deployment that ever was. */
  streams(): Iterable<string> {
    return this.#tracks.keys();
  }

  *all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>> {
    for (const entity of this.#entities()) if (entity?.kind === kind) yield entity as EntityOf<K>;
  }

  *#entities() {
    for (const { deployment } of this.#tracks.values()) yield deployment;
    for (const { replicaSet } of this.#groups.values()) yield replicaSet;
    for (const { pod } of this.#pods.values()) yield pod;
  }

  #restoreTrack({ templates, stream, ...state }: SavedDeployment): void {
    const track = new DeploymentTrack(stream, state, templates);
    this.#tracks.set(stream, track);
    for (const uid of state.uids) this.#trackOfUid.set(uid, track);
    for (const { uid, template, minReadySeconds } of state.orphans) {
      const group = this.#group(uid);
      group.template = template;
      group.minReadySeconds = minReadySeconds;
      group.moveTo(track);
    }
    if (state.isUnsettled) this.#moment.add(track);
  }

  #stepTo(atMs: number): void {
    if (atMs <= this.#nowMs) return;
    if (this.#moment.size > 0) {
      for (const track of this.#moment) {
        const step = track.settle();
        if (step) this.#steps.push({ stream: track.stream, ...step });
        this.#touched.add(track);
      }
      this.#moment.clear();
    }
    this.#nowMs = atMs;
  }

  #touch(track: DeploymentTrack | undefined): void {
    if (!track) return;
    track.touch(this.#seq, this.#nowMs);
    this.#moment.add(track);
    this.#touched.add(track);
  }

  #track(stream: string): DeploymentTrack {
    const known = this.#tracks.get(stream);
    if (known) return known;
    const track = new DeploymentTrack(stream);
    this.#tracks.set(stream, track);
    return track;
  }

  #followDeployment(change: Change): void {
    const track = this.#track(change.stream);
    const uid = change.after?.meta.uid;
    if (uid !== undefined && !this.#trackOfUid.has(uid)) {
      this.#trackOfUid.set(uid, track);
      track.uids.push(uid);
    }
    const rollout = track.follow(change, this.#templateOf);
    if (rollout) this.#closed.push({ stream: change.stream, rollout });
    this.#touch(track);
  }

  #group(uid: string): Group {
    const known = this.#groups.get(uid);
    if (known) return known;
    const group = new PodGroup<DeploymentTrack>(uid);
    this.#groups.set(uid, group);
    return group;
  }

  #followReplicaSet({ before, after }: Change): void {
    const replicaSet = after ?? before;
    if (replicaSet?.kind !== "ReplicaSet") return;
    const group = this.#linkGroup(replicaSet);
    if (!after) group.replicaSet = undefined;
    const { track } = group;
    const revision = after?.meta.annotations[REVISION];
    if (revision !== undefined && revision !== before?.meta.annotations[REVISION]) {
      if (track?.open?.template === group.template) track?.open?.takeRevision(revision);
    }
    this.#touch(track);
    this.#forgetEmpty(group);
  }

  /** Finds out whose the ReplicaSet is now, and its pods with it. */
  #linkGroup(replicaSet: ReplicaSet): Group {
    const { meta, spec } = replicaSet;
    const group = this.#group(meta.uid);
    const track = this.#trackOfUid.get(controllerOf(meta)?.uid ?? "");
    if (group.track !== track) {
      this.#touch(group.track);
      group.moveTo(track);
    }
    group.replicaSet = replicaSet;
    group.template = spec.template.digest;
    if (group.minReadySeconds !== spec.minReadySeconds) {
      group.minReadySeconds = spec.minReadySeconds;
      for (const tracked of group.pods) this.#refresh(tracked, tracked.pod);
    }
    return group;
  }

  #followPod(change: Change): void {
    const { stream, event, before, after } = change;
    const tracked = this.#pods.get(stream);
    if (tracked && containerEnds.has(event.type) && before?.meta.deletion === undefined) {
      tracked.group.track?.open?.containerExited();
      this.#touch(tracked.group.track);
    }
    const pod = after?.kind === "Pod" ? after : undefined;
    if (tracked && pod && controllerOf(pod.meta)?.uid === tracked.group.uid) {
      const { state, prospect } = tracked;
      this.#refresh(tracked, pod);
      if (isActive(state) && !isActive(tracked.state)) this.#noteLoss(tracked, change);
      if (state !== tracked.state || prospect !== tracked.prospect) this.#touch(tracked.group.track);
      return;
    }
    if (tracked) {
      this.#dismiss(tracked);
      if (isActive(tracked.state)) this.#noteLoss(tracked, change);
      this.#touch(tracked.group.track);
    }
    const track = pod && this.#meetPod(stream, pod)?.group.track;
    if (!before) track?.open?.podCreated();
    this.#touch(track);
  }

  #noteLoss({ group }: Tracked, change: Change): void {
    if (!isScaleDown(change)) group.track?.open?.podLost();
  }

  /** Begins to follow a pod, if somebody controls it. */
  #meetPod(stream: string, pod: Pod): Tracked | undefined {
    const uid = controllerOf(pod.meta)?.uid;
    if (uid === undefined) return undefined;
    const group = this.#group(uid);
    const tracked = trackedPod(stream, pod, group, podState(pod, group.minReadySeconds, this.#nowMs));
    this.#pods.set(stream, tracked);
    group.add(tracked);
    this.#arm(tracked);
    return tracked;
  }

  #dismiss(tracked: Tracked): void {
    this.#pods.delete(tracked.stream);
    tracked.group.remove(tracked);
    this.#forgetEmpty(tracked.group);
  }

  #refresh(tracked: Tracked, pod: Pod): void {
    const { group } = tracked;
    group.update(tracked, pod, podState(pod, group.minReadySeconds, this.#nowMs));
    this.#arm(tracked);
  }

  #arm(tracked: Tracked): void {
    const { state, pod, group } = tracked;
    const dueMs = state === "ready" ? availableAtMs(pod, group.minReadySeconds) : undefined;
    if (dueMs !== undefined) this.#timers.push({ dueMs, tracked });
  }

  #forgetEmpty(group: Group): void {
    if (!group.isEmpty) return;
    group.track?.groups.delete(group);
    this.#groups.delete(group.uid);
  }
}
