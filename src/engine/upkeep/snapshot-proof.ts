/** Are the snapshots what the log tells? They are never truth, but the past is answered from them. */
import type { Digest } from "../../domain/state.ts";
import type { EventStore, JsonInput, RecordedEvent } from "../../event-store/port.ts";
import { kubeEventFold } from "../../history/kube-event-fold.ts";
import type { KubeEventsState } from "../../history/kube-events.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { FoldCursor, type KeptFold } from "../../projections/kept-fold.ts";
import type { Refold } from "../../projections/rebuild.ts";
import { keptRollouts } from "../../projections/rollouts/kept.ts";
import { worldFold } from "../../projections/world-at.ts";

/** A snapshot that tells something else than the log does up to its place. */
export interface SnapshotFault {
  readonly _tag: "Snapshot";
  readonly name: string;
  readonly seq: number;
}

/** A fold of which there are snapshots, and its state as it is kept, at the event that was folded last. */
interface Part {
  readonly name: string;
  readonly version: number;
  /** Where its snapshots stand that were not met yet, the next one last. */
  readonly ahead: number[];
  keep(): JsonInput;
}

/** Folds what they are snapshots of, which takes about twice as long as the proof of everything else. */
export class SnapshotProof {
  readonly #faults: SnapshotFault[] = [];
  readonly #snapshots: EventStore["snapshots"];
  readonly #parts: readonly Part[];
  readonly #kubeEvents: KeptFold<KubeEventsState>;
  readonly #types: ReadonlySet<string>;
  #spoken: KubeEventsState;

  /** @param refold has taken each event before this does. */
  constructor(store: EventStore, refold: Refold, podSpecOf: (digest: Digest) => PodSpec) {
    this.#snapshots = store.snapshots;
    this.#kubeEvents = kubeEventFold(podSpecOf);
    this.#types = new Set(this.#kubeEvents.types);
    this.#spoken = new FoldCursor(store, this.#kubeEvents).at(refold.from - 1);
    const world = worldFold(store);
    this.#parts = [
      { ...world, keep: () => world.keep(refold.world) },
      { ...this.#kubeEvents, keep: () => this.#kubeEvents.keep(this.#spoken) },
      { ...keptRollouts, keep: () => refold.rolloutsState() },
    ].map(({ name, version, keep }) => ({
      name,
      version,
      keep,
      ahead: [...store.snapshots.seqs(name, version, refold.from)].reverse(),
    }));
  }

  observe(event: RecordedEvent): void {
    if (this.#types.has(event.type)) this.#spoken = this.#kubeEvents.apply(this.#spoken, event);
    for (const part of this.#parts) if (part.ahead.at(-1) === event.seq) this.#compare(part, event.seq);
  }

  /** Those of no place in the log tell nothing that it tells. */
  conclude(): readonly SnapshotFault[] {
    for (const { name, ahead } of this.#parts)
      for (const seq of ahead) this.#faults.push({ _tag: "Snapshot", name, seq });
    return this.#faults;
  }

  #compare({ name, version, ahead, keep }: Part, seq: number): void {
    ahead.pop();
    const stored = this.#snapshots.text(name, version, seq);
    if (stored !== JSON.stringify(keep())) this.#faults.push({ _tag: "Snapshot", name, seq });
  }
}
