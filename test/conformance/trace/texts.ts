/** What is left out when two outputs are compared: what differs from run to run, and between 1.20's server and 1.32's. */
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import { POD_TEMPLATE_HASH } from "../../../src/kubernetes/well-known.ts";
import type { WatchedChange } from "./recording.ts";

/** Replaces what one side alone can know. */
export type Veil = (text: string) => string;

const suffixOf = ({ kind, metadata }: KubeObject): string | undefined => {
  const { name, generateName } = metadata;
  const isGenerated = kind === "Pod" || kind === "EndpointSlice";
  if (!isGenerated) return undefined;
  const base = generateName ?? name.slice(0, name.lastIndexOf("-") + 1);
  return name.startsWith(base) ? name.slice(base.length) : name.slice(-5);
};

/** Hashes become the number of their ReplicaSet, random ends of names become one word. */
export const veilOf = (changes: readonly WatchedChange[]): Veil => {
  const hashes: string[] = [];
  const suffixes = new Set<string>();
  for (const { object } of changes) {
    const hash = object.kind === "ReplicaSet" ? object.metadata.labels?.[POD_TEMPLATE_HASH] : undefined;
    if (hash !== undefined && !hashes.includes(hash)) hashes.push(hash);
    const suffix = suffixOf(object);
    if (suffix !== undefined && suffix !== "") suffixes.add(suffix);
  }
  const words = new Map([
    ...Array.from(suffixes, (suffix) => [suffix, "SUFFIX"] as const),
    ...hashes.map((hash, at) => [hash, `HASH${at + 1}`] as const),
  ]);
  return (text) => text.replace(/[a-z0-9]{5,10}/g, (word) => words.get(word) ?? word);
};

/** Where the value that begins at `from` ends: before a colon or line end that stands in no quotes and no brackets. */
const endOfValue = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"') at += (/^"(?:[^"\\]|\\.)*"/.exec(text.slice(at))?.[0].length ?? 1) - 1;
    else if ("{[(".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (depth <= 0 && (char === ":" || char === "\n")) return at;
  }
  return text.length;
};

/** `Invalid value: 3: must be …` without the value: Go's syntax until 1.33, JSON since. */
export const withoutValues = (text: string): string => {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(/(?:Invalid|Unsupported) value: /g)) {
    const from = match.index + match[0].length;
    if (from < at) continue;
    result += `${text.slice(at, from)}…`;
    at = endOfValue(text, from);
  }
  return result + text.slice(at);
};

const age = /(?<![\w.-])(?:\d+[smhdy])+(?![\w-])/g;
const time =
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [-+]\d{4}/g;
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const ip = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;

/** Before 1.31 events named the new size only: other ones were combined, and counted together. */
const eventText = (text: string): string =>
  text
    .replaceAll("(combined from similar events): ", "")
    .replace(/ \(x\d+ over \S+\)/g, "")
    .replace(/(Scaled (?:up|down) replica set \S+) from \d+ to (\d+)/g, "$1 to $2");

/** Text without ages, times, uids and addresses, and with single gaps between columns, whose widths depend on names. */
export const withoutChance = (text: string): string =>
  eventText(text)
    .replace(time, "TIME")
    .replace(uid, "UID")
    .replace(ip, "IP")
    .replace(age, "AGE")
    .replace(/[ \t]{2,}/g, "  ")
    .replace(/[ \t]+$/gm, (end) => (end === " " ? " " : ""));
