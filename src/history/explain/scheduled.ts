/**
 * What will happen to pods by itself: told from what the log holds (faults, back-offs, failed pulls) and the rules by which
 * nodes and kubelets go on from there. Where the log does not tell, nothing is foretold.
 */
import { conditionOf, type Pod, refOf, streamOf } from "../../domain/state.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { type Behaviour, type BehaviourRule, behaviourOf, behaviourRuleSchema } from "../../simulation/behaviour.ts";
import { BEHAVIOURS, FAULTS, recordedFaultSchema } from "../../simulation/fault.ts";
import { nextPull } from "../../simulation/kubelet/back-off.ts";
import { latencies } from "../../simulation/latencies.ts";
import type { ContainerRuns } from "./container-runs.ts";
import type { Objects } from "./next.ts";
import type { LogReader } from "./step.ts";

export interface Scheduled {
  readonly actor: string;
  /** `deletes pod/web-5db6-x2k9q`. */
  readonly does: string;
  readonly atMs: number;
}

export interface Outlook {
  readonly reader: LogReader;
  readonly objects: Objects;
  readonly nowMs: number;
  runsOf(pod: Pod): ReadonlyMap<string, ContainerRuns>;
}

/** What a node's faults have led to. A plan that is still open when the fault comes again stays as it is. */
interface Silence {
  readonly isSilent: boolean;
  readonly notReadyAtMs: number;
  readonly evictsAtMs: number;
  /** When it came back. */
  readonly returnsMs: readonly number[];
}

const neverSilent: Silence = { isSilent: false, notReadyAtMs: -Infinity, evictsAtMs: -Infinity, returnsMs: [] };

const fellSilent = (before: Silence, atMs: number): Silence => {
  const { nodeMonitorGraceMs, nodeEvictionMs } = latencies;
  return {
    ...before,
    isSilent: true,
    notReadyAtMs: before.notReadyAtMs > atMs ? before.notReadyAtMs : atMs + nodeMonitorGraceMs,
    evictsAtMs: before.evictsAtMs > atMs ? before.evictsAtMs : atMs + nodeMonitorGraceMs + nodeEvictionMs,
  };
};

const silences = (reader: LogReader): ReadonlyMap<string, Silence> => {
  const found = new Map<string, Silence>();
  for (const { data, at } of reader.log(undefined, undefined, { streams: [FAULTS] })) {
    const recorded = recordedFaultSchema.safeParse(data);
    if (!recorded.success || recorded.data.fault.type !== "node") continue;
    const { node, up } = recorded.data.fault;
    const before = found.get(node) ?? neverSilent;
    const returned = before.isSilent ? { ...neverSilent, returnsMs: [...before.returnsMs, at] } : before;
    found.set(node, up ? returned : fellSilent(before, at));
  }
  return found;
};

const rulesAt = (reader: LogReader, seq: number): readonly BehaviourRule[] =>
  Array.from(reader.log(undefined, seq, { streams: [BEHAVIOURS] })).flatMap(({ data }) => {
    const rule = behaviourRuleSchema.safeParse(data);
    return rule.success ? [rule.data] : [];
  });

const listed = (pods: readonly Pod[], where: string): string =>
  pods.length > 3 ? `${pods.length} pods${where}` : pods.map(({ meta }) => `pod/${meta.name}`).join(", ");

/** Of pods whose node is gone: the collector waits for the node to come back, and then clears up behind it. */
const collected = ({ reader }: Outlook, node: string, pods: readonly Pod[]): readonly Scheduled[] => {
  let gone: RecordedEvent | undefined;
  for (const event of reader.log(undefined, undefined, { streams: [`Node//${node}`], types: ["NodeDeleted"] })) {
    gone = event;
  }
  if (!gone) return [];
  const atMs = gone.at + latencies.podCollectionMs;
  return [{ actor: "controller:pod-garbage-collector", does: `deletes ${listed(pods, ` of ${node}`)}`, atMs }];
};

/** Of pods whose node is silent. */
const evicted = (node: string, isReady: boolean, silence: Silence, pods: readonly Pod[]): readonly Scheduled[] => {
  const actor = "controller:node-lifecycle";
  return [
    ...(isReady ? [{ actor, does: `marks node/${node} NotReady`, atMs: silence.notReadyAtMs }] : []),
    { actor, does: `deletes ${listed(pods, ` on ${node}`)}`, atMs: silence.evictsAtMs },
  ];
};

interface Container {
  readonly name: string;
  readonly isInit: boolean;
  readonly behaviourAt: (seq: number) => Behaviour;
  readonly restarts: (exitCode: number) => boolean;
}

const containersOf = (pod: Pod, reader: LogReader): readonly Container[] => {
  const { containers, initContainers = [], restartPolicy = "Always" } = reader.bodies.podSpec(pod.spec);
  const restarts = (exitCode: number): boolean =>
    restartPolicy === "Always" || (restartPolicy === "OnFailure" && exitCode !== 0);
  const told = (isInit: boolean, { name, image = "" }: { readonly name: string; readonly image?: string }) => ({
    name,
    isInit,
    behaviourAt: (seq: number) => behaviourOf(rulesAt(reader, seq), image, pod.meta.labels),
    restarts,
  });
  return [...initContainers.map((each) => told(true, each)), ...containers.map((each) => told(false, each))];
};

/** What its kubelet waits for before it looks at the container again, and what it does then. */
const nextTry = (
  container: Container,
  runs: ContainerRuns,
  isPulling: boolean,
): { readonly words: string; readonly sinceMs: number; readonly atMs: number; readonly seq: number } | undefined => {
  const what = `${container.isInit ? "init container" : "container"} ${container.name}`;
  if (isPulling) {
    const { lastFailedPull: last, failedPulls } = runs;
    if (!last) return undefined;
    const atMs = last.atMs + nextPull(failedPulls - 1);
    return { words: `pulls the image of ${what}`, sinceMs: last.atMs, atMs, seq: last.seq };
  }
  const last = runs.row.at(-1);
  if (!last || !container.restarts(last.exitCode)) return undefined;
  const atMs = last.atMs + last.delayMs + container.behaviourAt(last.seq).startMs;
  return { words: `starts ${what}`, sinceMs: last.atMs, atMs, seq: last.seq };
};

/** Of a pod on a node that answers: the kubelet's next try at each container that does not run. */
const triedAgain = (outlook: Outlook, pod: Pod, node: string, silence: Silence): readonly Scheduled[] => {
  const { reader, nowMs, runsOf } = outlook;
  const { initContainers, containers } = pod.status;
  const resting = new Map(
    [...initContainers, ...containers]
      .filter(({ state, ready }) => state.is !== "running" && !ready)
      .map((run) => [run.name, run]),
  );
  if (resting.size === 0) return [];
  const runsOfPod = runsOf(pod);
  return containersOf(pod, reader).flatMap((container): readonly Scheduled[] => {
    const state = resting.get(container.name)?.state;
    const runs = runsOfPod.get(container.name);
    if (!state || !runs) return [];
    const isPulling = state.is === "waiting" && state.reason !== "CrashLoopBackOff";
    const next = nextTry(container, runs, isPulling);
    if (!next) return [];
    // A kubelet that comes back looks at its pods at once, and what it missed meanwhile it has missed.
    const { startMs } = container.behaviourAt(next.seq);
    const tries = [next.atMs, ...silence.returnsMs.filter((ms) => ms >= next.sinceMs).map((ms) => ms + startMs)];
    const atMs = Math.min(...tries.filter((ms) => ms >= nowMs));
    return [{ actor: `kubelet:${node}`, does: `${next.words} of pod/${pod.meta.name} again`, atMs }];
  });
};

/** Of a pod that is to go: when its containers have ended by themselves, or are killed. */
const ends = ({ reader }: Outlook, pod: Pod, node: string, silence: Silence): readonly Scheduled[] => {
  const { deletion } = pod.meta;
  const streams = [streamOf(refOf(pod))];
  const requests: RecordedEvent[] = [];
  for (const event of reader.log(undefined, undefined, { streams, types: ["PodCreated", "PodDeletionRequested"] })) {
    if (event.type === "PodCreated") requests.length = 0;
    else requests.push(event);
  }
  const [request, another] = requests;
  // Asked twice, or by a kubelet that was silent meanwhile: the log does not tell what it planned.
  if (!deletion || !request || another || silence.returnsMs.some((ms) => ms >= request.at)) return [];
  const running = new Set(pod.status.containers.filter(({ state }) => state.is === "running").map(({ name }) => name));
  const graceMs = deletion.graceSeconds * 1000;
  const needsMs = containersOf(pod, reader)
    .filter(({ name, isInit }) => !isInit && running.has(name))
    .map(({ behaviourAt }) => {
      const { stopMs, ignoresSigterm } = behaviourAt(request.seq);
      return ignoresSigterm ? graceMs : Math.min(stopMs, graceMs);
    });
  const atMs = request.at + latencies.kubeletMs + Math.max(0, ...needsMs);
  return [{ actor: `kubelet:${node}`, does: `ends pod/${pod.meta.name}`, atMs }];
};

const isOver = ({ status: { phase } }: Pod): boolean => phase === "Succeeded" || phase === "Failed";

/** What is due for these pods though nobody does anything, in order of time. */
export const scheduledFor = (pods: readonly Pod[], outlook: Outlook): readonly Scheduled[] => {
  const { reader, objects, nowMs } = outlook;
  const onNodes = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.nodeName !== undefined) onNodes.set(pod.nodeName, [...(onNodes.get(pod.nodeName) ?? []), pod]);
  }
  if (onNodes.size === 0) return [];
  const silent = silences(reader);
  const found = [...onNodes].flatMap(([name, onNode]): readonly Scheduled[] => {
    const node = objects.get({ kind: "Node", namespace: "", name });
    if (!node) return collected(outlook, name, onNode);
    const silence = silent.get(name) ?? neverSilent;
    const isReady = conditionOf(node.conditions, "Ready")?.status === "True";
    if (silence.isSilent) {
      const staying = onNode.filter(({ meta }) => !meta.deletion);
      return staying.length === 0 ? [] : evicted(name, isReady, silence, staying);
    }
    return onNode.flatMap((pod) => {
      if (pod.meta.deletion) return ends(outlook, pod, name, silence);
      return isOver(pod) ? [] : triedAgain(outlook, pod, name, silence);
    });
  });
  return found.filter(({ atMs }) => atMs >= nowMs && Number.isFinite(atMs)).sort((a, b) => a.atMs - b.atMs);
};
