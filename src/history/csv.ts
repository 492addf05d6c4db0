/** Comma-separated values as RFC 4180 has them, with the line ends of Unix. */

export type CsvCell = string | number | bigint | null;

const csvCell = (cell: CsvCell): string => {
  if (cell === null) return "";
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One record; null is an empty field. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(",")}\n`;
