import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { boolean, duration, integer } from "../../../src/commands/grammar/values.ts";

describe("a duration", () => {
  test.each([
    ["0", 0],
    ["1h2m3.5s", 3_723_500],
    ["300ms", 300],
    ["-1s", -1000],
    [".5s", 500],
    ["1500us", 1.5],
    ["2562047h", 9_223_369_200_000],
  ])("of %s is %d ms", (text, ms) => {
    expect(duration(text)).toEqual(E.right(ms));
  });

  test.each([
    ["5", `time: missing unit in duration "5"`],
    ["5x", `time: unknown unit "x" in duration "5x"`],
    ["", `time: invalid duration ""`],
    ["s", `time: invalid duration "s"`],
    ["-", `time: invalid duration "-"`],
    ["2562048h", `time: invalid duration "2562048h"`],
    ["-99999999999999h", `time: invalid duration "-99999999999999h"`],
  ])("%s is refused in Go's words", (text, message) => {
    expect(duration(text)).toEqual(E.left(message));
  });

  test("adds up its parts", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(999), (h, m, s, ms) => {
        expect(duration(`${h}h${m}m${s}s${ms}ms`)).toEqual(E.right(((h * 60 + m) * 60 + s) * 1000 + ms));
      }),
    );
  });
});

test("whole numbers and booleans are read as Go reads them", () => {
  expect(integer("-12")).toEqual(E.right(-12));
  expect(integer("1.5")).toEqual(E.left(`strconv.ParseInt: parsing "1.5": invalid syntax`));
  expect(integer("99999999999999999999")).toEqual(
    E.left(`strconv.ParseInt: parsing "99999999999999999999": value out of range`),
  );
  expect([boolean("T"), boolean("0")]).toEqual([E.right(true), E.right(false)]);
  expect(boolean("yes")).toEqual(E.left(`strconv.ParseBool: parsing "yes": invalid syntax`));
});
