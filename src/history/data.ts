/**
 * What history tells, as data for programs, in one dialect for all verbs: moments are times as the API writes them, to the
 * millisecond, under names without unit (`at`, `from`, `startedAt`); durations are numbers of ms, and their names say so.
 */
import type { Json, JsonObject } from "../kubernetes/json.ts";

/** The time as the API writes it, to the millisecond. */
export const instant = (atMs: number): string => new Date(atMs).toISOString();

/** The fields that hold a moment, beside those whose names end with `AtMs`: `toMs` does, `tookMs` does not. */
const moments = new Set(["atMs", "fromMs", "toMs", "sinceMs", "untilMs", "endMs", "nowMs", "originMs"]);
const named: ReadonlyMap<string, string> = new Map([
  ["knownFromMs", "knownFrom"],
  ["countedToMs", "countedTo"],
  ["lastProgressMs", "lastProgressAt"],
]);

/** The colour of a template in pictures. */
const forPicturesOnly = "hue";

const momentName = (field: string): string | undefined =>
  named.get(field) ?? (moments.has(field) || field.endsWith("AtMs") ? field.slice(0, -"Ms".length) : undefined);

const dataOf = (value: unknown): Json => {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? value.map(dataOf) : objectData(value);
    default:
      throw new TypeError(`what history tells is plain, not a ${typeof value}`);
  }
};

/** A model of history as it is printed with `-o json`; what is not known is left out. */
export const objectData = (model: object): JsonObject => {
  const data: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(model)) {
    if (value === undefined || name === forPicturesOnly) continue;
    const moment = typeof value === "number" ? momentName(name) : undefined;
    if (moment === undefined) data[name] = dataOf(value);
    else data[moment] = instant(value);
  }
  return data;
};

/** As `-o json` prints it: fields in the order in which they are told, four spaces, a newline at the end. */
export const printData = (data: Json): string => `${JSON.stringify(data, null, 4)}\n`;
