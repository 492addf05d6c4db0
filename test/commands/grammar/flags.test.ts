import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { type Flag, firstArgument, parseWords } from "../../../src/commands/grammar/flags.ts";

const flags: readonly Flag[] = [
  { name: "namespace", short: "n", type: "string", help: "" },
  { name: "output", short: "o", type: "string", help: "" },
  { name: "filename", short: "f", type: "list", help: "" },
  { name: "from-literal", type: "array", help: "" },
  { name: "record", type: "boolean", help: "" },
  { name: "all-namespaces", short: "A", type: "boolean", help: "" },
  { name: "watch", short: "w", type: "boolean", help: "" },
  { name: "cascade", type: "string", default: "background", bare: "background", help: "" },
  { name: "dry-run", type: "string", default: "none", bare: "unchanged", help: "" },
  { name: "replicas", type: "integer", default: "1", help: "" },
  { name: "timeout", short: "t", type: "duration", default: "30s", help: "" },
];

const parse = (line: string) => {
  const parsed = parseWords(flags, line.split(" "));
  if (E.isLeft(parsed)) throw new Error(parsed.left);
  return parsed.right;
};

describe("flags", () => {
  test("stand anywhere, in every spelling", () => {
    for (const line of [
      "-n a get pods",
      "get -na pods",
      "get pods -n=a",
      "get --namespace a pods",
      "--namespace=a get pods",
    ]) {
      const { args, flags: given } = parse(line);
      expect([line, args, given.text("namespace")]).toEqual([line, ["get", "pods"], "a"]);
    }
  });

  test("with a value of their own never take the next word", () => {
    const { args, flags: given } = parse("--record --dry-run --cascade web");
    expect(args).toEqual(["web"]);
    expect([given.on("record"), given.text("dry-run"), given.text("cascade")]).toEqual([
      true,
      "unchanged",
      "background",
    ]);
  });

  test("that are short cluster, and the last of a cluster may have a value", () => {
    const { flags: given } = parse("-Awowide");
    expect([given.on("all-namespaces"), given.on("watch"), given.text("output")]).toEqual([true, true, "wide"]);
  });

  test("that are lists split at commas and add up, arrays keep their commas", () => {
    const { flags: given } = parse("-f a,b --filename=c --from-literal=x=1,2 --from-literal y=3");
    expect(given.list("filename")).toEqual(["a", "b", "c"]);
    expect(given.list("from-literal")).toEqual(["x=1,2", "y=3"]);
  });

  test("end at two dashes", () => {
    const { args, argsBeforeDashes, flags: given } = parse("a --record -- b -n c");
    expect([args, argsBeforeDashes, given.given("namespace")]).toEqual([["a", "b", "-n", "c"], 1, false]);
  });

  test("have their defaults when absent, and the last value when repeated", () => {
    const absent = parse("x").flags;
    expect([absent.integer("replicas"), absent.durationMs("timeout"), absent.on("record")]).toEqual([1, 30_000, false]);
    expect(parse("--replicas=2 --replicas 3").flags.integer("replicas")).toBe(3);
    expect(parse("--record=true --record=false").flags.on("record")).toBe(false);
  });

  test("are kept in the order typed under their long names", () => {
    expect(parse("-f x.yaml --record -n a").typed).toEqual([
      { name: "filename", value: "x.yaml" },
      { name: "record", value: "true" },
      { name: "namespace", value: "a" },
    ]);
  });

  test.each([
    ["--foo", "unknown flag: --foo"],
    ["-x", "unknown shorthand flag: 'x' in -x"],
    ["-Ax", "unknown shorthand flag: 'x' in -x"],
    ["--namespace", "flag needs an argument: --namespace"],
    ["-n", "flag needs an argument: 'n' in -n"],
    ["---n", "bad flag syntax: ---n"],
    ["--replicas=abc", `invalid argument "abc" for "--replicas" flag: strconv.ParseInt: parsing "abc": invalid syntax`],
    ["-t 5", `invalid argument "5" for "-t, --timeout" flag: time: missing unit in duration "5"`],
    [
      "--record=maybe",
      `invalid argument "maybe" for "--record" flag: strconv.ParseBool: parsing "maybe": invalid syntax`,
    ],
  ])("%s is refused in pflag's words", (line, message) => {
    expect(parseWords(flags, line.split(" "))).toEqual(E.left(message));
  });

  test("are read back whatever their spelling and order", () => {
    const value = fc.string({ minLength: 1, unit: fc.constantFrom("a", "=", "-", "'", "/", ".") });
    const spelled = fc
      .tuple(value, fc.constantFrom("--output=", "--output ", "-o", "-o=", "-o "))
      .map(([text, spelling]) => {
        const apart = spelling.endsWith(" ");
        // A value that begins with `=` cannot be glued to a short flag: pflag takes the sign away.
        const glue = spelling === "-o" && text.startsWith("=") ? "-o=" : spelling;
        return { text, words: apart ? [glue.trim(), text] : [glue + text] };
      });
    const argument = fc.string({ minLength: 1, unit: fc.constantFrom("a", "=", "/", ".") });
    fc.assert(
      fc.property(fc.array(argument), fc.array(argument), spelled, fc.boolean(), (before, after, output, record) => {
        const words = [...before, ...output.words, ...(record ? ["--record"] : []), ...after];
        const parsed = parseWords(flags, words);
        expect(parsed).toMatchObject({ right: { args: [...before, ...after] } });
        if (E.isLeft(parsed)) return;
        expect(parsed.right.flags.text("output")).toBe(output.text);
        expect(parsed.right.flags.on("record")).toBe(record);
      }),
    );
  });
});

describe("the first argument", () => {
  test.each([
    ["get pods", 0],
    ["-n a get pods", 2],
    ["-na --record get", 2],
    ["--unknown get", 1],
    ["-n a", undefined],
    ["-- get", undefined],
  ])("of %s is word %s", (line, at) => {
    expect(firstArgument(flags, line.split(" "))).toBe(at);
  });
});
