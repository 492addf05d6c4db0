/**
 * What is left of an object after Go has decoded and encoded it again: fields set to "not set" (`null`, `false`, `0`, `""`,
 * empty lists and maps) are gone, unless a pointer tells them apart from absence, and quantities have their canonical
 * text. Fields outside the tables are kept as they came. Two objects that Go holds to be equal have equal stored forms.
 */
import * as E from "fp-ts/lib/Either.js";
import type { Json, JsonObject } from "../json.ts";
import { asJson, isJsonArray, isJsonObject } from "../json.ts";
import { canonicalQuantity, formatQuantity, parseQuantity } from "../quantity.ts";
import type { Schema, Struct } from "./types.ts";

interface Form {
  readonly quantity: (written: string | number) => string;
  /** Whether a struct without any field counts as not set. */
  readonly dropsEmptyStructs: boolean;
}

const isEmpty = (value: Json): boolean =>
  typeof value === "object" && value !== null && (isJsonArray(value) ? value : Object.keys(value)).length === 0;

/** Whether Go's encoder leaves a struct's field with this value out. */
const isUnset = (schema: Schema | undefined, value: Json, form: Form): boolean => {
  if (value === null) return true;
  switch (schema?.is) {
    case "string":
    case "time":
      return value === "";
    case "bool":
      return value === false;
    case "int32":
    case "int64":
      return value === 0;
    case "list":
    case "map":
      return isEmpty(value);
    case "struct":
      return form.dropsEmptyStructs && isEmpty(value);
    default:
      return false;
  }
};

/** An entry of a map or list cannot be unset: `null` is the zero value there. */
const entry = (schema: Schema, value: Json, form: Form): Json => {
  if (value !== null) return convert(schema, value, form);
  switch (schema.is) {
    case "string":
    case "bytes":
      return "";
    case "quantity":
      return "0";
    case "struct":
      return {};
    default:
      return null;
  }
};

const convertFields = (fields: Readonly<Record<string, Schema>>, object: JsonObject, form: Form): JsonObject => {
  const converted: [string, Json][] = [];
  let changed = false;
  for (const [key, value] of Object.entries(object)) {
    const schema = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const result = schema && value !== null ? convert(schema, value, form) : value;
    const kept = !isUnset(schema, result, form);
    changed ||= !kept || result !== value;
    if (kept) converted.push([key, result]);
  }
  return changed ? Object.fromEntries(converted) : object;
};

const convertMap = (schema: Schema, object: JsonObject, form: Form): JsonObject => {
  const converted = Object.entries(object).map(([key, value]) => [key, entry(schema, value, form)] as const);
  return converted.some(([key, value]) => value !== object[key]) ? Object.fromEntries(converted) : object;
};

const convertList = (schema: Schema, list: readonly Json[], form: Form): readonly Json[] => {
  const converted = list.map((value) => entry(schema, value, form));
  return converted.some((value, index) => value !== list[index]) ? converted : list;
};

/** Answers with the value itself where nothing changes. Values of a wrong type are left for the check to refuse. */
const convert = (schema: Schema, value: Json, form: Form): Json => {
  switch (schema.is) {
    case "quantity":
      return typeof value === "string" || typeof value === "number" ? form.quantity(value) : value;
    case "struct":
      return isJsonObject(value) ? convertFields(schema.fields, value, form) : value;
    case "map":
      return isJsonObject(value) ? convertMap(schema.of, value, form) : value;
    case "list":
      return isJsonArray(value) ? convertList(schema.of, value, form) : value;
    default:
      return value;
  }
};

const stored: Form = { quantity: canonicalQuantity, dropsEmptyStructs: false };

const amount = (written: string | number): string => {
  const quantity = parseQuantity(written);
  return E.isRight(quantity) ? formatQuantity({ ...quantity.right, format: "DecimalSI" }) : String(written);
};

/** Quantities are compared by their amount: `1Ki` and `1024` are one. */
const compared: Form = { quantity: amount, dropsEmptyStructs: true };

/** The object as the API server stores it; the same object when it is in that form already. */
export const storedForm = <T extends object>(schema: Struct, object: T): T => {
  const form = convert(schema, asJson(object), stored);
  // Only fields that the type has as optional are dropped, and only texts of quantities change.
  return form as T;
};

/** The form in which semantically equal values are equal JSON. */
export const comparedForm = (schema: Struct, object: object): Json => convert(schema, asJson(object), compared);
