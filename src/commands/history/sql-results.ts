/** The rows of a query as text. */
import type { QueryResult, SqlCell } from "../../event-store/query/select.ts";
import { csvLine } from "../../history/csv.ts";
import type { Json } from "../../kubernetes/json.ts";
import { layoutRows } from "../../kubernetes/printing/table.ts";
import { printYaml } from "../../kubernetes/printing/yaml.ts";

/** Bytes are written in hex. */
const plain = (cell: SqlCell): string | number | bigint | null =>
  cell instanceof Uint8Array ? Buffer.from(cell).toString("hex") : cell;

/** Whole numbers that a double does not hold are written as text, so that no reader rounds them. */
const json = (cell: SqlCell): Json => {
  const value = plain(cell);
  return typeof value === "bigint" ? String(value) : value;
};

/** Two columns of one name would be one field: the second is called `name_2`. */
const fieldNames = (columns: readonly string[]): readonly string[] => {
  const seen = new Map<string, number>();
  return columns.map((column) => {
    const nth = (seen.get(column) ?? 0) + 1;
    seen.set(column, nth);
    return nth === 1 ? column : `${column}_${nth}`;
  });
};

const objects = ({ columns, rows }: QueryResult): readonly { readonly [field: string]: Json }[] => {
  const names = fieldNames(columns);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, json(row[i] ?? null)])));
};

const tableCell = (cell: SqlCell): string | number => {
  const value = plain(cell);
  if (value === null) return "<none>";
  return typeof value === "bigint" ? String(value) : value;
};

type ResultPrinter = (result: QueryResult) => string;

const printers: Readonly<Record<string, ResultPrinter>> = {
  table: ({ columns, rows }) =>
    layoutRows([columns.map((column) => column.toUpperCase()), ...rows.map((row) => row.map(tableCell))]).text,
  json: (result) => `${JSON.stringify(objects(result), null, 4)}\n`,
  csv: ({ columns, rows }) => [columns, ...rows.map((row) => row.map(plain))].map(csvLine).join(""),
  yaml: (result) => printYaml(objects(result)),
};

/** The printer that `-o` names, a table by default; undefined when there is none such. */
export const resultPrinterNamed = (name: string): ResultPrinter | undefined =>
  Object.hasOwn(printers, name || "table") ? printers[name || "table"] : undefined;
