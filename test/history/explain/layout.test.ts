import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, aligned, clock, hanging, moment } from "../../../src/history/explain/render/layout.ts";
import { plainPaint, printLines, text } from "../../../src/history/ink.ts";

const nowMs = Date.UTC(2026, 0, 2, 12, 0, 0);

describe("times", () => {
  test("are of the day, with a date where that is another", () => {
    expect(clock(nowMs - 1000, nowMs)).toBe("11:59:59");
    expect(clock(nowMs - 86_400_000, nowMs)).toBe("2026-01-01 12:00:00");
  });

  test("say how far away they are", () => {
    expect(moment(nowMs - 130_000, nowMs)).toBe("11:57:50 (2m10s ago)");
    expect(moment(nowMs + 5000, nowMs)).toBe("12:00:05 (in 5s)");
    expect(moment(nowMs, nowMs)).toBe("12:00:00 (now)");
    expect([0, 5, 1500, 130_000].map(after)).toEqual(["+0ms", "+5ms", "+1.5s", "+2m10s"]);
  });
});

describe("text behind a head", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 20 });

  test("loses nothing, fits, and hangs as far to the right as its head is long", () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 60, max: 120 }),
        (parts, indent, columns) => {
          const head = [text("#".repeat(indent))];
          const lines = printLines(hanging(head, parts.join(" "), columns), plainPaint)
            .split("\n")
            .slice(0, -1);
          expect(
            lines
              .map((line) => line.slice(indent).trim())
              .join("")
              .replaceAll(" ", ""),
          ).toBe(parts.join(""));
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
          for (const line of lines.slice(1)) expect(line.slice(0, indent).trim()).toBe("");
        },
      ),
    );
  });

  test("keeps a width that can be read where the terminal has none", () => {
    expect(hanging([text("#".repeat(90))], "a few words that follow", 80)).toHaveLength(1);
  });
});

test("columns are as wide as what stands in them", () => {
  const rows = [
    [text("1"), text("alice")],
    [text("1000"), text("bo")],
  ];
  const lines = printLines(aligned([{ title: "N", right: true }, { title: "WHO" }], rows), plainPaint);
  expect(lines).toBe("     N  WHO\n     1  alice\n  1000  bo\n");
});
