import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { expect, test } from "vitest";
import type { Quantity, QuantityFormat } from "../../src/kubernetes/quantity.ts";
import {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliUnits,
  parseQuantity,
  wholeUnits,
} from "../../src/kubernetes/quantity.ts";

const parsed = (text: string): Quantity => {
  const quantity = parseQuantity(text);
  if (E.isLeft(quantity)) throw new Error(quantity.left);
  return quantity.right;
};

test.each([
  ["0.5", "500m"],
  ["1000m", "1"],
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["0.5Gi", "512Mi"],
  ["1.5Ki", "1536"],
  ["0.1Ki", "102400m"],
  ["1023Ki", "1023Ki"],
  ["512", "512"],
  ["1500", "1500"],
  ["1000", "1k"],
  ["1e3", "1e3"],
  ["1E3", "1e3"],
  ["1E", "1E"],
  ["+1", "1"],
  ["-1.50", "-1500m"],
  ["0.0000000001", "1n"],
  ["10Ei", "9223372036854775807"],
  ["0", "0"],
  ["lots", "lots"],
])("the canonical text of %s is %s", (written, canonical) => {
  expect(canonicalQuantity(written)).toBe(canonical);
});

test("numbers in JSON are quantities too", () => {
  expect(canonicalQuantity(0.25)).toBe("250m");
  expect(canonicalQuantity(2)).toBe("2");
});

test("what is no quantity is refused in the decoder's words", () => {
  const syntax = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  for (const text of ["lots", "", "Gi", "1Zi", "1 Gi"]) expect(parseQuantity(text)).toEqual(E.left(syntax));
  for (const text of [".", "1.2.3"])
    expect(parseQuantity(text)).toEqual(E.left("unable to parse numeric part of quantity"));
  for (const text of ["1GiM", "1e", "1kk"])
    expect(parseQuantity(text)).toEqual(E.left("unable to parse quantity's suffix"));
});

test("CPU counts in millicores, memory in bytes, both rounded up", () => {
  expect([milliUnits("0.1"), milliUnits("1"), milliUnits("100u"), milliUnits(undefined)]).toEqual([100, 1000, 1, 0]);
  expect([wholeUnits("1Ki"), wholeUnits("1500m"), wholeUnits("1G")]).toEqual([1024, 2, 1_000_000_000]);
});

test("an absurd exponent is neither slow nor infinite", () => {
  expect(canonicalQuantity("1e999999999")).toBe("9223372036854775807");
  expect(canonicalQuantity("1e-999999999")).toBe("1e-9");
});

const quantity: fc.Arbitrary<Quantity> = fc.record({
  nanos: fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }),
  format: fc.constantFrom<QuantityFormat>("DecimalSI", "BinarySI", "DecimalExponent"),
});

test("a printed quantity reads as the same amount", () => {
  fc.assert(
    fc.property(quantity, (written) => {
      expect(compareQuantities(parsed(formatQuantity(written)), written)).toBe(0);
    }),
  );
});

test("the canonical text is its own canonical text", () => {
  fc.assert(
    fc.property(quantity, (written) => {
      const text = formatQuantity(written);
      expect(canonicalQuantity(text)).toBe(text);
    }),
  );
});

test("quantities are ordered like the numbers they stand for", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.constantFrom("", "k", "Mi", "m"), (a, b, suffix) => {
      expect(Math.sign(compareQuantities(parsed(`${a}${suffix}`), parsed(`${b}${suffix}`)))).toBe(Math.sign(a - b));
    }),
  );
});
