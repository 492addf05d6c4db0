/** The folds that a ledger keeps at positions of its log, for the sake of speed: which they are, and when they are due. */
import type { Digest } from "../domain/state.ts";
import type { World } from "../domain/world.ts";
import type { EventStore, JsonInput, SnapshotSize } from "../event-store/port.ts";
import { kubeEventFold } from "../history/kube-event-fold.ts";
import type { KubeEventsState } from "../history/kube-events.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import { FoldCursor } from "../projections/kept-fold.ts";
import type { RolloutsState } from "../projections/rollouts/fold.ts";
import { keptRollouts } from "../projections/rollouts/kept.ts";
import { worldFold } from "../projections/world-at.ts";

/** A fold and how its state at the head of the log is come by, while that is being written. */
interface Part {
  readonly name: string;
  readonly version: number;
  /**
   * What its snapshots may add to an event's size on disk, bytes. The rarer they are, the longer is the way from one to a
   * seq behind it.
   */
  readonly bytesPerEvent: number;
  keep(world: World, seq: number): JsonInput;
}

/** Of a state that is small, snapshots closer than this are of no use: so many events are folded in no time. */
const minEvents = 300;

const isDue = ({ bytesPerEvent }: Part, newest: SnapshotSize | undefined, seq: number): boolean =>
  newest === undefined ? seq >= minEvents : seq - newest.seq >= Math.max(minEvents, newest.bytes / bytesPerEvent);

export class Snapshots {
  readonly #store: EventStore;
  readonly #kubeEvents: FoldCursor<KubeEventsState>;
  readonly #parts: readonly Part[];

  /** @param rolloutsNow the state of the fold of rollouts at the head of the log. */
  constructor(store: EventStore, podSpecOf: (digest: Digest) => PodSpec, rolloutsNow: () => RolloutsState) {
    this.#store = store;
    const kubeEvents = kubeEventFold(podSpecOf);
    const cursor = new FoldCursor(store, kubeEvents);
    this.#kubeEvents = cursor;
    const world = worldFold(store);
    this.#parts = [
      { ...world, bytesPerEvent: 29, keep: (present) => world.keep(present) },
      { ...kubeEvents, bytesPerEvent: 5, keep: (_, seq) => kubeEvents.keep(cursor.at(seq)) },
      { ...keptRollouts, bytesPerEvent: 2, keep: rolloutsNow },
    ];
  }

  /** Kubernetes' own events at the end of `seq`. */
  kubeEventsAt(seq: number): KubeEventsState {
    return this.#kubeEvents.at(seq);
  }

  /**
   * Saves what is due at `seq`, the end of a commit and of the log. In the transaction that appended, so that no snapshot speaks
   * of what was not recorded.
   */
  saveDue(seq: number, world: World): void {
    for (const part of this.#parts) {
      const { name, version } = part;
      if (!isDue(part, this.#store.snapshots.newest(name, version), seq)) continue;
      this.#store.snapshots.save(name, version, seq, part.keep(world, seq));
    }
  }

  /** The last transaction was rolled back. */
  forget(): void {
    this.#kubeEvents.forget();
  }
}
