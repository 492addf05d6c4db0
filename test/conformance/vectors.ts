/** What single functions of real Kubernetes answered, a row each, and the comparison with ours. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { isOwnCopy, isRecorded, parseLines, readRecorded } from "./recordings.ts";

/** Rows that are allowed to differ; why stands in the README of this folder. */
export interface Exception<Row> {
  readonly mayDiffer: (row: Row) => boolean;
  /** How many of them do differ in the repository's own copy. */
  readonly count: number;
}

/** Runs every row of a file, and prints how many were run, passed and are excepted. The first rows that differ are shown. */
export const conform = <Row>(
  file: string,
  answers: (row: Row) => readonly [got: unknown, recorded: unknown],
  exception?: Exception<Row>,
): void => {
  const path = ["vectors", `${file}.jsonl`];
  describe.skipIf(!isRecorded(...path))(file, () => {
    test("every row is answered as Kubernetes answered it", () => {
      const rows = parseLines<Row>(readRecorded(...path) ?? "");
      const unequal = rows.flatMap((row) => {
        const [got, recorded] = answers(row);
        return isDeepStrictEqual(got, recorded) ? [] : [{ row, got, recorded }];
      });
      const differing = unequal.filter(({ row }) => !exception?.mayDiffer(row));
      const [passed, excepted] = [rows.length - unequal.length, unequal.length - differing.length];
      console.log(`${file}: ${rows.length} rows, ${passed} passed, ${excepted} excepted, ${differing.length} differ`);
      expect(rows.length).toBeGreaterThan(0);
      for (const { row, got, recorded } of differing.slice(0, 3)) {
        expect.soft(got, JSON.stringify(row)).toEqual(recorded);
      }
      expect(differing).toHaveLength(0);
      if (isOwnCopy) expect(excepted).toBe(exception?.count ?? 0);
    });
  });
};
