/** The values of `-o`. */
import * as E from "fp-ts/lib/Either.js";
import { type CustomColumn, parseCustomColumns } from "./custom-columns.ts";

export type OutputFormat =
  | { readonly form: "table"; readonly wide: boolean }
  | { readonly form: "json" }
  | { readonly form: "yaml" }
  | { readonly form: "name" }
  | { readonly form: "jsonpath"; readonly template: string; readonly asJson: boolean }
  | { readonly form: "custom-columns"; readonly columns: readonly CustomColumn[] };

const known = ["custom-columns", "json", "jsonpath", "jsonpath-as-json", "name", "wide", "yaml"];

/** The error for a format that does not exist, listing those that do. */
const unknownFormat = (format: string): string =>
  `unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${known.join(",")}`;

/** Reads `-o`; absent or empty means the table. Errors are kubectl's, without `error: `. */
export const parseOutputFormat = (text: string | undefined): E.Either<string, OutputFormat> => {
  const format = text ?? "";
  const equals = format.indexOf("=");
  if (equals >= 0) return parseTemplated(format, format.slice(0, equals), format.slice(equals + 1));
  switch (format.toLowerCase()) {
    case "":
      return E.right({ form: "table", wide: false });
    case "wide":
      return E.right({ form: "table", wide: true });
    case "json":
      return E.right({ form: "json" });
    case "yaml":
      return E.right({ form: "yaml" });
    case "name":
      return E.right({ form: "name" });
    case "jsonpath":
    case "jsonpath-as-json":
      return E.left("template format specified but no template given");
    case "custom-columns":
      return E.left("custom-columns format specified but no custom columns given");
    default:
      return E.left(unknownFormat(format));
  }
};

const parseTemplated = (format: string, name: string, template: string): E.Either<string, OutputFormat> => {
  switch (name) {
    case "jsonpath":
    case "jsonpath-as-json":
      if (template === "") return E.left("template format specified but no template given");
      return E.right({ form: "jsonpath", template, asJson: name === "jsonpath-as-json" });
    case "custom-columns":
      return E.map((columns: readonly CustomColumn[]): OutputFormat => ({ form: "custom-columns", columns }))(
        parseCustomColumns(template),
      );
    default:
      return E.left(unknownFormat(format));
  }
};
