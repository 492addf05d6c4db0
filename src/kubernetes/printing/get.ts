/** What `kubectl get` prints: the objects it found, in any output format. */
import * as E from "fp-ts/lib/Either.js";
import { qualifiedName, resourceTypeOf } from "../kinds.ts";
import { formatLabels } from "../selector.ts";
import { columnsOf, type PrintableObject, rowOf } from "./columns/index.ts";
import { printCustomColumns } from "./custom-columns.ts";
import { renderJsonPath } from "./jsonpath.ts";
import type { OutputFormat } from "./output-format.ts";
import { nothingToSortBy, parseSortPath, sortByPath } from "./sort-by.ts";
import { listOf, printJson, printYamlDocuments, shownJson } from "./structured.ts";
import { type Cell, type Column, layoutRows, type Table, visibleRows } from "./table.ts";

export interface TableOptions {
  /** Instant of printing: ages count from here. */
  readonly nowMs: number;
  readonly noHeaders?: boolean;
  /** A last column with all labels. */
  readonly showLabels?: boolean;
  /** A column for each of these label keys (`-L`). */
  readonly labelColumns?: readonly string[];
  /** `deployment.apps/web` instead of `web`: `--show-kind`, or several types were asked for. */
  readonly showKind?: boolean;
  /** `-A`: a first column with the namespace, for kinds that have one. */
  readonly allNamespaces?: boolean;
}

export interface GetOptions extends TableOptions {
  readonly output: OutputFormat;
  /** JSON, YAML and JSONPath see the bare object instead of a `List`: exactly one was asked for by name. */
  readonly single?: boolean;
  /** A path such as `.metadata.creationTimestamp`. */
  readonly sortBy?: string;
}

export type Printed = E.Either<string, string>;

/**
 * Prints the objects, which are in order of their types. Tables of different types are separated by an empty line; a table
 * without rows is not printed at all. Errors are kubectl's, without `error: `.
 */
export const printObjects = (objects: readonly PrintableObject[], options: GetOptions): Printed => {
  if (options.sortBy === undefined || options.sortBy === "") return printInOrder(objects, options);
  const path = parseSortPath(options.sortBy);
  if (E.isLeft(path)) return path;
  // kubectl 1.32 sorts no tables of several types; it says that the field is missing.
  if (options.output.form === "table" && options.showKind) return E.left(nothingToSortBy(path.right.text));
  const sorted = sortByPath(objects, path.right);
  return E.isLeft(sorted) ? sorted : printInOrder(sorted.right, options);
};

/** Prints objects that are in their final order. */
export const printInOrder = (objects: readonly PrintableObject[], options: GetOptions): Printed => {
  const { output } = options;
  switch (output.form) {
    case "table":
      return E.right(printTables(objects, output.wide, options));
    case "json":
      return E.right(printJson(document(objects, options)));
    case "yaml":
      return E.right(printYamlDocuments([document(objects, options)]));
    case "name":
      return E.right(objects.map((object) => `${nameOf(object)}\n`).join(""));
    case "jsonpath":
      return renderJsonPath(output.template, document(objects, options), output);
    case "custom-columns":
      return printCustomColumns(output.columns, objects, options);
  }
};

const document = (objects: readonly PrintableObject[], { single }: GetOptions) => {
  const [first] = objects;
  return single && first ? shownJson(first) : listOf(objects);
};

const nameOf = (object: PrintableObject): string => qualifiedName(resourceTypeOf(object.kind), object.metadata.name);

const printTables = (objects: readonly PrintableObject[], wide: boolean, options: TableOptions): string => {
  const groups: PrintableObject[][] = [];
  for (const object of objects) {
    const group = groups.at(-1);
    if (group?.[0]?.kind === object.kind) group.push(object);
    else groups.push([object]);
  }
  const header = !options.noHeaders;
  return groups
    .map((group) => layoutRows(visibleRows(tableOf(group, options), { wide, header })).text)
    .join(header ? "\n" : "");
};

/** The table of objects of one kind, with the columns that flags add. */
export const tableOf = (objects: readonly PrintableObject[], options: TableOptions): Table => {
  const kind = objects[0]?.kind;
  if (kind === undefined) return { columns: [], rows: [] };
  const own = columnsOf[kind];
  const nameIndex = own.findIndex(({ header }) => header === "Name");
  const withNamespace = options.allNamespaces === true && resourceTypeOf(kind).namespaced;
  const labelKeys = options.labelColumns ?? [];
  const columns: Column[] = [
    ...(withNamespace ? [{ header: "Namespace" }] : []),
    ...own,
    ...labelKeys.map((key) => ({ header: key.slice(key.lastIndexOf("/") + 1) })),
    ...(options.showLabels ? [{ header: "Labels" }] : []),
  ];
  const rows = objects.map((object): Cell[] => {
    const { namespace = "", labels = {} } = object.metadata;
    const cells = rowOf(object, options.nowMs);
    return [
      ...(withNamespace ? [namespace] : []),
      ...(options.showKind ? cells.with(nameIndex, nameOf(object)) : cells),
      ...labelKeys.map((key) => labels[key] ?? "<none>"),
      ...(options.showLabels ? [formatLabels(labels)] : []),
    ];
  });
  return { columns, rows };
};

/** What kubectl says, on stderr, when it found nothing: with a namespace unless it looked everywhere. */
export const noResourcesFound = (namespace: string | undefined): string =>
  namespace === undefined ? "No resources found\n" : `No resources found in ${namespace} namespace.\n`;
