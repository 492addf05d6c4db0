/**
 * Rollouts as OpenTelemetry traces: one trace a rollout, with spans for the rollout, for every ReplicaSet that had pods meanwhile, for
 * each of those pods and for every state that the pod was in. Names follow the semantic conventions for Kubernetes where these have
 * one. Times are cluster time. Ids are derived: the same history has the same ids.
 */
import { digestOf } from "../../event-store/hash-chain.ts";
import { endOf } from "../../projections/rollouts/model.ts";
import type { History, PodBar, ReplicaSetBars, Rollout, Segment } from "../timeline/model.ts";
import { attributes, type ResourceSpans, type Span, type SpanEvent, unixNano } from "./model.ts";

const scopeName = "rollout-ledger";

/** A part of a trace: when, and below what. */
interface Window {
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const traceIdOf = ({ namespace, name }: History, { number, seq, atMs, template }: Rollout): string =>
  digestOf(`trace/${namespace}/${name}/${number}/${seq}/${atMs}/${template}`).slice(0, 32);

const spanIdOf = (traceId: string, path: string): string => digestOf(`span/${traceId}/${path}`).slice(0, 16);

const event = (atMs: number, name: string, named: Parameters<typeof attributes>[0] = {}): SpanEvent => ({
  timeUnixNano: unixNano(atMs),
  name,
  attributes: attributes(named),
});

const within =
  ({ fromMs, toMs }: Window) =>
  ({ atMs }: { readonly atMs: number }): boolean =>
    atMs >= fromMs && atMs <= toMs;

/** A pod that is on its way out when the rollout ends is followed to its own end. */
const clipped = (segments: readonly Segment[], { fromMs, toMs }: Window): readonly Segment[] =>
  segments
    .filter((segment) => segment.toMs > fromMs && segment.fromMs < toMs)
    .map((segment) => ({
      ...segment,
      fromMs: Math.max(segment.fromMs, fromMs),
      toMs: segment.state === "terminating" ? segment.toMs : Math.min(segment.toMs, toMs),
    }));

const stateSpan = ({ state, fromMs, toMs }: Segment, pod: Omit<Window, "fromMs" | "toMs">): Span => ({
  traceId: pod.traceId,
  spanId: spanIdOf(pod.traceId, `${pod.parentSpanId}/${state}/${fromMs}`),
  parentSpanId: pod.parentSpanId,
  name: `pod ${state}`,
  kind: 1,
  startTimeUnixNano: unixNano(fromMs),
  endTimeUnixNano: unixNano(toMs),
  attributes: attributes({ "rollout.pod.state": state }),
  events: [],
  status: {},
});

const podSpans = (pod: PodBar, window: Window): readonly Span[] => {
  const segments = clipped(pod.segments, window);
  const [first, last] = [segments[0], segments.at(-1)];
  if (!first || !last) return [];
  const { traceId, parentSpanId } = window;
  const spanId = spanIdOf(traceId, `pod/${pod.uid}/${pod.fromMs}`);
  const span: Span = {
    traceId,
    spanId,
    parentSpanId,
    name: "pod",
    kind: 1,
    startTimeUnixNano: unixNano(first.fromMs),
    endTimeUnixNano: unixNano(last.toMs),
    attributes: attributes({
      "k8s.pod.name": pod.name,
      "k8s.pod.uid": pod.uid,
      "k8s.node.name": pod.node,
      "rollout.pod.end": last.toMs === pod.toMs ? pod.end : undefined,
    }),
    events: pod.marks
      .filter(within({ ...window, toMs: last.toMs }))
      .map(({ type, atMs, container, what }) =>
        event(atMs, type, { "k8s.container.name": container, "rollout.what": what }),
      ),
    status: {},
  };
  return [span, ...segments.map((segment) => stateSpan(segment, { traceId, parentSpanId: spanId }))];
};

const replicaSetSpans = (replicaSet: ReplicaSetBars, rollout: Rollout, window: Window): readonly Span[] => {
  const { name, uid, template, images, fromMs, scalings, pods } = replicaSet;
  const { traceId, parentSpanId } = window;
  const spanId = spanIdOf(traceId, `replicaset/${uid}`);
  const ofPods = pods.flatMap((pod) => podSpans(pod, { ...window, parentSpanId: spanId }));
  const isNew = template === rollout.template;
  if (ofPods.length === 0 && !isNew) return [];
  const span: Span = {
    traceId,
    spanId,
    parentSpanId,
    name: "replicaset",
    kind: 1,
    startTimeUnixNano: unixNano(Math.min(window.toMs, Math.max(fromMs, window.fromMs))),
    endTimeUnixNano: unixNano(window.toMs),
    attributes: attributes({
      "k8s.replicaset.name": name,
      "k8s.replicaset.uid": uid,
      "rollout.images": images,
      "rollout.is_new": isNew,
    }),
    events: scalings
      .filter(within(window))
      .map(({ atMs, from, to, actor }) =>
        event(atMs, "scaled", { "rollout.from": from, "rollout.to": to, "rollout.actor": actor }),
      ),
    status: {},
  };
  return [span, ...ofPods];
};

const rolloutEvents = ({
  paused,
  startedAtMs,
  completedAtMs,
  deadlineExceededAtMs,
  atMs,
}: Rollout): readonly SpanEvent[] =>
  [
    ...paused.flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, name: "paused" },
      ...(toMs === undefined ? [] : [{ atMs: toMs, name: "resumed" }]),
    ]),
    ...(startedAtMs === undefined || startedAtMs === atMs ? [] : [{ atMs: startedAtMs, name: "started" }]),
    ...(deadlineExceededAtMs === undefined ? [] : [{ atMs: deadlineExceededAtMs, name: "deadline exceeded" }]),
    ...(completedAtMs === undefined ? [] : [{ atMs: completedAtMs, name: "complete" }]),
  ]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs: at, name }) => event(at, name));

const statusOf = ({ completedAtMs, deadlineExceededAtMs }: Rollout): Span["status"] => {
  if (completedAtMs !== undefined) return { code: 1 };
  return deadlineExceededAtMs === undefined ? {} : { code: 2, message: "progress deadline exceeded" };
};

const spansOf = (history: History, rollout: Rollout): readonly Span[] => {
  const traceId = traceIdOf(history, rollout);
  const spanId = spanIdOf(traceId, "rollout");
  // What goes on ends where the log does.
  const window: Window = { traceId, parentSpanId: spanId, fromMs: rollout.atMs, toMs: endOf(rollout) ?? history.toMs };
  const span: Span = {
    traceId,
    spanId,
    name: "rollout",
    kind: 1,
    startTimeUnixNano: unixNano(window.fromMs),
    endTimeUnixNano: unixNano(window.toMs),
    attributes: attributes({
      "rollout.number": rollout.number,
      "rollout.revision": rollout.revision,
      "rollout.outcome": rollout.outcome,
      "rollout.actor": rollout.actor,
      "rollout.verb": rollout.verb,
      "rollout.command": rollout.command,
      "rollout.change_cause": rollout.changeCause,
      "rollout.images": rollout.images,
      "rollout.images_before": rollout.imagesBefore,
      "rollout.restores": rollout.restores,
      "rollout.superseded_by": rollout.supersededBy,
      "rollout.seq": rollout.seq,
    }),
    events: rolloutEvents(rollout),
    status: statusOf(rollout),
  };
  return [span, ...history.replicaSets.flatMap((replicaSet) => replicaSetSpans(replicaSet, rollout, window))];
};

/** A trace for each rollout of a Deployment, in order. `version` is that of the program. */
export function* tracesOf(history: History, version: string): Generator<ResourceSpans, void> {
  const { namespace, name } = history;
  const resource = {
    attributes: attributes({
      "service.name": name,
      "service.namespace": namespace,
      "k8s.namespace.name": namespace,
      "k8s.deployment.name": name,
    }),
  };
  for (const rollout of history.rollouts) {
    yield { resource, scopeSpans: [{ scope: { name: scopeName, version }, spans: spansOf(history, rollout) }] };
  }
}
