/** The arguments that are about the process itself; they may stand anywhere in front of `--`. */
import * as E from "fp-ts/lib/Either.js";
import { ledgerFlag } from "../commands/common-flags.ts";
import type { Flag } from "../commands/grammar/flags.ts";

export interface ProcessArguments {
  /** `--ledger`. */
  readonly ledger?: string;
  readonly noColor: boolean;
  /** All other words. */
  readonly words: readonly string[];
}

/** For help; `-n`, `--as` and `-h` are told with the verbs. */
export const processFlags: readonly Flag[] = [
  ledgerFlag,
  { name: "no-color", type: "boolean", help: "No colours (or NO_COLOR)." },
];

/** Takes the process's own flags out. Left is the sentence for one that is incomplete. */
export const splitArguments = (argv: readonly string[]): E.Either<string, ProcessArguments> => {
  const words: string[] = [];
  let ledger: string | undefined;
  let noColor = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") {
      words.push(...argv.slice(at));
      break;
    }
    if (word === "--no-color") noColor = true;
    else if (word.startsWith("--ledger=")) ledger = word.slice("--ledger=".length);
    else if (word === "--ledger") {
      at += 1;
      ledger = argv[at] ?? "";
    } else words.push(word);
  }
  if (ledger === "") return E.left("--ledger needs the name of a file");
  return E.right({ ...(ledger === undefined ? {} : { ledger }), noColor, words });
};
