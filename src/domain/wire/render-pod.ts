import { qosClass } from "../../kubernetes/defaults/pod.ts";
import type {
  Container,
  ContainerState as ContainerStateObject,
  ContainerStatus,
  ObjectCondition,
  ObjectMeta,
  Pod as PodObject,
  PodSpec,
} from "../../kubernetes/objects.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import type { BodySource } from "../bodies.ts";
import type { Condition, ContainerRun, ContainerState, Pod, TerminatedState } from "../state.ts";

const conditionOrder = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

const renderTerminated = (state: TerminatedState): ContainerStateObject => ({
  terminated: {
    exitCode: state.exitCode,
    reason: state.reason,
    startedAt: rfc3339(state.startedAtMs),
    finishedAt: rfc3339(state.finishedAtMs),
  },
});

const renderState = (state: ContainerState): ContainerStateObject => {
  switch (state.is) {
    case "waiting":
      return {
        waiting:
          state.message === undefined ? { reason: state.reason } : { reason: state.reason, message: state.message },
      };
    case "running":
      return { running: { startedAt: rfc3339(state.startedAtMs) } };
    case "terminated":
      return renderTerminated(state);
  }
};

/** A scheduled pod shows every container, also those that the kubelet has not started yet. */
const containerStatus = (container: Container, run: ContainerRun | undefined, waitingFor: string): ContainerStatus => {
  const state: ContainerState = run?.state ?? { is: "waiting", reason: waitingFor };
  return {
    name: container.name,
    image: container.image ?? "",
    imageID: "",
    ready: run?.ready ?? false,
    started: state.is === "running",
    restartCount: run?.restartCount ?? 0,
    state: renderState(state),
    lastState: run?.last ? renderTerminated(run.last) : {},
  };
};

const statuses = (
  containers: readonly Container[],
  runs: readonly ContainerRun[],
  waitingFor: string,
): readonly ContainerStatus[] =>
  containers.map((container) =>
    containerStatus(
      container,
      runs.find((run) => run.name === container.name),
      waitingFor,
    ),
  );

/** Kubernetes names the containers that hold a False condition up; the fold does not know their names, the spec does. */
const conditionMessage = (condition: Condition, pod: Pod, spec: PodSpec): string | undefined => {
  if (condition.reason === "ContainersNotReady") {
    const ready = new Set(pod.status.containers.filter((run) => run.ready).map((run) => run.name));
    const unready = spec.containers.map(({ name }) => name).filter((name) => !ready.has(name));
    return `containers with unready status: [${unready.join(" ")}]`;
  }
  if (condition.reason === "ContainersNotInitialized") {
    const complete = new Set(pod.status.initContainers.filter((run) => run.ready).map((run) => run.name));
    const incomplete = (spec.initContainers ?? []).map(({ name }) => name).filter((name) => !complete.has(name));
    return `containers with incomplete status: [${incomplete.join(" ")}]`;
  }
  return condition.message;
};

const renderConditions = (pod: Pod, spec: PodSpec): readonly ObjectCondition[] =>
  [...pod.status.conditions]
    .sort((a, b) => conditionOrder.indexOf(a.type) - conditionOrder.indexOf(b.type))
    .map((condition) => {
      const message = conditionMessage(condition, pod, spec);
      return {
        type: condition.type,
        status: condition.status,
        lastProbeTime: null,
        lastTransitionTime: rfc3339(condition.lastTransitionMs),
        ...(condition.reason === undefined ? {} : { reason: condition.reason }),
        ...(message === undefined ? {} : { message }),
      };
    });

export const renderPod = (pod: Pod, metadata: ObjectMeta, bodies: BodySource): PodObject => {
  const body = bodies.podSpec(pod.spec);
  const { phase, reason, message, podIP, startedAtMs, conditions, initContainers, containers } = pod.status;
  const initSpecs = body.initContainers ?? [];
  const waitingFor = initSpecs.length > 0 ? "PodInitializing" : "ContainerCreating";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: pod.nodeName === undefined ? body : { ...body, nodeName: pod.nodeName },
    status: {
      phase,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...(conditions.length > 0 ? { conditions: renderConditions(pod, body) } : {}),
      ...(pod.nodeName === undefined ? {} : { containerStatuses: statuses(body.containers, containers, waitingFor) }),
      ...(pod.nodeName !== undefined && initSpecs.length > 0
        ? { initContainerStatuses: statuses(initSpecs, initContainers, waitingFor) }
        : {}),
      ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
      ...(startedAtMs === undefined ? {} : { startTime: rfc3339(startedAtMs) }),
      qosClass: qosClass(body),
    },
  };
};
