/** `-o custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[*].image`. */
import * as E from "fp-ts/lib/Either.js";
import type { KubeObject } from "../objects.ts";
import { goValue } from "./go-format.ts";
import { findValues, type JsonPath, parseRelaxedJsonPath } from "./jsonpath.ts";
import { shownJson } from "./structured.ts";
import { layoutRows } from "./table.ts";

export interface CustomColumn {
  readonly header: string;
  readonly path: JsonPath;
}

/** Reads a list of `HEADER:PATH`. */
export const parseCustomColumns = (spec: string): E.Either<string, readonly CustomColumn[]> => {
  if (spec === "") return E.left("custom-columns format specified but no custom columns given");
  const columns: CustomColumn[] = [];
  for (const part of spec.split(",")) {
    const colon = part.indexOf(":");
    if (colon < 0) return E.left(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    const path = parseRelaxedJsonPath(part.slice(colon + 1));
    if (E.isLeft(path)) return path;
    columns.push({ header: part.slice(0, colon), path: path.right });
  }
  return E.right(columns);
};

const cell = (path: JsonPath, object: KubeObject): E.Either<string, string> =>
  E.map((results: readonly (readonly Parameters<typeof goValue>[0][])[]) => {
    const values = results.flat();
    return values.length === 0 ? "<none>" : values.map(goValue).join(",");
  })(findValues(path, shownJson(object)));

/** One line per object; several values of one path are joined with commas, none is `<none>`. */
export const printCustomColumns = (
  columns: readonly CustomColumn[],
  objects: readonly KubeObject[],
  options: { readonly noHeaders?: boolean } = {},
): E.Either<string, string> => {
  const rows: string[][] = options.noHeaders ? [] : [columns.map((column) => column.header)];
  for (const object of objects) {
    const row: string[] = [];
    for (const column of columns) {
      const text = cell(column.path, object);
      if (E.isLeft(text)) return text;
      row.push(text.right);
    }
    rows.push(row);
  }
  return E.right(layoutRows(rows).text);
};
