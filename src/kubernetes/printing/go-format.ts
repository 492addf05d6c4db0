/** JSON values written the way Go writes them: kubectl's outputs and errors show Go's forms. */
import { isJsonArray, isJsonObject, type Json } from "../json.ts";

/** Go compares texts by their bytes; for the names used here code units give the same order. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The keys of an object in byte order, as Go's encoder visits a map. */
export const sortedKeys = (object: object): string[] => Object.keys(object).sort(byCodeUnit);

/** A copy whose objects list their keys in byte order. */
export const withSortedKeys = (value: Json): Json => {
  if (isJsonArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, withSortedKeys(value[key] ?? null)]));
};

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** JSON in the order of the value's own keys, with `<`, `>` and `&` escaped, as Go's encoder does by default. */
export const goJsonInOrder = (value: Json, indent = 0): string =>
  JSON.stringify(value, undefined, indent).replace(/[<>&\u2028\u2029]/g, (character) => htmlEscapes[character] ?? "");

/** JSON with sorted keys: what Go writes for a map. */
export const goJson = (value: Json, indent = 0): string => goJsonInOrder(withSortedKeys(value), indent);

/** `%v`: `map[app:web]`, `[a b]`, `<nil>`. */
export const goValue = (value: Json): string => {
  if (value === null) return "<nil>";
  if (isJsonArray(value)) return `[${value.map(goValue).join(" ")}]`;
  if (!isJsonObject(value)) return String(value);
  return `map[${sortedKeys(value)
    .map((key) => `${key}:${goValue(value[key] ?? null)}`)
    .join(" ")}]`;
};

/** `%#v`: `map[string]interface {}{"app":"web"}`. */
export const goSyntax = (value: Json): string => {
  if (value === null) return "interface {}(nil)";
  if (isJsonArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = sortedKeys(value).map((key) => `${JSON.stringify(key)}:${goSyntax(value[key] ?? null)}`);
  return `map[string]interface {}{${entries.join(", ")}}`;
};

/** `%T` of a decoded JSON value. */
export const goType = (value: Json): string => {
  if (value === null) return "<nil>";
  if (isJsonArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
};
