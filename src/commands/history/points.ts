/** Moments as people type them: `2026-01-01T00:00:10Z`, `14:03:20`, `-5m`, `+10s`. */
import * as E from "fp-ts/lib/Either.js";
import { parseRfc3339 } from "../../kubernetes/time.ts";
import { duration } from "../grammar/values.ts";

export interface PointsOfReference {
  /** What `-5m` counts from, and the day that a clock time is of. */
  readonly nowMs: number;
  /** What `+10s` counts from. */
  readonly originMs: number;
}

const dayMs = 86_400_000;
const clockForm = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?$/;

/** The last time that a clock in UTC showed this; undefined when the text is no time of day. */
const parseClock = (text: string, nowMs: number): number | undefined => {
  const match = clockForm.exec(text);
  if (!match) return undefined;
  const [, hours = "", minutes = "", seconds = "0", fraction = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const sinceMidnightMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(fraction)) * 1000;
  const atMs = nowMs - (nowMs % dayMs) + Math.round(sinceMidnightMs);
  return atMs > nowMs ? atMs - dayMs : atMs;
};

/** The moment in cluster time, ms. Left says what can be typed. */
export const parsePoint = (text: string, { nowMs, originMs }: PointsOfReference): E.Either<string, number> => {
  if (/^[+-]/.test(text)) {
    const parsed = duration(text);
    if (E.isLeft(parsed)) return parsed;
    return E.right(Math.round(parsed.right) + (text.startsWith("+") ? originMs : nowMs));
  }
  const atMs = parseRfc3339(text) ?? parseClock(text, nowMs);
  if (atMs !== undefined) return E.right(atMs);
  return E.left(
    `${JSON.stringify(text)} is no time: say 2026-01-01T00:00:10Z, 14:03:20, -5m (ago) or +10s (from the start)`,
  );
};
