/**
 * Where a replay stands and how it goes on: a state and the one function that changes it. It knows neither clock nor
 * keyboard; whoever shows the replay tells it how much time has passed and what was asked for.
 */
import type { Moment } from "../moment.ts";

/** A part of history to be played. */
export interface Reel {
  /** The state that the replay begins with. */
  readonly start: Moment;
  /** Cluster time at which it ends, ms. */
  readonly toMs: number;
  /** The ends of the commits to be seen, in order; none before `start`. */
  readonly stops: readonly Moment[];
}

export interface Player {
  readonly reel: Reel;
  /** Cluster time that is shown, ms. */
  readonly atMs: number;
  /** How many stops have been reached. */
  readonly reached: number;
  readonly isPlaying: boolean;
  /** Cluster time per real time. */
  readonly speed: number;
  /** No pause between two stops takes longer than this, real ms. */
  readonly longestPauseMs: number;
}

export type PlayerInput =
  /** So much real time has passed. */
  | { readonly type: "tick"; readonly elapsedMs: number }
  | { readonly type: "toggle" }
  /** To the next stop, or the one before; the replay pauses there. */
  | { readonly type: "step"; readonly by: 1 | -1 }
  /** So far in cluster time. */
  | { readonly type: "seek"; readonly byMs: number }
  | { readonly type: "first" }
  | { readonly type: "last" }
  /** To the next faster or slower speed. */
  | { readonly type: "speed"; readonly by: 1 | -1 };

const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800];

export const playerAtStart = (reel: Reel, options: Pick<Player, "isPlaying" | "speed" | "longestPauseMs">): Player => ({
  reel,
  atMs: reel.start.atMs,
  reached: 0,
  ...options,
});

export const isAtEnd = ({ reel, atMs, reached }: Player): boolean => reached === reel.stops.length && atMs >= reel.toMs;

/** What is to be shown: the log up to the last stop that was reached, at the time that the replay has come to. */
export const momentOf = ({ reel, atMs, reached }: Player): Moment => ({
  seq: (reel.stops[reached - 1] ?? reel.start).seq,
  atMs,
});

/** How many stops lie at or before a time: found by halves, for a long history has many. */
const reachedBy = (stops: readonly Moment[], atMs: number): number => {
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
};

const movedTo = (player: Player, atMs: number): Player => {
  const { start, toMs, stops } = player.reel;
  const inside = Math.min(Math.max(atMs, start.atMs), toMs);
  return { ...player, atMs: inside, reached: reachedBy(stops, inside) };
};

const ticked = (player: Player, elapsedMs: number): Player => {
  if (!player.isPlaying) return player;
  const { reel, reached, speed, longestPauseMs } = player;
  const nextMs = reel.stops[reached]?.atMs ?? reel.toMs;
  const awaitedMs = Math.max(player.atMs, nextMs - longestPauseMs * speed);
  const moved = movedTo(player, Math.round(awaitedMs + elapsedMs * speed));
  return isAtEnd(moved) ? { ...moved, isPlaying: false } : moved;
};

const stepped = (player: Player, by: 1 | -1): Player => {
  const { start, toMs, stops } = player.reel;
  const reached = player.reached + by;
  if (reached < 0) return { ...player, atMs: start.atMs, isPlaying: false };
  const atMs = reached > stops.length ? toMs : (stops[reached - 1] ?? start).atMs;
  return { ...player, atMs, reached: Math.min(reached, stops.length), isPlaying: false };
};

/** The listed speed that comes next in a direction; an unlisted one finds its neighbour. */
const nextSpeed = (speed: number, by: 1 | -1): number =>
  (by === 1 ? speeds.find((s) => s > speed) : speeds.findLast((s) => s < speed)) ?? speed;

export const play = (player: Player, input: PlayerInput): Player => {
  switch (input.type) {
    case "tick":
      return ticked(player, input.elapsedMs);
    case "toggle":
      // At the end there is nothing left to play but all of it.
      return isAtEnd(player)
        ? { ...movedTo(player, player.reel.start.atMs), reached: 0, isPlaying: true }
        : { ...player, isPlaying: !player.isPlaying };
    case "step":
      return stepped(player, input.by);
    case "seek":
      return movedTo(player, player.atMs + input.byMs);
    case "first":
      return { ...player, atMs: player.reel.start.atMs, reached: 0 };
    case "last":
      return movedTo(player, player.reel.toMs);
    case "speed":
      return { ...player, speed: nextSpeed(player.speed, input.by) };
  }
};
