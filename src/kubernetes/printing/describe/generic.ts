import { asJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json.ts";
import type { KubeObject } from "../../objects.ts";
import { goValue, sortedKeys } from "../go-format.ts";
import { Description, describeMetadata } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";

/** What `kubectl describe` prints for a kind it has no words for (an `Event`, say): every field, names spelled out. */
export const describeGeneric = (object: KubeObject, context: DescribeContext): string => {
  const to = new Description();
  describeMetadata(to, object);
  describeFields(to, 0, asJson(object), "");
  describeEvents(to, context);
  return to.aligned;
};

/** Shown above, or hidden. */
const skipped = new Set([
  ".metadata.managedFields",
  ".metadata.name",
  ".metadata.namespace",
  ".metadata.labels",
  ".metadata.annotations",
]);

const describeFields = (to: Description, level: number, object: JsonObject, path: string): void => {
  for (const key of sortedKeys(object)) {
    const below = `${path}.${key}`;
    const value = object[key];
    if (value === undefined || skipped.has(below)) continue;
    if (typeof value !== "object" || value === null) {
      to.entry(level, titleOf(key), goValue(value));
      continue;
    }
    to.line(level, `${titleOf(key)}:`);
    if (isJsonObject(value)) describeFields(to, level + 1, value, below);
    else if (isJsonArray(value)) describeItems(to, level + 1, value, below);
  }
};

const describeItems = (to: Description, level: number, items: readonly Json[], path: string): void => {
  for (const item of items) {
    if (isJsonObject(item)) describeFields(to, level, item, path);
    else to.line(level, goValue(item));
  }
};

const acronyms = new Set(["API", "URL", "UID", "OSB", "GUID"]);

/** `creationTimestamp` is `Creation Timestamp`; a name with other signs than letters and dashes stays as it is. */
const titleOf = (field: string): string => {
  if (!/^[\p{L}-]*$/u.test(field)) return field;
  const words = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|[^\p{L}]+/gu) ?? [];
  return words
    .map((word) =>
      acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join(" ");
};
