/**
 * The text of a selector, as `-l` takes it: `app=web,tier!=db,env in (test,prod),!legacy`. Errors are the sentences of
 * the API server.
 */
import * as E from "fp-ts/lib/Either.js";
import { labelValue, qualifiedName } from "./names.ts";
import type { Requirement } from "./selector.ts";
import { compareText } from "./sorted.ts";

type Parsed<T> = E.Either<string, T>;

const token = /==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g;
const symbols = new Set(["==", "!=", "=", "!", "(", ")", ",", "<", ">"]);

/** The tokens still to read. At the end, `peek` and `next` answer with the empty string. */
interface Tokens {
  readonly peek: () => string;
  readonly next: () => string;
}

const tokensOf = (text: string): Tokens => {
  const tokens = text.match(token) ?? [];
  let position = 0;
  return { peek: () => tokens[position] ?? "", next: () => tokens[position++] ?? "" };
};

const isIdentifier = (text: string): boolean => text !== "" && !symbols.has(text);

/** `<nil>` and the doubled index are how Kubernetes prints the place of a label in a selector. */
const invalid = (place: string, text: string, complaints: readonly string[]): string =>
  `${place}: Invalid value: ${JSON.stringify(text)}: ${complaints.join("; ")}`;

const checkValues = (key: string, values: readonly string[]): Parsed<readonly string[]> => {
  const errors = values.flatMap((value, index) => {
    const complaints = labelValue(value);
    return complaints.length > 0 ? [invalid(`values[${index}][${key}]`, value, complaints)] : [];
  });
  if (errors.length === 0) return E.right(values);
  return E.left(errors.length === 1 ? errors.join() : `[${errors.join(", ")}]`);
};

/** A value may be missing: `app=` selects the empty one. */
const parseValue = (tokens: Tokens, key: string): Parsed<string> => {
  if (tokens.peek() === "" || tokens.peek() === ",") return E.right("");
  const value = tokens.next();
  if (!isIdentifier(value)) return E.left(`found '${value}', expected: identifier`);
  return E.map(() => value)(checkValues(key, [value]));
};

/** `(a,b)`. Missing values, as in `()` or `(a,)`, select the empty one. */
const parseValues = (tokens: Tokens, key: string): Parsed<readonly string[]> => {
  const opening = tokens.next();
  if (opening !== "(") return E.left(`found '${opening}' expected: '('`);
  const values = new Set<string>();
  for (;;) {
    const value = isIdentifier(tokens.peek()) ? tokens.next() : "";
    values.add(value);
    const separator = tokens.next();
    if (separator === ")") return checkValues(key, [...values].sort(compareText));
    if (separator !== ",") {
      const expected = value === "" ? "',', ')' or identifier" : "',' or ')'";
      return E.left(`found '${separator}', expected: ${expected}`);
    }
  }
};

const integer = (value: string): Parsed<string> =>
  /^[-+]?[0-9]+$/.test(value)
    ? E.right(value)
    : E.left(invalid("values[0]", value, ["for 'Gt', 'Lt' operators, the value must be an integer"]));

const parseComparison = (tokens: Tokens, key: string): Parsed<Requirement> => {
  const operator = tokens.next();
  switch (operator) {
    case "=":
    case "==":
    case "!=":
      return E.map((value: string) => ({ operator, key, value }))(parseValue(tokens, key));
    case "<":
    case ">":
      return E.map((value: string): Requirement => ({ operator: operator === ">" ? "gt" : "lt", key, value }))(
        E.chain(integer)(parseValue(tokens, key)),
      );
    case "in":
    case "notin":
      return E.map((values: readonly string[]) => ({ operator, key, values }))(parseValues(tokens, key));
    default:
      return E.left(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
};

const parseRequirement = (tokens: Tokens): Parsed<Requirement> => {
  const negated = tokens.peek() === "!";
  if (negated) tokens.next();
  const key = tokens.next();
  if (!isIdentifier(key)) return E.left(`found '${key}', expected: identifier`);
  const complaints = qualifiedName(key);
  if (complaints.length > 0) return E.left(invalid("<nil>", key, complaints));
  if (negated) return E.right({ operator: "!", key });
  if (tokens.peek() === "" || tokens.peek() === ",") return E.right({ operator: "exists", key });
  return parseComparison(tokens, key);
};

/** Reads a selector; the empty text is the selector that matches everything. */
export const parseSelector = (text: string): E.Either<string, readonly Requirement[]> => {
  const tokens = tokensOf(text);
  const requirements: Requirement[] = [];
  while (tokens.peek() !== "") {
    if (tokens.peek() !== "!" && !isIdentifier(tokens.peek())) {
      return E.left(
        requirements.length > 0
          ? `found '${tokens.peek()}', expected: identifier after ','`
          : `found '${tokens.peek()}', expected: !, identifier, or 'end of string'`,
      );
    }
    const requirement = parseRequirement(tokens);
    if (E.isLeft(requirement)) return E.left(`unable to parse requirement: ${requirement.left}`);
    requirements.push(requirement.right);
    const separator = tokens.next();
    if (separator === "") break;
    if (separator !== ",") return E.left(`found '${separator}', expected: ',' or 'end of string'`);
    if (tokens.peek() === "") return E.left("found '', expected: identifier after ','");
  }
  return E.right(requirements);
};
