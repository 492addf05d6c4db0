/** Evaluates JSONPath templates as kubectl does: missing keys give nothing, lists give each of their elements. */
import { isJsonObject, type Json } from "../../json.ts";
import { goType, goValue, sortedKeys } from "../go-format.ts";
import { JsonPathError, type PathList, type PathNode, type Slice, type Template, type TemplatePart } from "./nodes.ts";

type Values = readonly Json[];

/** One list of values for each part of the template that ran, in order of output; throws `JsonPathError`. */
export const evaluateTemplate = (template: Template, data: Json): Values[] => {
  const results: Values[] = [];
  for (let index = 0; index < template.length; index++) {
    const part = template[index];
    if (!part) continue;
    if (part.kind === "text") {
      results.push([part.text]);
      continue;
    }
    if (names(part, "end")) throw new JsonPathError("not in range, nothing to end");
    const values = evaluateList(part.nodes, [data]);
    if (!names(part, "range")) {
      results.push(values);
      continue;
    }
    const end = endOfRange(template, index);
    const body = template.slice(index + 1, end);
    for (const value of values) results.push(...evaluateTemplate(body, value));
    if (end !== undefined) index = end;
  }
  return results;
};

const names = (part: TemplatePart, identifier: "range" | "end"): boolean =>
  part.kind === "action" && part.nodes.some((node) => node.kind === "identifier" && node.name === identifier);

/** The index of the `{end}` that closes the range opened at `start`; undefined when it is never closed. */
const endOfRange = (template: Template, start: number): number | undefined => {
  let depth = 0;
  for (const [index, part] of template.entries()) {
    if (index < start) continue;
    if (names(part, "range")) depth++;
    if (names(part, "end") && --depth === 0) return index;
  }
  return undefined;
};

const evaluateList = (nodes: PathList, input: Values): Values => {
  let values = input;
  for (const node of nodes) values = evaluateNode(node, values);
  return values;
};

const evaluateNode = (node: PathNode, input: Values): Values => {
  switch (node.kind) {
    case "text":
      return [node.text];
    case "number":
    case "boolean":
      return [node.value];
    case "identifier":
      if (node.name === "range") return input;
      throw new JsonPathError(`unrecognized identifier ${node.name}`);
    case "field":
      return input.flatMap((value) => {
        const found = isJsonObject(value) && Object.hasOwn(value, node.name) ? value[node.name] : undefined;
        return found === undefined ? [] : [found];
      });
    case "wildcard":
      return input.flatMap(children);
    case "recursive":
      return input.flatMap(descendants);
    case "slice":
      return input.flatMap((value) => (value === null ? [] : sliceOf(value, node.slice)));
    case "filter":
      return input.flatMap((value) => filterElements(value, node));
    case "union":
      return node.branches.flatMap((branch) => evaluateList(branch, input));
  }
};

const children = (value: Json): Values => {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? sortedKeys(value).map((key) => value[key] ?? null) : [];
};

/** Every non-empty object, list and string below and including this value, parents first. */
const descendants = (value: Json): Values => {
  if (typeof value === "string") return value === "" ? [] : [value];
  const below = children(value);
  return below.length === 0 ? [] : [value, ...below.flatMap(descendants)];
};

const sliceOf = (value: Json, slice: Slice): Values => {
  if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const length = value.length;
  let start = slice.start ?? 0;
  if (start < 0) start += length;
  let end = slice.end ?? length;
  if (end < 0 || (end === 0 && slice.endDerived)) end += length;
  if (start === end) return [];
  if (start < 0 || start >= length) throw outOfBounds(start, length);
  if (end < 0 || end > length) throw outOfBounds(end - 1, length);
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  const step = slice.step ?? 1;
  if (step <= 0) throw new JsonPathError("step must be > 0");
  return value.slice(start, end).filter((_, index) => index % step === 0);
};

const outOfBounds = (index: number, length: number): JsonPathError =>
  new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);

const filterElements = (value: Json, filter: PathNode & { readonly kind: "filter" }): Values => {
  if (!Array.isArray(value)) throw new JsonPathError(`${goValue(value)} is not array or slice and cannot be filtered`);
  return value.filter((element: Json) => {
    if (filter.operator === "exists") return exists(filter.left, element);
    const left = single(evaluateList(filter.left, [element]));
    const right = left === undefined ? undefined : single(evaluateList(filter.right, [element]));
    return left !== undefined && right !== undefined && compare(left, filter.operator, right);
  });
};

/** A path that fails on an element does not exist there. */
const exists = (path: PathList, element: Json): boolean => {
  try {
    return evaluateList(path, [element]).length > 0;
  } catch (error) {
    if (error instanceof JsonPathError) return false;
    throw error;
  }
};

const single = (values: Values): Json | undefined => {
  if (values.length > 1) throw new JsonPathError("can only compare one element at a time");
  return values[0];
};

const compare = (left: Json, operator: string, right: Json): boolean => {
  for (const side of [left, right]) {
    if (typeof side === "object") throw new JsonPathError("invalid type for comparison");
  }
  if (typeof left !== typeof right) throw new JsonPathError("incompatible types for comparison");
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordered(left, operator, right);
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
};

const ordered = (left: Json, operator: "<" | "<=" | ">" | ">=", right: Json): boolean => {
  if (typeof left === "boolean" || left === null || right === null)
    throw new JsonPathError("invalid type for comparison");
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
};
