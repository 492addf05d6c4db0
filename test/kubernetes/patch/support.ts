import * as E from "fp-ts/lib/Either.js";
import type { Json, JsonObject } from "../../../src/kubernetes/json.ts";
import { applyStrategicMergePatch } from "../../../src/kubernetes/patch/strategic-merge.ts";

/** The object after a patch that must apply. */
export const applied = (target: JsonObject, patch: JsonObject, kind = "Deployment"): JsonObject => {
  const merged = applyStrategicMergePatch(target, patch, kind);
  if (E.isLeft(merged)) throw new Error(merged.left);
  return merged.right;
};

export const deployment = (podSpec: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { ...spec, template: { spec: podSpec } },
});
export const containers = (...list: readonly Json[]): JsonObject => deployment({ containers: list });
