/** What the columns READY, STATUS and RESTARTS of a pod say. */
import type { ContainerStatus, ObjectCondition, Pod } from "../../objects.ts";
import { parseRfc3339 } from "../../time.ts";
import { humanDuration } from "../duration.ts";

export interface PodSummary {
  /** Ready regular containers and started, ready sidecars. */
  readonly ready: number;
  /** Regular containers and sidecars. */
  readonly total: number;
  /** `Running`, `Init:0/2`, `CrashLoopBackOff`, `Terminating`, … */
  readonly status: string;
  readonly restarts: number;
  /** When the last terminated container ended, ms; undefined when none did. */
  readonly lastRestartMs?: number;
}

/** Restarts of the containers that count, and the end of their latest earlier run. */
class Restarts {
  count = 0;
  lastMs: number | undefined;

  add(container: ContainerStatus): void {
    this.count += container.restartCount;
    const finishedAt = container.lastState?.terminated?.finishedAt;
    const finishedMs = finishedAt === undefined ? undefined : parseRfc3339(finishedAt);
    if (finishedMs !== undefined) this.lastMs = Math.max(this.lastMs ?? finishedMs, finishedMs);
  }
}

const isTrue = (conditions: readonly ObjectCondition[] | undefined, type: string): boolean =>
  conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;

/** `Error`, `Signal:9` or `ExitCode:2`. */
const endOf = ({
  reason,
  signal,
  exitCode,
}: NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>): string => {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
};

interface InitSummary {
  /** Set when an init container keeps the pod from starting. */
  readonly status: string | undefined;
  readonly readySidecars: number;
  readonly restarts: Restarts;
  readonly sidecarRestarts: Restarts;
}

const summarizeInit = (pod: Pod): InitSummary => {
  const specs = pod.spec.initContainers ?? [];
  const sidecars = new Set(specs.filter((container) => container.restartPolicy === "Always").map(({ name }) => name));
  const restarts = new Restarts();
  const sidecarRestarts = new Restarts();
  let readySidecars = 0;
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name);
    restarts.add(container);
    if (isSidecar) sidecarRestarts.add(container);
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) readySidecars++;
      continue;
    }
    const status = `Init:${unfinishedInit(container) ?? `${index}/${specs.length}`}`;
    return { status, readySidecars, restarts, sidecarRestarts };
  }
  return { status: undefined, readySidecars, restarts, sidecarRestarts };
};

const unfinishedInit = ({ state }: ContainerStatus): string | undefined => {
  if (state?.terminated) return endOf(state.terminated);
  const reason = state?.waiting?.reason;
  return reason && reason !== "PodInitializing" ? reason : undefined;
};

const summarizeContainers = (pod: Pod, before: string, restarts: Restarts): { status: string; ready: number } => {
  const { conditions, containerStatuses = [] } = pod.status ?? {};
  let status = before;
  let ready = 0;
  for (const container of containerStatuses.toReversed()) {
    restarts.add(container);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) status = waiting.reason;
    else if (terminated) status = endOf(terminated);
    else if (container.ready && running) ready++;
  }
  if (status === "Completed" && ready > 0) status = isTrue(conditions, "Ready") ? "Running" : "NotReady";
  return { status, ready };
};

const isTerminal = (pod: Pod): boolean => pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

/**
 * Follows Kubernetes 1.32: the first unfinished init container decides; without one, the first regular container that waits
 * or has ended; a deleted pod that has not ended is `Terminating` whatever its containers say.
 */
export const summarizePod = (pod: Pod): PodSummary => {
  const { phase, reason, conditions } = pod.status ?? {};
  const init = summarizeInit(pod);
  const isGated = conditions?.some(({ type, reason: why }) => type === "PodScheduled" && why === "SchedulingGated");
  let status = init.status ?? (isGated ? "SchedulingGated" : reason || phase || "");
  let restarts = init.restarts;
  let ready = init.readySidecars;
  if (init.status === undefined || isTrue(conditions, "Initialized")) {
    restarts = init.sidecarRestarts;
    const containers = summarizeContainers(pod, status, restarts);
    status = containers.status;
    ready += containers.ready;
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (reason === "NodeLost") status = "Unknown";
    else if (!isTerminal(pod)) status = "Terminating";
  }
  const sidecars = pod.spec.initContainers?.filter((container) => container.restartPolicy === "Always").length ?? 0;
  return {
    ready,
    total: pod.spec.containers.length + sidecars,
    status,
    restarts: restarts.count,
    ...(restarts.lastMs === undefined ? {} : { lastRestartMs: restarts.lastMs }),
  };
};

/** `3`, or `3 (15s ago)` when the end of the last run is known. */
export const formatRestarts = ({ restarts, lastRestartMs }: PodSummary, nowMs: number): string =>
  restarts === 0 || lastRestartMs === undefined
    ? `${restarts}`
    : `${restarts} (${humanDuration(nowMs - lastRestartMs)} ago)`;
