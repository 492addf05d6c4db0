import type { PodCounts, ReplicaSetView } from "../../controllers/view.ts";
import type { BodySource } from "../../domain/bodies.ts";
import { controllerOf, type Digest, isPodActive, type Pod, type ReplicaSet } from "../../domain/state.ts";
import { templateLabels } from "../../domain/wire/template.ts";
import { compileSelector } from "../../kubernetes/selector.ts";
import type { Change } from "../actor.ts";
import { Cache, type EntitySource, Groups, isKind, type View } from "./cache.ts";
import { type LabelJudge, OwnedPods } from "./owned-pods.ts";

const isReplicaSet = isKind("ReplicaSet");

export class ReplicaSetCaches implements ReplicaSetView, View {
  readonly #replicaSets = new Cache<ReplicaSet>();
  readonly #byOwner = new Groups<string, string, ReplicaSet>();
  readonly #owned = new Map<string, OwnedPods>();
  readonly #orphans = new Groups<string, string, Pod>();
  readonly #judges = new Map<string, LabelJudge>();
  readonly #bodies: BodySource;

  constructor(bodies: BodySource, source: EntitySource) {
    this.#bodies = bodies;
    for (const replicaSet of source.all("ReplicaSet")) this.#moveReplicaSet(undefined, replicaSet);
    for (const pod of source.all("Pod")) this.#movePod(undefined, pod);
  }

  apply({ before, after }: Change): void {
    const isPod = before?.kind === "Pod" || after?.kind === "Pod";
    if (isPod) this.#movePod(before?.kind === "Pod" ? before : undefined, after?.kind === "Pod" ? after : undefined);
    if (isReplicaSet(before) || isReplicaSet(after)) {
      this.#moveReplicaSet(isReplicaSet(before) ? before : undefined, isReplicaSet(after) ? after : undefined);
    }
  }

  template(digest: Digest) {
    return this.#bodies.template(digest);
  }

  replicaSet(namespace: string, name: string): ReplicaSet | undefined {
    return this.#replicaSets.get(namespace, name);
  }

  replicaSets(namespace: string): Iterable<ReplicaSet> {
    return this.#replicaSets.in(namespace);
  }

  allReplicaSets(): Iterable<ReplicaSet> {
    return this.#replicaSets.all();
  }

  replicaSetsOwnedBy(owner: string): Iterable<ReplicaSet> {
    return this.#byOwner.values(owner);
  }

  counts(replicaSet: ReplicaSet, nowMs: number): PodCounts {
    return this.#podsOf(replicaSet.meta.uid).counts(replicaSet, this.#judgeOf(replicaSet), nowMs);
  }

  activePods(replicaSet: ReplicaSet): Iterable<Pod> {
    return this.#podsOf(replicaSet.meta.uid).active(this.#judgeOf(replicaSet));
  }

  activePodsPerNode(replicaSet: ReplicaSet): ReadonlyMap<string, number> {
    return this.#podsOf(replicaSet.meta.uid).perNode(this.#judgeOf(replicaSet));
  }

  orphanPods(namespace: string): Iterable<Pod> {
    return this.#orphans.values(namespace);
  }

  strayPods(replicaSet: ReplicaSet): Iterable<Pod> {
    return this.#podsOf(replicaSet.meta.uid).strays(this.#judgeOf(replicaSet));
  }

  #podsOf(owner: string): OwnedPods {
    let pods = this.#owned.get(owner);
    if (!pods) {
      pods = new OwnedPods();
      this.#owned.set(owner, pods);
    }
    return pods;
  }

  /** Pods may outlive their ReplicaSet; with the last of them goes what was kept for it. */
  #disown(owner: string, name: string): void {
    const pods = this.#owned.get(owner);
    pods?.set(name, undefined);
    if (pods?.isEmpty) this.#owned.delete(owner);
  }

  #judgeOf(replicaSet: ReplicaSet): LabelJudge {
    const { uid } = replicaSet.meta;
    const known = this.#judges.get(uid);
    if (known) return known;
    const { selector, template } = replicaSet.spec;
    const wanted = Object.entries(templateLabels(this.#bodies.template(template.digest), template.hash));
    const judge: LabelJudge = {
      selects: compileSelector(selector),
      isFullyLabeled: (labels) => wanted.every(([key, value]) => labels[key] === value),
    };
    this.#judges.set(uid, judge);
    return judge;
  }

  #movePod(before: Pod | undefined, after: Pod | undefined): void {
    const active = after && isPodActive(after) ? after : undefined;
    const from = before && controllerOf(before.meta)?.uid;
    const to = active && controllerOf(active.meta)?.uid;
    if (before && from === undefined && (!active || to !== undefined)) {
      this.#orphans.delete(before.meta.namespace, before.meta.name);
    }
    if (before && from !== undefined && from !== to) this.#disown(from, before.meta.name);
    if (!active) return;
    if (to === undefined) this.#orphans.set(active.meta.namespace, active.meta.name, active);
    else this.#podsOf(to).set(active.meta.name, active);
  }

  #moveReplicaSet(before: ReplicaSet | undefined, after: ReplicaSet | undefined): void {
    const from = before && controllerOf(before.meta)?.uid;
    const to = after && controllerOf(after.meta)?.uid;
    if (before && from !== undefined && from !== to) this.#byOwner.delete(from, before.meta.name);
    if (before && before.meta.uid !== after?.meta.uid) {
      this.#judges.delete(before.meta.uid);
      this.#owned.delete(before.meta.uid);
    }
    if (!after) {
      if (before) this.#replicaSets.remove(before.meta.namespace, before.meta.name);
      return;
    }
    this.#replicaSets.put(after);
    if (to !== undefined) this.#byOwner.set(to, after.meta.name, after);
    if (before && before.spec.template !== after.spec.template) {
      this.#judges.delete(after.meta.uid);
      this.#podsOf(after.meta.uid).rejudge();
    }
  }
}
