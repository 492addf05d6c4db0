/** Every verb of the process: those of the command line's own, and those that work on a ledger. */
import { verbs as ledgerVerbs } from "../commands/registry.ts";
import type { Verb } from "../commands/verb.ts";
import type { CliContext } from "./context.ts";
import { help } from "./help.ts";
import { importVerb } from "./import.ts";
import { init } from "./init.ts";
import { onLedger } from "./on-ledger.ts";
import { run } from "./run/run.ts";
import { sh } from "./shell/sh.ts";

/** What may be typed at the prompt of `rollout sh`. */
const promptVerbs: readonly Verb<CliContext>[] = [run, init, help(() => promptVerbs), ...ledgerVerbs.map(onLedger)];

export const verbs: readonly Verb<CliContext>[] = [
  run,
  sh(promptVerbs),
  init,
  importVerb,
  help(() => verbs),
  ...ledgerVerbs.map(onLedger),
];
