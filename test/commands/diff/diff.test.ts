import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../../src/commands/diff/unified.ts";
import { openPrompt, refuses, says, webManifest } from "../../support/prompt.ts";

/** Applies hunks as `patch` would, trusting only the line numbers. */
const patched = (before: readonly string[], diff: string): readonly string[] => {
  const after: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(0, -1)) {
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (header) {
      const start = header[2] === "0" ? Number(header[1]) : Number(header[1]) - 1;
      after.push(...before.slice(at, start));
      at = start;
      continue;
    }
    if (line.startsWith("+")) after.push(line.slice(1));
    else {
      expect(line.slice(1)).toBe(before[at]);
      if (line.startsWith(" ")) after.push(line.slice(1));
      at += 1;
    }
  }
  return [...after, ...before.slice(at)];
};

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
const textOf = (each: readonly string[]) => each.map((line) => `${line}\n`).join("");

describe("a unified diff", () => {
  test("turns one text into the other", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(patched(before, unifiedDiff(textOf(before), textOf(after)))).toEqual(after);
      }),
    );
  });

  test("keeps as many lines as any diff could", () => {
    const few = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 7 });
    const subsequences = (of: readonly string[]): readonly string[] =>
      Array.from({ length: 2 ** of.length }, (_, mask) => of.filter((_line, at) => mask & (2 ** at)).join(""));
    fc.assert(
      fc.property(few, few, (before, after) => {
        const common = new Set(subsequences(before));
        const longest = Math.max(
          ...subsequences(after)
            .filter((each) => common.has(each))
            .map((each) => each.length),
        );
        const removed = unifiedDiff(textOf(before), textOf(after)).match(/^-/gm)?.length ?? 0;
        expect(before.length - removed).toBe(longest);
      }),
    );
  });

  test("numbers empty texts as diff does", () => {
    expect(unifiedDiff("", "a\nb\n")).toBe("@@ -0,0 +1,2 @@\n+a\n+b\n");
    expect(unifiedDiff("a\n", "")).toBe("@@ -1 +0,0 @@\n-a\n");
    expect(unifiedDiff("a\n", "a\n")).toBe("");
  });
});

describe("diff -f", () => {
  test("shows what apply would change, and records nothing", async () => {
    const prompt = openPrompt();
    prompt.files.set("web.yaml", webManifest());
    await prompt.run("apply -f web.yaml");
    expect(await prompt.run("diff -f web.yaml")).toEqual(says(""));
    prompt.files.set("web.yaml", webManifest("nginx:1.15"));
    const head = prompt.session.store.head();
    const { code, out, err } = await prompt.run("kubectl diff -f web.yaml");
    expect([code, err]).toEqual([1, ""]);
    expect(out).toMatch(
      /^diff -u -N LIVE\/apps\.v1\.Deployment\.default\.web MERGED\/apps\.v1\.Deployment\.default\.web\n--- LIVE/,
    );
    expect(out).toContain("\n-      - image: nginx:1.14\n+      - image: nginx:1.15\n");
    expect(prompt.session.store.head()).toEqual(head);
  });

  test("shows an object that would be created as a whole, and errors with a code of their own", async () => {
    const prompt = openPrompt();
    prompt.files.set("web.yaml", webManifest());
    const { code, out } = await prompt.run("diff -f web.yaml");
    expect([code, out.includes("@@ -0,0 +1,")]).toEqual([1, true]);
    expect(await prompt.run("diff -f nope.yaml")).toEqual(refuses('error: the path "nope.yaml" does not exist\n', 2));
  });
});
