/** `--sort-by=.path`. */
import * as E from "fp-ts/lib/Either.js";
import { asJson, type Json } from "../json.ts";
import { compareQuantities, parseQuantity } from "../quantity.ts";
import { goType } from "./go-format.ts";
import { findValues, type JsonPath, parseRelaxedJsonPath } from "./jsonpath.ts";

/** kubectl's words when no object has the field, and whenever a table of several types is to be sorted. */
export const nothingToSortBy = (path: string): string =>
  `couldn't find any field with path ${JSON.stringify(path)} in the list of objects`;

/** The path in the form in which kubectl evaluates and quotes it: `{.metadata.name}`. */
export const parseSortPath = (path: string): E.Either<string, JsonPath> => parseRelaxedJsonPath(path);

/**
 * Sorts by the first value at the path: numbers by value, quantities by amount, other texts naturally (`web-2` before
 * `web-10`). Objects without the field come first; those that compare equal keep their order. It is an error when no object
 * has the field, or when what it holds has no order.
 */
export const sortByPath = <T extends object>(objects: readonly T[], path: JsonPath): E.Either<string, readonly T[]> => {
  const keyed: { readonly object: T; readonly key: SortKey }[] = [];
  for (const object of objects) {
    const values = findValues(path, asJson(object));
    if (E.isLeft(values)) return values;
    const key = values.right[0]?.[0];
    if (!isSortable(key)) return E.left(`unsortable type: ${goType(key)}`);
    keyed.push({ object, key });
  }
  if (objects.length > 0 && keyed.every(({ key }) => key === undefined)) return E.left(nothingToSortBy(path.text));
  return E.right(keyed.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ object }) => object));
};

type SortKey = string | number | null | undefined;

const isSortable = (key: Json | undefined): key is SortKey =>
  key === null || key === undefined || typeof key === "string" || typeof key === "number";

const compareKeys = (a: SortKey, b: SortKey): number => {
  if (a === undefined || a === null || b === undefined || b === null) return rank(a) - rank(b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  const x = String(a);
  const y = String(b);
  const [left, right] = [parseQuantity(x), parseQuantity(y)];
  return E.isRight(left) && E.isRight(right) ? compareQuantities(left.right, right.right) : compareNaturally(x, y);
};

const rank = (key: SortKey): number => (key === undefined ? 0 : key === null ? 1 : 2);

const chunks = /\d+|\D+/g;

/** Digits compare by value, everything else by code unit. */
const compareNaturally = (a: string, b: string): number => {
  const left = a.match(chunks) ?? [];
  const right = b.match(chunks) ?? [];
  for (const [index, x] of left.entries()) {
    const y = right[index];
    if (y === undefined) return 1;
    if (x === y) continue;
    const isNumber = /^\d/.test(x) && /^\d/.test(y);
    const difference = isNumber ? Number(x) - Number(y) || x.length - y.length : x < y ? -1 : 1;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};
