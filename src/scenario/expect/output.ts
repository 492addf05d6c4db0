/**
 * Compares what a command printed with what was expected of it. In an expected line `*` stands for the part of a word that
 * nobody can know beforehand (an age, a hash, a suffix), and white space between words for any amount of it, because the
 * width of a column depends on its contents; the indentation counts. A line `...` stands for any number of lines.
 */

/** A line of the comparison; `either` was expected and printed, `skipped` fell under `...`. */
export interface ComparedLine {
  readonly from: "either" | "expected" | "actual" | "skipped";
  readonly text: string;
}

export interface Comparison {
  readonly holds: boolean;
  readonly lines: readonly ComparedLine[];
}

const anyLines = "...";

const literally = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** The line as a pattern. */
const linePattern = (line: string): RegExp => {
  const indentation = /^\s*/.exec(line)?.[0] ?? "";
  const words = line.trim().split(/\s+/);
  const pattern = words.map((word) => word.split("*").map(literally).join("\\S+")).join("\\s+");
  return new RegExp(`^${indentation}${pattern}\\s*$`);
};

const linesOf = (text: string): readonly string[] => {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
};

/** How many lines at least are missing or too many from `i`, `j` on: the table that the comparison is read from. */
const distances = (
  expected: readonly string[],
  actual: readonly string[],
  isSame: (i: number, j: number) => boolean,
) => {
  const width = actual.length + 1;
  const table = new Int32Array((expected.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = expected.length; i >= 0; i--) {
    for (let j = actual.length; j >= 0; j--) {
      let best = Number.MAX_SAFE_INTEGER;
      if (i === expected.length) best = actual.length - j;
      else if (expected[i] === anyLines) best = Math.min(at(i + 1, j), j < actual.length ? at(i, j + 1) : best);
      else {
        best = at(i + 1, j) + 1;
        if (j < actual.length) best = Math.min(best, at(i, j + 1) + 1);
        if (j < actual.length && isSame(i, j)) best = Math.min(best, at(i + 1, j + 1));
      }
      table[i * width + j] = best;
    }
  }
  return at;
};

/** Line by line, with as few differences as there can be. */
export const compareOutput = (expectedText: string, actualText: string): Comparison => {
  const expected = linesOf(expectedText);
  const actual = linesOf(actualText);
  const patterns = expected.map(linePattern);
  const isSame = (i: number, j: number): boolean => patterns[i]?.test(actual[j] ?? "") ?? false;
  const distance = distances(expected, actual, isSame);
  const lines: ComparedLine[] = [];
  let [i, j] = [0, 0];
  while (i < expected.length || j < actual.length) {
    const [wanted, got] = [expected[i], actual[j]];
    const left = distance(i, j);
    if (wanted === anyLines && distance(i + 1, j) === left) i += 1;
    else if (wanted === anyLines) lines.push({ from: "skipped", text: actual[j++] ?? "" });
    else if (got !== undefined && wanted !== undefined && isSame(i, j) && distance(i + 1, j + 1) === left) {
      lines.push({ from: "either", text: got });
      i += 1;
      j += 1;
    } else if (wanted !== undefined && distance(i + 1, j) + 1 === left) {
      lines.push({ from: "expected", text: wanted });
      i += 1;
    } else lines.push({ from: "actual", text: actual[j++] ?? "" });
  }
  return { holds: distance(0, 0) === 0, lines };
};
