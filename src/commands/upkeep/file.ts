/** What the verbs that look after a ledger's file share. */
import * as E from "fp-ts/lib/Either.js";
import type { Upkeep } from "../../engine/upkeep/upkeep.ts";
import type { StoreError } from "../../event-store/store-error.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { fail } from "../failure.ts";
import { type ProgressLine, progressLine } from "../progress-line.ts";
import { interruptedExitCode } from "../waiting.ts";

export const upkeepOf = (ctx: CommandContext): Upkeep => ctx.upkeep ?? ctx.session.upkeep;

/** Long work on the file, with its progress shown; `tell` prints what came of it. Stopped, nothing is told. */
export const longWork = async <A>(
  ctx: CommandContext,
  work: (progress: ProgressLine) => Promise<E.Either<StoreError, A | undefined>>,
  tell: (result: A) => ExitCode,
): Promise<ExitCode> => {
  const progress = progressLine(ctx);
  const result = await work(progress);
  progress.clear();
  if (E.isLeft(result)) return fail(ctx, result.left.message);
  return result.right === undefined ? interruptedExitCode : tell(result.right);
};

/** `-o json`, or text. Left: the sentence for anything else. */
export const wantsJson = (format: string, what: string): E.Either<string, boolean> =>
  format === "" || format === "json"
    ? E.right(format === "json")
    : E.left(`${what} are printed as text or with -o json, not as ${JSON.stringify(format)}`);

export const bodies = (count: number): string => `${count} ${count === 1 ? "body" : "bodies"}`;
