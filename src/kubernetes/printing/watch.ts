/** What `kubectl get -w` prints, one report of the watch after another. */
import * as E from "fp-ts/lib/Either.js";
import type { PrintableObject } from "./columns/index.ts";
import { printCustomColumns } from "./custom-columns.ts";
import { type GetOptions, type Printed, printInOrder, tableOf } from "./get.ts";
import { goJsonInOrder, withSortedKeys } from "./go-format.ts";
import { shownJson } from "./structured.ts";
import { type ColumnWidths, layoutRows, type Table, visibleRows } from "./table.ts";
import { printYaml } from "./yaml.ts";

/** What a watch has printed so far: whether the header is out, and how wide the columns have become. */
export interface WatchState {
  readonly headerPrinted: boolean;
  readonly widths: ColumnWidths;
}

export const watchStart: WatchState = { headerPrinted: false, widths: [] };

export interface WatchOptions extends GetOptions {
  /** `--output-watch-events`: say for each object whether it was added, modified or deleted. */
  readonly showEventTypes?: boolean;
}

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED";

/**
 * Prints what a watch reports next: all objects of one kind found at its start, or the one that changed. Columns only ever
 * become wider, the header is printed once.
 */
export const printWatched = (
  state: WatchState,
  type: WatchEventType,
  objects: readonly PrintableObject[],
  options: WatchOptions,
): E.Either<string, { readonly text: string; readonly state: WatchState }> => {
  if (objects.length === 0) return E.right({ text: "", state });
  if (options.output.form === "table")
    return E.right(printWatchedRows(state, type, objects, options.output.wide, options));
  const printed = printWatchedDocuments(state, type, objects, { ...options, single: true });
  return E.map((text: string) => ({ text, state: { ...state, headerPrinted: true } }))(printed);
};

const printWatchedRows = (
  state: WatchState,
  type: WatchEventType,
  objects: readonly PrintableObject[],
  wide: boolean,
  options: WatchOptions,
) => {
  const table = tableOf(objects, options);
  const typed: Table = options.showEventTypes
    ? {
        columns: [{ header: "Event" }, ...table.columns],
        rows: table.rows.map((cells) => [type.padEnd("MODIFIED".length), ...cells]),
      }
    : table;
  const header = !options.noHeaders && !state.headerPrinted;
  const { text, widths } = layoutRows(visibleRows(typed, { wide, header }), state.widths);
  return { text, state: { headerPrinted: true, widths } };
};

const printWatchedDocuments = (
  state: WatchState,
  type: WatchEventType,
  objects: readonly PrintableObject[],
  options: WatchOptions,
): Printed => {
  const { output } = options;
  if (output.form === "custom-columns") {
    return printCustomColumns(output.columns, objects, { noHeaders: options.noHeaders || state.headerPrinted });
  }
  let text = "";
  for (const [index, object] of objects.entries()) {
    if (output.form === "yaml" && (state.headerPrinted || index > 0)) text += "---\n";
    const printed = options.showEventTypes ? printEvent(type, object, options) : printInOrder([object], options);
    if (E.isLeft(printed)) return printed;
    text += printed.right;
  }
  return E.right(text);
};

/** The event as the API's watch sends it, where the format can show it. */
const printEvent = (type: WatchEventType, object: PrintableObject, options: WatchOptions): Printed => {
  const event = { type, object: shownJson(object) };
  if (options.output.form === "json")
    return E.right(`${goJsonInOrder({ ...event, object: withSortedKeys(event.object) }, 4)}\n`);
  return options.output.form === "yaml" ? E.right(printYaml(event)) : printInOrder([object], options);
};
