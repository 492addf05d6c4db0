import { expect, test } from "vitest";
import { csvLine } from "../../src/history/csv.ts";

test("fields with commas, quotes or line ends stand in quotes; null is empty", () => {
  expect(csvLine(["a", 1, 2n, null, "", 'say "hi"', "a,b", "two\nlines"])).toBe(
    'a,1,2,,,"say ""hi""","a,b","two\nlines"\n',
  );
});
