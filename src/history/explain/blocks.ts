/** What keeps a rollout from going on, in the order in which somebody should look at it. */
import { maxScaledDown } from "../../controllers/deployment/formulas.ts";
import { getReplicaCount, isActive } from "../../controllers/deployment/replica-sets.ts";
import { conditionOf, type Deployment, type ReplicaSet, refOf, streamOf } from "../../domain/state.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { oneLine } from "../format.ts";
import type { Plan } from "./next.ts";
import { podBlocks } from "./pod-blocks.ts";
import { type Block, counted, type RolloutPod, type Sizes } from "./rollout-model.ts";
import type { LogReader } from "./step.ts";

/** A rollout as far as it can be blocked. */
export interface Situation {
  readonly reader: LogReader;
  readonly deployment: Deployment;
  readonly newRS: ReplicaSet | undefined;
  readonly oldRSs: readonly ReplicaSet[];
  readonly pods: readonly RolloutPod[];
  readonly sizes: Sizes;
  readonly plan: Plan;
}

type Part = (situation: Situation) => readonly Block[];

const none: readonly Block[] = [];

const deletion: Part = ({ deployment: { meta } }) =>
  meta.deletion ? [{ kind: "deletion", text: "the Deployment is being deleted" }] : none;

const lastEvent = (reader: LogReader, deployment: Deployment, type: string): RecordedEvent | undefined => {
  let last: RecordedEvent | undefined;
  for (const event of reader.log(undefined, undefined, { streams: [streamOf(refOf(deployment))], types: [type] })) {
    last = event;
  }
  return last;
};

/** It may have been created paused: then nobody ever paused it. */
const paused: Part = ({ reader, deployment }) => {
  const { spec, meta } = deployment;
  if (!spec.paused) return none;
  const event = lastEvent(reader, deployment, "DeploymentPaused");
  const by = event ? ` by ${event.actor}` : "";
  const text = `it is paused${by}; "rollout resume deploy/${meta.name}" lets it go on`;
  return [{ kind: "paused", text, sinceMs: event?.at ?? meta.createdAtMs }];
};

/** By quota, by admission, by a name that is taken: of the ReplicaSet, or of its pods. */
const refused: Part = ({ deployment, newRS, oldRSs, plan }) => {
  const progressing = conditionOf(deployment.status.conditions, "Progressing");
  const failure =
    progressing?.reason === "ReplicaSetCreateError"
      ? progressing
      : [deployment, ...(newRS ? [newRS] : []), ...oldRSs]
          .map(({ status }) => conditionOf(status.conditions, "ReplicaFailure"))
          .find((condition) => condition?.status === "True");
  if (failure) {
    const text = `the API server refused it: ${oneLine(failure.message ?? failure.reason ?? "")}`;
    return [{ kind: "refused", text, sinceMs: failure.lastTransitionMs }];
  }
  return plan.error === undefined ? none : [{ kind: "refused", text: `the controller fails: ${oneLine(plan.error)}` }];
};

const ofPods: Part = ({ pods, deployment, sizes }) =>
  podBlocks(pods, sizes.existing === sizes.updated, deployment.spec.minReadySeconds);

/** Recreate makes no new pod before the last old one has ended. */
const terminating: Part = ({ pods, deployment }) => {
  const ending = pods.filter(({ hindrance, isNew }) => hindrance === "terminating" && !isNew);
  if (deployment.spec.strategy.type !== "Recreate" || ending.length === 0) return none;
  const text = `${counted(ending.length, "old pod")} must end before new ones are made (strategy Recreate)`;
  return [{ kind: "terminating", text, sinceMs: Math.min(...ending.map(({ sinceMs }) => sinceMs)) }];
};

const floor: Part = ({ deployment, newRS, oldRSs, sizes }) => {
  const { strategy } = deployment.spec;
  if (strategy.type !== "RollingUpdate" || !newRS || !oldRSs.some(isActive)) return none;
  if (maxScaledDown(deployment, [...oldRSs, newRS], newRS) > 0) return none;
  const { maxUnavailable } = strategy.rollingUpdate;
  const text = `floor reached: no old pod may go, ${sizes.floor} of ${sizes.desired} must stay available (maxUnavailable ${maxUnavailable}) and ${sizes.available} are`;
  return [{ kind: "floor", text }];
};

const ceiling: Part = ({ deployment, newRS, oldRSs, sizes }) => {
  const { strategy, replicas } = deployment.spec;
  if (strategy.type !== "RollingUpdate" || !newRS || newRS.spec.replicas >= replicas) return none;
  if (getReplicaCount([...oldRSs, newRS]) < sizes.ceiling) return none;
  const { maxSurge } = strategy.rollingUpdate;
  const text = `ceiling reached: no new pod may come, at most ${sizes.ceiling} may exist (maxSurge ${maxSurge}) and ${sizes.existing} do`;
  return [{ kind: "ceiling", text }];
};

const deadline: Part = ({ deployment: { spec, status } }) => {
  const condition = conditionOf(status.conditions, "Progressing");
  if (condition?.reason !== "ProgressDeadlineExceeded") return none;
  const text = `no progress for ${spec.progressDeadlineSeconds ?? 0}s: the deadline is exceeded`;
  return [{ kind: "deadline", text, sinceMs: condition.lastUpdateMs ?? condition.lastTransitionMs }];
};

/** All that blocks it, the root first; none when the controllers are about to go on. */
export const blocksOf = (situation: Situation): readonly Block[] => {
  const decisive = [deletion, paused, refused].flatMap((part) => part(situation));
  if (decisive.length > 0) return [...decisive, ...ofPods(situation)];
  if (situation.plan.writes.some(({ moves }) => moves)) return none;
  return [ofPods, terminating, floor, ceiling, deadline].flatMap((part) => part(situation));
};
