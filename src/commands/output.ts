/** What a write says when it worked: `deployment.apps/web scaled`, or the object itself with `-o`. */
import * as E from "fp-ts/lib/Either.js";
import type { KubeObject } from "../kubernetes/objects.ts";
import { printInOrder } from "../kubernetes/printing/get.ts";
import type { OutputFormat } from "../kubernetes/printing/output-format.ts";
import { parseOutputFormat } from "../kubernetes/printing/output-format.ts";
import type { CommandContext } from "./command.ts";
import type { DryRun } from "./dry-run.ts";
import type { Failure } from "./failure.ts";
import { clientFailure } from "./failure.ts";
import type { ParsedFlags } from "./grammar/flags.ts";
import { printable } from "./objects.ts";
import { resultLine } from "./result-lines.ts";
import type { Invocation } from "./verb.ts";

/** Reads `-o`. */
export const readFormat = (flags: ParsedFlags): E.Either<Failure, OutputFormat> =>
  E.mapLeft((message: string) => clientFailure(message))(parseOutputFormat(flags.text("output")));

/** Tells of one object written. Answers with what went wrong in telling it: a template that does not fit. */
export type ResultPrinter = (object: KubeObject, operation: string) => readonly Failure[];

/** A printer for the objects of one command, by its flag `-o`. */
export const resultPrinter = (
  ctx: CommandContext,
  { flags }: Invocation,
  dryRun: DryRun = "none",
): E.Either<Failure, ResultPrinter> => {
  const format = readFormat(flags);
  if (E.isLeft(format)) return format;
  const output = format.right;
  if (output.form === "table" && output.wide) {
    return E.left(
      clientFailure('unable to match a printer suitable for the output format "wide": a write prints no table'),
    );
  }
  let printed = 0;
  return E.right((object, operation) => {
    printed += 1;
    if (output.form === "table") {
      ctx.io.out(resultLine(object, operation, dryRun));
      return [];
    }
    const text = printInOrder([printable(object)], { output, single: true, nowMs: ctx.session.now() });
    if (E.isLeft(text)) return [clientFailure(text.left)];
    ctx.io.out(output.form === "yaml" && printed > 1 ? `---\n${text.right}` : text.right);
    return [];
  });
};
