/**
 * Faults of fields, in the words of the API server: `<path>: <Type>[: <value>][: <detail>]`. Values are printed as JSON, as
 * Kubernetes does since 1.34.
 */
import { canonicalJson } from "../canonical-json.ts";
import type { NameRule } from "../names.ts";
import type { StringMap } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";

/** An object whose types have been checked, but not yet what it must contain: every field may be missing. */
export type Decoded<T> = T extends readonly (infer Item)[]
  ? readonly Decoded<Item>[]
  : T extends StringMap
    ? T
    : T extends object
      ? { readonly [Key in keyof T]?: Decoded<T[Key]> | undefined }
      : T;

const cause = (reason: string, field: string, ...message: readonly string[]): FieldCause => ({
  reason,
  field,
  message: message.filter((part) => part !== "").join(": "),
});

const shown = (value: unknown): string => canonicalJson(value ?? null);

export const required = (field: string, detail = ""): FieldCause =>
  cause("FieldValueRequired", field, "Required value", detail);

export const invalidValue = (field: string, value: unknown, detail: string): FieldCause =>
  cause("FieldValueInvalid", field, "Invalid value", shown(value), detail);

export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldCause =>
  cause(
    "FieldValueNotSupported",
    field,
    "Unsupported value",
    shown(value),
    `supported values: ${supported.map((name) => JSON.stringify(name)).join(", ")}`,
  );

export const forbidden = (field: string, detail: string): FieldCause =>
  cause("FieldValueForbidden", field, "Forbidden", detail);

export const duplicate = (field: string, value: unknown): FieldCause =>
  cause("FieldValueDuplicate", field, "Duplicate value", shown(value));

export const notFound = (field: string, value: unknown): FieldCause =>
  cause("FieldValueNotFound", field, "Not found", shown(value));

export const tooLong = (field: string, maxBytes: number): FieldCause =>
  cause("FieldValueTooLong", field, "Too long", `may not be more than ${maxBytes} bytes`);

/** One cause for each complaint of a naming rule. */
export const named = (rule: NameRule, field: string, text: string): readonly FieldCause[] =>
  rule(text).map((complaint) => invalidValue(field, text, complaint));

/** A name that must be there and follow a rule. */
export const requiredName = (rule: NameRule, field: string, text: string | undefined): readonly FieldCause[] =>
  text ? named(rule, field, text) : [required(field)];

export const nonNegative = (field: string, value: number | undefined): readonly FieldCause[] =>
  value !== undefined && value < 0 ? [invalidValue(field, value, "must be greater than or equal to 0")] : [];

/** One of some words; an absent value is fine, defaulting has been before. */
export const oneOf = (field: string, value: string | undefined, supported: readonly string[]): readonly FieldCause[] =>
  value === undefined || supported.includes(value) ? [] : [unsupported(field, value, supported)];

export const immutable = (field: string, before: unknown, after: unknown): readonly FieldCause[] =>
  shown(before) === shown(after) ? [] : [invalidValue(field, after, "field is immutable")];

/** Tells, item by item, whether a name was seen before. Empty names are never repeated ones. */
export const repetition = (): ((name: string | undefined) => boolean) => {
  const seen = new Set<string>();
  return (name) => {
    if (!name) return false;
    const repeated = seen.has(name);
    seen.add(name);
    return repeated;
  };
};
