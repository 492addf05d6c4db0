/** The configuration that `kubectl apply` keeps on the object, to know next time what was dropped since. */
import * as E from "fp-ts/lib/Either.js";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { goJson } from "../printing/go-format.ts";
import { LAST_APPLIED } from "../well-known.ts";

const annotationsOf = (object: JsonObject): JsonObject => {
  const metadata = object.metadata;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  return isJsonObject(annotations) ? annotations : {};
};

const withAnnotations = (object: JsonObject, annotations: JsonObject): JsonObject => {
  const metadata = object.metadata;
  return { ...object, metadata: { ...(isJsonObject(metadata) ? metadata : {}), annotations } };
};

/** The manifest with itself in the annotation, as `apply` sends it. */
export const withLastApplied = (manifest: JsonObject): JsonObject => {
  const { [LAST_APPLIED]: _, ...annotations } = annotationsOf(manifest);
  const text = `${goJson(withAnnotations(manifest, annotations))}\n`;
  return withAnnotations(manifest, { ...annotations, [LAST_APPLIED]: text });
};

/** What was applied last: undefined when the object was never applied. An annotation that cannot be read is an error. */
export const lastApplied = (live: JsonObject): E.Either<string, JsonObject | undefined> => {
  const text = annotationsOf(live)[LAST_APPLIED];
  if (typeof text !== "string") return E.right(undefined);
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? E.right(value) : E.left(`the annotation ${LAST_APPLIED} holds no object`);
  } catch {
    return E.left(`the annotation ${LAST_APPLIED} holds no JSON`);
  }
};
