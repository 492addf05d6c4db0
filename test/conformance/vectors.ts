/** What single functions of real Kubernetes answered, a row each, and the comparison with ours. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { isOwnCopy, isRecorded, parseLines, readRecorded } from "./recordings.ts";

/** Rows that are allowed to differ, as a predicate; why stands in the README of this folder. */
export interface Exception<Row> {
  readonly isExcepted: (row: Row) => boolean;
  /** How many there are in the repository's own copy. */
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
      const compared = rows.filter((row) => !exception?.isExcepted(row));
      const differing = compared.flatMap((row) => {
        const [got, recorded] = answers(row);
        return isDeepStrictEqual(got, recorded) ? [] : [{ row, got, recorded }];
      });
      const [passed, excepted] = [compared.length - differing.length, rows.length - compared.length];
      console.log(`${file}: ${rows.length} rows, ${passed} passed, ${excepted} excepted, ${differing.length} differ`);
      expect(compared.length).toBeGreaterThan(0);
      for (const { row, got, recorded } of differing.slice(0, 3)) {
        expect.soft(got, JSON.stringify(row)).toEqual(recorded);
      }
      expect(differing).toHaveLength(0);
      if (isOwnCopy) expect(excepted).toBe(exception?.count ?? 0);
    });
  });
};
