/** What goes wrong in a command, and how kubectl says it. */
import type { Refusal } from "../kubernetes/refusal.ts";
import type { ExitCode, Surroundings } from "./command.ts";

/** Our own lines below kubectl's, already indented: where in a file, and what was perhaps meant. */
type Notes = readonly string[];

/** An error of one command: the API server's refusal, or a sentence of the client's own (without `error: `). */
export type Failure =
  | { readonly type: "refused"; readonly refusal: Refusal; readonly notes: Notes }
  | { readonly type: "client"; readonly message: string; readonly notes: Notes };

export const clientFailure = (message: string, notes: Notes = []): Failure => ({ type: "client", message, notes });

export const refusedFailure = (refusal: Refusal, notes: Notes = []): Failure => ({ type: "refused", refusal, notes });

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

const withNotes = (text: string, { notes }: Failure): string =>
  [text, ...notes].map((line) => (line.endsWith("\n") ? line : `${line}\n`)).join("");

/** The text for standard error, with its line end. */
export const failureText = (failures: readonly Failure[]): string => {
  const [only, ...others] = failures;
  if (only && others.length === 0) return withNotes(aloneText(only), only);
  return failures.map((failure) => withNotes(amongOthersText(failure), failure)).join("");
};

/** Tells what went wrong and answers with the exit code: 0 when nothing did, else 1. */
export const report = (ctx: Surroundings, failures: readonly Failure[]): ExitCode => {
  if (failures.length === 0) return 0;
  ctx.io.err(failureText(failures));
  return 1;
};

/** One error of the client's own. */
export const fail = (ctx: Surroundings, message: string): ExitCode => report(ctx, [clientFailure(message)]);

/** Wrong words: the sentence, and where to find the right ones. `path` is `Invocation.path`. */
export const failUsage = (ctx: Surroundings, path: string, message: string): ExitCode =>
  fail(ctx, `${message}\nSee '${path} -h' for help and examples`);
