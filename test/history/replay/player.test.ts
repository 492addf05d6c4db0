import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isAtEnd,
  momentOf,
  type Player,
  type PlayerInput,
  play,
  playerAtStart,
  type Reel,
} from "../../../src/history/replay/player.ts";

const reel: Reel = {
  start: { seq: 10, atMs: 1_000 },
  toMs: 60_000,
  stops: [
    { seq: 12, atMs: 1_000 },
    { seq: 15, atMs: 4_000 },
    { seq: 16, atMs: 4_000 },
    { seq: 20, atMs: 50_000 },
  ],
};

const options = { isPlaying: true, speed: 1, longestPauseMs: 2_000 };
const playedBy = (...inputs: readonly PlayerInput[]): Player => inputs.reduce(play, playerAtStart(reel, options));
const tick = (elapsedMs: number): PlayerInput => ({ type: "tick", elapsedMs });
const next: PlayerInput = { type: "step", by: 1 };
const back: PlayerInput = { type: "step", by: -1 };

describe("a replay", () => {
  it("begins with the state at its start", () => {
    expect(momentOf(playedBy())).toEqual({ seq: 10, atMs: 1_000 });
  });

  it("shows each commit when its time has come", () => {
    expect(momentOf(playedBy(tick(100)))).toEqual({ seq: 12, atMs: 1_100 });
    expect(momentOf(playedBy(tick(1_000), tick(2_000)))).toEqual({ seq: 16, atMs: 4_000 });
  });

  it("goes faster when asked to", () => {
    const faster: PlayerInput = { type: "speed", by: 1 };
    expect(momentOf(playedBy(faster, tick(500))).atMs).toBe(2_000);
    expect(playedBy(faster, faster, faster).speed).toBe(10);
    expect(playedBy({ type: "speed", by: -1 }).speed).toBe(0.5);
  });

  it("does not let people wait through a quiet time", () => {
    const quiet = playedBy(tick(1), tick(3_000));
    expect(momentOf(play(quiet, tick(1_000)))).toEqual({ seq: 16, atMs: 49_000 });
  });

  it("stands still while it is paused", () => {
    expect(playedBy({ type: "toggle" }, tick(5_000)).atMs).toBe(1_000);
  });

  it("steps from commit to commit, also where two share a moment, and pauses", () => {
    expect(momentOf(playedBy(next, next))).toEqual({ seq: 15, atMs: 4_000 });
    expect(momentOf(playedBy(next, next, next))).toEqual({ seq: 16, atMs: 4_000 });
    expect(momentOf(playedBy(next, next, next, back))).toEqual({ seq: 15, atMs: 4_000 });
    expect(momentOf(playedBy(next, back, back))).toEqual({ seq: 10, atMs: 1_000 });
    expect(playedBy(next).isPlaying).toBe(false);
  });

  it("ends at its end, and begins anew when it is started there", () => {
    const ended = playedBy({ type: "last" }, tick(1));
    expect([isAtEnd(ended), ended.isPlaying]).toEqual([true, false]);
    const again = play(ended, { type: "toggle" });
    expect([momentOf(again).atMs, again.isPlaying]).toEqual([1_000, true]);
  });

  it("stays within its part of history, and never shows a commit before its time, whatever is asked of it", () => {
    const input: fc.Arbitrary<PlayerInput> = fc.oneof(
      fc.record({ type: fc.constant("tick" as const), elapsedMs: fc.nat(5_000) }),
      fc.record({ type: fc.constantFrom("toggle" as const, "first" as const, "last" as const) }),
      fc.record({
        type: fc.constantFrom("step" as const, "speed" as const),
        by: fc.constantFrom(1 as const, -1 as const),
      }),
      fc.record({ type: fc.constant("seek" as const), byMs: fc.integer({ min: -70_000, max: 70_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const player = playedBy(...inputs);
        const { seq, atMs } = momentOf(player);
        expect(atMs).toBeGreaterThanOrEqual(reel.start.atMs);
        expect(atMs).toBeLessThanOrEqual(reel.toMs);
        const shown = reel.stops.find((stop) => stop.seq === seq);
        expect(shown?.atMs ?? reel.start.atMs).toBeLessThanOrEqual(atMs);
      }),
    );
  });
});
