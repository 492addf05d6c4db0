/** The life of one pod while it is being read from the log. */
import type { DomainEvent } from "../../domain/events.ts";
import type { Pod, Uid } from "../../domain/state.ts";
import type { PodBar, PodMark, PodState, Segment } from "./model.ts";

interface OpenSegment {
  readonly state: PodState;
  readonly fromMs: number;
}

/** What an event says went wrong in a pod that is not on its way out; undefined when it says nothing of the kind. */
export const markOf = (before: Pod | undefined, event: DomainEvent, atMs: number, seq: number): PodMark | undefined => {
  if (!before || before.meta.deletion) return undefined;
  switch (event.type) {
    case "PodContainerTerminated":
    case "PodInitContainerFailed": {
      const { container, exitCode } = event.data;
      return { type: "exited", atMs, seq, container, what: `exit ${exitCode}` };
    }
    case "PodImagePullFailed": {
      const { container, reason } = event.data;
      // The back-off follows a failed pull and is no failure of its own.
      return reason === "ImagePullBackOff" ? undefined : { type: "pull-failed", atMs, seq, container, what: reason };
    }
    default:
      return undefined;
  }
};

export class PodTrack {
  readonly name: string;
  readonly uid: Uid;
  /** Index of its ReplicaSet. */
  readonly replicaSet: number;
  readonly #fromMs: number;
  readonly #segments: Segment[] = [];
  readonly #marks: PodMark[] = [];
  #current: OpenSegment;

  constructor(pod: Pod, replicaSet: number, state: PodState, atMs: number) {
    this.name = pod.meta.name;
    this.uid = pod.meta.uid;
    this.replicaSet = replicaSet;
    this.#fromMs = atMs;
    this.#current = { state, fromMs: atMs };
  }

  get state(): PodState {
    return this.#current.state;
  }

  enter(state: PodState, atMs: number): void {
    if (state === this.#current.state) return;
    this.#closeSegment(atMs);
    const last = this.#segments.at(-1);
    // A state that came and went within one moment leaves no trace.
    const returns = last?.state === state && last.toMs === atMs;
    if (returns) this.#segments.pop();
    this.#current = { state, fromMs: returns ? last.fromMs : atMs };
  }

  mark(mark: PodMark): void {
    this.#marks.push(mark);
  }

  finish(atMs: number, end?: PodBar["end"]): PodBar {
    this.#closeSegment(atMs);
    return {
      name: this.name,
      uid: this.uid,
      fromMs: this.#fromMs,
      toMs: atMs,
      ...(end ? { end } : {}),
      segments: this.#segments,
      marks: this.#marks,
    };
  }

  #closeSegment(atMs: number): void {
    if (atMs > this.#current.fromMs) this.#segments.push({ ...this.#current, toMs: atMs });
  }
}
