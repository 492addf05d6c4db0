/** How a pod is, in the words of `kubectl get pods` and of its kubelet, and what keeps it from serving. */
import type { BodySource } from "../../domain/bodies.ts";
import { type Condition, type ContainerRun, conditionOf, isPodAvailable, type Pod } from "../../domain/state.ts";
import { render } from "../../domain/wire/render.ts";
import { summarizePod } from "../../kubernetes/printing/columns/pod-status.ts";
import { oneLine } from "../format.ts";
import { type ContainerRuns, noRuns } from "./container-runs.ts";

/** What keeps a pod from being available; `nothing` when it is. */
export type Hindrance =
  | "terminating"
  | "ended"
  | "unschedulable"
  | "pulling"
  /** A container ended for the first time, or for the first time after long: it starts again at once. */
  | "crashed"
  | "crashLooping"
  /** A container that crashed runs again, and has not been ready in this run. */
  | "restarted"
  | "nodeDown"
  | "starting"
  | "notReady"
  | "minReadySeconds"
  | "nothing";

interface Crashes {
  readonly count: number;
  readonly lastExitCode: number;
}

export interface PodState {
  readonly name: string;
  readonly node?: string;
  /** The column STATUS of `kubectl get pods`. */
  readonly status: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly hindrance: Hindrance;
  /** Since when it has been so, ms: a crash loop since the first crash, a run since its start. Conditions tell whole seconds. */
  readonly sinceMs: number;
  /** The ends of the container in trouble since it began to crash. */
  readonly crashes?: Crashes;
  /** When it will be available if it stays ready, ms. */
  readonly availableAtMs?: number;
  readonly message: string;
}

/** What the states of pods are judged by. */
export interface PodSurroundings {
  readonly bodies: BodySource;
  readonly nowMs: number;
  readonly minReadySeconds: number;
  isNodeUp(node: string): boolean;
  /** By container; asked only for pods in trouble. */
  runsOf(pod: Pod): ReadonlyMap<string, ContainerRuns>;
}

const pullReasons: readonly string[] = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"];

/** The first container that is in trouble, init containers first. */
const troubled = ({ status }: Pod): ContainerRun | undefined =>
  [...status.initContainers, ...status.containers].find(
    ({ state }) =>
      (state.is === "waiting" && state.reason !== "ContainerCreating") ||
      (state.is === "terminated" && state.exitCode !== 0),
  );

/** `, restarted 5 times`; nothing where there was none. */
export const restartText = (restarts: number): string => {
  if (restarts === 0) return "";
  return restarts === 1 ? ", restarted once" : `, restarted ${restarts} times`;
};

const endText = (run: ContainerRun): string => {
  const end = run.state.is === "terminated" ? run.state : run.last;
  if (!end) return "";
  return `${run.name} ended with exit code ${end.exitCode} (${end.reason})${restartText(run.restartCount)}`;
};

const containerMessage = (run: ContainerRun): string => {
  if (run.state.is !== "waiting" || run.state.reason === "CrashLoopBackOff") return endText(run);
  return `${run.name}: ${oneLine(run.state.message ?? run.state.reason)}`;
};

type Finding = Pick<PodState, "hindrance" | "sinceMs" | "message" | "crashes">;

const isFalse = (condition: Condition | undefined): condition is Condition => condition?.status === "False";

const crashesOf = ({ row }: ContainerRuns): Pick<Finding, "crashes"> => {
  const last = row.at(-1);
  return last ? { crashes: { count: row.length, lastExitCode: last.exitCode } } : {};
};

/** What keeps the container from running; `sinceMs` is when its pod was last ready, or was made. */
const containerFinding = (pod: Pod, run: ContainerRun, around: PodSurroundings, sinceMs: number): Finding => {
  const message = containerMessage(run);
  const isPulling = run.state.is === "waiting" && pullReasons.includes(run.state.reason);
  if (isPulling) return { hindrance: "pulling", sinceMs, message };
  const runs = around.runsOf(pod).get(run.name) ?? noRuns;
  const hindrance = runs.row.length > 1 || run.state.is === "waiting" ? "crashLooping" : "crashed";
  return { hindrance, sinceMs: runs.row[0]?.atMs ?? sinceMs, message, ...crashesOf(runs) };
};

/** A container that runs after a crash, and has not been ready since; undefined when there is none. */
const restartFinding = (pod: Pod, around: PodSurroundings): Finding | undefined => {
  const { initContainers, containers } = pod.status;
  const again = [...initContainers, ...containers].filter(
    ({ state, ready, last }) => state.is === "running" && !ready && last !== undefined,
  );
  if (again.length === 0) return undefined;
  const runsOfPod = around.runsOf(pod);
  for (const run of again) {
    const runs = runsOfPod.get(run.name) ?? noRuns;
    if (runs.row.length === 0 || runs.wasReady || runs.startedAtMs === undefined) continue;
    return { hindrance: "restarted", sinceMs: runs.startedAtMs, message: endText(run), ...crashesOf(runs) };
  }
  return undefined;
};

const readinessFinding = (pod: Pod, around: PodSurroundings, sinceMs: number): Finding => {
  const { minReadySeconds, nowMs } = around;
  if (conditionOf(pod.status.conditions, "Ready")?.status === "True") {
    const isAvailable = isPodAvailable(pod, minReadySeconds, nowMs);
    return { hindrance: isAvailable ? "nothing" : "minReadySeconds", sinceMs, message: "" };
  }
  const restarted = restartFinding(pod, around);
  if (restarted) return restarted;
  const running = pod.status.containers.filter(({ state }) => state.is === "running");
  if (pod.status.phase !== "Running" || running.length === 0) {
    return { hindrance: "starting", sinceMs, message: pod.nodeName === undefined ? "not scheduled yet" : "" };
  }
  const unready = running.filter(({ ready }) => !ready).map(({ name }) => name);
  const message = unready.length === 0 ? "" : `container ${unready.join(", ")}`;
  return { hindrance: "notReady", sinceMs, message };
};

const find = (pod: Pod, around: PodSurroundings): Finding => {
  const { meta, status, nodeName } = pod;
  const silence = nodeName === undefined || around.isNodeUp(nodeName) ? undefined : `${nodeName} does not answer`;
  if (meta.deletion) {
    const { deadlineMs, graceSeconds } = meta.deletion;
    const message = silence === undefined ? `grace ${graceSeconds}s` : `${silence}, so that nobody ends it`;
    return { hindrance: "terminating", sinceMs: deadlineMs - graceSeconds * 1000, message };
  }
  const ready = conditionOf(status.conditions, "Ready");
  const sinceMs = ready?.lastTransitionMs ?? meta.createdAtMs;
  if (status.phase === "Failed" || status.phase === "Succeeded") {
    const message = oneLine([status.reason, status.message].filter((part) => part !== undefined).join(": "));
    return { hindrance: "ended", sinceMs, message };
  }
  const scheduled = conditionOf(status.conditions, "PodScheduled");
  if (nodeName === undefined && isFalse(scheduled)) {
    const message = oneLine(scheduled.message ?? "");
    return { hindrance: "unschedulable", sinceMs: scheduled.lastTransitionMs, message };
  }
  if (silence !== undefined) return { hindrance: "nodeDown", sinceMs, message: silence };
  const run = troubled(pod);
  if (run && ready?.status !== "True") return containerFinding(pod, run, around, sinceMs);
  return readinessFinding(pod, around, sinceMs);
};

export const podState = (pod: Pod, around: PodSurroundings): PodState => {
  const rendered = render(pod, around.bodies);
  if (rendered.kind !== "Pod") throw new Error(`a pod was rendered as a ${rendered.kind}`);
  const { status, restarts } = summarizePod(rendered);
  const ready = conditionOf(pod.status.conditions, "Ready");
  const finding = find(pod, around);
  return {
    name: pod.meta.name,
    ...(pod.nodeName === undefined ? {} : { node: pod.nodeName }),
    status,
    ready: ready?.status === "True",
    restarts,
    ...finding,
    ...(finding.hindrance === "minReadySeconds"
      ? { availableAtMs: finding.sinceMs + around.minReadySeconds * 1000 }
      : {}),
  };
};
