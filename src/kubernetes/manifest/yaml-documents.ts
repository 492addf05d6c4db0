/**
 * YAML or JSON text as plain JSON documents that still know where each of their fields was written. Reads YAML as kubectl
 * does: 1.1 booleans (`yes`, `off`) and merge keys, but no timestamps and no base-60 numbers. Bounded in size, number of
 * documents, depth and aliases.
 */
import type { Document, ScalarTag, Tags, YAMLMap, Node as YamlNode } from "yaml";
import { Composer, type CST, isAlias, isMap, isNode, isSeq, LineCounter, Parser } from "yaml";
import type { Json } from "../json.ts";
import type { Path } from "../schema/check.ts";
import type { Conversion } from "./yaml-value.ts";
import { isMergeKey, jsonOfDocument, keyText, maxDepth } from "./yaml-value.ts";

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Text that is no YAML, or more of it than we read. */
interface SyntaxFault {
  /** In the words of kubectl's YAML library. */
  readonly message: string;
  readonly at: Position;
  /** What is wrong there, in other words. */
  readonly hint: string;
}

export interface YamlDocument {
  readonly value: Json;
  /** Keys that a mapping has twice; the later one counts. */
  readonly duplicates: readonly Path[];
  /** Where a field or an item was written: the position of its key. Of a path that does not exist, its nearest ancestor. */
  readonly locate: (path: Path) => Position;
}

export interface Reading {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly SyntaxFault[];
}

const maxLength = 10 * 1024 * 1024;
const maxDocuments = 1000;

const childTokens = (token: CST.Token): readonly CST.Token[] => {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])]);
};

/** Level by level: the composer, which recurses, must not see what is too deep for its stack. */
const isTooDeep = (document: CST.Token): boolean => {
  let level: readonly CST.Token[] = [document];
  for (let depth = 0; depth <= maxDepth; depth++) {
    level = level.flatMap(childTokens);
    if (level.length === 0) return false;
  }
  return true;
};

const position = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

/** The tokens of a text, or the first reason for not reading it. */
const tokensOf = (text: string, lines: LineCounter): readonly CST.Token[] | SyntaxFault => {
  const tooMuch = (hint: string, offset = 0): SyntaxFault => ({ message: hint, at: position(lines, offset), hint });
  if (text.length > maxLength) return tooMuch("the text is longer than 10 MiB");
  const tokens: CST.Token[] = [];
  let documents = 0;
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === "document") documents++;
    if (documents > maxDocuments) return tooMuch(`the text has more than ${maxDocuments} documents`, token.offset);
    if (isTooDeep(token)) return tooMuch(`the document is nested more than ${maxDepth} levels deep`, token.offset);
    tokens.push(token);
  }
  return tokens;
};

const tagName = (name: string): string => `tag:yaml.org,2002:${name}`;

/** What YAML 1.1 defines and kubectl's library leaves as text. */
const unresolvedTags = new Set(["timestamp", "binary", "omap", "pairs", "set"].map(tagName));

const numberTag = (name: string, test: RegExp): ScalarTag => ({
  tag: tagName(name),
  default: true,
  test,
  resolve: (text) => Number(text.replaceAll("_", "")),
});

/** Numbers as that library has them. To YAML 1.1 `.` and `e5` are numbers too, and `0o17` is none. */
const numberTags: readonly ScalarTag[] = [
  numberTag("int", /^0o[0-7_]+$/),
  numberTag("float", /^[-+]?(?:\.[0-9_]*[0-9]|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/),
];

const isKept = (tag: Tags[number]): boolean => {
  if (typeof tag !== "object" || unresolvedTags.has(tag.tag)) return typeof tag !== "object";
  const isBase60 = "format" in tag && tag.format === "TIME";
  const isInfinity = "test" in tag && tag.test?.test(".inf") === true;
  return !isBase60 && (tag.tag !== tagName("float") || isInfinity);
};

const compose = (tokens: readonly CST.Token[]): readonly Document.Parsed[] => {
  const customTags = (tags: Tags): Tags => [...tags.filter(isKept), ...numberTags];
  return [...new Composer({ version: "1.1", uniqueKeys: false, customTags }).compose(tokens)];
};

/** The yaml package's errors as kubectl's library words them. */
const goMessages: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: "found unknown escape character",
  BAD_INDENT: "did not find expected key",
  BAD_SCALAR_START: "found character that cannot start any token",
  BLOCK_AS_IMPLICIT_KEY: "mapping values are not allowed in this context",
  MISSING_CHAR: "could not find expected ':'",
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  TAB_AS_INDENT: "found character that cannot start any token",
  UNEXPECTED_TOKEN: "did not find expected key",
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The first of a document: those after it tend to follow from it. */
const composerFaults = (document: Document.Parsed, lines: LineCounter): readonly SyntaxFault[] =>
  document.errors.slice(0, 1).map(({ code, message, pos: [offset] }) => {
    const at = position(lines, offset);
    const hint = lowerFirst(message);
    const words = hint.startsWith("missing closing") ? "found unexpected end of stream" : (goMessages[code] ?? hint);
    return { message: `yaml: line ${at.line}: ${words}`, at, hint };
  });

/** What a step of a path leads to: the value, and the key or item that shows where it was written. */
interface Step {
  readonly written: YamlNode;
  readonly value: YamlNode | null;
}

const asNode = (value: unknown): YamlNode | null => (isNode(value) ? value : null);

const mapStep = (document: Document.Parsed, map: YAMLMap, step: string): Step | undefined => {
  const pair = map.items.findLast(({ key }) => keyText(key) === step);
  const written = asNode(pair?.key);
  if (written) return { written, value: asNode(pair?.value) };
  for (const { key, value } of map.items) {
    if (!isMergeKey(key)) continue;
    const target = isAlias(value) ? value.resolve(document) : value;
    for (const source of isSeq(target) ? target.items : [target]) {
      const merged = isAlias(source) ? source.resolve(document) : source;
      const found = isMap(merged) ? mapStep(document, merged, step) : undefined;
      if (found) return found;
    }
  }
  return undefined;
};

const nextStep = (document: Document.Parsed, value: YamlNode | null, step: string | number): Step | undefined => {
  const node = isAlias(value) ? (value.resolve(document) ?? null) : value;
  if (isMap(node)) return mapStep(document, node, String(step));
  const item = isSeq(node) && typeof step === "number" ? asNode(node.items[step]) : null;
  return item ? { written: item, value: item } : undefined;
};

const locator =
  (document: Document.Parsed, lines: LineCounter): YamlDocument["locate"] =>
  (path) => {
    let value: YamlNode | null = document.contents;
    let offset = value?.range?.[0] ?? document.range[0];
    for (const step of path) {
      const next = nextStep(document, value, step);
      if (!next) break;
      offset = next.written.range?.[0] ?? offset;
      value = next.value;
    }
    return position(lines, offset);
  };

/** Reads all documents of a text; empty ones are left out. With any fault there are no documents. */
export const readYaml = (text: string): Reading => {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if ("hint" in tokens) return { documents: [], faults: [tokens] };
  const faults: SyntaxFault[] = [];
  const documents: YamlDocument[] = [];
  const aliased = { count: 0 };
  for (const document of compose(tokens)) {
    if (document.errors.length > 0) {
      faults.push(...composerFaults(document, lines));
      continue;
    }
    const conversion: Conversion = { anchors: new Map(), aliased, duplicates: [], faults: [] };
    const value = jsonOfDocument(conversion, document.contents);
    for (const { node, message } of conversion.faults) {
      const at = position(lines, node.range?.[0] ?? 0);
      faults.push({ message, at, hint: message.replace(/^(yaml|json): /, "") });
    }
    if (value !== null) documents.push({ value, duplicates: conversion.duplicates, locate: locator(document, lines) });
  }
  return faults.length > 0 ? { documents: [], faults } : { documents, faults };
};
