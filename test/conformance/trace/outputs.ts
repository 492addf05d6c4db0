/** What commands said, in the form in which it is compared. */
import { compareProgress } from "./progress-lines.ts";
import type { KubectlStep, Said } from "./recording.ts";
import { structuredText } from "./structured.ts";
import { type Veil, withoutChance, withoutValues } from "./texts.ts";

export interface Comparison {
  readonly recorded: string;
  readonly ours: string;
}

/** What each side alone can know: names, hashes. */
export interface Veils {
  readonly recorded: Veil;
  readonly ours: Veil;
}

const hasWord = ({ argv }: KubectlStep, ...words: readonly string[]): boolean =>
  argv.some((word) => words.includes(word));

const isStructured = (step: KubectlStep): boolean => hasWord(step, "yaml", "json");

/** `get --watch` ends when somebody ends it. */
export const isEndless = (step: KubectlStep): boolean => hasWord(step, "-w", "--watch", "--watch-only");

const isProgress = ({ argv }: KubectlStep): boolean => argv[1] === "rollout" && argv[2] === "status";

const isHeader = (line: string): boolean => /^[A-Z][A-Z() -]*( {2}|$)/.test(line);

const sortedLines = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();

/**
 * Rows below a header, in an order of their own: names end at random. Of events each stands once, because two that 1.32
 * tells apart (`from 1 to 3`, `from 2 to 3`) were one for 1.20.
 */
const sortRows = (text: string): string =>
  text
    .split("\n\n")
    .map((block) => {
      const [first = "", ...rows] = block.replace(/\n$/, "").split("\n");
      if (!isHeader(first)) return block;
      return [first, ...(first.startsWith("LAST SEEN") ? sortedLines(rows) : rows.toSorted()), ""].join("\n");
    })
    .join("\n\n");

/** The table of events at the end of a description. */
const sortEvents = (text: string): string =>
  text.replace(/(\n {2}-+ [-\s]*\n)((?: {2}\w+ .*\n)+)/g, (_, rule: string, rows: string) => {
    return `${rule}${sortedLines(rows.trimEnd().split("\n")).join("\n")}\n`;
  });

/**
 * The API server writes a grace period of 0 before it lets a pod go, and a watch tells both; in the ledger one request is one
 * commit.
 */
const withoutLastGrace = (text: string): string => text.replace(/^MODIFIED +(\S+).*\n(?=DELETED +\1 )/gm, "");

/** Lines in which the stand-in kubelet, or a server of 1.20, has nothing to say. */
const unknownThere =
  /^ *(?:Container ID|Image ID|Node|PodReadyToStartContainers|IP Family Policy|IP Families|Internal Traffic Policy)(?::| {2}).*\n/gm;
const restarts = /(Reason: +CrashLoopBackOff\n(?:(?! *Restart Count).*\n)* *Restart Count: +)\d+/g;
const lastState = /^( *)Last State:.*\n(?:\1 +.*\n)*/gm;
/** kubectl 1.32 looks for slices of a version that 1.20 does not serve, and finds none. */
const endpointsOfService = /^Endpoints: .*\n/gm;

/** The stand-in kubelet posts no status before the containers run, keeps no last state, and counts a restart at the crash. */
const asStandIn = (text: string): string =>
  text
    .replaceAll("ContainerCreating", "Pending")
    .replace(/(\d) \(\S+ ago\)/g, "$1")
    .replace(/(CrashLoopBackOff +)\d+/g, "$1N")
    .replace(restarts, "$1N")
    .replace(unknownThere, "")
    .replace(lastState, "")
    .replace(endpointsOfService, "");

const stdoutText = (step: KubectlStep, text: string, veil: Veil): string => {
  if (isStructured(step) && text !== "") return withoutChance(structuredText(veil(text)));
  const known = withoutChance(veil(asStandIn(isEndless(step) ? withoutLastGrace(text) : text)));
  return isEndless(step) ? known : sortEvents(sortRows(known));
};

/** Our own lines stand indented below kubectl's. */
const kubectls = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.startsWith("  "))
    .join("\n");

/** A decoder's own words differ between versions; that it refuses, and what, does not. */
const withoutDecoder = (text: string): string =>
  text.replace(/(cannot be handled as a \w+: )[\s\S]*/, (_, head: string) => `${head}…\n`);

const stderrText = (text: string, veil: Veil): string =>
  withoutDecoder(withoutValues(withoutChance(veil(kubectls(text)))));

/** The field that 1.20's kubectl refused by its schema: `spec.replica`. */
const refusedField = (text: string): string | undefined => {
  const [, place, says = ""] = /ValidationError\(([^)]*)\): (.*)/.exec(text) ?? [];
  if (place === undefined) return undefined;
  const [, field] = /(?:unknown|missing required) field "([^"]+)"/.exec(says) ?? [];
  return [...place.split(".").slice(1), ...(field === undefined ? [] : [field])].join(".");
};

/** Both sides of a command; the same text when they say the same. */
export const compareSaid = (step: KubectlStep, recorded: Said, ours: Said, veils: Veils): Comparison => {
  const field = refusedField(recorded.stderr);
  if (field !== undefined) {
    const isRefused = ours.exit === recorded.exit && ours.stderr.includes(field);
    return { recorded: `refuses ${field}`, ours: isRefused ? `refuses ${field}` : ours.stdout + ours.stderr };
  }
  const isTold = isProgress(step) && recorded.printed.length > 0;
  const stdout = isTold
    ? compareProgress(recorded.printed, ours.printed)
    : {
        recorded: stdoutText(step, recorded.stdout, veils.recorded),
        ours: stdoutText(step, ours.stdout, veils.ours),
      };
  const rest = ({ stderr, exit }: Said, veil: Veil): string =>
    `${stderrText(stderr, veil)}${isEndless(step) ? "" : `exit ${exit}\n`}`;
  return {
    recorded: stdout.recorded + rest(recorded, veils.recorded),
    ours: stdout.ours + rest(ours, veils.ours),
  };
};
