/** Why a rollout is where it is: what it waits for, on which pods, and what keeps the controllers from going on. */

import { hasProgressDeadline } from "../../controllers/deployment/progress.ts";
import { findNewReplicaSet, findOldReplicaSets } from "../../controllers/deployment/replica-sets.ts";
import {
  conditionOf,
  controllerOf,
  type Deployment,
  type Pod,
  type ReplicaSet,
  refOf,
  streamOf,
} from "../../domain/state.ts";
import { maxSurge, minAvailable } from "../../kubernetes/int-or-percent.ts";
import { blocksOf } from "./blocks.ts";
import { containerRuns } from "./container-runs.ts";
import { type Objects, planFor } from "./next.ts";
import { type PodState, type PodSurroundings, podState } from "./pod-state.ts";
import { type Block, counted, isMoving, type RolloutPod, type RolloutState, type Sizes } from "./rollout-model.ts";
import { scheduledFor } from "./scheduled.ts";
import type { LogReader, Step } from "./step.ts";

interface Owned {
  readonly newRS: ReplicaSet | undefined;
  readonly oldRSs: readonly ReplicaSet[];
}

const ownedBy = (deployment: Deployment, objects: Objects, { bodies }: LogReader): Owned => {
  const controlled: ReplicaSet[] = [];
  for (const replicaSet of objects.all("ReplicaSet")) {
    if (controllerOf(replicaSet.meta)?.uid === deployment.meta.uid) controlled.push(replicaSet);
  }
  const newRS = findNewReplicaSet(bodies, deployment, controlled);
  return { newRS, oldRSs: findOldReplicaSets(controlled, newRS) };
};

const podsOf = ({ newRS, oldRSs }: Owned, objects: Objects): readonly Pod[] => {
  const owners = new Set<string>([...oldRSs, ...(newRS ? [newRS] : [])].map(({ meta }) => meta.uid));
  const pods: Pod[] = [];
  for (const pod of objects.all("Pod")) if (owners.has(controllerOf(pod.meta)?.uid ?? "")) pods.push(pod);
  return pods;
};

const podStates = (pods: readonly Pod[], { newRS }: Owned, around: PodSurroundings): readonly RolloutPod[] =>
  pods
    .map((pod) => ({ ...podState(pod, around), isNew: controllerOf(pod.meta)?.uid === newRS?.meta.uid }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || a.sinceMs - b.sinceMs || (a.name < b.name ? -1 : 1));

/** Read once for each pod in trouble. */
const runsReader = (reader: LogReader): PodSurroundings["runsOf"] => {
  const known = new Map<string, ReturnType<typeof containerRuns>>();
  return (pod) => {
    const stream = streamOf(refOf(pod));
    const runs = known.get(stream) ?? containerRuns(reader.log(undefined, undefined, { streams: [stream] }));
    known.set(stream, runs);
    return runs;
  };
};

const isThere = ({ hindrance }: PodState): boolean => hindrance !== "terminating" && hindrance !== "ended";

const sizesOf = ({ spec }: Deployment, pods: readonly RolloutPod[]): Sizes => {
  const existing = pods.filter(isThere);
  return {
    desired: spec.replicas,
    floor: minAvailable(spec),
    ceiling: spec.replicas + maxSurge(spec),
    existing: existing.length,
    updated: existing.filter(({ isNew }) => isNew).length,
    available: existing.filter(({ hindrance }) => hindrance === "nothing").length,
    terminating: pods.filter(({ hindrance }) => hindrance === "terminating").length,
  };
};

const awaitsOf = (sizes: Sizes, pods: readonly RolloutPod[]): readonly string[] => {
  const { desired, updated, existing } = sizes;
  const pod = existing === updated ? "pod" : "new pod";
  const unavailable = pods.filter((pod) => pod.isNew && isThere(pod) && pod.hindrance !== "nothing").length;
  return [
    ...(updated < desired ? [`${desired - updated} of ${counted(desired, pod)} to be made`] : []),
    ...(unavailable > 0 ? [`${counted(unavailable, pod)} to become available`] : []),
    ...(existing > updated ? [`${counted(existing - updated, "old pod")} to go`] : []),
  ];
};

const deadlineOf = (deployment: Deployment): RolloutState["deadline"] => {
  const { spec, status } = deployment;
  const progressing = conditionOf(status.conditions, "Progressing");
  if (!hasProgressDeadline(deployment) || progressing === undefined) return undefined;
  const updatedMs = progressing.lastUpdateMs ?? progressing.lastTransitionMs;
  if (progressing.reason === "ProgressDeadlineExceeded") return { atMs: updatedMs, exceeded: true };
  if (spec.paused || progressing.reason === "NewReplicaSetAvailable") return undefined;
  return { atMs: updatedMs + (spec.progressDeadlineSeconds ?? 0) * 1000, exceeded: false };
};

/** When the controller last wrote down progress; without a deadline it does not, and the change itself counts. */
const lastProgressOf = (reader: LogReader, deployment: Deployment, changed: Step): number => {
  const streams = [streamOf(refOf(deployment))];
  let lastMs = changed.atMs;
  let reason: unknown;
  for (const { data, at } of reader.log(changed.seq, undefined, { streams, types: ["DeploymentConditionChanged"] })) {
    if (typeof data !== "object" || data === null || !("type" in data) || data.type !== "Progressing") continue;
    if ("reason" in data) reason = data.reason;
    if (reason !== "ProgressDeadlineExceeded" && reason !== "DeploymentPaused") lastMs = Math.max(lastMs, at);
  }
  return lastMs;
};

/** By the pods themselves: the status may not have said so yet. */
const isComplete = ({ desired, existing, updated, available }: Sizes): boolean =>
  existing === desired && updated === desired && available === desired;

/** The controller said so, and the template has not changed since. */
const hasSettled = ({ status }: Deployment, { newRS }: Owned, { existing, updated }: Sizes): boolean =>
  newRS !== undefined &&
  existing === updated &&
  conditionOf(status.conditions, "Progressing")?.reason === "NewReplicaSetAvailable";

const verdictOf = (sizes: Sizes, blocks: readonly Block[], settled: boolean): string => {
  const { desired, available } = sizes;
  const [root] = blocks;
  const matter = root?.again === undefined ? root?.text : `${root.text}, ${root.again}, not ready yet`;
  if (settled && matter !== undefined)
    return `is rolled out, but ${available} of ${counted(desired, "pod")} are available: ${matter}`;
  if (matter !== undefined) return `${isMoving(blocks) ? "is rolling out" : "is not moving"}: ${matter}`;
  return "is rolling out: the controllers are about to go on";
};

const completeVerdict = ({ spec }: Deployment): string => {
  const { replicas } = spec;
  const pods = replicas === 1 ? "its pod is new and available" : `all ${replicas} pods are new and available`;
  const pause = spec.paused ? "; it is paused, so that changes of its template wait" : "";
  return `is rolled out: ${replicas === 0 ? "it wants no pods" : pods}${pause}`;
};

/** @param changed the last change of the Deployment's spec. */
export const rolloutState = (
  reader: LogReader,
  objects: Objects,
  deployment: Deployment,
  changed: Step,
  nowMs: number,
): RolloutState => {
  const nodes = new Map([...objects.all("Node")].map((node) => [node.meta.name, node]));
  const isNodeUp = (name: string): boolean =>
    conditionOf(nodes.get(name)?.conditions ?? [], "Ready")?.status === "True";
  const owned = ownedBy(deployment, objects, reader);
  const { minReadySeconds } = deployment.spec;
  const owns = podsOf(owned, objects);
  const runsOf = runsReader(reader);
  const pods = podStates(owns, owned, { bodies: reader.bodies, nowMs, minReadySeconds, isNodeUp, runsOf });
  const sizes = sizesOf(deployment, pods);
  const plan = planFor(deployment, objects, reader.bodies, nowMs);
  // Nobody waits for the end of a pod but who makes no new ones before it.
  const awaited = owns.filter(({ meta }) => !meta.deletion || deployment.spec.strategy.type === "Recreate");
  const deadline = deadlineOf(deployment);
  const complete = isComplete(sizes);
  const blocks = complete ? [] : blocksOf({ reader, deployment, ...owned, pods, sizes, plan });
  const settled = complete || hasSettled(deployment, owned, sizes);
  return {
    complete,
    settled,
    moving: !complete && isMoving(blocks),
    verdict: complete ? completeVerdict(deployment) : verdictOf(sizes, blocks, settled),
    awaits: awaitsOf(sizes, pods),
    lastProgressMs: lastProgressOf(reader, deployment, changed),
    sizes,
    blocks,
    pods: pods.filter(({ hindrance }) => hindrance !== "nothing"),
    plan,
    scheduled: scheduledFor(awaited, { reader, objects, nowMs, runsOf }),
    ...(deadline ? { deadline } : {}),
  };
};
