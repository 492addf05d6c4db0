/** The kinds of patch that the API server takes. */
import * as E from "fp-ts/lib/Either.js";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type Refusal, refusal } from "../refusal.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge.ts";

export type PatchType = "json" | "merge" | "strategic";

/**
 * Applies a patch to an object of the API and refuses it as the API server does: a JSON patch that does not apply is
 * `Invalid` (422, without saying why), a malformed patch a `BadRequest`. What comes out has not been validated.
 */
export const applyPatchTo = <T extends { readonly kind?: unknown }>(
  target: T,
  type: PatchType,
  patch: Json,
): E.Either<Refusal, T> => {
  const patched = patchedJson(target, type, patch);
  // A patch may give an object any shape: the caller validates it, as it would an object that a client sends.
  return patched as E.Either<Refusal, JsonObject & T>;
};

const patchedJson = (target: object, type: PatchType, patch: Json): E.Either<Refusal, JsonObject> => {
  if (!isJsonObject(target)) throw new Error("an object of the API is a JSON object");
  if (type === "json") return patchedByOperations(target, patch);
  if (!isJsonObject(patch)) {
    return E.left(
      refusal("BadRequest", `json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`),
    );
  }
  if (type === "merge") return E.right(applyMergePatch(target, patch));
  const kind = target.kind;
  const merged = applyStrategicMergePatch(target, patch, typeof kind === "string" ? kind : "");
  return E.mapLeft((message: string) => refusal("BadRequest", message))(merged);
};

const patchedByOperations = (target: JsonObject, patch: Json): E.Either<Refusal, JsonObject> => {
  if (!Array.isArray(patch)) {
    return E.left(
      refusal("BadRequest", `json: cannot unmarshal ${jsonType(patch)} into Go value of type jsonpatch.Patch`),
    );
  }
  const patched = applyJsonPatch(target, patch);
  return E.isRight(patched) && isJsonObject(patched.right)
    ? E.right(patched.right)
    : E.left(refusal("Invalid", "the server rejected our request due to an error in our request"));
};

const jsonType = (value: Json): string => {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
};
