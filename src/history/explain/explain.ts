/**
 * Why things are as they are: the causes of a pod's coming and going, of a workload's last change, of any event; for a
 * Deployment, also why its rollout is where it is. Pure: a log in, an explanation out.
 */
import type { EventType } from "../../domain/events.ts";
import { evolve } from "../../domain/evolve.ts";
import { conditionOf, type Entity, type ObjectRef, streamOf } from "../../domain/state.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { objectText } from "../log/lines.ts";
import { eventTypes, isEventType } from "../log/summary.ts";
import { type Chain, chainTo, effectOf, originOf } from "./chain.ts";
import { containerRuns } from "./container-runs.ts";
import { firstOf, type Life, lastLife, lastOf } from "./life.ts";
import type { Objects } from "./next.ts";
import { type PodState, podState } from "./pod-state.ts";
import { creationReason, type EndReason, endReason, type Reason, reasonOf } from "./reasons.ts";
import { rolloutState } from "./rollout.ts";
import type { RolloutState } from "./rollout-model.ts";
import type { LogReader } from "./step.ts";

interface Told {
  /** `pod/web-5db6-x2k9q`. */
  readonly object: string;
  /** The moment that is explained, ms. */
  readonly nowMs: number;
  /** How many objects have borne the name; the last of them is explained. */
  readonly bearers: number;
  readonly createdAtMs: number;
  readonly goneAtMs?: number;
}

export interface PodExplanation extends Told {
  readonly of: "pod";
  /** Undefined once it is gone. */
  readonly state?: PodState;
  readonly came: Reason;
  /** Why it is gone, going or has ended. */
  readonly went?: EndReason;
  /** Why it is in trouble, where that has another origin than its being there. */
  readonly trouble?: Reason;
}

export interface ObjectExplanation extends Told {
  readonly of: "object";
  /** Its creation. */
  readonly came: Reason;
  /** What made it another than it was created: the template's last change, and the last change of all. Often none. */
  readonly changes: readonly Reason[];
  readonly went?: EndReason;
  /** Of a Deployment that is there. */
  readonly rollout?: RolloutState;
  /** Of a ReplicaSet that is there: the pods that it wants, and those that it says it has. */
  readonly replicas?: { readonly wanted: number; readonly existing: number; readonly available: number };
}

export interface EventExplanation {
  readonly of: "event";
  readonly nowMs: number;
  readonly chain: Chain;
}

export type Explanation = PodExplanation | ObjectExplanation | EventExplanation;

/** What is explained, and when. */
export interface Scene {
  readonly reader: LogReader;
  readonly objects: Objects;
  readonly nowMs: number;
}

export const explainEvent = ({ reader, nowMs }: Scene, event: RecordedEvent): EventExplanation => ({
  of: "event",
  nowMs,
  chain: chainTo(reader, event),
});

const told = ({ events, bearers }: Life, stream: string, nowMs: number): Told => {
  const [first] = events;
  const last = events.at(-1);
  return {
    object: objectText(stream),
    nowMs,
    bearers,
    createdAtMs: first?.at ?? nowMs,
    ...(last?.type.endsWith("Deleted") ? { goneAtMs: last.at } : {}),
  };
};

const firstEvent = ({ events }: Life): RecordedEvent => {
  const [first] = events;
  if (!first) throw new Error("a life without events");
  return first;
};

const stateOf = ({ reader, objects, nowMs }: Scene, life: Life, ref: ObjectRef): PodState | undefined => {
  let pod: Entity | undefined;
  for (const event of life.events) pod = evolve(pod, foldedEvent(event), ref);
  if (pod?.kind !== "Pod") return undefined;
  return podState(pod, {
    bodies: reader.bodies,
    nowMs,
    minReadySeconds: 0,
    runsOf: () => containerRuns(life.events),
    isNodeUp: (name) => {
      const node = objects.get({ kind: "Node", namespace: "", name });
      return node !== undefined && conditionOf(node.conditions, "Ready")?.status === "True";
    },
  });
};

const troubles: readonly EventType[] = [
  "PodUnschedulable",
  "PodImagePullFailed",
  "PodContainerTerminated",
  "PodInitContainerFailed",
  "PodUnready",
];

/** Undefined when the name was never borne by a pod. */
export const explainPod = (scene: Scene, ref: ObjectRef): PodExplanation | undefined => {
  const stream = streamOf(ref);
  const life = lastLife(scene.reader, stream);
  if (!life) return undefined;
  const came = chainTo(scene.reader, firstEvent(life));
  const end = firstOf(life, "PodDeletionRequested", "PodDeleted", "PodFailed", "PodSucceeded");
  const state = stateOf(scene, life, ref);
  const trouble = state && !state.ready && !end ? lastOf(life, ...troubles) : undefined;
  const troubleChain = trouble && chainTo(scene.reader, trouble);
  const isOfOtherOrigin = troubleChain && originOf(troubleChain).seq !== originOf(came).seq;
  return {
    of: "pod",
    ...told(life, stream, scene.nowMs),
    ...(state ? { state } : {}),
    came: creationReason(came),
    ...(end ? { went: endReason(chainTo(scene.reader, end)) } : {}),
    ...(isOfOtherOrigin ? { trouble: reasonOf(troubleChain) } : {}),
  };
};

const beliefs = /(StatusChanged|ConditionChanged|RevisionAssigned)$/;

/** Every kind of event that makes an object of the kind what it is; not what controllers write down about it. */
const changesOf = (kind: string): readonly EventType[] =>
  eventTypes.filter(isEventType).filter((type) => type.startsWith(kind) && !beliefs.test(type));

/** The template's last change and the last change of all, each only where it came after the creation; once if they are one. */
const lastChanges = (scene: Scene, { events: [, ...later] }: Life, { kind }: ObjectRef): readonly Reason[] => {
  const isSpec = ({ type }: RecordedEvent): boolean => !type.endsWith("MetadataChanged");
  const isEnd = ({ type }: RecordedEvent): boolean => type.endsWith("DeletionRequested") || type.endsWith("Deleted");
  const changes = later.filter((event) => isSpec(event) && !isEnd(event));
  const template = changes.findLast(({ type }) => type === `${kind}TemplateChanged`);
  const latest = changes.at(-1);
  const chains = [template, latest].filter((event) => event !== undefined).map((event) => chainTo(scene.reader, event));
  const [first, second] = chains;
  const isOne = !first || !second || effectOf(first).seq === effectOf(second).seq;
  return (isOne ? chains.slice(-1) : chains).map(reasonOf);
};

const replicasOf = ({ objects }: Scene, ref: ObjectRef): ObjectExplanation["replicas"] => {
  const replicaSet = ref.kind === "ReplicaSet" ? objects.get({ ...ref, kind: "ReplicaSet" }) : undefined;
  if (!replicaSet) return undefined;
  const { spec, status } = replicaSet;
  return { wanted: spec.replicas, existing: status.replicas, available: status.availableReplicas };
};

/** Of any object but a pod. Undefined when the name was never borne by one. */
export const explainObject = (scene: Scene, ref: ObjectRef): ObjectExplanation | undefined => {
  const stream = streamOf(ref);
  const life = lastLife(scene.reader, stream, changesOf(ref.kind));
  if (!life) return undefined;
  const end = life.events.find(({ type }) => type.endsWith("DeletionRequested") || type.endsWith("Deleted"));
  const changes = lastChanges(scene, life, ref);
  const deployment = ref.kind === "Deployment" ? scene.objects.get({ ...ref, kind: "Deployment" }) : undefined;
  const came = reasonOf(chainTo(scene.reader, firstEvent(life)));
  const changed = changes.at(-1) ?? came;
  const replicas = replicasOf(scene, ref);
  return {
    of: "object",
    ...told(life, stream, scene.nowMs),
    came,
    changes,
    ...(replicas ? { replicas } : {}),
    ...(end ? { went: endReason(chainTo(scene.reader, end)) } : {}),
    ...(deployment
      ? { rollout: rolloutState(scene.reader, scene.objects, deployment, effectOf(changed.chain), scene.nowMs) }
      : {}),
  };
};
