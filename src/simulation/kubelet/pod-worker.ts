/**
 * One pod's life on its node: pending, init, running, ready, terminating, gone, as its workload behaves. Each step reports
 * what happened and names the steps to come.
 */
import type { Pod } from "../../domain/state.ts";
import type { Turn } from "../actor.ts";
import { exit, fail, kill, replaceContainer, stop } from "./ends.ts";
import { type Knowledge, noSteps, PodOnNode, type Steps, Visit } from "./pod-on-node.ts";
import { accept, becomeReady, becomeUnready, finishInit, noticePullBackOff, start, startInit } from "./starts.ts";
import type { PlannedStep, Step } from "./step.ts";

/** Carries out a step that is due now. */
export const perform = (
  pod: Pod,
  { does, container = "" }: Pick<Step, "does" | "container">,
  knowledge: Knowledge,
  turn: Turn,
): Steps => {
  const visit = new Visit(pod, knowledge, turn);
  switch (does) {
    case "accept":
      return accept(visit);
    case "initStart":
      return startInit(visit, container);
    case "initDone":
      return finishInit(visit, container);
    case "start":
      return start(visit, container);
    case "pullBackOff":
      noticePullBackOff(visit, container);
      return noSteps;
    case "becomeReady":
      becomeReady(visit, container);
      return noSteps;
    case "exit":
      return exit(visit, [container], visit.behaviour(container).exitCode);
    case "crash":
      return exit(visit, visit.containers, 1);
    case "replace":
      return replaceContainer(visit, container);
    case "stop":
      return stop(visit);
    case "kill":
      kill(visit);
      return noSteps;
    case "fail":
      fail(visit);
      return noSteps;
    case "unready":
      becomeUnready(visit);
      return noSteps;
    case "ready":
      for (const name of visit.containers) becomeReady(visit, name);
      return noSteps;
    case "nodeUp":
    case "nodeDown":
      throw new Error("a node's fault is no step of a pod");
  }
};

/** The next steps of a pod whose kubelet has forgotten what it planned, or could not do it. */
export const resume = (pod: Pod, knowledge: Knowledge, nowMs: number): Steps => {
  const sight = new PodOnNode(pod, knowledge);
  if (pod.nodeName === undefined || sight.isOver) return noSteps;
  if (pod.meta.deletion) return [{ does: "stop", atMs: nowMs }];
  if (pod.status.startedAtMs === undefined) return [{ does: "accept", atMs: nowMs }];
  const init = sight.initContainers.find((name) => !sight.isReady(name));
  if (init !== undefined) {
    const { initMs, startMs } = sight.behaviour(init);
    return sight.isRunning(init)
      ? [{ does: "initDone", container: init, atMs: nowMs + initMs }]
      : [{ does: "initStart", container: init, atMs: nowMs + startMs }];
  }
  return sight.containers.flatMap((container) => resumeContainer(sight, container, nowMs));
};

const resumeContainer = (sight: PodOnNode, container: string, nowMs: number): Steps => {
  const state = sight.run(container)?.state;
  const { startMs, readyMs, neverReady, crashAfterMs } = sight.behaviour(container);
  if (state?.is === "terminated" && !sight.restarts(state.exitCode)) return noSteps;
  if (state?.is !== "running") return [{ does: "start", container, atMs: nowMs + startMs }];
  const steps: PlannedStep[] = [];
  if (sight.isReady(container)) steps.push({ does: "becomeReady", container, atMs: nowMs });
  else if (!neverReady) steps.push({ does: "becomeReady", container, atMs: nowMs + readyMs });
  if (crashAfterMs >= 0) {
    steps.push({ does: "exit", container, atMs: Math.max(nowMs, state.startedAtMs + crashAfterMs) });
  }
  return steps;
};
