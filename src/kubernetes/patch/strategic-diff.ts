/** Makes strategic merge patches, as kubectl does before it sends them. */
import { canonicalJson } from "../canonical-json.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { sortedKeys } from "../printing/go-format.ts";
import { DELETE_FROM_PRIMITIVE_LIST, PATCH, RETAIN_KEYS, SET_ELEMENT_ORDER } from "./directives.ts";
import { type FieldMerge, type MergeSchema, mergeSchemaOf } from "./merge-schema.ts";

/**
 * The patch of `kubectl apply`: it sets what `modified` says and `live` does not, and deletes what `previous` (the
 * configuration applied last) said and `modified` no longer does. What only `live` has stays. `{}` when nothing is to do.
 *
 * As with kubectl, elements that only `live` has in a merged list, and fields that only `live` has in `spec.strategy`, make
 * the patch restate the order or the fields that stay, though applying it then changes nothing.
 */
export const createThreeWayPatch = (
  previous: JsonObject,
  modified: JsonObject,
  live: JsonObject,
  kind: string,
): JsonObject => diffObjects({ previous, modified, live }, mergeSchemaOf(kind), false);

/** The patch that turns `original` into `modified`; `{}` when they are equal. */
export const createStrategicMergePatch = (original: JsonObject, modified: JsonObject, kind: string): JsonObject =>
  createThreeWayPatch(original, modified, original, kind);

/** Deletions are counted from `previous`, everything else from `live`. */
interface Versions<T> {
  readonly previous: T;
  readonly modified: T;
  readonly live: T;
}

/** A field that `modified` has, and the others need not have. */
type FieldVersions = Versions<Json | undefined> & { readonly modified: Json };

const diffObjects = (versions: Versions<JsonObject>, schema: MergeSchema, retains: boolean): JsonObject => {
  const { previous, modified, live } = versions;
  const patch: Record<string, Json> = {};
  for (const [key, value] of Object.entries(modified)) {
    const field = { previous: own(previous, key), modified: value, live: own(live, key) };
    Object.assign(patch, diffField(key, field, schema[key] ?? {}));
  }
  const isDropped = (key: string) => !Object.hasOwn(modified, key);
  for (const key of Object.keys(previous)) if (isDropped(key)) patch[key] = null;
  const clears = Object.keys(live).some((key) => live[key] !== null && isDropped(key));
  const kept = sortedKeys(modified).filter((key) => modified[key] !== null);
  if (retains && kept.length > 0 && (clears || Object.keys(patch).length > 0)) patch[RETAIN_KEYS] = kept;
  return patch;
};

const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** What the patch says about one field: nothing, its value, or for a merged list its changes and directives. */
const diffField = (key: string, { previous, modified, live }: FieldVersions, field: FieldMerge): JsonObject => {
  if (isJsonObject(modified) && isJsonObject(live) && !field.replace) {
    const before = isJsonObject(previous) ? previous : {};
    const patch = diffObjects({ previous: before, modified, live }, field.fields ?? {}, field.retainKeys === true);
    return Object.keys(patch).length > 0 ? { [key]: patch } : {};
  }
  if (isJsonArray(modified) && isJsonArray(live) && live.length > 0) {
    const lists = { previous: isJsonArray(previous) ? previous : [], modified, live };
    if (field.mergeScalars) return diffScalars(key, lists);
    if (field.mergeKey !== undefined) return diffElements(key, field.mergeKey, lists, field);
  }
  return isEqual(modified, live) ? {} : { [key]: modified };
};

const diffScalars = (key: string, { previous, modified, live }: Versions<readonly Json[]>): JsonObject => {
  const added = modified.filter((item) => !live.includes(item));
  const removed = previous.filter((item) => !modified.includes(item));
  return {
    ...(added.length > 0 ? { [key]: added } : {}),
    ...(removed.length > 0 ? { [DELETE_FROM_PRIMITIVE_LIST + key]: removed } : {}),
    ...(removed.length > 0 || !isEqual(modified, live) ? { [SET_ELEMENT_ORDER + key]: modified } : {}),
  };
};

const diffElements = (
  key: string,
  mergeKey: string,
  { previous, modified, live }: Versions<readonly Json[]>,
  field: FieldMerge,
): JsonObject => {
  const identity = (element: Json) => (isJsonObject(element) ? (element[mergeKey] ?? null) : element);
  const find = (list: readonly Json[], id: Json) => list.find((element) => isEqual(identity(element), id));
  const patch: Json[] = [];
  for (const element of modified) {
    const id = identity(element);
    const [before, current] = [find(previous, id), find(live, id)];
    if (!isJsonObject(element) || !isJsonObject(current)) {
      patch.push(element);
      continue;
    }
    const versions = { previous: isJsonObject(before) ? before : {}, modified: element, live: current };
    const change = diffObjects(versions, field.fields ?? {}, field.retainKeys === true);
    if (Object.keys(change).length > 0) patch.push({ ...change, [mergeKey]: id });
  }
  for (const element of previous) {
    const id = identity(element);
    if (find(modified, id) === undefined) patch.push({ [PATCH]: "delete", [mergeKey]: id });
  }
  const isOrderKept = isEqual(live.map(identity), modified.map(identity));
  if (patch.length === 0 && isOrderKept) return {};
  return {
    ...(patch.length > 0 ? { [key]: patch } : {}),
    [SET_ELEMENT_ORDER + key]: modified.map((element) => ({ [mergeKey]: identity(element) })),
  };
};

/** Equality of JSON values; the order of keys does not count. */
const isEqual = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
