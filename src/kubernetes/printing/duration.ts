/** Ages as kubectl prints them. */
import { parseRfc3339 } from "../time.ts";

const secondMs = 1000;

/** `two(90, 60, "m", "s")` is `1m30s`; a remainder of 0 is left out. */
const two = (total: number, unit: number, large: string, small: string): string => {
  const rest = total % unit;
  return `${Math.floor(total / unit)}${large}${rest === 0 ? "" : `${rest}${small}`}`;
};

/**
 * A length of time with two or three significant digits, as the AGE column shows it: `95s`, `3m5s`, `125m`, `3h5m`, `30h`,
 * `3d4h`, `200d`, `3y20d`, `9y`. A clock up to two seconds ahead counts as now; further ahead is `<invalid>`.
 */
export const humanDuration = (ms: number): string => {
  const seconds = Math.trunc(ms / secondMs);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return two(seconds, 60, "m", "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return two(minutes, 60, "h", "m");
  if (hours < 48) return `${hours}h`;
  if (hours < 8 * 24) return two(hours, 24, "d", "h");
  const days = Math.floor(hours / 24);
  if (days < 2 * 365) return `${days}d`;
  if (days < 8 * 365) return two(days, 365, "y", "d");
  return `${Math.floor(days / 365)}y`;
};

/** Time since a timestamp of the API; `<unknown>` when it is unset. */
export const age = (timestamp: string | null | undefined, nowMs: number): string => {
  const sinceMs = timestamp ? parseRfc3339(timestamp) : undefined;
  return sinceMs === undefined ? "<unknown>" : humanDuration(nowMs - sinceMs);
};
