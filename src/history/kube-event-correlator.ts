/**
 * What a Kubernetes event recorder does before it writes an `Event`: it counts repetitions, combines similar events and
 * drops those of a chatty object. Each component has a recorder of its own.
 */

export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly fieldPath?: string;
}

/** Something a component has to say about an object. */
export interface Occurrence {
  readonly component: string;
  /** The node of a kubelet. */
  readonly host?: string;
  readonly object: InvolvedObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
  /** Time in nanoseconds since the epoch, different for each occurrence: it becomes part of the name. */
  readonly nanos: bigint;
}

/** An event as the API server would hold it. */
export interface CorrelatedEvent {
  readonly name: string;
  readonly occurrence: Occurrence;
  /** Differs from the occurrence's own where similar events are combined. */
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Observation {
  readonly name: string;
  readonly count: number;
  readonly firstMs: number;
}

/** Milliseconds of refill: one event costs `REFILL_MS`. */
interface Bucket {
  readonly creditMs: number;
  readonly atMs: number;
}

export interface Correlator {
  readonly similar: Map<string, Similar>;
  readonly observations: Map<string, Observation>;
  /** By object. */
  readonly buckets: Map<string, Bucket>;
  /** The keys under which each object is remembered; also those that have been forgotten since. */
  readonly keys: Map<string, Set<string>>;
}

export const emptyCorrelator = (): Correlator => ({
  similar: new Map(),
  observations: new Map(),
  buckets: new Map(),
  keys: new Map(),
});

/** A correlator as JSON: the entries of its caches in order of use. */
export interface KeptCorrelator {
  readonly similar: readonly (readonly [key: string, lastMs: number, messages: readonly string[]])[];
  readonly observations: readonly (readonly [key: string, Observation])[];
  readonly buckets: readonly (readonly [object: string, Bucket])[];
}

export const keepCorrelator = ({ similar, observations, buckets }: Correlator): KeptCorrelator => ({
  similar: Array.from(similar, ([key, { lastMs, messages }]) => [key, lastMs, [...messages]] as const),
  observations: [...observations],
  buckets: [...buckets],
});

export const resumeCorrelator = (kept: KeptCorrelator): Correlator => {
  const correlator: Correlator = {
    similar: new Map(
      kept.similar.map(([key, lastMs, messages]) => [key, { lastMs, messages: new Set(messages) }] as const),
    ),
    observations: new Map(kept.observations),
    buckets: new Map(kept.buckets),
    keys: new Map(),
  };
  for (const key of correlator.similar.keys()) index(correlator, objectOfKey(key), key);
  for (const key of correlator.observations.keys()) index(correlator, objectOfKey(key), key);
  return correlator;
};

/** client-go keeps this many keys in each of its caches and forgets the least recently used. */
const CACHE_SIZE = 4096;
/** The tenth distinct message within the window is the first to be combined. */
const MAX_DISTINCT = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;

const remember = <T>(cache: Map<string, T>, key: string, value: T): void => {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= CACHE_SIZE) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
};

const objectKey = ({ kind, namespace, name, uid, apiVersion }: InvolvedObject): string =>
  [apiVersion, kind, namespace, name, uid].join("\n");

/** Every key begins with its object's. */
const objectOfKey = (key: string): string => key.split("\n", 5).join("\n");

const index = ({ keys }: Correlator, object: string, key: string): void => {
  const known = keys.get(object);
  if (known) known.add(key);
  else keys.set(object, new Set([key]));
};

/**
 * Lets go of an object that is gone for good. client-go waits until newer keys push its own out; nothing is said of it any
 * more, so only the room differs that the living have.
 */
export const forgetObject = (correlator: Correlator, gone: InvolvedObject): void => {
  const object = objectKey(gone);
  for (const key of correlator.keys.get(object) ?? []) {
    correlator.similar.delete(key);
    correlator.observations.delete(key);
  }
  correlator.keys.delete(object);
  correlator.buckets.delete(object);
};

/** Says whether the occurrence is one too many of its like, and notes it. */
const isCombined = (correlator: Correlator, key: string, { message, atMs }: Occurrence): boolean => {
  const known = correlator.similar.get(key);
  const record =
    known && atMs - known.lastMs <= SIMILAR_WINDOW_MS ? known : { messages: new Set<string>(), lastMs: atMs };
  record.messages.add(message);
  record.lastMs = atMs;
  remember(correlator.similar, key, record);
  if (record.messages.size < MAX_DISTINCT) return false;
  record.messages.delete(message);
  return true;
};

const takeToken = (correlator: Correlator, key: string, atMs: number): boolean => {
  const full = BURST * REFILL_MS;
  const bucket = correlator.buckets.get(key) ?? { creditMs: full, atMs };
  const creditMs = Math.min(full, bucket.creditMs + atMs - bucket.atMs);
  const granted = creditMs >= REFILL_MS;
  remember(correlator.buckets, key, { creditMs: granted ? creditMs - REFILL_MS : creditMs, atMs });
  return granted;
};

/**
 * Kubernetes' EventCorrelator. The answer is the event to create or, when one of that name is there, to update; undefined
 * when the spam filter drops it (25 events per component and object at once, then one every 300 s). Dropped occurrences are
 * counted all the same. Changes the correlator in place.
 *
 * Where Kubernetes forgets an arbitrary one of ten distinct messages, this forgets the tenth: the first nine keep their own events.
 */
export const correlate = (correlator: Correlator, occurrence: Occurrence): CorrelatedEvent | undefined => {
  const { object, type, reason, atMs } = occurrence;
  const subject = objectKey(object);
  const similarKey = [subject, type, reason].join("\n");
  const combined = isCombined(correlator, similarKey, occurrence);
  const key = combined ? similarKey : [similarKey, object.fieldPath ?? "", occurrence.message].join("\n");

  const before = correlator.observations.get(key);
  const observation: Observation = before
    ? { ...before, count: before.count + 1 }
    : { name: `${object.name}.${occurrence.nanos.toString(16)}`, count: 1, firstMs: atMs };
  remember(correlator.observations, key, observation);
  if (!before) {
    index(correlator, subject, similarKey);
    index(correlator, subject, key);
  }

  if (!takeToken(correlator, subject, atMs)) return undefined;
  const message = combined ? `(combined from similar events): ${occurrence.message}` : occurrence.message;
  return { ...observation, occurrence, message, lastMs: atMs };
};
