/**
 * YAML as kubectl prints it: keys in order, lists not indented under their key, no folding, texts quoted only where a
 * YAML 1.1 reader would take them for something else.
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** One document, ending with a newline. */
export const printYaml = (value: Json): string => (isBlock(value) ? block(value, "") : `${inline(value, "")}\n`);

const isBlock = (value: Json): value is JsonObject | readonly Json[] =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

const block = (value: JsonObject | readonly Json[], indent: string): string => {
  if (Array.isArray(value)) return value.map((item: Json) => `${indent}- ${listItem(item, indent)}`).join("");
  if (!isJsonObject(value)) return "";
  return Object.keys(value)
    .sort(compareKeys)
    .map((key) => `${indent}${keyText(key)}:${mapValue(value[key] ?? null, indent)}`)
    .join("");
};

/** What follows `- `: the first line continues behind the dash, the others are indented below it. */
const listItem = (item: Json, indent: string): string => {
  if (!isBlock(item)) return `${inline(item, indent)}\n`;
  const inner = `${indent}  `;
  return block(item, inner).slice(inner.length);
};

const mapValue = (value: Json, indent: string): string => {
  if (!isBlock(value)) return ` ${inline(value, indent)}\n`;
  return `\n${block(value, Array.isArray(value) ? indent : `${indent}  `)}`;
};

const inline = (value: Json, indent: string): string => {
  if (typeof value !== "string") return JSON.stringify(value);
  return isMultiline(value) && canBeLiteral(value) ? literal(value, `${indent}  `) : keyText(value);
};

const isMultiline = (text: string): boolean => /\n/.test(text);

/** A text on one line. */
const keyText = (text: string): string => {
  if (isTakenForAnotherType(text) || isMultiline(text) || !isPrintable(text)) return doubleQuoted(text);
  return canBePlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
};

const literal = (text: string, indent: string): string => {
  const indentHint = /^[ \n]/.test(text) ? "2" : "";
  const chomp = text.endsWith("\n") ? (/(^|\n)\n$/.test(text) ? "+" : "") : "-";
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return `|${indentHint}${chomp}\n${lines.map((line) => (line === "" ? "" : indent + line)).join("\n")}`;
};

const canBeLiteral = (text: string): boolean => isPrintable(text) && !/ (\n|$)/.test(text);

/** What go-yaml counts as printable: tabs and characters beyond the basic plane are not. */
const isPrintable = (text: string): boolean =>
  /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text) && !/[\u2028\u2029]/.test(text);

const canBePlain = (text: string): boolean =>
  !/^ | $|^(---|\.\.\.)/.test(text) && // white space at an end, document marks
  !/^[#,[\]{}&*!|>'"%@`]/.test(text) && // indicators
  !/^[?:-]( |$)/.test(text) &&
  !/:( |$)| #/.test(text);

const otherWords = new Set(
  ["y", "yes", "true", "on", "n", "no", "false", "off", "null", ".inf", "+.inf", "-.inf"]
    .flatMap((word) => [word, word.replace(/[a-z]/, (first) => first.toUpperCase()), word.toUpperCase()])
    .concat(["", "~", ".nan", ".NaN", ".NAN", "<<"]),
);
const integer = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[+-]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)?$/;

/** Whether the bare text would be read as a boolean, null, number or time. */
const isTakenForAnotherType = (text: string): boolean => {
  if (otherWords.has(text) || sexagesimal.test(text) || timestamp.test(text)) return true;
  const digits = /^[-+0-9]/.test(text) ? text.replaceAll("_", "") : text;
  return integer.test(digits) || float.test(digits);
};

const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\x85": "\\N",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

const doubleQuoted = (text: string): string => {
  let quoted = "";
  for (const character of text) quoted += escaped(character);
  return `"${quoted}"`;
};

const escaped = (character: string): string => {
  const named = escapes[character];
  if (named !== undefined) return named;
  if (isPrintable(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
};

const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string): boolean => /\p{Nd}/u.test(character);

/** go-yaml's order of keys: numbers inside names by value (`a2` before `a10`), other signs before letters. */
const compareKeys = (left: string, right: string): number => {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < a.length && index < b.length; index++) {
    const x = a[index] ?? "";
    const y = b[index] ?? "";
    if (x === y) continue;
    if (isLetter(x) !== isLetter(y)) return isLetter(y) ? -1 : 1;
    if (isLetter(x)) return x < y ? -1 : 1;
    return compareNumbers(a, b, index) || (x < y ? -1 : 1);
  }
  return a.length - b.length;
};

/** Compares the runs of digits that start at `index`, knowing that the two names differ there. */
const compareNumbers = (a: readonly string[], b: readonly string[], index: number): number => {
  const leading = a[index] === "0" || b[index] === "0" ? (followsNumber(a, index) ? "1" : "") : "";
  const x = digitsAt(a, index);
  const y = digitsAt(b, index);
  return Number(leading + x) - Number(leading + y) || x.length - y.length;
};

/** Whether a digit other than 0 stands somewhere in the run of digits before `index`. */
const followsNumber = (name: readonly string[], index: number): boolean => {
  for (let before = index - 1; before >= 0 && isDigit(name[before] ?? ""); before--) {
    if (name[before] !== "0") return true;
  }
  return false;
};

const digitsAt = (name: readonly string[], index: number): string => {
  let end = index;
  while (end < name.length && isDigit(name[end] ?? "")) end++;
  return name.slice(index, end).join("");
};
