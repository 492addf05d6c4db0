/**
 * What a verb is. To add one: write a `Verb` in its own file and put it into the list of its group (`rollout/verbs.ts`,
 * `set/verbs.ts`, …), which `registry.ts` collects.
 *
 * Conventions:
 * - A verb declares its own flags; the global ones (`-n`, `--as`, `-h`) are added by `dispatch.ts`, which has also applied them:
 *   `invocation.namespace` is `-n` or the default, `ctx.actor` is `--as` or the login name. Shared flags (`-o`, `-f`, `-l`,
 *   `--dry-run`, `--record`, …) are in `common-flags.ts`.
 * - Objects named on the command line are found with `resource-args.ts`; writes go through `request.ts`; result lines
 *   through `result-lines.ts`; refusals and errors through `failure.ts`, so that they read as kubectl's.
 * - Data goes to `ctx.io.out`, messages to `ctx.io.err`. A verb answers with its exit code and never throws for what a
 *   person or the cluster did.
 */
import type { CommandContext, ExitCode, Surroundings } from "./command.ts";
import type { Flag, ParsedFlags } from "./grammar/flags.ts";

export interface Invocation {
  /** Words that are neither flags nor the verb's name. */
  readonly args: readonly string[];
  /** How many of `args` stood before `--`: all of them when there is none. */
  readonly argsBeforeDashes: number;
  readonly flags: ParsedFlags;
  /** `-n`, or the default namespace. */
  readonly namespace: string;
  /** As typed: `rollout set image deployment/web web=nginx:1.15`. For the commit's intent. */
  readonly commandLine: string;
  /** As `--record` writes it: `kubectl create --filename=web.yaml --record=true`. */
  readonly changeCause: string;
  /** `kubectl rollout undo`: how errors and help call the verb. */
  readonly path: string;
}

/** `set image` is the verb `image` in the group `set`. The words of the group `rollout` may be typed without it. */
export type VerbGroup = "rollout" | "set" | "create" | "apply";

/** What help tells of a verb. */
/**
 * What a verb finds when it runs:
 * - `present` (unless it says otherwise): the cluster has caught up with the clock
 * - `as it is`: what has happened so far; running the verb lets nothing more happen
 * - `new`: as `present`, and where there is no ledger it starts one
 * - `file`: the ledger's file, which nobody has read anything from yet and which may be damaged
 * - `none`: it reads nothing but the program
 */
type LedgerUse = "present" | "as it is" | "new" | "file" | "none";

export interface VerbDescription {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group?: VerbGroup;
  /** Set on verbs that kubectl does not have: help and errors call them `rollout NAME`. */
  readonly ours?: true;
  readonly ledger?: LedgerUse;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** What follows the name: `(TYPE NAME | TYPE/NAME) [flags]`. */
  readonly usage: string;
  /** Whole command lines that work when pasted. */
  readonly examples: readonly string[];
  readonly flags: readonly Flag[];
}

export interface Verb<C extends Surroundings = CommandContext> extends VerbDescription {
  readonly run: (ctx: C, invocation: Invocation) => Promise<ExitCode>;
}
