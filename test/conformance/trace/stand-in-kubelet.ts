/**
 * The kubelet (and scheduler) that the rollouts were recorded with: each pod says in its annotations how long it takes to
 * run, to be ready and to end. Transitions of one namespace are at least 110 ms apart, so that what the controllers make of
 * one is over before the next: a queue in the order of due times, then of arrival.
 */
import type { FoldedEvent, PodFact } from "../../../src/domain/events.ts";
import { type Pod, refOf } from "../../../src/domain/state.ts";
import type { Actor, Change, Turn } from "../../../src/simulation/actor.ts";
import type { Agenda } from "../../../src/simulation/agenda.ts";
import type { Machines } from "../../../src/simulation/simulation.ts";
import { isKind } from "../../../src/simulation/views/cache.ts";

export const NODE = "fake-0";
const KUBELET = `kubelet:${NODE}`;
/** Between a pod's creation and its binding. */
const bindMs = 4;
const spacingMs = 110;

type Step = "run" | "ready" | "crash" | "recover" | "end";

interface Transition {
  readonly step: Step;
  readonly dueMs: number;
  readonly pod: Pod;
  readonly cause: number;
}

interface Queue {
  /** In order of due time, then of arrival. */
  readonly waiting: Transition[];
  lastMs: number;
}

const isPod = isKind("Pod");

/** The tag of an image: `v2` of `registry.example/web:v2`. */
export const tagOf = (image: string): string => /:([^/:]*)$/.exec(image)?.[1] ?? "";

const durationMs = (pod: Pod, key: string, usualMs: number): number => Number(pod.meta.annotations[key] ?? usualMs);

/** `true`, or a list of the tags it holds for. */
const holdsFor = (value: string | undefined, tag: string): boolean =>
  value !== undefined && (value === "true" || value.split(",").includes(tag));

const runFacts = (podIP: string, containers: readonly string[]): readonly PodFact[] => [
  { type: "PodStarted", data: { podIP, initialized: true } },
  ...containers.map((container, at): PodFact => {
    const isLast = at === containers.length - 1;
    return { type: "PodContainerStarted", data: isLast ? { container, phase: "Running" } : { container } };
  }),
];

const crashFacts = (containers: readonly string[]): readonly PodFact[] => [
  ...containers.flatMap((container): readonly PodFact[] => [
    { type: "PodContainerTerminated", data: { container, exitCode: 1, reason: "Error" } },
    { type: "PodBackOff", data: { container, delayMs: 10_000 } },
  ]),
  { type: "PodUnready", data: { containers } },
];

const readyFacts: readonly PodFact[] = [{ type: "PodReady", data: {} }];

const recoverFacts = (containers: readonly string[]): readonly PodFact[] => [
  ...containers.map((container): PodFact => ({ type: "PodContainerStarted", data: { container } })),
  ...readyFacts,
];

/** What an order does to a pod, at once: `crash`, `fail`, `ready`. */
export const orderedFacts = (op: string, { status }: Pod): readonly PodFact[] => {
  const containers = status.containers.map(({ name }) => name);
  switch (op) {
    case "crash":
      return crashFacts(containers);
    case "fail":
      return [{ type: "PodFailed", data: { reason: "Evicted", message: "simulated eviction" } }];
    case "ready":
      return status.containers.every(({ state }) => state.is === "running") ? readyFacts : recoverFacts(containers);
    default:
      throw new Error(`no order to a kubelet: ${op}`);
  }
};

type ContainersOf = (pod: Pod) => readonly { readonly name: string; readonly image?: string }[];

class StandInKubelet implements Actor {
  readonly name = "kubelet";
  readonly #containersOf: ContainersOf;
  readonly #pods = new Map<string, Pod>();
  readonly #queues = new Map<string, Queue>();
  #addresses = 0;

  constructor(containersOf: ContainersOf) {
    this.#containersOf = containersOf;
  }

  observe(change: Change, agenda: Agenda): void {
    const { before, after, events, atMs, seq } = change;
    if (isPod(before) && !after) this.#pods.delete(before.meta.uid);
    if (!isPod(after)) return;
    this.#pods.set(after.meta.uid, after);
    if (!before && !this.#isUnschedulable(after)) this.#plan(agenda, "bind", after.meta.uid, atMs + bindMs, seq);
    for (const event of events) {
      const next = this.#next(after, event);
      if (next) this.#enqueue(agenda, { ...next, dueMs: atMs + next.afterMs, pod: after, cause: seq });
    }
  }

  run(key: string, turn: Turn, agenda: Agenda): void {
    const [does, id = ""] = key.split("/");
    if (does === "bind") {
      const pod = this.#pods.get(id);
      if (pod) turn.submit({ verb: "bind", ref: refOf(pod), uid: pod.meta.uid, node: NODE });
      return;
    }
    const queue = this.#queue(id);
    const transition = queue.waiting.shift();
    if (!transition) return;
    queue.lastMs = turn.nowMs;
    this.#perform(transition, turn);
    this.#serve(agenda, id);
  }

  resync(): void {}

  save(): unknown {
    return null;
  }

  restore(): void {}

  /** What follows from a pod's event, and how long after it. */
  #next(pod: Pod, event: FoldedEvent): { readonly step: Step; readonly afterMs: number } | undefined {
    const { annotations, deletion } = pod.meta;
    const [first] = pod.status.containers;
    const tag = this.#tag(pod);
    switch (event.type) {
      case "PodScheduled":
        return { step: "run", afterMs: durationMs(pod, "sim/start-ms", 400) };
      case "PodContainerStarted": {
        const never =
          tag === "404" || holdsFor(annotations["sim/bad-tags"], tag) || holdsFor(annotations["sim/never-ready"], tag);
        const startsPod = event.data.phase === "Running";
        return never || !startsPod ? undefined : { step: "ready", afterMs: durationMs(pod, "sim/ready-ms", 400) };
      }
      case "PodReady": {
        const afterMs = first?.restartCount === 0 ? this.#crashesAfterMs(pod, tag) : undefined;
        return afterMs === undefined ? undefined : { step: "crash", afterMs };
      }
      case "PodBackOff": {
        const recoverMs = annotations["sim/recover-ms"];
        const isFirst = event.data.container === first?.name;
        return recoverMs === undefined || !isFirst ? undefined : { step: "recover", afterMs: Number(recoverMs) };
      }
      case "PodDeletionRequested":
        return deletion ? { step: "end", afterMs: durationMs(pod, "sim/term-ms", 300) } : undefined;
      default:
        return undefined;
    }
  }

  #crashesAfterMs(pod: Pod, tag: string): number | undefined {
    const { annotations } = pod.meta;
    for (const entry of (annotations["sim/crash-tags"] ?? "").split(",")) {
      const [crashing, ms] = entry.split(":");
      if (crashing === tag && ms !== undefined) return Number(ms);
    }
    const always = annotations["sim/crash-after-ms"];
    return always === undefined ? undefined : Number(always);
  }

  /** A step that its pod has no use for any more is taken all the same, and takes its time. */
  #perform({ step, pod: { meta } }: Transition, turn: Turn): void {
    const pod = this.#pods.get(meta.uid);
    if (!pod) return;
    if (step === "end") {
      turn.submit({ verb: "delete", ref: refOf(pod), uid: meta.uid, graceSeconds: 0 }, KUBELET);
      return;
    }
    const isOver = pod.status.phase === "Failed" || pod.status.phase === "Succeeded";
    if (pod.meta.deletion || isOver) return;
    turn.submit({ verb: "report", ref: refOf(pod), uid: meta.uid, facts: this.#facts(step, pod) }, KUBELET);
  }

  #facts(step: Exclude<Step, "end">, pod: Pod): readonly PodFact[] {
    const containers = this.#containersOf(pod).map(({ name }) => name);
    switch (step) {
      case "run":
        this.#addresses += 1;
        return runFacts(`10.244.${this.#addresses >>> 8}.${this.#addresses & 255}`, containers);
      case "ready":
        return readyFacts;
      case "crash":
        return crashFacts(containers);
      case "recover":
        return recoverFacts(containers);
    }
  }

  #enqueue(agenda: Agenda, transition: Transition): void {
    const { namespace } = transition.pod.meta;
    const { waiting } = this.#queue(namespace);
    const later = waiting.findIndex(({ dueMs }) => dueMs > transition.dueMs);
    waiting.splice(later < 0 ? waiting.length : later, 0, transition);
    this.#serve(agenda, namespace);
  }

  #serve(agenda: Agenda, namespace: string): void {
    const { waiting, lastMs } = this.#queue(namespace);
    const [first] = waiting;
    if (first) this.#plan(agenda, "serve", namespace, Math.max(first.dueMs, lastMs + spacingMs), first.cause);
  }

  #plan(agenda: Agenda, does: "bind" | "serve", id: string, atMs: number, cause: number): void {
    const key = `${does}/${id}`;
    agenda.add({ atMs, rank: 0, actor: this.name, key, slot: `${this.name} ${key}`, cause });
  }

  #queue(namespace: string): Queue {
    const queue = this.#queues.get(namespace) ?? { waiting: [], lastMs: -spacingMs };
    this.#queues.set(namespace, queue);
    return queue;
  }

  #tag(pod: Pod): string {
    return tagOf(this.#containersOf(pod)[0]?.image ?? "");
  }

  #isUnschedulable(pod: Pod): boolean {
    return holdsFor(pod.meta.annotations["sim/unschedulable"], this.#tag(pod));
  }
}

/** The machines of a replayed recording. */
export const standIn: Machines = ({ bodies }) => [new StandInKubelet((pod) => bodies.podSpec(pod.spec).containers)];
