import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { expect, test } from "vitest";
import type { Requirement } from "../../src/kubernetes/selector.ts";
import {
  compileRequirements,
  compileSelector,
  formatLabels,
  formatRequirements,
  formatSelector,
  matches,
} from "../../src/kubernetes/selector.ts";
import { parseSelector } from "../../src/kubernetes/selector-parser.ts";

const parsed = (text: string): readonly Requirement[] => {
  const result = parseSelector(text);
  if (E.isLeft(result)) throw new Error(result.left);
  return result.right;
};

const selects = (text: string, labels: Record<string, string>): boolean => compileRequirements(parsed(text))(labels);

test("every operator of -l selects as kubectl does", () => {
  expect(selects("app=web,tier!=db", { app: "web" })).toBe(true);
  expect(selects("app==web", { app: "api" })).toBe(false);
  expect(selects("env in (test, prod)", { env: "prod" })).toBe(true);
  expect(selects("env notin (test)", {})).toBe(true);
  expect(selects("env in (test)", {})).toBe(false);
  expect(selects("!legacy", { legacy: "" })).toBe(false);
  expect(selects("app", { app: "" })).toBe(true);
  expect(selects("n>3", { n: "10" })).toBe(true);
  expect(selects("n<3", { n: "x" })).toBe(false);
  expect(selects("", {})).toBe(true);
});

test("a label named like a method of every object is an ordinary one", () => {
  expect(selects("constructor", {})).toBe(false);
  expect(selects("!toString", {})).toBe(true);
});

test("a missing value is the empty one", () => {
  expect(parsed("a=")).toEqual([{ operator: "=", key: "a", value: "" }]);
  expect(parsed("a in (,b)")).toEqual([{ operator: "in", key: "a", values: ["", "b"] }]);
  expect(parsed("a in ()")).toEqual([{ operator: "in", key: "a", values: [""] }]);
});

test("the words in and notin are labels and values where an operator cannot stand", () => {
  expect(parsed("in in (in,notin)")).toEqual([{ operator: "in", key: "in", values: ["in", "notin"] }]);
});

test.each([
  ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ["a=b,", "found '', expected: identifier after ','"],
  [",a", "found ',', expected: !, identifier, or 'end of string'"],
  ["a=b c", "found 'c', expected: ',' or 'end of string'"],
  ["!a=b", "found '=', expected: ',' or 'end of string'"],
  ["a in b", "unable to parse requirement: found 'b' expected: '('"],
  ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
  ["!=b", "found '!=', expected: !, identifier, or 'end of string'"],
  [
    "a>b",
    "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
])("%j is refused in the API server's words", (text, message) => {
  expect(parseSelector(text)).toEqual(E.left(message));
});

test("a key or value that no label can have is refused with its place", () => {
  expect(parseSelector("-a=b")).toEqual(
    E.left(
      expect.stringMatching(/^unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of/),
    ),
  );
  expect(parseSelector("a in (-b-,c)")).toEqual(
    E.left(
      expect.stringMatching(/^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b-": a valid label must/),
    ),
  );
});

test("an absent LabelSelector matches nothing, an empty one everything", () => {
  expect(matches(undefined, { app: "web" })).toBe(false);
  expect(matches({}, undefined)).toBe(true);
});

test("matchLabels and matchExpressions must all hold", () => {
  const select = compileSelector({
    matchLabels: { app: "web" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["a", "b"] },
      { key: "env", operator: "NotIn", values: ["test"] },
      { key: "track", operator: "Exists" },
      { key: "old", operator: "DoesNotExist" },
    ],
  });
  const labels = { app: "web", tier: "b", track: "x" };
  expect(select(labels)).toBe(true);
  for (const other of [{ app: "api" }, { tier: "c" }, { env: "test" }, { old: "" }]) {
    expect(select({ ...labels, ...other })).toBe(false);
  }
  expect(select({ app: "web", tier: "b" })).toBe(false);
});

test("tables print selectors sorted by key, and <none> for none", () => {
  expect(formatLabels({ "pod-template-hash": "5d4f", app: "web" })).toBe("app=web,pod-template-hash=5d4f");
  expect(formatSelector({ matchExpressions: [{ key: "tier", operator: "In", values: ["b", "a"] }] })).toBe(
    "tier in (a,b)",
  );
  expect(formatSelector({ matchExpressions: [{ key: "x", operator: "DoesNotExist" }], matchLabels: { a: "b" } })).toBe(
    "a=b,!x",
  );
  expect([formatSelector(undefined), formatSelector({}), formatLabels({})]).toEqual(["<none>", "<none>", "<none>"]);
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ operator: fc.constantFrom("=", "==", "!="), key: word, value: fc.oneof(word, fc.constant("")) }),
  fc.record({ operator: fc.constantFrom("gt", "lt"), key: word, value: fc.nat().map(String) }),
  fc.record({
    operator: fc.constantFrom("in", "notin"),
    key: word,
    values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((values) => values.sort()),
  }),
  fc.record({ operator: fc.constantFrom("exists", "!"), key: word }),
);
const requirements = fc.uniqueArray(requirement, { maxLength: 4, selector: ({ key }) => key });
const labels = fc.dictionary(word, fc.oneof(word, fc.integer().map(String)), { maxKeys: 4 });

test("a printed selector reads as itself", () => {
  fc.assert(
    fc.property(requirements, (written) => {
      const sorted = [...written].sort((a, b) => (a.key < b.key ? -1 : 1));
      expect(parsed(formatRequirements(written))).toEqual(sorted);
    }),
  );
});

test("a printed selector selects what it selected, and blanks do not matter", () => {
  fc.assert(
    fc.property(requirements, labels, (written, given) => {
      const spaced = formatRequirements(written)
        .replaceAll(",", " , ")
        .replaceAll("=", " = ")
        .replaceAll("! = ", " != ")
        .replaceAll(" =  = ", " == ");
      expect(selects(spaced, given)).toBe(compileRequirements(written)(given));
    }),
  );
});

test("an operator and its opposite never select the same labels", () => {
  fc.assert(
    fc.property(word, word, labels, (key, value, given) => {
      const opposites = [
        [`${key}=${value}`, `${key}!=${value}`],
        [`${key} in (${value})`, `${key} notin (${value})`],
        [key, `!${key}`],
      ] as const;
      for (const [one, other] of opposites) expect(selects(one, given)).toBe(!selects(other, given));
    }),
  );
});

test("no text makes the parser throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab=!(),<> \t-in".split("")) }), (text) => {
      const result = parseSelector(text);
      if (E.isRight(result)) expect(parsed(formatRequirements(result.right))).toHaveLength(result.right.length);
    }),
  );
});
