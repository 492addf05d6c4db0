/** kubectl's JSONPath dialect: the boundary where its faults become values. */
import * as E from "fp-ts/lib/Either.js";
import type { Json } from "../json.ts";
import { goJson, goSyntax } from "./go-format.ts";
import { evaluateTemplate } from "./jsonpath/evaluate.ts";
import { JsonPathError, type Template } from "./jsonpath/nodes.ts";
import { parseTemplate } from "./jsonpath/parse.ts";

/** A template that has been read without fault. */
export interface JsonPath {
  readonly text: string;
  readonly template: Template;
}

const faultsAsLeft = <T>(run: () => T): E.Either<string, T> => {
  try {
    return E.right(run());
  } catch (error) {
    if (error instanceof JsonPathError) return E.left(error.message);
    throw error;
  }
};

/** Reads a template: literal text around actions in braces. */
export const parseJsonPath = (text: string): E.Either<string, JsonPath> =>
  faultsAsLeft(() => ({ text, template: parseTemplate(text) }));

/** The values that each part of the template finds. A missing key finds nothing; an index out of bounds is an error. */
export const findValues = (path: JsonPath, data: Json): E.Either<string, readonly (readonly Json[])[]> =>
  faultsAsLeft(() => evaluateTemplate(path.template, data));

const form = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * Reads a single path where kubectl takes it with or without braces and leading dot (custom columns, `--sort-by`,
 * `wait --for=jsonpath`).
 */
export const parseRelaxedJsonPath = (text: string): E.Either<string, JsonPath> => {
  const parts = form.exec(text);
  if (!parts) {
    return E.left(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return parseJsonPath(`{.${parts[1] ?? parts[2] ?? ""}}`);
};

const printed = (value: Json): string => {
  if (typeof value === "string") return value;
  return value === null ? "null" : goJson(value);
};

/**
 * What `-o jsonpath=TEMPLATE` prints, without a final newline: values of one path separated by spaces, objects and lists as
 * JSON. With `asJson`, what `-o jsonpath-as-json` prints: for every path a list of its values.
 */
export const renderJsonPath = (
  text: string,
  data: Json,
  options: { readonly asJson?: boolean } = {},
): E.Either<string, string> => {
  const path = parseJsonPath(text);
  if (E.isLeft(path)) return E.left(`error parsing jsonpath ${text}, ${path.left}`);
  const results = findValues(path.right, data);
  if (E.isLeft(results)) return E.left(executionError(text, data, results.left));
  if (options.asJson) return E.right(results.right.map((values) => `${goJson(values, 4)}\n`).join(""));
  return E.right(results.right.map((values) => values.map(printed).join(" ")).join(""));
};

const executionError = (text: string, data: Json, fault: string): string =>
  `error executing jsonpath ${JSON.stringify(text)}: Error executing template: ${fault}. ` +
  "Printing more information for debugging the template:\n" +
  `\ttemplate was:\n\t\t${text}\n` +
  `\tobject given to jsonpath engine was:\n\t\t${goSyntax(data)}\n\n`;
