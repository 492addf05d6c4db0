/**
 * Flags as people type them, with the rules of Go's pflag, which kubectl uses: flags may stand anywhere, `--` ends them,
 * `--name=value`, `--name value`, `-nvalue`, `-n=value`, clusters of short booleans, and flags that have a value of their
 * own when none is given with `=` and so never take the next word (`--record`, `--dry-run`, `--cascade`).
 */
import * as E from "fp-ts/lib/Either.js";
import { boolean, duration, integer } from "./values.ts";

/** `list` splits at commas and may be repeated; `array` may be repeated and keeps commas. */
type FlagType = "boolean" | "string" | "integer" | "duration" | "list" | "array";

export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly type: FlagType;
  /** As it would be typed; absent: `false`, empty, 0. */
  readonly default?: string;
  /** The value when the flag stands without `=`. Booleans have `true`. */
  readonly bare?: string;
  /** Of an integer: the least and the most that make sense. */
  readonly range?: readonly [number, number];
  readonly required?: boolean;
  /** Told on standard error when the flag is used. */
  readonly deprecated?: string;
  readonly help: string;
}

/** The flags of one command line. Asking for a flag that the verb does not declare is a bug and throws. */
export interface ParsedFlags {
  /** Whether the verb has the flag. */
  declares(name: string): boolean;
  /** Whether the flag was typed at all. */
  given(name: string): boolean;
  on(name: string): boolean;
  text(name: string): string;
  integer(name: string): number;
  durationMs(name: string): number;
  list(name: string): readonly string[];
}

export interface ParsedWords {
  readonly args: readonly string[];
  /** How many of the arguments stood before `--`: all of them when there is none. */
  readonly argsBeforeDashes: number;
  readonly flags: ParsedFlags;
  /** Every flag in the order typed, under its long name and with its value: what `--record` writes down. */
  readonly typed: readonly { readonly name: string; readonly value: string }[];
}

type Occurrence = { readonly flag: Flag; readonly value: string };

const bareValue = (flag: Flag): string | undefined => flag.bare ?? (flag.type === "boolean" ? "true" : undefined);

const invalidArgument = (flag: Flag, value: string, problem: string): string => {
  const spelling = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
  return `invalid argument ${JSON.stringify(value)} for "${spelling}" flag: ${problem}`;
};

const parsers = { boolean, integer, duration };

const typeProblem = ({ flag, value }: Occurrence): string | undefined => {
  if (flag.type !== "boolean" && flag.type !== "integer" && flag.type !== "duration") return undefined;
  const parsed = parsers[flag.type](value);
  if (E.isLeft(parsed)) return invalidArgument(flag, value, parsed.left);
  const [least, most] = flag.range ?? [-Infinity, Infinity];
  const isOutside = typeof parsed.right === "number" && (parsed.right < least || parsed.right > most);
  return isOutside ? invalidArgument(flag, value, `must be from ${least} to ${most}`) : undefined;
};

const orThrow = <T>(parsed: E.Either<string, T>): T => {
  if (E.isLeft(parsed)) throw new Error(parsed.left);
  return parsed.right;
};

class Flags implements ParsedFlags {
  readonly #declared: ReadonlyMap<string, Flag>;
  readonly #values = new Map<string, string[]>();

  constructor(declared: ReadonlyMap<string, Flag>, occurrences: readonly Occurrence[]) {
    this.#declared = declared;
    for (const { flag, value } of occurrences) {
      const values = this.#values.get(flag.name);
      if (values) values.push(value);
      else this.#values.set(flag.name, [value]);
    }
  }

  #flag(name: string): Flag {
    const flag = this.#declared.get(name);
    if (!flag) throw new Error(`flag --${name} is not declared by this verb`);
    return flag;
  }

  declares(name: string): boolean {
    return this.#declared.has(name);
  }
  given(name: string): boolean {
    return this.#values.has(this.#flag(name).name);
  }
  text(name: string): string {
    return this.#values.get(name)?.at(-1) ?? this.#flag(name).default ?? "";
  }
  on(name: string): boolean {
    return orThrow(boolean(this.text(name) || "false"));
  }
  integer(name: string): number {
    return orThrow(integer(this.text(name) || "0"));
  }
  durationMs(name: string): number {
    return orThrow(duration(this.text(name) || "0"));
  }
  list(name: string): readonly string[] {
    const flag = this.#flag(name);
    const values = this.#values.get(name) ?? (flag.default === undefined ? [] : [flag.default]);
    return flag.type === "list" ? values.flatMap((value) => value.split(",")) : values;
  }
}

/** What one word, and perhaps the one behind it, said. */
interface Read {
  readonly occurrences: readonly Occurrence[];
  readonly used: number;
}

/** Reads one `--…` word; `next` is the word behind it. */
const readLong = (
  word: string,
  next: string | undefined,
  byName: ReadonlyMap<string, Flag>,
): E.Either<string, Read> => {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  if (name === "" || name.startsWith("-")) return E.left(`bad flag syntax: ${word}`);
  const flag = byName.get(name);
  if (!flag) return E.left(`unknown flag: --${name}`);
  if (equals >= 0) return E.right({ occurrences: [{ flag, value: word.slice(equals + 1) }], used: 1 });
  const bare = bareValue(flag);
  if (bare !== undefined) return E.right({ occurrences: [{ flag, value: bare }], used: 1 });
  if (next === undefined) return E.left(`flag needs an argument: --${name}`);
  return E.right({ occurrences: [{ flag, value: next }], used: 2 });
};

/** Reads one `-abc` word: a cluster of short flags, of which the last may have a value. */
const readShort = (
  word: string,
  next: string | undefined,
  byShort: ReadonlyMap<string, Flag>,
): E.Either<string, Read> => {
  const occurrences: Occurrence[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const rest = word.slice(at + 1);
    const flag = byShort.get(letter);
    if (!flag) return E.left(`unknown shorthand flag: '${letter}' in -${word.slice(at)}`);
    const bare = bareValue(flag);
    if (rest.length > 1 && rest.startsWith("=")) {
      occurrences.push({ flag, value: rest.slice(1) });
      return E.right({ occurrences, used: 1 });
    }
    if (bare !== undefined) {
      occurrences.push({ flag, value: bare });
      continue;
    }
    if (rest === "" && next === undefined) return E.left(`flag needs an argument: '${letter}' in -${word.slice(at)}`);
    occurrences.push({ flag, value: rest === "" ? (next ?? "") : rest });
    return E.right({ occurrences, used: rest === "" ? 2 : 1 });
  }
  return E.right({ occurrences, used: 1 });
};

export const helpFlag: Flag = { name: "help", short: "h", type: "boolean", help: "Show examples and flags." };

/** `-` is standard input, and `-5m` a point in history: no flag is called by a digit. */
const isArgument = (word: string): boolean => !word.startsWith("-") || word === "-" || /^-\d/.test(word);

/**
 * Splits words into arguments and flags. Left is pflag's own sentence, such as `unknown flag: --foo` or
 * `flag needs an argument: 'n' in -n`. Required flags that are absent are the caller's to refuse.
 */
export const parseWords = (declared: readonly Flag[], words: readonly string[]): E.Either<string, ParsedWords> => {
  const flags = [...declared, helpFlag];
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const byShort = new Map(flags.flatMap((flag) => (flag.short ? [[flag.short, flag] as const] : [])));
  const args: string[] = [];
  const occurrences: Occurrence[] = [];
  let argsBeforeDashes: number | undefined;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    if (word === "--") {
      argsBeforeDashes = args.length;
      args.push(...words.slice(at + 1));
      break;
    }
    if (isArgument(word)) {
      args.push(word);
      at += 1;
      continue;
    }
    const read = word.startsWith("--")
      ? readLong(word, words[at + 1], byName)
      : readShort(word, words[at + 1], byShort);
    if (E.isLeft(read)) return read;
    for (const occurrence of read.right.occurrences) {
      const problem = typeProblem(occurrence);
      if (problem !== undefined) return E.left(problem);
      occurrences.push(occurrence);
    }
    at += read.right.used;
  }
  const typed = occurrences.map(({ flag, value }) => ({ name: flag.name, value }));
  return E.right({
    args,
    argsBeforeDashes: argsBeforeDashes ?? args.length,
    flags: new Flags(byName, occurrences),
    typed,
  });
};

/**
 * Where the first word stands that is neither a flag nor a flag's value: a verb's name. Flags that are not known here are
 * taken to have no value of their own, as cobra does. Undefined when there is none.
 */
export const firstArgument = (known: readonly Flag[], words: readonly string[], from = 0): number | undefined => {
  for (let at = from; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return undefined;
    if (isArgument(word)) return at;
    const flag = word.startsWith("--")
      ? known.find((each) => `--${each.name}` === word)
      : known.find((each) => `-${each.short}` === word);
    if (flag && bareValue(flag) === undefined) at += 1;
  }
  return undefined;
};
