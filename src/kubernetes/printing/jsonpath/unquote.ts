/** Go's string escapes, within double or single quotes. */
import { JsonPathError } from "./nodes.ts";

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

const escapeSequence = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S]?)/g;

/** The string that a quoted literal means; throws `JsonPathError` for an escape that Go does not know. */
export const unquote = (literal: string): string =>
  literal.slice(1, -1).replace(escapeSequence, (_, code: string) => {
    const simple = simpleEscapes[code];
    if (simple !== undefined) return simple;
    const codePoint =
      code.length < 3
        ? Number.NaN
        : /^[xuU]/.test(code)
          ? Number.parseInt(code.slice(1), 16)
          : Number.parseInt(code, 8);
    if (!(codePoint <= 0x10ffff)) throw new JsonPathError(`unquote string ${literal} error invalid syntax`);
    return String.fromCodePoint(codePoint);
  });
