/** What may still be known of a body that was redacted: enough for its readers, nothing that could be a secret. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../kubernetes/json.ts";

/** A container's name and image. */
const containerOutline = (container: Json): Json => {
  const { name = "", image = "" } = isJsonObject(container) ? container : {};
  return { name, image };
};

const podSpecOutline = (spec: JsonObject): JsonObject => {
  const lists = ["initContainers", "containers"].flatMap((field) => {
    const containers = spec[field];
    return isJsonArray(containers) ? [[field, containers.map(containerOutline)]] : [];
  });
  return Object.fromEntries(lists);
};

/**
 * Of a template its labels and, container by container, names and images; of a pod spec the latter; of a Secret its type; of
 * all else nothing. It has the body's form, so that whoever reads the body can read this.
 */
export const outlineOf = (body: JsonObject): JsonObject => {
  const { spec, metadata, containers, type } = body;
  if (isJsonObject(spec)) {
    const labels = isJsonObject(metadata) ? metadata.labels : undefined;
    return { ...(labels === undefined ? {} : { metadata: { labels } }), spec: podSpecOutline(spec) };
  }
  if (isJsonArray(containers)) return podSpecOutline(body);
  return typeof type === "string" ? { type } : {};
};

/** What is known of a template when nothing is. */
export const unknownTemplate: JsonObject = { spec: { containers: [] } };
