/** How the containers of a pod end, and the pod with them: by themselves, by a fault, or because the pod is deleted. */
import type { PodFact } from "../../domain/events.ts";
import { noSteps, type Steps, type Visit } from "./pod-on-node.ts";
import type { PlannedStep } from "./step.ts";

const endFacts = (visit: Visit, containers: readonly string[], exitCode: number): PodFact[] => {
  const reason = exitCode === 0 ? "Completed" : "Error";
  const facts = containers.map(
    (container): PodFact => ({ type: "PodContainerTerminated", data: { container, exitCode, reason } }),
  );
  const unready = containers.filter((container) => visit.isReady(container));
  if (unready.length > 0 && visit.isPodReady) facts.push({ type: "PodUnready", data: { containers: unready } });
  return facts;
};

/** Containers ended by themselves: they start again, at once or after a wait, or their pod ends with the last of them. */
export const exit = (visit: Visit, candidates: readonly string[], exitCode: number): Steps => {
  const containers = candidates.filter((container) => visit.isRunning(container));
  if (containers.length === 0) return noSteps;
  const facts = endFacts(visit, containers, exitCode);
  if (!visit.restarts(exitCode) || visit.pod.meta.deletion) {
    visit.report(facts);
    return finishIfOver(visit);
  }
  const steps: PlannedStep[] = [];
  for (const container of containers) {
    const delayMs = visit.backOff(container);
    if (delayMs > 0) facts.push({ type: "PodBackOff", data: { container, delayMs } });
    steps.push(visit.step("start", container, delayMs + visit.behaviour(container).startMs));
  }
  visit.report(facts);
  return steps;
};

/** The container's image is another now: it starts again with it, whatever the restart policy says. */
export const replaceContainer = (visit: Visit, container: string): Steps => {
  if (visit.isClosing || !visit.isRunning(container)) return noSteps;
  visit.report(endFacts(visit, [container], 0));
  const { pullMs, startMs, failPull } = visit.behaviour(container);
  return [visit.step("start", container, pullMs + (failPull ? 0 : startMs))];
};

const finishIfOver = (visit: Visit): Steps => {
  const { deletion } = visit.pod.meta;
  if (deletion) return visit.containers.some((name) => visit.isRunning(name)) ? noSteps : [visit.step("kill", "", 0)];
  const codes = visit.containers.map((name) => {
    const state = visit.run(name)?.state;
    return state?.is === "terminated" && !visit.restarts(state.exitCode) ? state.exitCode : undefined;
  });
  if (codes.includes(undefined)) return noSteps;
  const succeeded = codes.every((code) => code === 0);
  visit.report([succeeded ? { type: "PodSucceeded", data: {} } : { type: "PodFailed", data: {} }]);
  return noSteps;
};

/** The pod is evicted by its node: it fails for good. */
export const fail = (visit: Visit): void => {
  if (visit.isOver) return;
  const running = visit.containers.filter((container) => visit.isRunning(container));
  const why = { reason: "Evicted", message: "The node was low on resource: memory." };
  visit.report([...endFacts(visit, running, 137), { type: "PodFailed", data: why }]);
};

const stopMs = (visit: Visit, container: string): number => {
  const { stopMs: ownMs, ignoresSigterm } = visit.behaviour(container);
  return ignoresSigterm ? Infinity : ownMs;
};

/** SIGTERM: each program ends by itself, or is killed when the pod's grace is over. */
export const stop = (visit: Visit): Steps => {
  const { deletion } = visit.pod.meta;
  if (!deletion) return noSteps;
  const needsMs = visit.containers
    .filter((container) => visit.isRunning(container))
    .map((container) => Math.min(stopMs(visit, container), deletion.graceSeconds * 1000));
  return [visit.step("kill", "", Math.max(0, ...needsMs))];
};

/** What still runs has ended by now, by itself or by SIGKILL. */
export const kill = (visit: Visit): void => {
  const { deletion } = visit.pod.meta;
  if (!deletion) return;
  const facts = visit.containers.flatMap((container): readonly PodFact[] => {
    if (!visit.isRunning(container)) return [];
    const isKilled = stopMs(visit, container) > deletion.graceSeconds * 1000;
    const end = isKilled ? { exitCode: 137, reason: "Error" } : { exitCode: 0, reason: "Completed" };
    return [{ type: "PodContainerTerminated", data: { container, ...end } }];
  });
  if (facts.length > 0) visit.report(facts);
  visit.release();
};
