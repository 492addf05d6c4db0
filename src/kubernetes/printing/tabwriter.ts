/** Alignment of tab-separated text by elastic columns, as Go's text/tabwriter does it. */

interface TabOptions {
  /** Smallest width of a column, padding included. */
  readonly minWidth: number;
  /** Spaces between the widest cell of a column and the next column. */
  readonly padding: number;
}

/** How `kubectl describe` and `rollout history` align. */
const descriptionTabs: TabOptions = { minWidth: 0, padding: 2 };

/** Runes, as Go counts them; terminals may show some wider. */
export const runeWidth = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

/**
 * Aligns lines of tab-terminated cells. A column is a run of consecutive lines that have a tab there, so a line with fewer
 * tabs ends the column, and blocks of text align independently. The last cell of a line is never padded.
 */
export const alignTabs = (text: string, options: TabOptions = descriptionTabs): string => {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const aligned: string[][] = lines.map(() => []);
  alignColumn(lines, aligned, 0, 0, lines.length, options);
  return lines.map((cells, index) => `${aligned[index]?.join("") ?? ""}${cells[cells.length - 1] ?? ""}`).join("\n");
};

const hasColumn = (cells: readonly string[] | undefined, column: number): boolean =>
  cells !== undefined && column < cells.length - 1;

/** Pads every run of lines in [from, to) that has this column, then aligns the columns to its right within the run. */
const alignColumn = (
  lines: readonly (readonly string[])[],
  aligned: readonly string[][],
  column: number,
  from: number,
  to: number,
  options: TabOptions,
): void => {
  let start = from;
  while (start < to) {
    if (!hasColumn(lines[start], column)) {
      start++;
      continue;
    }
    let end = start;
    let columnWidth = options.minWidth;
    for (; end < to && hasColumn(lines[end], column); end++) {
      columnWidth = Math.max(columnWidth, runeWidth(lines[end]?.[column] ?? "") + options.padding);
    }
    for (let line = start; line < end; line++) {
      const cell = lines[line]?.[column] ?? "";
      aligned[line]?.push(cell + " ".repeat(columnWidth - runeWidth(cell)));
    }
    alignColumn(lines, aligned, column + 1, start, end, options);
    start = end;
  }
};

/** Terminal control characters are shown, not obeyed: kubectl escapes ESC and CR. */
export const escapeTerminal = (text: string): string => text.replaceAll("\x1b", "^[").replaceAll("\r", "\\r");
