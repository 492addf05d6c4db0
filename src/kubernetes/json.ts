/** Any JSON value. Kubernetes fields that we do not act on are kept as they came, typed as `Json`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export type StringMap = Readonly<Record<string, string>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isJsonArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** A wire object seen as plain JSON. */
export const asJson = (object: object): JsonObject => {
  if (!isJsonObject(object)) throw new Error("a wire object is never a list");
  return object;
};
