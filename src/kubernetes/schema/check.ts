/**
 * Checks JSON against a kind's field table, as the API server's decoder does under `fieldValidation=Strict`. All faults
 * are found, in the order in which that decoder meets them: keys of an object alphabetically, as clients send them.
 */
import * as E from "fp-ts/lib/Either.js";
import type { Json, JsonObject } from "../json.ts";
import { isJsonArray, isJsonObject } from "../json.ts";
import { parseQuantity } from "../quantity.ts";
import { sortedKeys } from "../sorted.ts";
import type { Schema, Struct } from "./types.ts";
import { goType } from "./types.ts";

export type Path = readonly (string | number)[];

/** A fault in an object's fields. `path` leads to the field. */
export type SchemaFault =
  | { readonly is: "unknownField"; readonly path: Path; readonly known: readonly string[] }
  /** Set twice; JSON cannot show it, the reader of a manifest adds it. */
  | { readonly is: "duplicateField"; readonly path: Path }
  | {
      readonly is: "wrongValue";
      readonly path: Path;
      /** Go's sentence. */
      readonly message: string;
      /** What the field takes, for people. */
      readonly expected: string;
      /** Kubernetes' own decoders (quantities, times, …) end the decoding: their fault is reported before earlier ones. */
      readonly final: boolean;
    };

/** `spec.template.spec.containers[0].image`: how strict decoding errors write a path. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );

/** Where the decoder is: Go names the innermost struct and the fields on the way, without indices and map keys. */
interface Place {
  readonly path: Path;
  readonly struct: string;
  readonly fields: string;
}

interface Decoding {
  readonly faults: SchemaFault[];
}

const jsonKind = (value: Json): string => {
  switch (typeof value) {
    case "string":
    case "number":
      return typeof value;
    case "boolean":
      return "bool";
    default:
      return isJsonArray(value) ? "array" : "object";
  }
};

const expectation = (schema: Schema): string => {
  switch (schema.is) {
    case "pointer":
      return expectation(schema.to);
    case "int32":
    case "int64":
      return "an integer";
    case "string":
      return "a string";
    case "bool":
      return "true or false";
    case "intOrString":
      return "an integer or a percentage or name in quotes";
    case "quantity":
      return "a quantity such as 500m or 1Gi";
    case "time":
      return "a time such as 2026-01-01T00:00:00Z";
    case "bytes":
      return "base64 text";
    case "list":
      return "a list";
    case "map":
    case "struct":
    case "unchecked":
      return "a mapping";
  }
};

const shown = (value: Json): string => {
  switch (typeof value) {
    case "string":
      return `the string ${JSON.stringify(value)}`;
    case "number":
    case "boolean":
      return String(value);
    default:
      return isJsonArray(value) ? "a list" : "a mapping";
  }
};

const wrongValue = (
  decoding: Decoding,
  place: Place,
  schema: Schema,
  value: Json,
  message: string,
  final = false,
): void => {
  const wantsQuotes = goType(schema) === "string" && (typeof value === "number" || typeof value === "boolean");
  const expected = `expected ${expectation(schema)}, found ${shown(value)}${wantsQuotes ? ": put it in quotes" : ""}`;
  decoding.faults.push({ is: "wrongValue", path: place.path, message, expected, final });
};

const wrongType = (decoding: Decoding, place: Place, schema: Schema, value: Json, found = jsonKind(value)): void => {
  const message = `json: cannot unmarshal ${found} into Go struct field ${place.struct}.${place.fields} of type ${goType(schema)}`;
  wrongValue(decoding, place, schema, value, message, schema.is === "intOrString" || schema.is === "time");
};

const int32Limit = 2 ** 31;

const checkInteger = (decoding: Decoding, place: Place, schema: Schema, value: Json): void => {
  if (typeof value !== "number") {
    wrongType(decoding, place, schema, value);
    return;
  }
  const fits = Number.isInteger(value) && (schema.is === "int64" || (value >= -int32Limit && value < int32Limit));
  if (!fits) wrongType(decoding, place, schema, value, `number ${value}`);
};

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[-+]\d{2}:\d{2})$/;

const checkText = (decoding: Decoding, place: Place, schema: Schema, value: string): void => {
  if (schema.is === "time" && !rfc3339.test(value)) {
    const quoted = JSON.stringify(value);
    const message = `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`;
    wrongValue(decoding, place, schema, value, message, true);
  }
  if (schema.is !== "bytes") return;
  const wrongAt = /^(?:[A-Za-z0-9+/]{4})*/.exec(value)?.[0].length ?? 0;
  const rest = value.slice(wrongAt);
  if (rest !== "" && !/^[A-Za-z0-9+/]{2}(==|[A-Za-z0-9+/]=)$/.test(rest)) {
    const wrongByte = wrongAt + (/^[A-Za-z0-9+/]*/.exec(rest)?.[0].length ?? 0);
    wrongValue(decoding, place, schema, value, `illegal base64 data at input byte ${wrongByte}`);
  }
};

const checkQuantity = (decoding: Decoding, place: Place, schema: Schema, value: Json): void => {
  const parsed = typeof value === "string" || typeof value === "number" ? parseQuantity(value) : parseQuantity("");
  if (E.isLeft(parsed)) wrongValue(decoding, place, schema, value, parsed.left, true);
};

const checkStruct = (decoding: Decoding, place: Place, schema: Struct, value: JsonObject): void => {
  for (const key of sortedKeys(value)) {
    const path = [...place.path, key];
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (!field) {
      decoding.faults.push({ is: "unknownField", path, known: Object.keys(schema.fields) });
      continue;
    }
    const fields = place.fields === "" ? key : `${place.fields}.${key}`;
    check(decoding, { path, struct: schema.name, fields }, field, value[key] ?? null);
  }
};

const checkScalar = (decoding: Decoding, place: Place, schema: Schema, value: Json): void => {
  switch (schema.is) {
    case "int32":
    case "int64":
      checkInteger(decoding, place, schema, value);
      break;
    case "intOrString":
      if (typeof value !== "string") checkInteger(decoding, place, schema, value);
      break;
    case "quantity":
      checkQuantity(decoding, place, schema, value);
      break;
    case "bool":
      if (typeof value !== "boolean") wrongType(decoding, place, schema, value);
      break;
    default:
      if (typeof value === "string") checkText(decoding, place, schema, value);
      else wrongType(decoding, place, schema, value);
  }
};

const check = (decoding: Decoding, place: Place, schema: Schema, value: Json): void => {
  if (value === null) return; // Go leaves the field unset.
  const inside = (step: string | number): Place => ({ ...place, path: [...place.path, step] });
  switch (schema.is) {
    case "pointer":
      check(decoding, place, schema.to, value);
      break;
    case "list":
      if (isJsonArray(value)) value.forEach((item, index) => void check(decoding, inside(index), schema.of, item));
      else wrongType(decoding, place, schema, value);
      break;
    case "map":
      if (!isJsonObject(value)) wrongType(decoding, place, schema, value);
      else for (const key of sortedKeys(value)) check(decoding, inside(key), schema.of, value[key] ?? null);
      break;
    case "struct":
      if (isJsonObject(value)) checkStruct(decoding, place, schema, value);
      else wrongType(decoding, place, schema, value);
      break;
    case "unchecked":
      if (!isJsonObject(value)) wrongType(decoding, place, schema, value);
      break;
    default:
      checkScalar(decoding, place, schema, value);
  }
};

/** All faults of an object of a kind. */
export const checkFields = (schema: Struct, object: JsonObject): readonly SchemaFault[] => {
  const decoding: Decoding = { faults: [] };
  check(decoding, { path: [], struct: schema.name, fields: "" }, schema, object);
  return decoding.faults;
};
