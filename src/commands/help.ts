/** What `--help` prints: examples first, then usage and flags. */

import { globalFlags, ledgerFlag } from "./common-flags.ts";
import type { Flag } from "./grammar/flags.ts";
import { helpFlag } from "./grammar/flags.ts";
import type { VerbDescription } from "./verb.ts";

/** How people call the verb: kubectl's verbs by kubectl's name. */
export const pathOf = (verb: VerbDescription): string =>
  [verb.ours ? "rollout" : "kubectl", ...(verb.group ? [verb.group] : []), verb.name].join(" ");

const flagSpelling = (flag: Flag): string => {
  const names = `${flag.short ? `-${flag.short}, ` : "    "}--${flag.name}`;
  if (flag.type === "boolean") return names;
  const placeholder = flag.type.toUpperCase();
  return flag.bare === undefined ? `${names} ${placeholder}` : `${names}[=${placeholder}]`;
};

const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

/** One line for each flag: its spelling, and what it does. */
export const flagLines = (flags: readonly Flag[]): readonly string[] =>
  columns(
    flags.map((flag) => [flagSpelling(flag), flag.default ? `${flag.help} (default ${flag.default})` : flag.help]),
  );

/** How a verb is typed at our own prompt. */
const typedAs = (verb: VerbDescription): string =>
  ["rollout", ...(verb.group && verb.group !== "rollout" ? [verb.group] : []), verb.name].join(" ");

export const verbHelp = (verb: VerbDescription): string =>
  [
    `${verb.summary}.`,
    "",
    "Examples:",
    ...verb.examples.map((example) => `  ${example}`),
    "",
    "Usage:",
    `  ${typedAs(verb)} ${verb.usage}`,
    ...(verb.aliases ? ["", `Aliases: ${verb.aliases.join(", ")}`] : []),
    ...(verb.flags.length > 0 ? ["", "Flags:", ...flagLines(verb.flags)] : []),
    "",
    "Everywhere:",
    ...flagLines([ledgerFlag, ...globalFlags, helpFlag]),
    "",
  ].join("\n");

/** One line for each verb, in the order given: for `rollout --help` and for groups such as `set`. */
export const verbList = (verbs: readonly VerbDescription[]): string =>
  `${columns(verbs.map((verb) => [typedAs(verb), verb.summary])).join("\n")}\n`;
