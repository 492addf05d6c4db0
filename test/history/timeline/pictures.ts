/** Small histories, written down by hand: pods as words, everything else worked out from them. */
import type { Digest, Uid } from "../../../src/domain/state.ts";
import type {
  AvailabilityStep,
  History,
  PodBar,
  PodMark,
  PodState,
  ReplicaSetBars,
  Rollout,
  Segment,
} from "../../../src/history/timeline/model.ts";

const startMs = Date.UTC(2026, 0, 1);
export const at = (seconds: number): number => startMs + Math.round(seconds * 1000);

interface PodOptions {
  readonly crashes?: readonly number[];
  readonly end?: PodBar["end"];
}

/** `pod("abc", "0 starting 1 running 2 available 10")`: states between seconds. */
export const pod = (name: string, life: string, { crashes = [], end }: PodOptions = {}): PodBar => {
  const words = life.split(" ");
  const segments: Segment[] = [];
  for (let i = 1; i < words.length; i += 2) {
    const [from, state, to] = [words[i - 1], words[i], words[i + 1]];
    segments.push({ state: state as PodState, fromMs: at(Number(from)), toMs: at(Number(to)) });
  }
  const marks = crashes.map(
    (second): PodMark => ({ type: "exited", atMs: at(second), seq: 1, container: "web", what: "exit 1" }),
  );
  return {
    name,
    uid: `uid-${name}` as Uid,
    fromMs: segments[0]?.fromMs ?? startMs,
    toMs: segments.at(-1)?.toMs ?? startMs,
    ...(end ? { end } : {}),
    segments,
    marks,
  };
};

export const replicaSet = (revision: number, image: string, pods: readonly PodBar[]): ReplicaSetBars => ({
  name: `web-rs${revision}`,
  uid: `uid-${revision}` as Uid,
  hue: revision - 1,
  template: `digest-${revision}` as Digest,
  images: [image],
  containers: [{ container: "web", image }],
  revisions: [{ revision: String(revision), fromMs: startMs }],
  scalings: [],
  fromMs: startMs,
  pods: pods.map((each) => ({ ...each, name: `web-rs${revision}-${each.name}` })),
});

export const rollout = (number: number, second: number, image: string, more: Partial<Rollout> = {}): Rollout => ({
  number,
  revision: String(number),
  atMs: at(second),
  seq: number,
  actor: "user:me",
  template: `digest-${number}` as Digest,
  hue: number - 1,
  images: [image],
  isCreation: number === 1,
  startedAtMs: at(second),
  paused: [],
  outcome: "in progress",
  countedToMs: at(second),
  progressingMs: 0,
  pausedMs: 0,
  waitingMs: 0,
  podsCreated: 0,
  podsLost: 0,
  containerExits: 0,
  ...more,
});

const isIn = (state: PodState | undefined, states: readonly PodState[]): boolean =>
  state !== undefined && states.includes(state);

interface Bounds {
  readonly desired: number;
  readonly floor: number;
  readonly ceiling: number;
}

const stepAt = (replicaSets: readonly ReplicaSetBars[], bounds: Bounds, atMs: number): AvailabilityStep => {
  const stateOf = ({ segments }: PodBar): PodState | undefined =>
    segments.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)?.state;
  const states = replicaSets.map(({ pods }) => pods.map(stateOf));
  const count = (...wanted: readonly PodState[]): number => states.flat().filter((state) => isIn(state, wanted)).length;
  return {
    atMs,
    ...bounds,
    floorInForce: bounds.floor,
    ceilingInForce: bounds.ceiling,
    pods: count("pending", "starting", "running", "ready", "available", "backing-off"),
    terminating: count("terminating"),
    available: count("available"),
    availableBy: states.flatMap((each, index) => {
      const pods = each.filter((state) => state === "available").length;
      return pods > 0 ? [{ replicaSet: index, pods }] : [];
    }),
  };
};

export const history = (
  seconds: number,
  bounds: Bounds,
  rollouts: readonly Rollout[],
  replicaSets: readonly ReplicaSetBars[],
): History => {
  const moments = replicaSets
    .flatMap(({ pods }) => pods.flatMap(({ fromMs, segments }) => [fromMs, ...segments.map(({ toMs }) => toMs)]))
    .filter((atMs) => atMs < at(seconds));
  const inOrder = [...new Set([startMs, ...moments])].sort((a, b) => a - b);
  return {
    namespace: "default",
    name: "web",
    knownFromMs: startMs,
    fromMs: startMs,
    toMs: at(seconds),
    rollouts,
    replicaSets,
    availability: inOrder.map((atMs) => stepAt(replicaSets, bounds, atMs)),
  };
};
