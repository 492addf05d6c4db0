/** What goes wrong in a command, and how kubectl says it. */
import type { Refusal } from "../kubernetes/refusal.ts";
import type { CommandContext, ExitCode } from "./command.ts";

/** An error of one command: the API server's refusal, or a sentence of the client's own. */
export type Failure =
  | { readonly type: "refused"; readonly refusal: Refusal }
  | {
      readonly type: "client";
      /** Without `error: `. */
      readonly message: string;
      /** Our own lines below kubectl's, already indented: where in a file, and what was perhaps meant. */
      readonly notes?: readonly string[];
    };

export const clientFailure = (message: string, notes?: readonly string[]): Failure => ({
  type: "client",
  message,
  ...(notes && notes.length > 0 ? { notes } : {}),
});

export const refusedFailure = (refusal: Refusal): Failure => ({ type: "refused", refusal });

/** Says what was being done to which file: `error when creating "web.yaml": deployments.apps "web" already exists`. */
export const refusedWhile = (verb: string, source: string, refusal: Refusal): Failure =>
  refusedFailure({ ...refusal, message: `error when ${verb} ${JSON.stringify(source)}: ${refusal.message}` });

/** An `Invalid` that stands alone is told field by field; duplicate causes are dropped. */
const invalidText = (refusal: Refusal): string => {
  const { kind, name } = refusal.details ?? {};
  const subject =
    kind || name ? `The ${kind ?? ""} ${JSON.stringify(name ?? "")} is invalid` : "The request is invalid";
  const causes = [...new Set(refusal.causes.map((cause) => `${cause.field}: ${cause.message}`))];
  if (causes.length === 0) return kind || name ? subject : `${subject}: ${refusal.message}`;
  return `${subject}: ${causes.length === 1 ? causes[0] : causes.map((cause) => `\n* ${cause}`).join("")}`;
};

const serverText = (refusal: Refusal): string => `Error from server (${refusal.reason}): ${refusal.message}`;

const aloneText = (failure: Failure): string => {
  if (failure.type === "client") {
    return failure.message.startsWith("error: ") ? failure.message : `error: ${failure.message}`;
  }
  return failure.refusal.reason === "Invalid" ? invalidText(failure.refusal) : serverText(failure.refusal);
};

/** Among several, a client's error stands without `error: `. */
const amongOthersText = (failure: Failure): string =>
  failure.type === "client" ? failure.message : serverText(failure.refusal);

const withNotes = (text: string, failure: Failure): string => {
  const notes = failure.type === "client" ? (failure.notes ?? []) : [];
  return [text, ...notes].map((line) => (line.endsWith("\n") ? line : `${line}\n`)).join("");
};

/** The text for standard error, with its line end. */
export const failureText = (failures: readonly Failure[]): string => {
  const [only, ...others] = failures;
  if (only && others.length === 0) return withNotes(aloneText(only), only);
  return failures.map((failure) => withNotes(amongOthersText(failure), failure)).join("");
};

/** Tells what went wrong and answers with the exit code: 0 when nothing did, else 1. */
export const report = (ctx: CommandContext, failures: readonly Failure[]): ExitCode => {
  if (failures.length === 0) return 0;
  ctx.io.err(failureText(failures));
  return 1;
};

/** One error of the client's own. */
export const fail = (ctx: CommandContext, message: string): ExitCode => report(ctx, [clientFailure(message)]);

/** Wrong words: the sentence, and where to find the right ones. `path` is `Invocation.path`. */
export const failUsage = (ctx: CommandContext, path: string, message: string): ExitCode =>
  fail(ctx, `${message}\nSee '${path} -h' for help and examples`);
