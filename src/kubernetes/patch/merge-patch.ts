/** JSON Merge Patch (RFC 7386): objects merge, `null` deletes, everything else replaces. */
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

export const applyMergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged: Record<string, Json> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else if (isJsonObject(value)) {
      const current = merged[key];
      merged[key] = applyMergePatch(isJsonObject(current) ? current : {}, value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
};
