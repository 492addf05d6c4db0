/** Strategic merge patches, as the API server applies them. */
import * as E from "fp-ts/lib/Either.js";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { goValue } from "../printing/go-format.ts";
import { DELETE_FROM_PRIMITIVE_LIST, PATCH, RETAIN_KEYS, SET_ELEMENT_ORDER } from "./directives.ts";
import { type FieldMerge, type MergeSchema, mergeSchemaOf } from "./merge-schema.ts";

/** A patch that cannot be applied: thrown inside this file, an `Either` outside of it. */
class BadPatch extends Error {}

/**
 * Applies a strategic merge patch to an object of the kind: lists with a merge key merge by element, `null` deletes, and the
 * directives (`$patch`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`, `$retainKeys`) are obeyed. Errors are Kubernetes'.
 */
export const applyStrategicMergePatch = (
  target: JsonObject,
  patch: JsonObject,
  kind: string,
): E.Either<string, JsonObject> => {
  try {
    return E.right(mergeObject(target, patch, mergeSchemaOf(kind)));
  } catch (error) {
    if (error instanceof BadPatch) return E.left(error.message);
    throw error;
  }
};

const mergeObject = (target: JsonObject, patch: JsonObject, schema: MergeSchema): JsonObject => {
  const { [PATCH]: directive, [RETAIN_KEYS]: retained, ...changes } = patch;
  if (directive === "replace") return changes;
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") throw unknownDirective(directive, patch);
  const merged: Record<string, Json> = retained === undefined ? { ...target } : retainKeys(target, changes, retained);

  const orders = new Map<string, readonly Json[]>();
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(SET_ELEMENT_ORDER)) orders.set(key.slice(SET_ELEMENT_ORDER.length), orderList(value));
  }
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(SET_ELEMENT_ORDER)) continue;
    if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) removeScalars(merged, key, value);
    else if (value === null) delete merged[key];
    else merged[key] = mergeValue(merged[key], value, schema[key] ?? {}, orders.get(key));
  }
  for (const [key, order] of orders) {
    const list = merged[key];
    if (isJsonArray(list)) merged[key] = inOrder(list, order, listOf(target[key]), keyOf(schema[key] ?? {}));
  }
  return merged;
};

const unknownDirective = (directive: Json, within: JsonObject): BadPatch =>
  new BadPatch(`unknown patch type: ${goValue(directive)} in map: ${goValue(within)}`);

const listOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : []);

const orderList = (value: Json): readonly Json[] => {
  if (!isJsonArray(value)) throw new BadPatch("invalid patch format of setElementOrder list");
  return value;
};

/** The target without the fields that `$retainKeys` does not name; a patch must not set a field that it does not retain. */
const retainKeys = (target: JsonObject, changes: JsonObject, retained: Json): Record<string, Json> => {
  const kept = new Set(listOf(retained));
  const isRetained = ([key, value]: [string, Json]) => value === null || key.startsWith("$") || kept.has(key);
  if (!isJsonArray(retained) || !Object.entries(changes).every(isRetained)) {
    throw new BadPatch("invalid patch format of retainKeys");
  }
  return Object.fromEntries(Object.entries(target).filter(([key]) => kept.has(key)));
};

const removeScalars = (merged: Record<string, Json>, directive: string, removed: Json): void => {
  const key = directive.slice(DELETE_FROM_PRIMITIVE_LIST.length);
  if (!isJsonArray(removed)) throw new BadPatch("invalid patch format of primitive list");
  const list = merged[key];
  if (isJsonArray(list)) merged[key] = list.filter((item) => !removed.includes(item));
};

const mergeValue = (
  target: Json | undefined,
  patch: Json,
  field: FieldMerge,
  order: readonly Json[] | undefined,
): Json => {
  if (isJsonObject(patch)) {
    return mergeObject(isJsonObject(target) && !field.replace ? target : {}, patch, field.fields ?? {});
  }
  if (!isJsonArray(patch)) return patch;
  const list = listOf(target);
  if (field.mergeScalars) return inOrder([...new Set([...list, ...patch])], patch, list, keyOf(field));
  if (field.mergeKey === undefined) return patch;
  return mergeElements(list, patch, field.mergeKey, field, order);
};

/** Merges a list of objects element by element; elements that are new come in the order in which the patch has them. */
const mergeElements = (
  target: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
  { fields = {} }: FieldMerge,
  order: readonly Json[] | undefined,
): readonly Json[] => {
  const identity = keyOf({ mergeKey });
  let merged = [...target];
  const changes: JsonObject[] = [];
  for (const element of patch) {
    if (!isJsonObject(element)) throw new BadPatch("invalid patch format of a list of objects");
    const { [PATCH]: directive, ...rest } = element;
    if (directive === undefined) changes.push(element);
    else if (directive === "replace") merged = [];
    else if (directive === "delete") merged = merged.filter((item) => identity(item) !== identity(element));
    else if (directive === "merge") changes.push(rest);
    else throw unknownDirective(directive, element);
  }
  if (order) checkOrder(changes, order, identity);
  for (const change of changes) {
    const index = merged.findIndex((item) => identity(item) === identity(change));
    const before = merged[index];
    if (isJsonObject(before)) merged[index] = mergeObject(before, change, fields);
    else merged.push(mergeObject({}, change, fields));
  }
  return inOrder(merged, changes, target, identity);
};

type Identity = (element: Json) => string;

/** What tells an element of the list from the others: the value of its merge key, or the scalar itself. */
const keyOf =
  ({ mergeKey }: FieldMerge): Identity =>
  (element) => {
    if (mergeKey === undefined) return JSON.stringify(element);
    const value = isJsonObject(element) ? element[mergeKey] : undefined;
    if (value !== undefined) return JSON.stringify(value);
    throw new BadPatch(`map: ${goValue(element)} does not contain declared merge key: ${mergeKey}`);
  };

/** The elements of a patch must stand in the order that `$setElementOrder` gives. */
const checkOrder = (changes: readonly Json[], order: readonly Json[], identity: Identity): void => {
  const expected = order.map(identity);
  let next = 0;
  for (const change of changes) {
    const found = expected.indexOf(identity(change), next);
    if (found < 0) {
      throw new BadPatch(
        `The order in patch list:\n${goValue(changes)}\n doesn't match $setElementOrder list:\n${goValue(order)}\n`,
      );
    }
    next = found + 1;
  }
};

/**
 * Puts the elements that `order` names into its order. The others keep theirs, and each stands before the first named element
 * that followed it in `before`.
 */
const inOrder = (
  list: readonly Json[],
  order: readonly Json[],
  before: readonly Json[],
  identity: Identity,
): readonly Json[] => {
  const place = new Map(order.map((element, index) => [identity(element), index]));
  const formerPlace = new Map(before.map((element, index) => [identity(element), index]));
  const placeOf = (places: ReadonlyMap<string, number>, element: Json) => places.get(identity(element)) ?? -1;
  const named = list
    .filter((element) => place.has(identity(element)))
    .sort((a, b) => placeOf(place, a) - placeOf(place, b));
  const others = list
    .filter((element) => !place.has(identity(element)))
    .sort((a, b) => placeOf(formerPlace, a) - placeOf(formerPlace, b));
  const ordered: Json[] = [];
  let next = 0;
  for (const element of named) {
    const former = placeOf(formerPlace, element);
    for (; next < others.length && placeOf(formerPlace, others[next] ?? null) < former; next++) {
      ordered.push(others[next] ?? null);
    }
    ordered.push(element);
  }
  return [...ordered, ...others.slice(next)];
};
