/** How the containers of a pod come to run and become ready: init containers one after another, then the others side by side. */
import type { PodFact } from "../../domain/events.ts";
import { nextPull } from "./back-off.ts";
import { noSteps, type Steps, type Visit } from "./pod-on-node.ts";
import type { PlannedStep } from "./step.ts";

/** Time between a failed pull and the kubelet saying that it backs off. */
const pullBackOffNoticeMs = 1000;

/** Begins with the init containers where there are any, else with the containers. */
export const accept = (visit: Visit): Steps => {
  if (visit.isClosing) return noSteps;
  const [first] = visit.initContainers;
  return first === undefined ? startAll(visit) : startInit(visit, first, [visit.accepted(false)]);
};

export const startInit = (visit: Visit, container: string, facts: readonly PodFact[] = []): Steps => {
  if (visit.isClosing || visit.isRunning(container)) return noSteps;
  const { failPull, pullMs, initMs, crashAfterMs } = visit.behaviour(container);
  if (failPull) return pullInVain(visit, container, facts);
  visit.report([...facts, { type: "PodInitContainerStarted", data: { container } }]);
  return [visit.step("initDone", container, pullMs + (crashAfterMs < 0 ? initMs : crashAfterMs))];
};

/** An init container has ended: the next one follows, or it starts again, or its pod has failed. */
export const finishInit = (visit: Visit, container: string): Steps => {
  if (visit.isClosing || !visit.isRunning(container)) return noSteps;
  const { crashAfterMs, exitCode } = visit.behaviour(container);
  if (crashAfterMs >= 0 && exitCode !== 0) return failInit(visit, container, exitCode);
  const inits = visit.initContainers;
  const next = inits[inits.indexOf(container) + 1];
  const completed: PodFact = {
    type: "PodInitContainerCompleted",
    data: { container, initialized: next === undefined },
  };
  if (next !== undefined) return startInit(visit, next, [completed]);
  visit.report([completed]);
  return startAll(visit);
};

const failInit = (visit: Visit, container: string, exitCode: number): Steps => {
  const failed: PodFact = { type: "PodInitContainerFailed", data: { container, exitCode } };
  if (!visit.restarts(exitCode)) {
    visit.report([failed, { type: "PodFailed", data: {} }]);
    return noSteps;
  }
  const delayMs = visit.backOff(container);
  visit.report(delayMs > 0 ? [failed, { type: "PodBackOff", data: { container, delayMs } }] : [failed]);
  return [visit.step("initStart", container, delayMs + visit.behaviour(container).startMs)];
};

const startAll = (visit: Visit): Steps =>
  visit.containers.map((container) => {
    const { pullMs, startMs, failPull } = visit.behaviour(container);
    return visit.step("start", container, pullMs + (failPull ? 0 : startMs));
  });

export const start = (visit: Visit, container: string): Steps => {
  if (visit.isClosing || visit.isRunning(container)) return noSteps;
  const accepted = visit.pod.status.startedAtMs === undefined ? [visit.accepted(true)] : [];
  const { failPull, neverReady, readyMs, crashAfterMs } = visit.behaviour(container);
  if (failPull) return pullInVain(visit, container, accepted);

  const others = visit.containers.filter((name) => name !== container);
  const allRan = others.every((name) => (visit.run(name)?.state.is ?? "waiting") !== "waiting");
  const isFirst = allRan && visit.pod.status.phase === "Pending";
  const data = isFirst ? ({ container, phase: "Running" } as const) : { container };
  visit.report([...accepted, { type: "PodContainerStarted", data }]);

  const steps: PlannedStep[] = [];
  if (!neverReady) steps.push(visit.step("becomeReady", container, readyMs));
  if (crashAfterMs >= 0) steps.push(visit.step("exit", container, crashAfterMs));
  return steps;
};

const pullFailed = (visit: Visit, container: string, reason: string, message: string): PodFact => {
  const init = visit.initContainers.includes(container) ? ({ init: true } as const) : {};
  return { type: "PodImagePullFailed", data: { container, reason, message, ...init } };
};

const pullInVain = (visit: Visit, container: string, facts: readonly PodFact[]): Steps => {
  const message = `failed to pull and unpack image "${visit.image(container)}": not found`;
  visit.report([...facts, pullFailed(visit, container, "ErrImagePull", message)]);
  const again = visit.initContainers.includes(container) ? "initStart" : "start";
  return [
    visit.step("pullBackOff", container, pullBackOffNoticeMs),
    visit.step(again, container, nextPull(visit.countPull(container))),
  ];
};

export const noticePullBackOff = (visit: Visit, container: string): void => {
  if (visit.isClosing || visit.run(container)?.state.is !== "waiting") return;
  const message = `Back-off pulling image "${visit.image(container)}"`;
  visit.report([pullFailed(visit, container, "ImagePullBackOff", message)]);
};

export const becomeReady = (visit: Visit, container: string): void => {
  if (!visit.isRunning(container)) return;
  const othersReady = visit.containers.every((name) => name === container || visit.isReady(name));
  if (visit.isReady(container) && (!othersReady || visit.isPodReady)) return;
  visit.report([othersReady ? { type: "PodReady", data: {} } : { type: "PodContainerReady", data: { container } }]);
};

export const becomeUnready = (visit: Visit): void => {
  const containers = visit.containers.filter((name) => visit.isReady(name));
  if (containers.length > 0) visit.report([{ type: "PodUnready", data: { containers } }]);
};
