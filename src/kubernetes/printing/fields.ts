/** Reading fields that the object types do not name. */
import { isJsonArray, isJsonObject, type Json } from "../json.ts";

/** The value at a path of keys; undefined where the path ends early. */
export const at = (value: Json | object | undefined, ...path: readonly string[]): Json | undefined => {
  let current: unknown = value;
  for (const key of path) current = isJsonObject(current) ? current[key] : undefined;
  return current as Json | undefined;
};

/** The text, number or boolean at a path as text; empty where there is none. */
export const textAt = (value: Json | object | undefined, ...path: readonly string[]): string => {
  const found = at(value, ...path);
  return found === undefined || found === null || typeof found === "object" ? "" : String(found);
};

export const numberAt = (value: Json | object | undefined, ...path: readonly string[]): number => {
  const found = at(value, ...path);
  return typeof found === "number" ? found : 0;
};

export const listAt = (value: Json | object | undefined, ...path: readonly string[]): readonly Json[] => {
  const found = at(value, ...path);
  return isJsonArray(found) ? found : [];
};
