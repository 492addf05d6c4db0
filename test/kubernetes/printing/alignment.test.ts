import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutRows, visibleRows } from "../../../src/kubernetes/printing/table.ts";
import { alignTabs } from "../../../src/kubernetes/printing/tabwriter.ts";

const words = fc.string({ unit: fc.constantFrom("a", "b", "7", "é", "𝕏"), minLength: 1, maxLength: 12 });
const grid = fc
  .record({ columns: fc.integer({ min: 1, max: 6 }), rows: fc.integer({ min: 1, max: 8 }) })
  .chain(({ columns, rows }) =>
    fc.array(fc.array(words, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  );

/** Where each cell starts, in code points, and what the line holds there. */
const startsOf = (line: string): number[] => {
  const characters = [...line];
  return characters.flatMap((character, index) =>
    character !== " " && (index === 0 || characters[index - 1] === " ") ? [index] : [],
  );
};

describe("layoutRows", () => {
  test("starts every column at the same place, at least three spaces behind the widest cell", () => {
    fc.assert(
      fc.property(grid, (rows) => {
        const lines = layoutRows(rows).text.trimEnd().split("\n");
        const [first = ""] = lines;
        for (const [index, line] of lines.entries()) {
          expect(startsOf(line)).toEqual(startsOf(first));
          expect(line.split(/ +/)).toEqual(rows[index]);
          expect(line).not.toMatch(/\S {1,2}\S/);
        }
      }),
    );
  });

  test("makes columns six wide at least, and leaves nothing behind the last cell", () => {
    expect(
      layoutRows([
        ["web", "2", "2", "26s"],
        ["c1", "10", "10", "1s"],
      ]).text,
    ).toBe("web   2     2     26s\nc1    10    10    1s\n");
  });

  test("shows the first line of a longer text, and escapes what a terminal would obey", () => {
    expect(layoutRows([["one\ntwo", "a\x1b[31m"]]).text).toBe("one...   a^[[31m\n");
  });

  test("never makes a column narrower than it has been", () => {
    const first = layoutRows([["web-cf7bb55df-h8xbz", "Terminating", "0"]]);
    expect(layoutRows([["db", "Running", "0"]], first.widths).text).toBe("db                    Running       0\n");
  });
});

describe("visibleRows", () => {
  const table = { columns: [{ header: "Name" }, { header: "Node", wide: true as const }], rows: [["web", "n1"]] };

  test("shows wide columns only when asked, headers in capitals", () => {
    expect(visibleRows(table, { wide: false, header: true })).toEqual([["NAME"], ["web"]]);
    expect(visibleRows(table, { wide: true, header: false })).toEqual([["web", "n1"]]);
  });
});

describe("alignTabs", () => {
  test("aligns columns only over consecutive lines that have them", () => {
    expect(alignTabs("Name:\tweb\nNamespace:\tshop\nPod Template:\n  Labels:\tapp=web\n\ttier=x\nEnd\n")).toBe(
      "Name:       web\nNamespace:  shop\nPod Template:\n  Labels:  app=web\n           tier=x\nEnd\n",
    );
  });

  test("lets inner columns end while outer ones go on", () => {
    expect(alignTabs("a\tlong cell\tx\nb\ty\nc\td\te\n")).toBe("a  long cell  x\nb  y\nc  d  e\n");
  });

  test("aligns a full grid as a table with a gap of two", () => {
    fc.assert(
      fc.property(grid, (rows) => {
        const lines = alignTabs(rows.map((row) => row.join("\t")).join("\n")).split("\n");
        const [first = ""] = lines;
        for (const [index, line] of lines.entries()) {
          expect(startsOf(line)).toEqual(startsOf(first));
          expect(line.split(/ +/)).toEqual(rows[index]);
        }
      }),
    );
  });

  test("changes nothing but white space", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\t", "\n", "b ") });
    fc.assert(
      fc.property(texts, (text) => {
        expect(alignTabs(text).replace(/[ \t]/g, "")).toBe(text.replace(/[ \t]/g, ""));
        expect(alignTabs(text)).not.toContain("\t");
      }),
    );
  });
});
