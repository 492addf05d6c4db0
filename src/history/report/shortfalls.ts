/** When a bound was broken, and by what: each pod missing below the floor is charged to the loss that took it there. */
import type { AvailabilityStep, Breach, History, PodBar, ReplicaSetBars } from "../timeline/model.ts";
import { summarize } from "../timeline/summary.ts";
import { clipSteps } from "../timeline/window.ts";
import { type CommitAt, causeKey, type LostPod, lossOf } from "./causes.ts";
import type { Blame, ContainerExit, Excess, Loss, Shortfall, Surplus } from "./model.ts";

/** The part of a history that a report looks at. */
export interface Scope {
  readonly history: History;
  readonly fromMs: number;
  /** The rollout's own end. */
  readonly endMs: number;
  /** The end of what is looked at. */
  readonly untilMs: number;
}

/** A pod's availability began or ended. */
interface Turn {
  readonly uid: string;
  readonly atMs: number;
  /** Absent where it began. */
  readonly lost?: LostPod;
}

const turnsOf = (bar: PodBar, replicaSet: ReplicaSetBars): readonly Turn[] =>
  bar.segments.flatMap((segment, i): readonly Turn[] => {
    if (segment.state !== "available") return [];
    const { uid, name, node } = bar;
    const next = bar.segments[i + 1];
    const seq = next ? next.seq : bar.endSeq;
    const begins = { uid, atMs: segment.fromMs };
    // Availability that lasts on at the end of the history has no end.
    if (!next && bar.end === undefined) return [begins];
    const lost: LostPod = {
      name,
      ...(node === undefined ? {} : { node }),
      atMs: segment.toMs,
      seq: seq ?? 0,
      replicaSet: { name: replicaSet.name, scalings: replicaSet.scalings },
    };
    return [begins, { uid, atMs: segment.toMs, lost }];
  });

/** A pod that is missing below the floor, since when and, once it is made good, until when. */
interface Share {
  readonly uid: string;
  readonly lost: LostPod;
  readonly fromMs: number;
  toMs: number;
}

/** Charges each pod that goes missing below the floor to the loss that crossed it, and frees it when one comes back. */
class Ledger {
  readonly shares: Share[] = [];
  #open: Share[] = [];

  /** `missing` pods are below the floor from this moment on. */
  settle(atMs: number, missing: number, turns: readonly Turn[]): void {
    for (const share of this.#open) share.toMs = atMs;
    if (missing < this.#open.length) this.#free(this.#open.length - missing, turns);
    if (missing > this.#open.length) this.#charge(atMs, missing - this.#open.length, turns);
  }

  close(atMs: number): void {
    for (const share of this.#open) share.toMs = atMs;
  }

  /** Those that are back themselves go first; then those that are missing for the longest time. */
  #free(count: number, turns: readonly Turn[]): void {
    const back = new Set(turns.flatMap(({ uid, lost }) => (lost ? [] : [uid])));
    const inOrder = [
      ...this.#open.filter(({ uid }) => back.has(uid)),
      ...this.#open.filter(({ uid }) => !back.has(uid)),
    ];
    this.#open = inOrder.slice(count);
  }

  /** The first losses of the moment were still within what may be missing. */
  #charge(atMs: number, count: number, turns: readonly Turn[]): void {
    const losses = turns.flatMap(({ uid, lost }) => (lost ? [{ uid, lost }] : []));
    const charged = losses.sort((a, b) => a.lost.seq - b.lost.seq).slice(-count);
    for (const loss of charged) {
      const share = { ...loss, fromMs: atMs, toMs: atMs };
      this.#open.push(share);
      this.shares.push(share);
    }
  }
}

/** From the beginning of the history on: what is missing when a rollout begins was lost before. */
const sharesOf = ({ history, untilMs }: Scope): readonly Share[] => {
  const turns = new Map<number, Turn[]>();
  for (const replicaSet of history.replicaSets) {
    for (const bar of replicaSet.pods) {
      for (const turn of turnsOf(bar, replicaSet)) {
        const others = turns.get(turn.atMs);
        if (others) others.push(turn);
        else turns.set(turn.atMs, [turn]);
      }
    }
  }
  const ledger = new Ledger();
  for (const { atMs, floorInForce, available } of history.availability) {
    if (atMs > untilMs) break;
    ledger.settle(atMs, Math.max(0, floorInForce - available), turns.get(atMs) ?? []);
  }
  ledger.close(untilMs);
  return ledger.shares;
};

const mostAtOnce = (shares: readonly Share[]): number =>
  Math.max(...shares.map(({ fromMs }) => shares.filter((each) => each.fromMs <= fromMs && fromMs < each.toMs).length));

const blamesOf = (shares: readonly Share[], lossAt: (share: Share) => Loss): readonly Blame[] => {
  const groups = new Map<string, { readonly loss: Loss; readonly share: Share }[]>();
  for (const share of shares) {
    const loss = lossAt(share);
    const key = causeKey(loss);
    groups.set(key, [...(groups.get(key) ?? []), { loss, share }]);
  }
  const blames = [...groups.values()].flatMap((group): readonly Blame[] => {
    const [first] = group;
    if (!first) return [];
    const { cause, origin } = first.loss;
    return [
      {
        cause,
        ...(origin ? { origin } : {}),
        pods: mostAtOnce(group.map(({ share }) => share)),
        podMs: group.reduce((total, { share }) => total + share.toMs - share.fromMs, 0),
        losses: group.map(({ loss }) => loss),
      },
    ];
  });
  return blames.sort((a, b) => b.podMs - a.podMs);
};

/**
 * The exits that keep pods from being available in a breach: those in it, and those before it in pods that were not available
 * again when it began. A pod that never was available is missed by nobody.
 */
const exitsIn = ({ history }: Scope, { fromMs, toMs }: Breach): readonly ContainerExit[] =>
  history.replicaSets.flatMap(({ pods }) =>
    pods.flatMap(({ name, segments, marks }): readonly ContainerExit[] => {
      const last = segments.findLast(({ state, fromMs: beganMs }) => state === "available" && beganMs <= fromMs);
      const sinceMs = Math.min(last?.toMs ?? fromMs, fromMs);
      const firstMs = segments.find(({ state }) => state === "available")?.fromMs ?? Number.POSITIVE_INFINITY;
      return marks
        .filter(({ type, atMs }) => type === "exited" && atMs >= Math.max(sinceMs, firstMs) && atMs < toMs)
        .map(({ container, atMs, seq }) => ({ pod: name, container, atMs, seq }));
    }),
  );

/** As far as they lie within the breach. */
const within = (shares: readonly Share[], { fromMs, toMs }: Breach): readonly Share[] =>
  shares.flatMap((share) =>
    share.fromMs < toMs && share.toMs > fromMs
      ? [{ ...share, fromMs: Math.max(share.fromMs, fromMs), toMs: Math.min(share.toMs, toMs) }]
      : [],
  );

/** The curve in this scope; its first step is the one in force at the beginning. */
export const stepsIn = ({ history, fromMs, untilMs }: Scope): readonly AvailabilityStep[] =>
  clipSteps(history.availability, fromMs, untilMs);

/** The times in which the floor in force was broken, each charged to what broke it. */
export const shortfallsOf = (scope: Scope, commitAt: CommitAt): readonly Shortfall[] => {
  const shares = sharesOf(scope);
  const lossAt = ({ lost }: Share): Loss => lossOf(lost, commitAt);
  return summarize(stepsIn(scope), scope.untilMs).shortfalls.map((breach) => ({
    ...breach,
    isOpen: breach.toMs >= scope.untilMs,
    isAfter: breach.fromMs >= scope.endMs,
    blames: blamesOf(within(shares, breach), lossAt).map((blame) =>
      blame.cause.type === "crash" ? { ...blame, exits: exitsIn(scope, breach) } : blame,
    ),
  }));
};

const surplusOf = (scope: Scope, { fromMs, toMs }: Breach, commitAt: CommitAt): readonly Surplus[] =>
  scope.history.replicaSets.flatMap(({ name, scalings, pods }) =>
    pods.flatMap((pod): readonly Surplus[] => {
      const [begin] = pod.segments;
      if (pod.fromMs < fromMs || pod.fromMs >= toMs || begin?.seq === undefined) return [];
      const { seq } = begin;
      const scaling = scalings.findLast((each) => each.to > each.from && each.seq < seq);
      return [
        {
          pod: pod.name,
          replicaSet: name,
          seq,
          actor: commitAt(seq)[0]?.actor ?? "",
          ...(scaling ? { scaling } : {}),
        },
      ];
    }),
  );

/** The times in which the ceiling in force was broken, and the pods that came meanwhile. */
export const excessesOf = (scope: Scope, commitAt: CommitAt): readonly Excess[] =>
  summarize(stepsIn(scope), scope.untilMs).excesses.map((breach) => ({
    ...breach,
    isAfter: breach.fromMs >= scope.endMs,
    surplus: surplusOf(scope, breach, commitAt),
  }));
