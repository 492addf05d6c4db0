/** Amounts of CPU, memory and other resources: `100m`, `0.5`, `1Gi`, `2e3`. */
import * as E from "fp-ts/lib/Either.js";

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

export interface Quantity {
  /** The amount in billionths of its unit, the finest that Kubernetes keeps; anything finer is rounded away from zero. */
  readonly nanos: bigint;
  /** The family of suffixes it was written in, and is printed in. */
  readonly format: QuantityFormat;
}

const nanosPerUnit = 1_000_000_000n;
const largestUnits = 2n ** 63n - 1n;

const syntax = /^([+-]?)([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const wrongSyntax = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongNumber = "unable to parse numeric part of quantity";
const wrongSuffix = "unable to parse quantity's suffix";

/** By their power of 1000 above or below one; `k` is the only small letter above. */
const decimalSuffixes: ReadonlyMap<string, number> = new Map([
  ["n", -3],
  ["u", -2],
  ["m", -1],
  ["", 0],
  ["k", 1],
  ["M", 2],
  ["G", 3],
  ["T", 4],
  ["P", 5],
  ["E", 6],
]);
const decimalSuffixOf = new Map([...decimalSuffixes].map(([suffix, power]) => [power, suffix]));
const binarySuffixes: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

interface Scale {
  readonly factor: { readonly times: bigint; readonly over: bigint };
  readonly format: QuantityFormat;
}

const powerOfTen = (exponent: number): Scale["factor"] =>
  exponent >= 0 ? { times: 10n ** BigInt(exponent), over: 1n } : { times: 1n, over: 10n ** BigInt(-exponent) };

/** Beyond this exponent an amount is certainly at the largest, or rounds to the smallest: bounds the work. */
const exponentLimit = 400;

const scaleOf = (suffix: string): Scale | undefined => {
  const decimal = decimalSuffixes.get(suffix);
  if (decimal !== undefined) return { factor: powerOfTen(3 * decimal), format: "DecimalSI" };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { factor: { times: 1024n ** BigInt(binary), over: 1n }, format: "BinarySI" };
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  const bounded = Math.max(-exponentLimit, Math.min(exponentLimit, Number(exponent)));
  return { factor: powerOfTen(bounded), format: "DecimalExponent" };
};

const roundUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** Reads a quantity; an error is the sentence that Kubernetes' decoder gives. */
export const parseQuantity = (written: string | number): E.Either<string, Quantity> => {
  const [, sign, digits = "", suffix = ""] = syntax.exec(String(written).trim()) ?? [];
  if (sign === undefined) return E.left(wrongSyntax);
  const [whole = "", fraction = "", ...more] = digits.split(".");
  if (more.length > 0 || whole.length + fraction.length === 0) return E.left(wrongNumber);
  const scale = scaleOf(suffix);
  if (!scale) return E.left(wrongSuffix);
  const mantissa = BigInt(whole + fraction) * nanosPerUnit * scale.factor.times;
  const exact = roundUp(mantissa, scale.factor.over * 10n ** BigInt(fraction.length));
  const nanos = exact > largestUnits * nanosPerUnit ? largestUnits * nanosPerUnit : exact;
  return E.right({ nanos: sign === "-" ? -nanos : nanos, format: scale.format });
};

/** Halves, thirds … of the trailing zeros go: the largest suffix that keeps the number whole. */
const splitPowers = (amount: bigint, base: bigint): { readonly mantissa: bigint; readonly powers: number } => {
  let mantissa = amount;
  let powers = 0;
  while (mantissa !== 0n && mantissa % base === 0n) {
    mantissa /= base;
    powers++;
  }
  return { mantissa, powers };
};

const formatDecimal = (nanos: bigint, format: "DecimalSI" | "DecimalExponent"): string => {
  if (nanos === 0n) return "0";
  const { mantissa, powers } = splitPowers(nanos, 1000n);
  const power = Math.min(powers - 3, 6);
  const number = mantissa * 1000n ** BigInt(powers - 3 - power);
  if (format === "DecimalExponent") return power === 0 ? `${number}` : `${number}e${3 * power}`;
  return `${number}${decimalSuffixOf.get(power) ?? ""}`;
};

/**
 * The canonical text, as the API server stores it: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`. Binary amounts below
 * 1024 and those with a fraction are printed with decimal suffixes.
 */
export const formatQuantity = ({ nanos, format }: Quantity): string => {
  if (format !== "BinarySI") return formatDecimal(nanos, format);
  const magnitude = nanos < 0n ? -nanos : nanos;
  if (magnitude < 1024n * nanosPerUnit || nanos % nanosPerUnit !== 0n) return formatDecimal(nanos, "DecimalSI");
  const { mantissa, powers } = splitPowers(nanos / nanosPerUnit, 1024n);
  return `${mantissa}${binarySuffixes[powers] ?? ""}`;
};

/** The canonical text of a written quantity; what is no quantity stays as it is. */
export const canonicalQuantity = (written: string | number): string =>
  E.match(
    () => String(written),
    (quantity: Quantity) => formatQuantity(quantity),
  )(parseQuantity(written));

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export const compareQuantities = (a: Quantity, b: Quantity): number =>
  a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;

const scaledUp = (nanos: bigint, unit: bigint): number => {
  const units = nanos / unit;
  return Number(nanos > units * unit ? units + 1n : units);
};

/** In thousandths, rounded up: CPU is counted in millicores. What is no quantity counts as nothing. */
export const milliUnits = (written: string | number | undefined): number => scaledAmount(written, 1_000_000n);

/** In whole units, rounded up: memory is counted in bytes. What is no quantity counts as nothing. */
export const wholeUnits = (written: string | number | undefined): number => scaledAmount(written, nanosPerUnit);

const scaledAmount = (written: string | number | undefined, unit: bigint): number => {
  const quantity = parseQuantity(written ?? 0);
  return E.isRight(quantity) ? scaledUp(quantity.right.nanos, unit) : 0;
};
