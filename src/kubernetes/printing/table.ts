/** Tables as `kubectl get` prints them. */
import { escapeTerminal, runeWidth } from "./tabwriter.ts";

export type Cell = string | number;

export interface Column {
  readonly header: string;
  /** Shown only with `-o wide`. */
  readonly wide?: true;
}

/** Rows under their columns: what the API server calls a Table. Every row has one cell for every column. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Widths of the columns printed so far. A watch prints row by row and never lets a column become narrower. */
export type ColumnWidths = readonly number[];

const minWidth = 6;
const padding = 3;

/** A cell is one line: the rest of a longer text is cut and marked. */
const oneLine = (cell: Cell): string => {
  if (typeof cell === "number") return String(cell);
  const end = cell.search(/[\f\n\r]/);
  return escapeTerminal(end < 0 ? cell : `${cell.slice(0, end)}...`);
};

/** Lays out lines of equally many cells: a gap of three spaces, columns at least six wide, nothing after the last cell. */
export const layoutRows = (
  rows: readonly (readonly Cell[])[],
  remembered: ColumnWidths = [],
): { readonly text: string; readonly widths: ColumnWidths } => {
  const lines = rows.map((row) => row.map(oneLine));
  const widths = [...remembered];
  for (const line of lines) {
    for (const [index, cell] of line.slice(0, -1).entries()) {
      widths[index] = Math.max(widths[index] ?? minWidth, runeWidth(cell) + padding);
    }
  }
  const pad = (cell: string, index: number) => cell + " ".repeat((widths[index] ?? 0) - runeWidth(cell));
  const text = lines.map((line) => `${line.slice(0, -1).map(pad).join("")}${line[line.length - 1] ?? ""}\n`).join("");
  return { text, widths };
};

/** The visible part of a table, header line first. */
export const visibleRows = (table: Table, options: { readonly wide: boolean; readonly header: boolean }): Cell[][] => {
  const shown = table.columns.map((column) => options.wide || !column.wide);
  const select = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => shown[index]);
  const header = select(table.columns).map((column) => column.header.toUpperCase());
  return [...(options.header ? [header] : []), ...table.rows.map(select)];
};
