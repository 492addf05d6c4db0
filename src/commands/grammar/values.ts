/** Values of flags, read as Go reads them, with Go's sentences for what it cannot read. */
import * as E from "fp-ts/lib/Either.js";

const truths = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsehoods = new Set(["0", "f", "F", "false", "FALSE", "False"]);

export const boolean = (text: string): E.Either<string, boolean> => {
  if (truths.has(text)) return E.right(true);
  if (falsehoods.has(text)) return E.right(false);
  return E.left(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
};

export const integer = (text: string): E.Either<string, number> => {
  if (!/^[+-]?\d+$/.test(text)) return E.left(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    return E.left(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return E.right(value);
};

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** What a Go duration holds: 64 bits of nanoseconds, 292 years. */
const maxDurationMs = 2 ** 63 / 1e6;

/** A Go duration such as `90s`, `1m30s`, `-1s` or `0`, in milliseconds. */
export const duration = (text: string): E.Either<string, number> => {
  const span = spanOfTime(text);
  if (E.isRight(span) && Math.abs(span.right) >= maxDurationMs)
    return E.left(`time: invalid duration ${JSON.stringify(text)}`);
  return span;
};

/** As {@link duration}, but as long as anybody likes to type: `Infinity` where no number is so large. */
export const spanOfTime = (text: string): E.Either<string, number> => {
  const quoted = JSON.stringify(text);
  const negative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return E.right(0);
  if (rest === "") return E.left(`time: invalid duration ${quoted}`);
  let totalMs = 0;
  while (rest !== "") {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return E.left(`time: invalid duration ${quoted}`);
    const unit = /^[^\d.]*/.exec(rest.slice(number.length))?.[0] ?? "";
    if (unit === "") return E.left(`time: missing unit in duration ${quoted}`);
    const ms = unitMs[unit];
    if (ms === undefined) return E.left(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    totalMs += Number(number) * ms;
    rest = rest.slice(number.length + unit.length);
  }
  return E.right(negative ? -totalMs : totalMs);
};
