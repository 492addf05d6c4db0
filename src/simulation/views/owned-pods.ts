/**
 * The active pods that one ReplicaSet controls, with their counts kept as they change: a sync over ten thousand pods
 * costs as much as what happened since the last one.
 */
import type { PodCounts } from "../../controllers/view.ts";
import { conditionOf, type Pod, type ReplicaSet } from "../../domain/state.ts";
import type { StringMap } from "../../kubernetes/objects.ts";

interface Entry {
  readonly pod: Pod;
  /** What the ReplicaSet's selector and template say of the labels; unknown until the next question. */
  readonly verdict: { readonly selected: boolean; readonly fullyLabeled: boolean } | undefined;
}

/** Judges labels for one ReplicaSet. */
export interface LabelJudge {
  selects(labels: StringMap): boolean;
  isFullyLabeled(labels: StringMap): boolean;
}

const readySinceMs = (pod: Pod): number | undefined => {
  const ready = conditionOf(pod.status.conditions, "Ready");
  return ready?.status === "True" ? ready.lastTransitionMs : undefined;
};

const bump = <K>(counts: Map<K, number>, key: K, by: 1 | -1): void => {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
};

export class OwnedPods {
  readonly #entries = new Map<string, Entry>();
  /** Names of the pods whose labels were not judged yet. */
  readonly #unjudged = new Set<string>();
  readonly #strays = new Map<string, Pod>();
  readonly #perNode = new Map<string, number>();
  /** How many became ready in each second: what tells the available from the ready without a scan. */
  readonly #readySince = new Map<number, number>();
  #active = 0;
  #ready = 0;
  #fullyLabeled = 0;

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Puts the pod as it is now, or takes it away when it is no longer active or no longer owned. */
  set(name: string, pod: Pod | undefined): void {
    const before = this.#entries.get(name);
    if (before) this.#count(before, -1);
    if (!pod) {
      this.#entries.delete(name);
      this.#unjudged.delete(name);
      this.#strays.delete(name);
      return;
    }
    const isSame = before && before.pod.meta.uid === pod.meta.uid && before.pod.meta.labels === pod.meta.labels;
    const entry: Entry = { pod, verdict: isSame ? before.verdict : undefined };
    this.#entries.set(name, entry);
    if (entry.verdict) this.#count(entry, 1);
    else this.#unjudged.add(name);
    if (this.#strays.has(name)) this.#strays.set(name, pod);
  }

  /** Forgets the verdicts: the ReplicaSet's template changed. */
  rejudge(): void {
    for (const [name, entry] of this.#entries) {
      this.#count(entry, -1);
      this.#entries.set(name, { pod: entry.pod, verdict: undefined });
      this.#unjudged.add(name);
    }
  }

  counts(replicaSet: ReplicaSet, judge: LabelJudge, nowMs: number): PodCounts {
    this.#judge(judge);
    const sums = { active: this.#active, fullyLabeled: this.#fullyLabeled, ready: this.#ready };
    const minReadyMs = replicaSet.spec.minReadySeconds * 1000;
    if (minReadyMs === 0) return { ...sums, available: this.#ready };
    let waiting = 0;
    let nextAvailableAtMs = Infinity;
    for (const [sinceMs, count] of this.#readySince) {
      if (sinceMs + minReadyMs <= nowMs) continue;
      waiting += count;
      nextAvailableAtMs = Math.min(nextAvailableAtMs, sinceMs + minReadyMs);
    }
    const counts = { ...sums, available: this.#ready - waiting };
    return waiting > 0 ? { ...counts, nextAvailableAtMs } : counts;
  }

  *active(judge: LabelJudge): Iterable<Pod> {
    this.#judge(judge);
    for (const { pod, verdict } of this.#entries.values()) if (verdict?.selected) yield pod;
  }

  strays(judge: LabelJudge): Iterable<Pod> {
    this.#judge(judge);
    return this.#strays.values();
  }

  perNode(judge: LabelJudge): ReadonlyMap<string, number> {
    this.#judge(judge);
    return this.#perNode;
  }

  #judge(judge: LabelJudge): void {
    for (const name of this.#unjudged) {
      const entry = this.#entries.get(name);
      if (!entry) continue;
      const { labels } = entry.pod.meta;
      const judged = {
        ...entry,
        verdict: { selected: judge.selects(labels), fullyLabeled: judge.isFullyLabeled(labels) },
      };
      this.#entries.set(name, judged);
      this.#count(judged, 1);
      if (judged.verdict.selected) this.#strays.delete(name);
      else this.#strays.set(name, entry.pod);
    }
    this.#unjudged.clear();
  }

  #count({ pod, verdict }: Entry, by: 1 | -1): void {
    if (!verdict?.selected) return;
    this.#active += by;
    if (verdict.fullyLabeled) this.#fullyLabeled += by;
    bump(this.#perNode, pod.nodeName ?? "", by);
    const sinceMs = readySinceMs(pod);
    if (sinceMs === undefined) return;
    this.#ready += by;
    bump(this.#readySince, sinceMs, by);
  }
}
