/**
 * One pod's life on its node: pending, init, running, ready, terminating, gone, as its workload behaves. Each step reports
 * what happened and names the steps to come.
 */
import * as E from "fp-ts/lib/Either.js";
import type { BodySource } from "../../domain/bodies.ts";
import type { PodFact } from "../../domain/events.ts";
import { isPodReady, type Pod, refOf } from "../../domain/state.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import type { Turn } from "../actor.ts";
import { type Behaviour, type BehaviourRule, behaviourOf } from "../behaviour.ts";
import { nextPull, nextRestart } from "./back-off.ts";
import { addressOf, type KubeletMemory, memoryKey } from "./memory.ts";
import type { PlannedStep, Step } from "./step.ts";

type Steps = readonly PlannedStep[];

const noSteps: Steps = [];

const runOf = (pod: Pod, container: string) => pod.status.containers.find((run) => run.name === container);
const isRunning = (pod: Pod, container: string): boolean => runOf(pod, container)?.state.is === "running";
const isReady = (pod: Pod, container: string): boolean => runOf(pod, container)?.ready === true;
const isOver = (pod: Pod): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
/** Nothing new starts in a pod that has ended or is on its way out. */
const isClosing = (pod: Pod): boolean => isOver(pod) || pod.meta.deletion !== undefined;

/** Time between a failed pull and the kubelet saying that it backs off. */
const pullBackOffNoticeMs = 1000;

export class PodWorker {
  readonly #bodies: BodySource;
  readonly #rules: () => readonly BehaviourRule[];
  readonly #memory: () => KubeletMemory;

  constructor(bodies: BodySource, rules: () => readonly BehaviourRule[], memory: () => KubeletMemory) {
    this.#bodies = bodies;
    this.#rules = rules;
    this.#memory = memory;
  }

  perform(pod: Pod, { does, container = "" }: Pick<Step, "does" | "container">, turn: Turn): Steps {
    switch (does) {
      case "accept":
        return this.#accept(pod, turn);
      case "initDone":
        return this.#finishInit(pod, container, turn);
      case "start":
        return this.#start(pod, container, turn);
      case "pullBackOff":
        return this.#noticePullBackOff(pod, container, turn);
      case "becomeReady":
        this.#becomeReady(pod, container, turn);
        return noSteps;
      case "exit":
        return this.#exit(pod, [container], this.#behaviour(pod, container).exitCode, turn);
      case "crash":
        return this.#exit(pod, this.#containers(pod), 1, turn);
      case "stop":
        return this.#stop(pod, turn);
      case "kill":
        this.#kill(pod, turn);
        return noSteps;
      case "fail":
        this.#fail(pod, turn);
        return noSteps;
      case "unready":
        this.#becomeUnready(pod, turn);
        return noSteps;
      case "ready": {
        let current = pod;
        for (const name of this.#containers(pod)) current = this.#becomeReady(current, name, turn);
        return noSteps;
      }
      case "nodeUp":
      case "nodeDown":
        throw new Error("a node's fault is no step of a pod");
    }
  }

  /** The next steps of a pod whose kubelet has forgotten what it planned. */
  resume(pod: Pod, nowMs: number): Steps {
    if (pod.nodeName === undefined || isOver(pod)) return noSteps;
    if (pod.meta.deletion) return [{ does: "stop", atMs: nowMs }];
    if (pod.status.startedAtMs === undefined) return [{ does: "accept", atMs: nowMs }];
    const init = (this.#spec(pod).initContainers ?? []).find(
      ({ name }) => !pod.status.initContainers.some((run) => run.name === name && run.ready),
    );
    if (init) {
      return [{ does: "initDone", container: init.name, atMs: nowMs + this.#behaviour(pod, init.name).initMs }];
    }
    return this.#containers(pod).flatMap((container): Steps => {
      const { startMs, readyMs, neverReady } = this.#behaviour(pod, container);
      if (!isRunning(pod, container)) return [{ does: "start", container, atMs: nowMs + startMs }];
      if (isReady(pod, container) || neverReady) return noSteps;
      return [{ does: "becomeReady", container, atMs: nowMs + readyMs }];
    });
  }

  /** Begins with the init containers where there are any, else with the containers. */
  #accept(pod: Pod, turn: Turn): Steps {
    if (isClosing(pod)) return noSteps;
    const [first] = this.#spec(pod).initContainers ?? [];
    if (!first) return this.#startAll(pod, turn.nowMs);
    return this.#startInit(pod, first.name, [this.#started(false)], turn);
  }

  #startInit(pod: Pod, container: string, facts: readonly PodFact[], turn: Turn): Steps {
    this.#report(pod, turn, [...facts, { type: "PodInitContainerStarted", data: { container } }]);
    const { pullMs, initMs } = this.#behaviour(pod, container);
    return [{ does: "initDone", container, atMs: turn.nowMs + pullMs + initMs }];
  }

  /** Init containers run one after another, each to completion. */
  #finishInit(pod: Pod, container: string, turn: Turn): Steps {
    if (isClosing(pod)) return noSteps;
    const inits = this.#spec(pod).initContainers ?? [];
    const next = inits[inits.findIndex(({ name }) => name === container) + 1];
    const completed: PodFact = { type: "PodInitContainerCompleted", data: { container, initialized: !next } };
    if (next) return this.#startInit(pod, next.name, [completed], turn);
    this.#report(pod, turn, [completed]);
    return this.#startAll(pod, turn.nowMs);
  }

  #startAll(pod: Pod, nowMs: number): Steps {
    return this.#containers(pod).map((container) => {
      const { pullMs, startMs, failPull } = this.#behaviour(pod, container);
      return { does: "start", container, atMs: nowMs + pullMs + (failPull ? 0 : startMs) };
    });
  }

  #start(pod: Pod, container: string, turn: Turn): Steps {
    if (isClosing(pod) || isRunning(pod, container)) return noSteps;
    const accepted = pod.status.startedAtMs === undefined ? [this.#started(true)] : [];
    const behaviour = this.#behaviour(pod, container);
    if (behaviour.failPull) return this.#failPull(pod, container, accepted, turn);

    const others = this.#containers(pod).filter((name) => name !== container);
    const allRan = others.every((name) => (runOf(pod, name)?.state.is ?? "waiting") !== "waiting");
    const data = allRan && pod.status.phase === "Pending" ? ({ container, phase: "Running" } as const) : { container };
    this.#report(pod, turn, [...accepted, { type: "PodContainerStarted", data }]);

    const steps: PlannedStep[] = [];
    const { neverReady, readyMs, crashAfterMs } = behaviour;
    if (!neverReady) steps.push({ does: "becomeReady", container, atMs: turn.nowMs + readyMs });
    if (crashAfterMs >= 0) steps.push({ does: "exit", container, atMs: turn.nowMs + crashAfterMs });
    return steps;
  }

  #failPull(pod: Pod, container: string, facts: readonly PodFact[], turn: Turn): Steps {
    const message = `failed to pull and unpack image "${this.#image(pod, container)}": not found`;
    const failed: PodFact = { type: "PodImagePullFailed", data: { container, reason: "ErrImagePull", message } };
    this.#report(pod, turn, [...facts, failed]);
    const { pulls } = this.#memory();
    const attempts = pulls.get(memoryKey(pod, container)) ?? 0;
    pulls.set(memoryKey(pod, container), attempts + 1);
    return [
      { does: "pullBackOff", container, atMs: turn.nowMs + pullBackOffNoticeMs },
      { does: "start", container, atMs: turn.nowMs + nextPull(attempts) },
    ];
  }

  #noticePullBackOff(pod: Pod, container: string, turn: Turn): Steps {
    if (isClosing(pod) || isRunning(pod, container)) return noSteps;
    const message = `Back-off pulling image "${this.#image(pod, container)}"`;
    this.#report(pod, turn, [{ type: "PodImagePullFailed", data: { container, reason: "ImagePullBackOff", message } }]);
    return noSteps;
  }

  #becomeReady(pod: Pod, container: string, turn: Turn): Pod {
    if (!isRunning(pod, container) || isReady(pod, container)) return pod;
    const othersReady = this.#containers(pod).every((name) => name === container || isReady(pod, name));
    const fact: PodFact = othersReady
      ? { type: "PodReady", data: {} }
      : { type: "PodContainerReady", data: { container } };
    return this.#report(pod, turn, [fact]);
  }

  #becomeUnready(pod: Pod, turn: Turn): void {
    const containers = pod.status.containers.filter((run) => run.ready).map((run) => run.name);
    if (containers.length > 0) this.#report(pod, turn, [{ type: "PodUnready", data: { containers } }]);
  }

  /** Containers ended by themselves: they start again, wait for their next start, or end their pod. */
  #exit(pod: Pod, candidates: readonly string[], exitCode: number, turn: Turn): Steps {
    const containers = candidates.filter((container) => isRunning(pod, container));
    if (containers.length === 0) return noSteps;
    const facts = this.#ends(pod, containers, exitCode);
    const policy = this.#spec(pod).restartPolicy ?? "Always";
    const restarts = policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
    if (!restarts) {
      this.#finishIfOver(this.#report(pod, turn, facts), turn);
      return noSteps;
    }
    const { backOffs } = this.#memory();
    const steps: PlannedStep[] = [];
    for (const container of pod.meta.deletion ? [] : containers) {
      const { waitMs, backOff } = nextRestart(backOffs.get(memoryKey(pod, container)), turn.nowMs);
      backOffs.set(memoryKey(pod, container), backOff);
      if (waitMs > 0) facts.push({ type: "PodBackOff", data: { container, delayMs: waitMs } });
      steps.push({ does: "start", container, atMs: turn.nowMs + waitMs + this.#behaviour(pod, container).startMs });
    }
    this.#report(pod, turn, facts);
    return steps;
  }

  #ends(pod: Pod, containers: readonly string[], exitCode: number): PodFact[] {
    const reason = exitCode === 0 ? "Completed" : "Error";
    const facts = containers.map(
      (container): PodFact => ({ type: "PodContainerTerminated", data: { container, exitCode, reason } }),
    );
    const unready = containers.filter((container) => isReady(pod, container));
    if (unready.length > 0 && isPodReady(pod)) facts.push({ type: "PodUnready", data: { containers: unready } });
    return facts;
  }

  #finishIfOver(pod: Pod, turn: Turn): void {
    const codes = pod.status.containers.flatMap(({ state }) => (state.is === "terminated" ? [state.exitCode] : []));
    if (codes.length < this.#containers(pod).length) return;
    const succeeded = codes.every((code) => code === 0);
    this.#report(pod, turn, [succeeded ? { type: "PodSucceeded", data: {} } : { type: "PodFailed", data: {} }]);
  }

  #fail(pod: Pod, turn: Turn): void {
    if (isOver(pod)) return;
    const running = this.#containers(pod).filter((container) => isRunning(pod, container));
    const why = { reason: "Evicted", message: "The node was low on resource: memory." };
    this.#report(pod, turn, [...this.#ends(pod, running, 137), { type: "PodFailed", data: why }]);
  }

  /** SIGTERM: each program ends by itself, or is killed when the pod's grace is over. */
  #stop(pod: Pod, turn: Turn): Steps {
    const { deletion } = pod.meta;
    if (!deletion) return noSteps;
    const graceMs = deletion.graceSeconds * 1000;
    const needs = this.#containers(pod)
      .filter((container) => isRunning(pod, container))
      .map((container) => Math.min(this.#stopMs(pod, container), graceMs));
    return [{ does: "kill", atMs: turn.nowMs + Math.max(0, ...needs) }];
  }

  #kill(pod: Pod, turn: Turn): void {
    const { deletion } = pod.meta;
    if (!deletion) return;
    const facts = this.#containers(pod).flatMap((container): readonly PodFact[] => {
      if (!isRunning(pod, container)) return [];
      const killed = this.#stopMs(pod, container) > deletion.graceSeconds * 1000;
      const end = killed ? { exitCode: 137, reason: "Error" } : { exitCode: 0, reason: "Completed" };
      return [{ type: "PodContainerTerminated", data: { container, ...end } }];
    });
    if (facts.length > 0) this.#report(pod, turn, facts);
    turn.submit({ verb: "delete", ref: refOf(pod), uid: pod.meta.uid, graceSeconds: 0 }, actorOf(pod));
  }

  #stopMs(pod: Pod, container: string): number {
    const { stopMs, ignoresSigterm } = this.#behaviour(pod, container);
    return ignoresSigterm ? Infinity : stopMs;
  }

  /** The kubelet accepts the pod: it has an address from here on. */
  #started(initialized: boolean): PodFact {
    const memory = this.#memory();
    memory.addresses += 1;
    return { type: "PodStarted", data: { podIP: addressOf(memory.addresses), initialized } };
  }

  /** Answers with the pod after the report; a pod that is gone meanwhile stays as it was seen. */
  #report(pod: Pod, turn: Turn, facts: readonly PodFact[]): Pod {
    const answer = turn.submit({ verb: "report", ref: refOf(pod), uid: pod.meta.uid, facts }, actorOf(pod));
    return E.isRight(answer) && answer.right.kind === "Pod" ? answer.right : pod;
  }

  #spec(pod: Pod): PodSpec {
    return this.#bodies.podSpec(pod.spec);
  }

  #containers(pod: Pod): readonly string[] {
    return this.#spec(pod).containers.map(({ name }) => name);
  }

  #image(pod: Pod, container: string): string {
    const { containers, initContainers = [] } = this.#spec(pod);
    return [...containers, ...initContainers].find(({ name }) => name === container)?.image ?? "";
  }

  #behaviour(pod: Pod, container: string): Behaviour {
    return behaviourOf(this.#rules(), this.#image(pod, container), pod.meta.labels);
  }
}

const actorOf = (pod: Pod): string => `kubelet:${pod.nodeName ?? ""}`;
