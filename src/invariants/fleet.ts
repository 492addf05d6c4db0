/** What a Deployment really has, by the log: not what any controller believed when it wrote a status. */
import {
  conditionOf,
  controllerOf,
  type Deployment,
  type Entity,
  isPodActive,
  isPodReady,
  type ReplicaSet,
  type Uid,
} from "../domain/state.ts";
import type { Change } from "./changes.ts";

/** The pods of one owner that are neither finished nor on their way out, and since when they are ready, ms. */
interface OwnedPods {
  readonly active: Set<string>;
  readonly readySinceMs: Map<string, number>;
}

const ownerOf = (entity: Entity | undefined): string | undefined => entity && controllerOf(entity.meta)?.uid;

/** Follows one Deployment, by name: what is deleted and created again is followed on. */
export class Fleet {
  readonly #stream: string;
  readonly #replicaSets = new Map<string, ReplicaSet>();
  /** Of every owner: a ReplicaSet may be adopted with the pods it has. */
  readonly #pods = new Map<string, OwnedPods>();
  deployment: Deployment | undefined;

  constructor(namespace: string, name: string) {
    this.#stream = `Deployment/${namespace}/${name}`;
  }

  observe({ stream, before, after }: Change): void {
    const entity = after ?? before;
    if (stream === this.#stream) this.deployment = after?.kind === "Deployment" ? after : undefined;
    else if (entity?.kind === "ReplicaSet") {
      if (after?.kind === "ReplicaSet") this.#replicaSets.set(stream, after);
      else this.#replicaSets.delete(stream);
    } else if (entity?.kind === "Pod") this.#observePod(stream, before, after);
  }

  /** What its ReplicaSets together should have: the sum of their `spec.replicas`. */
  get replicas(): number {
    let sum = 0;
    for (const { spec } of this.#owned()) sum += spec.replicas;
    return sum;
  }

  /** Pods that are neither finished nor on their way out. */
  get pods(): number {
    let sum = 0;
    for (const { meta } of this.#owned()) sum += this.#pods.get(meta.uid)?.active.size ?? 0;
    return sum;
  }

  /** Pods that were ready for `minReadySeconds` at this time. */
  available(nowMs: number): number {
    const minReadyMs = (this.deployment?.spec.minReadySeconds ?? 0) * 1000;
    let sum = 0;
    for (const { meta } of this.#owned()) {
      const ready = this.#pods.get(meta.uid)?.readySinceMs;
      if (!ready) continue;
      if (minReadyMs === 0) sum += ready.size;
      else for (const sinceMs of ready.values()) sum += sinceMs + minReadyMs <= nowMs ? 1 : 0;
    }
    return sum;
  }

  *#owned(): Iterable<ReplicaSet> {
    const uid: Uid | undefined = this.deployment?.meta.uid;
    if (uid === undefined) return;
    for (const replicaSet of this.#replicaSets.values()) if (ownerOf(replicaSet) === uid) yield replicaSet;
  }

  #observePod(stream: string, before: Entity | undefined, after: Entity | undefined): void {
    const [lost, owner] = [ownerOf(before), ownerOf(after)];
    if (lost !== undefined) {
      this.#podsOf(lost).active.delete(stream);
      this.#podsOf(lost).readySinceMs.delete(stream);
    }
    if (owner === undefined || after?.kind !== "Pod" || !isPodActive(after)) return;
    const pods = this.#podsOf(owner);
    pods.active.add(stream);
    const ready = conditionOf(after.status.conditions, "Ready");
    if (ready && isPodReady(after)) pods.readySinceMs.set(stream, ready.lastTransitionMs);
  }

  #podsOf(owner: string): OwnedPods {
    const known = this.#pods.get(owner);
    if (known) return known;
    const pods: OwnedPods = { active: new Set(), readySinceMs: new Map() };
    this.#pods.set(owner, pods);
    return pods;
  }
}
