/** `rollout import`: a new ledger out of an export. */
import { createReadStream, statSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import { fail, failUsage } from "../commands/failure.ts";
import type { Verb } from "../commands/verb.ts";
import type { CliContext } from "./context.ts";
import { interruptedExitCode } from "./interrupts.ts";

const fileProblem = (file: string): string | undefined => {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return `the path ${JSON.stringify(file)} does not exist`;
  return stat.isDirectory() ? `${file} is a directory, not an export` : undefined;
};

export const importVerb: Verb<CliContext> = {
  name: "import",
  ours: true,
  summary: "Start a ledger with what an export holds: the same events, the same hashes",
  usage: "(FILE | -) --ledger NEW",
  examples: [
    "rollout import ledger.jsonl --ledger copy.db",
    "gunzip -c ledger.jsonl.gz | rollout import - --ledger copy.db",
  ],
  flags: [],
  run: async (ctx, { args, path }) => {
    const [file, ...others] = args;
    if (file === undefined || others.length > 0)
      return failUsage(ctx, path, "one export: a file, or - for standard input");
    const problem = file === "-" ? undefined : fileProblem(file);
    if (problem !== undefined) return fail(ctx, problem);
    const { importLedger } = await import("../engine/import.ts");
    ctx.terminal.progress.begin();
    const imported = await importLedger(ctx.ledgers.path, file === "-" ? process.stdin : createReadStream(file), {
      onProgress: ({ done, total }) => ctx.terminal.progress.show(() => `importing: ${done} of ${total} events`),
      signal: ctx.signal,
    });
    ctx.terminal.progress.clear();
    if (E.isLeft(imported)) return fail(ctx, imported.left.message);
    if (!imported.right) return interruptedExitCode;
    const { events, hash } = imported.right;
    ctx.io.out(`imported ${events} events into ${ctx.ledgers.path}; head ${hash}\n`);
    return 0;
  },
};
