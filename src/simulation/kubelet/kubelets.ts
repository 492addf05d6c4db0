/**
 * The kubelets of all nodes. They see pods that are bound to their node, faults and deletions, and plan the steps of each
 * pod's life.
 */
import type { BodySource } from "../../domain/bodies.ts";
import type { Pod } from "../../domain/state.ts";
import type { Actor, Change, Turn } from "../actor.ts";
import { type Agenda, slotOf } from "../agenda.ts";
import type { BehaviourRule } from "../behaviour.ts";
import { type Fault, faultSchema } from "../fault.ts";
import { latencies } from "../latencies.ts";
import { Cache, type EntitySource, inOrderOfName, isKind } from "../views/cache.ts";
import { addressNumber, type KubeletMemory, kubeletMemorySchema, memoryKey, newMemory } from "./memory.ts";
import type { Knowledge } from "./pod-on-node.ts";
import { perform, resume } from "./pod-worker.ts";
import { type PlannedStep, parseStep, type Step, stepKey } from "./step.ts";

const isPod = isKind("Pod");

export class Kubelets implements Actor {
  readonly name = "kubelet";
  readonly #rank: number;
  readonly #pods = new Cache<Pod>();
  readonly #bodies: BodySource;
  readonly #rules: () => readonly BehaviourRule[];
  #memory: KubeletMemory = newMemory();

  constructor(rank: number, bodies: BodySource, rules: () => readonly BehaviourRule[], source: EntitySource) {
    this.#rank = rank;
    this.#bodies = bodies;
    this.#rules = rules;
    for (const pod of source.all("Pod")) this.#pods.put(pod);
  }

  observe(change: Change, agenda: Agenda): void {
    this.#pods.apply(change, isPod);
    const { events, before, after, atMs, seq } = change;
    for (const event of events) {
      if (event.type === "FaultInjected") this.#observeFault(faultSchema.parse(event.data.fault), atMs, seq, agenda);
    }
    if (!isPod(after)) {
      if (isPod(before)) this.#forget(before);
      return;
    }
    const { namespace, name, uid, deletion } = after.meta;
    const was = isPod(before) ? before : undefined;
    const soonMs = atMs + latencies.kubeletMs;
    if (after.nodeName !== undefined && was?.nodeName === undefined) {
      this.#plan(agenda, { namespace, name, uid, does: "accept" }, soonMs, seq);
    }
    if (was && was.spec !== after.spec) {
      for (const container of this.#imagesChanged(was, after)) {
        this.#plan(agenda, { namespace, name, uid, does: "replace", container }, soonMs, seq);
      }
    }
    if (deletion && was?.meta.deletion?.deadlineMs !== deletion.deadlineMs) {
      this.#plan(agenda, { namespace, name, uid, does: "stop" }, soonMs, seq);
    }
  }

  run(key: string, turn: Turn, agenda: Agenda): void {
    const step = parseStep(key);
    if (step.does === "nodeUp" || step.does === "nodeDown") {
      this.#switchNode(step.name, step.does === "nodeUp", turn, agenda);
      return;
    }
    const pod = this.#pods.get(step.namespace, step.name);
    if (!pod || (step.uid !== "" && pod.meta.uid !== step.uid)) return;
    if (pod.nodeName === undefined || this.#memory.downNodes.has(pod.nodeName)) return;
    for (const next of perform(pod, step, this.#knowledge, turn)) this.#planFor(agenda, pod, next, turn.cause);
  }

  resync(nowMs: number, agenda: Agenda): void {
    for (const pod of this.#pods.all()) {
      const number = addressNumber(pod.status.podIP ?? "");
      this.#memory.addresses = Math.max(this.#memory.addresses, number);
      this.#resume(pod, nowMs, null, agenda);
    }
  }

  save(): unknown {
    const { addresses, backOffs, pulls, downNodes } = this.#memory;
    return { addresses, backOffs: [...backOffs], pulls: [...pulls], downNodes: [...downNodes] };
  }

  restore(saved: unknown): void {
    this.#memory = kubeletMemorySchema.parse(saved);
  }

  #forget(pod: Pod): void {
    const { containers, initContainers = [] } = this.#bodies.podSpec(pod.spec);
    for (const { name } of [...containers, ...initContainers]) {
      this.#memory.backOffs.delete(memoryKey(pod, name));
      this.#memory.pulls.delete(memoryKey(pod, name));
    }
  }

  #imagesChanged(before: Pod, after: Pod): readonly string[] {
    const former = new Map(this.#bodies.podSpec(before.spec).containers.map(({ name, image }) => [name, image]));
    const { containers } = this.#bodies.podSpec(after.spec);
    return containers.filter(({ name, image }) => former.get(name) !== image).map(({ name }) => name);
  }

  #observeFault(fault: Fault, atMs: number, cause: number, agenda: Agenda): void {
    if (fault.type === "node") {
      const step: Step = { namespace: "", name: fault.node, uid: "", does: fault.up ? "nodeUp" : "nodeDown" };
      this.#plan(agenda, step, atMs, cause);
      return;
    }
    const step: Step = { namespace: fault.namespace, name: fault.pod, uid: "", does: fault.type };
    this.#plan(agenda, step, atMs + latencies.kubeletMs, cause);
  }

  #planFor(agenda: Agenda, pod: Pod, next: PlannedStep, cause: number | null): void {
    const { namespace, name, uid } = pod.meta;
    const { atMs, ...step } = next;
    this.#plan(agenda, { namespace, name, uid, ...step }, atMs, cause);
  }

  #plan(agenda: Agenda, step: Step, atMs: number, cause: number | null): void {
    const key = stepKey(step);
    agenda.add({ atMs, rank: this.#rank, actor: this.name, key, slot: slotOf(this.name, key), cause });
  }

  /** A silent node does nothing; one that comes back picks its pods up where they are. */
  #switchNode(node: string, up: boolean, turn: Turn, agenda: Agenda): void {
    if (!up) {
      this.#memory.downNodes.add(node);
      return;
    }
    if (!this.#memory.downNodes.delete(node)) return;
    const pods = Array.from(this.#pods.all()).filter((pod) => pod.nodeName === node);
    for (const pod of pods.sort(inOrderOfName)) this.#resume(pod, turn.nowMs, turn.cause, agenda);
  }

  #resume(pod: Pod, nowMs: number, cause: number | null, agenda: Agenda): void {
    for (const next of resume(pod, this.#knowledge, nowMs)) this.#planFor(agenda, pod, next, cause);
  }

  get #knowledge(): Knowledge {
    return { bodies: this.#bodies, rules: this.#rules(), memory: this.#memory };
  }
}
