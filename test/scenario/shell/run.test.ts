import * as E from "fp-ts/lib/Either.js";
import { expect, it } from "vitest";
import { parseScript } from "../../../src/scenario/shell/parse.ts";
import { runScript } from "../../../src/scenario/shell/run.ts";

/** A shell in which every command succeeds but `false`, and prints its own words. */
const run = async (text: string, output = "x\n") => {
  const parsed = parseScript(text);
  if (E.isLeft(parsed)) throw new Error(parsed.left.message);
  const ran: string[][] = [];
  const begun: string[] = [];
  const code = await runScript(parsed.right, {
    begin: ({ typed }) => {
      begun.push(typed);
    },
    execute: async (words, stdin) => {
      ran.push(stdin === "" ? [...words] : [...words, stdin]);
      return words[0] === "false" ? 3 : 0;
    },
    capture: async (words) => `${words.join("+")}:${output}`,
  });
  return { code, ran, begun };
};

it("runs what stands behind && only after a success, and what stands in the next line always", async () => {
  expect(await run("a && b\nfalse && c && d\ne")).toEqual({
    code: 3,
    ran: [["a"], ["b"], ["false"], ["e"]],
    begun: ["a", "b", "false", "e"],
  });
});

it("puts output in its place: split into words, or as it is between quotes", async () => {
  expect((await run("a x$(get po)y", "1 2\n3\n\n")).ran).toEqual([["a", "xget+po:1", "2", "3y"]]);
  expect((await run('a "x$(get po)y"', "1 2\n3\n\n")).ran).toEqual([["a", "xget+po:1 2\n3y"]]);
});

it("hands a here-document over", async () => {
  expect((await run("apply -f - <<E\nkind: Pod\nE\n")).ran).toEqual([["apply", "-f", "-", "kind: Pod\n"]]);
});
