import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareOutput } from "../../../src/scenario/expect/output.ts";

const holds = (expected: string, actual: string): boolean => compareOutput(expected, actual).holds;

describe("an expected output", () => {
  it("is compared word by word, whatever the width of its columns", () => {
    expect(holds("NAME   AGE\nweb    5s\n", "NAME             AGE\nweb              5s\n")).toBe(true);
    expect(holds("NAME   AGE\nweb    5s\n", "NAME             AGE\nweb              6s\n")).toBe(false);
    expect(holds("a b", "ab")).toBe(false);
  });

  it("keeps the indentation", () => {
    expect(holds("spec:\n  replicas: 3", "spec:\n  replicas: 3\n")).toBe(true);
    expect(holds("spec:\n  replicas: 3", "spec:\nreplicas: 3\n")).toBe(false);
  });

  it("may leave a part of a word open, but not a word that is missing, and not more than a word", () => {
    expect(holds("pod/web-* Running *", "pod/web-6d89bc5c86-9cqxm   Running   5m3s")).toBe(true);
    expect(holds("web-*", "web-")).toBe(false);
    expect(holds("pod *", "pod a b")).toBe(false);
  });

  it("takes everything else literally", () => {
    expect(holds("a.b (c) [d] $e ^f |g", "a.b (c) [d] $e ^f |g")).toBe(true);
    expect(holds("a.b", "axb")).toBe(false);
  });

  it("may leave lines out", () => {
    expect(holds("first\n...\nlast", "first\nlast")).toBe(true);
    expect(holds("first\n...\nlast", "first\na\nb\nlast")).toBe(true);
    expect(holds("...", "")).toBe(true);
    expect(holds("...\na\n...\na\n...", "x\na\ny\na\nz")).toBe(true);
    expect(holds("...\na\n...\na\n...", "x\na\ny\n")).toBe(false);
    expect(holds("first\n...", "second")).toBe(false);
  });

  it("knows nothing from no lines, and an empty line from none", () => {
    expect(holds("", "\n")).toBe(true);
    expect(holds("", "x")).toBe(false);
    expect(holds("a\n\nb", "a\n\nb\n")).toBe(true);
    expect(holds("a\n\nb", "a\nb\n")).toBe(false);
  });
});

describe("a difference", () => {
  it("shows what was missing and what was too much, and what both have in between", () => {
    expect(compareOutput("head\na *\n...\nc\n", "head\nb 1\nx\ny\nc\n")).toEqual({
      holds: false,
      lines: [
        { from: "either", text: "head" },
        { from: "expected", text: "a *" },
        { from: "skipped", text: "b 1" },
        { from: "skipped", text: "x" },
        { from: "skipped", text: "y" },
        { from: "either", text: "c" },
      ],
    });
    expect(compareOutput("a\nb\nc\n", "a\nx\nc\nd\n").lines).toEqual([
      { from: "either", text: "a" },
      { from: "expected", text: "b" },
      { from: "actual", text: "x" },
      { from: "either", text: "c" },
      { from: "actual", text: "d" },
    ]);
  });

  it("holds every line of both, in order", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "a b"), { maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (expected, actual) => {
        const comparison = compareOutput(expected.join("\n"), actual.join("\n"));
        const of = (side: "expected" | "actual") =>
          comparison.lines.filter(({ from }) => from === side || from === "either").map(({ text }) => text);
        expect(of("expected")).toEqual(expected);
        expect(of("actual")).toEqual(actual);
        expect(comparison.holds).toBe(comparison.lines.every(({ from }) => from === "either"));
      }),
    );
  });
});
