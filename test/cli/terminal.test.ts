import { expect, test } from "vitest";
import { wishedColumns } from "../../src/cli/terminal.ts";

test.each([
  ["60", 60],
  ["1000", 1000],
  [undefined, 0],
  ["", 0],
  ["0", 0],
  ["wide", 0],
  ["-5", 0],
  ["8e1", 0],
  ["1001", 0],
  ["99999999999", 0],
])("where there is no terminal, COLUMNS=%s wishes for %d columns", (typed, columns) => {
  expect(wishedColumns(typed)).toBe(columns);
});
