/** A pod as its kubelet sees it: what it is, what its spec asks for, and how its workload behaves. */
import * as E from "fp-ts/lib/Either.js";
import type { BodySource } from "../../domain/bodies.ts";
import type { PodFact } from "../../domain/events.ts";
import { type ContainerRun, isPodReady, type Pod, refOf } from "../../domain/state.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import type { Turn } from "../actor.ts";
import { type Behaviour, type BehaviourRule, behaviourOf } from "../behaviour.ts";
import { nextRestart } from "./back-off.ts";
import { addressOf, type KubeletMemory, memoryKey } from "./memory.ts";
import type { PlannedStep } from "./step.ts";

export type Steps = readonly PlannedStep[];
export const noSteps: Steps = [];

/** What a kubelet knows beside the pod. */
export interface Knowledge {
  readonly bodies: BodySource;
  readonly rules: readonly BehaviourRule[];
  readonly memory: KubeletMemory;
}

export class PodOnNode {
  protected current: Pod;
  readonly spec: PodSpec;
  readonly #rules: readonly BehaviourRule[];

  constructor(pod: Pod, { bodies, rules }: Knowledge) {
    this.current = pod;
    this.spec = bodies.podSpec(pod.spec);
    this.#rules = rules;
  }

  get pod(): Pod {
    return this.current;
  }

  get containers(): readonly string[] {
    return this.spec.containers.map(({ name }) => name);
  }

  get initContainers(): readonly string[] {
    return (this.spec.initContainers ?? []).map(({ name }) => name);
  }

  run(container: string): ContainerRun | undefined {
    const { containers, initContainers } = this.current.status;
    const isIt = ({ name }: ContainerRun): boolean => name === container;
    return containers.find(isIt) ?? initContainers.find(isIt);
  }

  isRunning(container: string): boolean {
    return this.run(container)?.state.is === "running";
  }

  isReady(container: string): boolean {
    return this.run(container)?.ready === true;
  }

  get isPodReady(): boolean {
    return isPodReady(this.current);
  }

  get isOver(): boolean {
    const { phase } = this.current.status;
    return phase === "Succeeded" || phase === "Failed";
  }

  /** Nothing new starts in a pod that has ended or is on its way out. */
  get isClosing(): boolean {
    return this.isOver || this.current.meta.deletion !== undefined;
  }

  /** Whether a container that ended like this starts again. */
  restarts(exitCode: number): boolean {
    const { restartPolicy = "Always" } = this.spec;
    return restartPolicy === "Always" || (restartPolicy === "OnFailure" && exitCode !== 0);
  }

  image(container: string): string {
    const { containers, initContainers = [] } = this.spec;
    return [...containers, ...initContainers].find(({ name }) => name === container)?.image ?? "";
  }

  behaviour(container: string): Behaviour {
    return behaviourOf(this.#rules, this.image(container), this.current.meta.labels);
  }
}

/** One turn of the kubelet at one pod. What it reports shows in the pod from then on. */
export class Visit extends PodOnNode {
  readonly #turn: Turn;
  readonly #memory: KubeletMemory;

  constructor(pod: Pod, knowledge: Knowledge, turn: Turn) {
    super(pod, knowledge);
    this.#turn = turn;
    this.#memory = knowledge.memory;
  }

  get nowMs(): number {
    return this.#turn.nowMs;
  }

  step(does: PlannedStep["does"], container: string, delayMs: number): PlannedStep {
    return { does, container, atMs: this.nowMs + delayMs };
  }

  /** A pod that is gone meanwhile stays as it was seen. */
  report(facts: readonly PodFact[]): void {
    const pod = this.current;
    const answer = this.#turn.submit({ verb: "report", ref: refOf(pod), uid: pod.meta.uid, facts }, this.#name);
    if (E.isRight(answer) && answer.right.kind === "Pod") this.current = answer.right;
  }

  /** Its containers have ended: the pod may go. */
  release(): void {
    const { meta } = this.current;
    this.#turn.submit({ verb: "delete", ref: refOf(this.current), uid: meta.uid, graceSeconds: 0 }, this.#name);
  }

  /** The kubelet accepts the pod: it has an address from here on. */
  accepted(initialized: boolean): PodFact {
    this.#memory.addresses += 1;
    return { type: "PodStarted", data: { podIP: addressOf(this.#memory.addresses), initialized } };
  }

  /** How long a container that has just ended waits for its next start. */
  backOff(container: string): number {
    const { backOffs } = this.#memory;
    const key = memoryKey(this.current, container);
    const { waitMs, backOff } = nextRestart(backOffs.get(key), this.nowMs);
    backOffs.set(key, backOff);
    return waitMs;
  }

  /** Counts a failed pull; answers with how many there were before it. */
  countPull(container: string): number {
    const { pulls } = this.#memory;
    const key = memoryKey(this.current, container);
    const before = pulls.get(key) ?? 0;
    pulls.set(key, before + 1);
    return before;
  }

  get #name(): string {
    return `kubelet:${this.current.nodeName ?? ""}`;
  }
}
