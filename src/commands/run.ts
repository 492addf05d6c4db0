/** The one entry for command lines, scenario steps and tests. */
import type { CommandContext, ExitCode } from "./command.ts";
import { dispatch } from "./dispatch.ts";
import { verbs as allVerbs } from "./registry.ts";
import type { Verb } from "./verb.ts";

/**
 * Runs one command line, given as words. Answers with the exit code; errors are told on `ctx.io.err`, in kubectl's words.
 */
export const runCommand = (
  ctx: CommandContext,
  argv: readonly string[],
  verbs: readonly Verb[] = allVerbs,
): Promise<ExitCode> => dispatch(ctx, argv, verbs);
