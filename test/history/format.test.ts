import { describe, expect, test } from "vitest";
import { offset, oneLine, shortDuration, truncate } from "../../src/history/format.ts";

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

test.each([
  [0, "0s"],
  [850, "850ms"],
  [8250, "8.3s"],
  [42 * s, "42s"],
  [4 * m, "4m"],
  [4 * m + 10 * s, "4m10s"],
  [2 * h + 5 * m + 30 * s, "2h6m"],
  [3 * d + 4 * h, "3d4h"],
])("a length of %d ms is %s", (ms, written) => {
  expect(shortDuration(ms)).toBe(written);
});

test.each([
  [0, "+0s"],
  [-20, "+0s"],
  [8249, "+8.2s"],
  [-2 * s, "-2s"],
  [h + 10 * s, "+1h10s"],
  [h + m + 400, "+1h1m"],
  [2 * d + 3 * h + 20 * s, "+2d3h"],
])("a distance of %d ms is %s", (ms, written) => {
  expect(offset(ms)).toBe(written);
});

test("a distance can be written more precisely", () => {
  expect(offset(h + 10_500, 100)).toBe("+1h10.5s");
});

describe("texts of people", () => {
  test("are put into one line", () => {
    expect(oneLine(" a\n\tb\u001b[0m ")).toBe("a b [0m");
  });

  test("are cut by characters, not by halves of them", () => {
    expect(truncate("déjà vu", 7)).toBe("déjà vu");
    expect(truncate("déjà vu", 5)).toBe("déjà…");
    expect(truncate("🙂🙂🙂🙂", 3)).toBe("🙂🙂…");
    expect(truncate("abcdef", 5, "...")).toBe("ab...");
    expect(truncate("abcdef", 2, "...")).toBe("");
  });
});
