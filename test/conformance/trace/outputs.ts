/** What a command said, in the form in which it is compared. */
import { parseAllDocuments } from "yaml";
import type { KubectlStep, Said } from "./recording.ts";
import { type Veil, withoutChance, withoutValues } from "./texts.ts";

const isHeader = (line: string): boolean => /^[A-Z][A-Z -]*( {2}|$)/.test(line);

/** Rows below a header, in an order of their own: names end at random. */
const sortRows = (text: string): string =>
  text
    .split("\n\n")
    .map((block) => {
      const [first = "", ...rows] = block.split("\n");
      if (isHeader(first)) return [first, ...rows.sort()].join("\n");
      return block;
    })
    .join("\n\n");

/** The table of events at the end of a description. */
const sortEvents = (text: string): string =>
  text.replace(/(\n {2}-+ [-\s]*\n)((?: {2}\w+ .*\n)+)/g, (_, rule: string, rows: string) => {
    return `${rule}${rows.trimEnd().split("\n").sort().join("\n")}\n`;
  });

/** kubectl prints a line for every write of the status that it happens to see; how many say the same is chance. */
const withoutRepeats = (text: string): string =>
  text
    .split("\n")
    .filter((line, at, lines) => line === "" || line !== lines[at - 1])
    .join("\n");

const isStructured = ({ argv }: KubectlStep): boolean => argv.some((word) => word === "yaml" || word === "json");

/** Keys in order, lists of objects in the order of their texts. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.every((item) => typeof item === "object" && item !== null && "metadata" in item)
      ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    if (key === "resourceVersion" || key === "selfLink" || key === "managedFields") return [];
    return [[key, canonical(member)] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Several objects are printed one after another: JSON objects, or YAML documents. */
const structured = (text: string): string => {
  const documents = text.split(/\n(?=\{)/).flatMap((part) => parseAllDocuments(part));
  return documents.map((document) => JSON.stringify(canonical(document.toJS()), undefined, 1)).join("\n");
};

/** Our own lines stand indented below kubectl's. */
const kubectls = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.startsWith("  "))
    .join("\n");

/** A decoder's own words differ between versions; that it refuses, and what, does not. */
const withoutDecoder = (text: string): string =>
  text.replace(/(cannot be handled as a \w+: )[^]*/, (_, head: string) => `${head}…\n`);

const stdoutText = (step: KubectlStep, text: string, veil: Veil): string => {
  if (isStructured(step) && text !== "") return withoutChance(structured(veil(text)));
  const plain = sortEvents(sortRows(withoutChance(veil(text))));
  return step.argv[1] === "rollout" && step.argv[2] === "status" ? withoutRepeats(plain) : plain;
};

const stderrText = (text: string, veil: Veil): string => withoutDecoder(withoutValues(withoutChance(veil(text))));

/** The field that 1.20's kubectl refused by its schema: `spec.replica`. */
const refusedField = (text: string): string | undefined => {
  const [, kind = "", says = ""] = /ValidationError\(([^)]*)\): (.*)/.exec(text) ?? [];
  const path = kind.split(".").slice(1);
  const [, field] = /(?:unknown|missing required) field "([^"]+)"/.exec(says) ?? [];
  return kind === "" ? undefined : [...path, ...(field === undefined ? [] : [field])].join(".");
};

export interface Comparison {
  readonly recorded: string;
  readonly ours: string;
}

/** Both sides of a command, in comparable form. */
export const compareSaid = (
  step: KubectlStep,
  recorded: Said,
  ours: Said,
  veils: { readonly recorded: Veil; readonly ours: Veil },
): Comparison => {
  const field = refusedField(recorded.stderr);
  if (field !== undefined) {
    const names = ours.stderr.includes(field) ? field : ours.stderr;
    return { recorded: `refused: ${field}`, ours: ours.exit === 1 ? `refused: ${names}` : ours.stdout };
  }
  const text = ({ exit, stdout, stderr }: Said, veil: Veil): string =>
    `${stdoutText(step, stdout, veil)}${stderrText(kubectls(stderr), veil)}exit ${exit}\n`;
  return { recorded: text(recorded, veils.recorded), ours: text(ours, veils.ours) };
};
