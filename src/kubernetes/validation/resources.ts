/** Requests and limits. */
import * as E from "fp-ts/lib/Either.js";
import { qualifiedName } from "../names.ts";
import type { ResourceRequirements } from "../objects.ts";
import type { Quantity } from "../quantity.ts";
import { canonicalQuantity, compareQuantities, parseQuantity } from "../quantity.ts";
import type { FieldCause } from "../refusal.ts";
import { sortedKeys } from "../sorted.ts";
import type { Decoded } from "./field.ts";
import { invalidValue, named } from "./field.ts";

type Amount = string | number;
type Amounts = Readonly<Record<string, Amount | undefined>>;

const containerResources = ["cpu", "memory", "ephemeral-storage"];
const nothing: Quantity = { nanos: 0n, format: "DecimalSI" };

/** Texts that are no quantities do not get through decoding. */
const quantityOf = (amount: Amount): Quantity => E.getOrElse(() => nothing)(parseQuantity(amount));

/** Huge pages and resources of other vendors come in whole units, and cannot be promised twice. */
const isExtended = (name: string): boolean => name.startsWith("hugepages-") || name.includes("/");

const validateName = (field: string, name: string): readonly FieldCause[] => {
  const syntax = named(qualifiedName, field, name);
  if (syntax.length > 0 || containerResources.includes(name) || isExtended(name)) return syntax;
  return [invalidValue(field, name, "must be a standard resource for containers")];
};

export const validateAmount = (field: string, name: string, amount: Amount): readonly FieldCause[] => {
  const { nanos } = quantityOf(amount);
  if (nanos < 0n) return [invalidValue(field, canonicalQuantity(amount), "must be greater than or equal to 0")];
  const fractional = isExtended(name) && nanos % 1_000_000_000n !== 0n;
  return fractional ? [invalidValue(field, canonicalQuantity(amount), "must be an integer")] : [];
};

const validateAmounts = (
  field: string,
  amounts: Amounts,
  more: (name: string, amount: Amount) => readonly FieldCause[],
) =>
  sortedKeys(amounts).flatMap((name) => {
    const amount = amounts[name] ?? 0;
    const entry = `${field}[${name}]`;
    return [...validateName(entry, name), ...validateAmount(entry, name, amount), ...more(name, amount)];
  });

export const validateResources = (
  field: string,
  resources: Decoded<ResourceRequirements> | undefined,
): readonly FieldCause[] => {
  const limits: Amounts = resources?.limits ?? {};
  const exceedsLimit = (name: string, amount: Amount): readonly FieldCause[] => {
    const limit = limits[name];
    if (limit === undefined) return [];
    const order = compareQuantities(quantityOf(amount), quantityOf(limit));
    const exact = isExtended(name);
    if (exact ? order === 0 : order <= 0) return [];
    const detail = `must be ${exact ? "equal" : "less than or equal"} to ${name} limit`;
    return [invalidValue(`${field}.requests`, canonicalQuantity(amount), detail)];
  };
  return [
    ...validateAmounts(`${field}.limits`, limits, () => []),
    ...validateAmounts(`${field}.requests`, resources?.requests ?? {}, exceedsLimit),
  ];
};
