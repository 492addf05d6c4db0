import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { expect, test } from "vitest";
import { parseGoJson } from "../../../src/commands/grammar/go-json.ts";

test.each([
  ["{bad", "invalid character 'b' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
  ["[1 2]", "invalid character '2' after array element"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":', "unexpected end of JSON input"],
  ["{} x", "invalid character 'x' after top-level value"],
  ["[01]", "invalid character '1' after array element"],
  ["[1.]", "invalid character ']' after decimal point in numeric literal"],
  ['["\\x"]', "invalid character 'x' in string escape code"],
  ['["\n"]', "invalid character '\\n' in string literal"],
  ["['a']", "invalid character '\\'' looking for beginning of value"],
])("%s is refused in Go's words", (text, message) => {
  expect(parseGoJson(text)).toEqual(E.left(message));
});

test("accepts JSON, and nothing else", () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(40), fc.constantFrom("", ",", "}", '"', "0", "e", "\\"))
    .map(([text, at, insert]) => text.slice(0, at) + insert + text.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), (text) => {
      let expected: unknown;
      try {
        expected = E.right(JSON.parse(text));
      } catch {
        expected = { _tag: "Left" };
      }
      expect(parseGoJson(text)).toMatchObject(expected as object);
    }),
    { numRuns: 500 },
  );
});
