/** Differences of two texts, line by line, as `diff -u` shows them. */

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

const context = 3;

/** Larger texts are shown as replaced in their changed middle: finding the least change would take too much memory. */
const maxCells = 4_000_000;

/** Lengths of the longest common subsequences of all tails. */
const commonLengths = (a: readonly string[], b: readonly string[]): readonly (readonly number[])[] => {
  if (a.length * b.length > maxCells) return [];
  const lengths: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    const below = lengths[i + 1] ?? [];
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
};

/** All lines of both texts in order: kept, removed, added. */
const compareLines = (a: readonly string[], b: readonly string[]): readonly Line[] => {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const lengths = commonLengths(left, right);
  const lines: Line[] = a.slice(0, head).map((text) => ({ sign: " ", text }));
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const removed = left[i];
    const added = right[j];
    if (removed !== undefined && removed === added) {
      lines.push({ sign: " ", text: removed });
      i++;
      j++;
    } else if (removed !== undefined && (added === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ sign: "-", text: removed });
      i++;
    } else if (added !== undefined) {
      lines.push({ sign: "+", text: added });
      j++;
    }
  }
  lines.push(...a.slice(a.length - tail).map((text): Line => ({ sign: " ", text })));
  return lines;
};

const at = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** The parts of `lines` that hold changes with their context, as ranges of indices. */
const hunks = (lines: readonly Line[]): readonly (readonly [number, number])[] => {
  const ranges: [number, number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === " ") continue;
    const from = Math.max(0, index - context);
    const to = Math.min(lines.length, index + context + 1);
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
};

const range = (start: number, count: number): string => {
  const first = count === 0 ? start : start + 1;
  return count === 1 ? String(first) : `${first},${count}`;
};

/** The hunks, without the lines that name the files; empty when the texts are equal. */
export const unifiedDiff = (before: string, after: string): string => {
  const split = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  const lines = compareLines(split(before), split(after));
  const count = (from: number, to: number, without: Line["sign"]) =>
    lines.slice(from, to).filter(({ sign }) => sign !== without).length;
  return hunks(lines)
    .map(([from, to]) => {
      const old = range(count(0, from, "+"), count(from, to, "+"));
      const current = range(count(0, from, "-"), count(from, to, "-"));
      const body = lines.slice(from, to).map(({ sign, text }) => `${sign}${text}\n`);
      return `@@ -${old} +${current} @@\n${body.join("")}`;
    })
    .join("");
};
