import type { ConditionStatus } from "../../kubernetes/objects.ts";
import type { FoldedEvent } from "../events.ts";
import {
  type Condition,
  type ContainerRun,
  conditionOf,
  type ObjectRef,
  type Pod,
  type PodStatus,
  type TerminatedState,
  truncateToSecond,
} from "../state.ts";
import {
  createdMeta,
  deletionRequested,
  missing,
  patched,
  present,
  touched,
  unknownEvent,
  withoutOwner,
} from "./meta.ts";

type PodEvent = Exclude<
  Extract<FoldedEvent, { readonly type: `Pod${string}` }>,
  { readonly type: `PodDisruptionBudget${string}` }
>;

export const isPodEvent = (event: FoldedEvent): event is PodEvent =>
  event.type.startsWith("Pod") && !event.type.startsWith("PodDisruptionBudget");

const newPodStatus: PodStatus = { phase: "Pending", conditions: [], initContainers: [], containers: [] };

/** Sets a pod condition; the transition time moves only when the status flips. */
const setCondition = (
  conditions: readonly Condition[],
  type: string,
  status: ConditionStatus,
  atMs: number,
  why: { readonly reason?: string; readonly message?: string } = {},
): readonly Condition[] => {
  const before = conditionOf(conditions, type);
  const lastTransitionMs = before?.status === status ? before.lastTransitionMs : truncateToSecond(atMs);
  const condition: Condition = { type, status, lastTransitionMs, ...why };
  return before ? conditions.map((other) => (other.type === type ? condition : other)) : [...conditions, condition];
};

const withReadiness = (
  conditions: readonly Condition[],
  status: ConditionStatus,
  atMs: number,
  reason?: string,
): readonly Condition[] => {
  const why = reason === undefined ? {} : { reason };
  return setCondition(setCondition(conditions, "Ready", status, atMs, why), "ContainersReady", status, atMs, why);
};

const fresh = (name: string): ContainerRun => ({
  name,
  state: { is: "waiting", reason: "ContainerCreating" },
  ready: false,
  restartCount: 0,
});

const withContainer = (
  runs: readonly ContainerRun[],
  name: string,
  change: (run: ContainerRun) => ContainerRun,
): readonly ContainerRun[] =>
  runs.some((run) => run.name === name)
    ? runs.map((run) => (run.name === name ? change(run) : run))
    : [...runs, change(fresh(name))];

const terminatedOf = (run: ContainerRun): TerminatedState | undefined => {
  if (run.state.is !== "terminated") return run.last;
  const { exitCode, reason, startedAtMs, finishedAtMs } = run.state;
  return { exitCode, reason, startedAtMs, finishedAtMs };
};

/** A container that ran before counts one restart more; the former end becomes its last state. */
const started = (run: ContainerRun, atMs: number): ContainerRun => {
  const last = terminatedOf(run);
  return {
    ...run,
    state: { is: "running", startedAtMs: truncateToSecond(atMs) },
    restartCount: last ? run.restartCount + 1 : run.restartCount,
    ...(last ? { last } : {}),
  };
};

const terminated = (run: ContainerRun, atMs: number, exitCode: number, reason: string): ContainerRun => {
  const finishedAtMs = truncateToSecond(atMs);
  const startedAtMs = run.state.is === "running" ? run.state.startedAtMs : finishedAtMs;
  return { ...run, ready: false, state: { is: "terminated", exitCode, reason, startedAtMs, finishedAtMs } };
};

/** Go's rendering of a whole number of seconds: `10s`, `1m20s`, `5m0s`. */
const goSeconds = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
};

const backedOff = (run: ContainerRun, pod: Pod, delayMs: number): ContainerRun => {
  const { name, namespace, uid } = pod.meta;
  const message = `back-off ${goSeconds(delayMs)} restarting failed container=${run.name} pod=${name}_${namespace}(${uid})`;
  const last = terminatedOf(run);
  return {
    ...run,
    ready: false,
    state: { is: "waiting", reason: "CrashLoopBackOff", message },
    ...(last ? { last } : {}),
  };
};

type StatusEvent = Exclude<
  PodEvent,
  {
    readonly type: `Pod${"Created" | "Deleted" | "DeletionRequested" | "Adopted" | "Released" | "MetadataChanged" | "SpecChanged"}`;
  }
>;

/** The status with other parts; written out for the same reason as the metadata in `touched`. */
const having = (status: PodStatus, part: Partial<PodStatus>): PodStatus => ({
  phase: part.phase ?? status.phase,
  reason: part.reason ?? status.reason,
  message: part.message ?? status.message,
  podIP: part.podIP ?? status.podIP,
  startedAtMs: part.startedAtMs ?? status.startedAtMs,
  conditions: part.conditions ?? status.conditions,
  initContainers: part.initContainers ?? status.initContainers,
  containers: part.containers ?? status.containers,
});

/** The status after a fact that the kubelet or scheduler reported. */
const evolveStatus = (pod: Pod, event: StatusEvent): PodStatus => {
  const { status } = pod;
  const containers = (name: string, change: (run: ContainerRun) => ContainerRun): PodStatus =>
    having(status, { containers: withContainer(status.containers, name, change) });
  const initContainers = (name: string, change: (run: ContainerRun) => ContainerRun): PodStatus =>
    having(status, { initContainers: withContainer(status.initContainers, name, change) });
  switch (event.type) {
    case "PodScheduled":
      return having(status, { conditions: setCondition(status.conditions, "PodScheduled", "True", event.at) });
    case "PodUnschedulable": {
      const why = { reason: "Unschedulable", message: event.data.message };
      return having(status, { conditions: setCondition(status.conditions, "PodScheduled", "False", event.at, why) });
    }
    case "PodStarted": {
      const accepted = setCondition(status.conditions, "PodReadyToStartContainers", "True", event.at);
      const initialized = event.data.initialized
        ? setCondition(accepted, "Initialized", "True", event.at)
        : setCondition(accepted, "Initialized", "False", event.at, { reason: "ContainersNotInitialized" });
      const conditions = withReadiness(initialized, "False", event.at, "ContainersNotReady");
      return having(status, { podIP: event.data.podIP, startedAtMs: truncateToSecond(event.at), conditions });
    }
    case "PodInitContainerStarted":
      return initContainers(event.data.container, (run) => started(run, event.at));
    case "PodInitContainerCompleted": {
      const after = initContainers(event.data.container, (run) => ({
        ...terminated(run, event.at, 0, "Completed"),
        ready: true,
      }));
      if (!event.data.initialized) return after;
      return having(after, { conditions: setCondition(after.conditions, "Initialized", "True", event.at) });
    }
    case "PodInitContainerFailed":
      return initContainers(event.data.container, (run) => terminated(run, event.at, event.data.exitCode, "Error"));
    case "PodImagePullFailed": {
      const { container, reason, message, init } = event.data;
      const change = (run: ContainerRun): ContainerRun => ({ ...run, state: { is: "waiting", reason, message } });
      return init ? initContainers(container, change) : containers(container, change);
    }
    case "PodContainerStarted": {
      const after = containers(event.data.container, (run) => started(run, event.at));
      return event.data.phase === undefined ? after : having(after, { phase: event.data.phase });
    }
    case "PodContainerReady":
      return containers(event.data.container, (run) => ({ ...run, ready: true }));
    case "PodReady":
      return having(status, {
        containers: status.containers.map((run) => (run.ready ? run : { ...run, ready: true })),
        conditions: withReadiness(status.conditions, "True", event.at),
      });
    case "PodUnready":
      if (event.data.containers.length === 0) {
        return having(status, { conditions: setCondition(status.conditions, "Ready", "False", event.at) });
      }
      return having(status, {
        containers: status.containers.map((run) =>
          event.data.containers.includes(run.name) ? { ...run, ready: false } : run,
        ),
        conditions: withReadiness(status.conditions, "False", event.at, "ContainersNotReady"),
      });
    case "PodContainerTerminated":
      return containers(event.data.container, (run) =>
        terminated(run, event.at, event.data.exitCode, event.data.reason),
      );
    case "PodBackOff": {
      const isInit = status.initContainers.some((run) => run.name === event.data.container);
      const change = (run: ContainerRun): ContainerRun => backedOff(run, pod, event.data.delayMs);
      return isInit ? initContainers(event.data.container, change) : containers(event.data.container, change);
    }
    case "PodSucceeded":
      return having(status, {
        phase: "Succeeded",
        conditions: withReadiness(status.conditions, "False", event.at, "PodCompleted"),
      });
    case "PodFailed":
      return having(status, {
        ...event.data,
        phase: "Failed",
        conditions: withReadiness(status.conditions, "False", event.at, "PodFailed"),
      });
    default:
      return unknownEvent(event);
  }
};

export const evolvePod = (before: Pod | undefined, event: PodEvent, ref: ObjectRef): Pod | undefined => {
  if (event.type === "PodCreated") {
    if (before) throw present(event, ref);
    const { spec, nodeName, ...meta } = event.data;
    return { kind: "Pod", meta: createdMeta(ref, meta, event), spec, nodeName, status: newPodStatus };
  }
  if (!before) throw missing(event, ref);

  const meta = touched(before.meta, event);
  switch (event.type) {
    case "PodDeleted":
      return undefined;
    case "PodDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "PodAdopted":
      return { ...before, meta: { ...meta, ownerReferences: [...meta.ownerReferences, event.data.owner] } };
    case "PodReleased":
      return {
        ...before,
        meta: { ...meta, ownerReferences: withoutOwner(meta.ownerReferences, event.data.owner.uid) },
      };
    case "PodMetadataChanged":
      return { ...before, meta: patched(meta, event.data.patch) };
    case "PodSpecChanged":
      return { ...before, meta, spec: event.data.to };
    default: {
      const nodeName = event.type === "PodScheduled" ? event.data.node : before.nodeName;
      return { kind: "Pod", meta, spec: before.spec, nodeName, status: evolveStatus(before, event) };
    }
  }
};
