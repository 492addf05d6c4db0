/** What the log tells of a rollout beside its pods: decisions on a stale view, refusals, and what came from outside. */
import { refOfStream } from "../../domain/world.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";
import type { History } from "../timeline/model.ts";
import { originOf } from "./causes.ts";
import type { Happening, Refusals, StaleDecision } from "./model.ts";
import { objectText } from "./words.ts";

/** An event in a few words, without its type and object. */
export type Describe = (event: RecordedEvent) => string;

/** The kinds whose state each controller decides on, and what of its writes are decisions. */
const deciders: Readonly<Record<string, { readonly reads: readonly string[]; readonly writes: readonly string[] }>> = {
  "controller:deployment": { reads: ["Deployment", "ReplicaSet"], writes: ["ReplicaSetCreated", "ReplicaSetScaled"] },
  "controller:replicaset": { reads: ["ReplicaSet", "Pod"], writes: ["PodCreated", "PodDeletionRequested"] },
};

/** Events from outside that bear on a Deployment: on its own spec, on its pods, on the nodes below them. */
const outside: ReadonlySet<string> = new Set([
  "DeploymentScaled",
  "DeploymentStrategyChanged",
  "DeploymentSpecChanged",
  "DeploymentPaused",
  "DeploymentResumed",
  "DeploymentDeletionRequested",
  "ReplicaSetScaled",
  "ReplicaSetDeletionRequested",
  "PodDeletionRequested",
  "PodSpecChanged",
  "FaultInjected",
  "BehaviourSet",
  "NodeNotReady",
  "NodeReady",
  "NodeDeleted",
]);

const actsFromOutside = (type: string, actor: string): boolean => actor.startsWith("user:") || type.startsWith("Node");

/** What a controller had not read when it decided is found among the last so many events of the Deployment's objects. */
const maxRecent = 5_000;

/** Takes the events of the log while a rollout was the newest of its Deployment, in order. */
export class Meanwhile {
  readonly #history: History;
  readonly #describe: Describe;
  readonly #names: ReadonlySet<string>;
  #recent: RecordedEvent[] = [];
  readonly stale: StaleDecision[] = [];
  readonly happenings: Happening[] = [];
  readonly #refusals = new Map<string, Refusals>();

  constructor(history: History, describe: Describe) {
    this.#history = history;
    this.#describe = describe;
    this.#names = new Set([
      `Deployment/${history.name}`,
      ...history.replicaSets.flatMap(({ name, pods }) => [
        `ReplicaSet/${name}`,
        ...pods.map((pod) => `Pod/${pod.name}`),
      ]),
    ]);
  }

  get refusals(): readonly Refusals[] {
    return [...this.#refusals.values()];
  }

  apply(event: RecordedEvent): void {
    if (event.type === "WriteRefused") this.#noteRefusal(event);
    const isOwn = this.#isOwn(event.stream);
    if (outside.has(event.type) && actsFromOutside(event.type, event.actor) && this.#concerns(event, isOwn)) {
      this.happenings.push({ ...originOf(event), type: event.type, what: this.#tell(event) });
    }
    if (!isOwn) return;
    this.#noteDecision(event);
    this.#recent.push(event);
    if (this.#recent.length > 2 * maxRecent) this.#recent = this.#recent.slice(-maxRecent);
  }

  #isOwn(stream: string): boolean {
    const ref = refOfStream(stream);
    return ref?.namespace === this.#history.namespace && this.#names.has(`${ref.kind}/${ref.name}`);
  }

  /** Faults name their pod; nodes and behaviours may bear on any. */
  #concerns(event: RecordedEvent, isOwn: boolean): boolean {
    const folded = foldedEvent(event);
    if (folded.type !== "FaultInjected") return isOwn || event.type.startsWith("Node") || event.type === "BehaviourSet";
    const { pod, namespace } = folded.data.fault;
    return typeof pod !== "string" || (namespace === this.#history.namespace && this.#names.has(`Pod/${pod}`));
  }

  #tell(event: RecordedEvent): string {
    const words = this.#describe(event);
    const object = refOfStream(event.stream) ? objectText(event.stream) : "";
    return [object, words].filter((part) => part !== "").join(" ");
  }

  #noteDecision(event: RecordedEvent): void {
    const decider = deciders[event.actor];
    if (!decider?.writes.includes(event.type)) return;
    const { view, actor, at, seq, commit } = event;
    if (view === null) return;
    const readTo = (kind: string): number => (typeof view === "number" ? view : (view[kind] ?? commit.firstSeq - 1));
    const unread = this.#recent.filter((other) => {
      const kind = refOfStream(other.stream)?.kind ?? "";
      return other.actor !== actor && decider.reads.includes(kind) && other.seq > readTo(kind);
    });
    const believed = this.#misjudged(event);
    const [first] = unread;
    if (!first && !believed) return;
    const behind = first && {
      events: unread.length,
      ms: at - first.at,
      first: `${first.type} ${objectText(first.stream)}`,
    };
    this.stale.push({
      atMs: at,
      seq,
      actor,
      what: `${event.type} ${this.#tell(event)}`,
      ...(behind ? { behind } : {}),
      ...(believed ? { believed } : {}),
    });
  }

  /** Pods were taken away in the belief that more were available than there were. */
  #misjudged({ type, seq }: RecordedEvent): StaleDecision["believed"] {
    if (type !== "ReplicaSetScaled") return undefined;
    for (const { scalings } of this.#history.replicaSets) {
      const scaling = scalings.find((each) => each.seq === seq);
      if (!scaling || scaling.believed === undefined) continue;
      const { from, to, believed, available } = scaling;
      return to < from && believed > available ? { available: believed, inTruth: available } : undefined;
    }
    return undefined;
  }

  #noteRefusal(event: RecordedEvent): void {
    const folded = foldedEvent(event);
    if (folded.type !== "WriteRefused") return;
    const { verb, object, code, reason, message } = folded.data;
    const ref = refOfStream(object);
    if (!ref || !this.#isRefusedOfOurs(object)) return;
    const what = `${verb} ${ref.kind}`;
    const key = [event.actor, what, code, reason].join("\n");
    const known = this.#refusals.get(key);
    this.#refusals.set(key, {
      ...(known ?? { actor: event.actor, what, code, reason, message, firstAtMs: event.at, seq: event.seq }),
      times: (known?.times ?? 0) + 1,
      lastAtMs: event.at,
    });
  }

  /** A pod whose creation was refused has no life in the history; it bears the name of its ReplicaSet. */
  #isRefusedOfOurs(object: string): boolean {
    const ref = refOfStream(object);
    if (!ref || ref.namespace !== this.#history.namespace) return false;
    return (
      this.#isOwn(object) ||
      (ref.kind === "Pod" && this.#history.replicaSets.some(({ name }) => ref.name.startsWith(`${name}-`)))
    );
  }
}
