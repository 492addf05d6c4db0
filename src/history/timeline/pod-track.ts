/** The life of one pod while it is being read from the log. */
import type { DomainEvent } from "../../domain/events.ts";
import type { Pod, Uid } from "../../domain/state.ts";
import type { PodBar, PodMark, PodState, Segment } from "./model.ts";

type OpenSegment = Omit<Segment, "toMs">;

const opened = (state: PodState, fromMs: number, seq: number | undefined): OpenSegment => ({
  state,
  fromMs,
  ...(seq === undefined ? {} : { seq }),
});

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
    case "PodUnschedulable":
      return { type: "unschedulable", atMs, seq, container: "", what: event.data.message };
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
  #node: string | undefined;

  /** `seq` is the event that made it the Deployment's. */
  constructor(pod: Pod, replicaSet: number, state: PodState, atMs: number, seq?: number) {
    this.name = pod.meta.name;
    this.uid = pod.meta.uid;
    this.replicaSet = replicaSet;
    this.#fromMs = atMs;
    this.#current = opened(state, atMs, seq);
    this.#node = pod.nodeName;
  }

  get state(): PodState {
    return this.#current.state;
  }

  /** `seq` is the event that led to the state; undefined where the passing of time did. */
  enter(state: PodState, atMs: number, seq: number | undefined): void {
    if (state === this.#current.state) return;
    this.#closeSegment(atMs);
    const last = this.#segments.at(-1);
    // A state that came and went within one moment leaves no trace.
    if (last?.state === state && last.toMs === atMs) {
      this.#segments.pop();
      this.#current = last;
      return;
    }
    this.#current = opened(state, atMs, seq);
  }

  runOn(node: string | undefined): void {
    this.#node = node;
  }

  mark(mark: PodMark): void {
    this.#marks.push(mark);
  }

  /** `end` says how, and by which event; without it, the history ends and the pod does not. */
  finish(atMs: number, end?: Pick<PodBar, "end" | "endSeq">): PodBar {
    this.#closeSegment(atMs);
    return {
      name: this.name,
      uid: this.uid,
      ...(this.#node === undefined ? {} : { node: this.#node }),
      fromMs: this.#fromMs,
      toMs: atMs,
      ...end,
      segments: this.#segments,
      marks: this.#marks,
    };
  }

  #closeSegment(atMs: number): void {
    const { state, fromMs, seq } = this.#current;
    if (atMs > fromMs) this.#segments.push({ state, fromMs, toMs: atMs, ...(seq === undefined ? {} : { seq }) });
  }
}
