/**
 * Kubernetes `Event` objects as a fold of the log: nothing stores them, everything that they say is in the facts. The same
 * log gives the same events, names included.
 */

import type { Digest } from "../domain/state.ts";
import type { KubeEvent, PodSpec } from "../kubernetes/objects.ts";
import { rfc3339 } from "../kubernetes/time.ts";
import {
  type CorrelatedEvent,
  type Correlator,
  correlate,
  emptyCorrelator,
  forgetObject,
} from "./kube-event-correlator.ts";
import {
  type GoneObject,
  goneAt,
  type KnownObjects,
  noKnownObjects,
  type RecordedFact,
  type Speech,
} from "./kube-event-objects.ts";
import { speechesAt } from "./kube-event-sources.ts";

export type { RecordedFact } from "./kube-event-objects.ts";

/** The API server forgets an event this long after it was last written. */
const EVENT_TTL_MS = 3_600_000;
/** More events than this within an hour push out the oldest. */
const MAX_EVENTS = 50_000;

export interface HeldEvent extends Omit<CorrelatedEvent, "occurrence"> {
  readonly by: Omit<Speech, "message">;
  readonly seq: number;
}

/** The fold's state; `foldKubeEvents` changes it in place. */
export interface KubeEventsState {
  readonly specOf: (digest: Digest) => PodSpec;
  readonly known: KnownObjects;
  /** One for each component and host. */
  readonly correlators: Map<string, Correlator>;
  /** By namespace and name, least recently written first. */
  readonly held: Map<string, HeldEvent>;
}

/**
 * The state before the first fact.
 *
 * @param specOf resolves the digest of a pod's spec, which names its containers and images.
 */
export const noKubeEvents = (specOf: (digest: Digest) => PodSpec): KubeEventsState => ({
  specOf,
  known: noKnownObjects(),
  correlators: new Map(),
  held: new Map(),
});

const forget = (held: Map<string, HeldEvent>, nowMs: number): void => {
  for (const [key, event] of held) {
    if (held.size <= MAX_EVENTS && event.lastMs + EVENT_TTL_MS > nowMs) return;
    held.delete(key);
  }
};

export const heldKey = ({ name, by }: HeldEvent): string => `${by.object.namespace}/${name}`;

/** Each component has a recorder, and so has each kubelet. */
const recorderOf = ({ component, host = "" }: Pick<Speech, "component" | "host">): string => `${component} ${host}`;

const correlatorOf = (state: KubeEventsState, key: string): Correlator => {
  const known = state.correlators.get(key);
  if (known) return known;
  const correlator = emptyCorrelator();
  state.correlators.set(key, correlator);
  return correlator;
};

const forgetGone = ({ correlators }: KubeEventsState, { object, recorders }: GoneObject): void => {
  for (const recorder of recorders) {
    const correlator = correlators.get(recorderOf(recorder));
    if (correlator) forgetObject(correlator, object);
  }
};

/** No two occurrences have the same: facts of one millisecond differ by their place in the log. */
const nanosOf = ({ at, seq }: RecordedFact, ordinal: number): bigint =>
  BigInt(at) * 1_000_000n + BigInt((seq % 10_000) * 100 + (ordinal % 100));

/** Takes the next fact of the log into account. The time it takes does not grow with the log. */
export const foldKubeEvents = (state: KubeEventsState, fact: RecordedFact): KubeEventsState => {
  const gone = goneAt(state.known, fact);
  const speeches = speechesAt(state.known, fact, state.specOf);
  for (const [ordinal, speech] of speeches.entries()) {
    const correlator = correlatorOf(state, recorderOf(speech));
    const occurrence = { ...speech, atMs: fact.at, nanos: nanosOf(fact, ordinal) };
    const event = correlate(correlator, occurrence);
    if (!event) continue;
    const { occurrence: _, ...written } = event;
    const { message: __, ...by } = speech;
    const held = { ...written, by, seq: fact.seq };
    const key = heldKey(held);
    state.held.delete(key);
    state.held.set(key, held);
  }
  if (gone) forgetGone(state, gone);
  if (speeches.length > 0) forget(state.held, fact.at);
  return state;
};

const render = (event: HeldEvent): KubeEvent => {
  const { component, host, object, type, reason } = event.by;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: event.name,
      namespace: object.namespace,
      resourceVersion: String(event.seq),
      creationTimestamp: rfc3339(event.firstMs),
    },
    type,
    reason,
    message: event.message,
    involvedObject: object,
    source: { component, ...(host === undefined ? {} : { host }) },
    count: event.count,
    firstTimestamp: rfc3339(event.firstMs),
    lastTimestamp: rfc3339(event.lastMs),
  };
};

/**
 * The events that the API server would list at `nowMs`: those written within the last hour, oldest first, of one namespace or
 * of all.
 */
export const kubeEventsAt = (state: KubeEventsState, nowMs: number, namespace?: string): readonly KubeEvent[] => {
  const events: KubeEvent[] = [];
  for (const event of state.held.values()) {
    if (event.lastMs + EVENT_TTL_MS <= nowMs) continue;
    if (namespace !== undefined && event.by.object.namespace !== namespace) continue;
    events.push(render(event));
  }
  return events;
};
