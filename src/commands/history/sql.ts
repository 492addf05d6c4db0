/** `rollout sql`: a query in SQL, which reads and never writes. */
import * as E from "fp-ts/lib/Either.js";
import type { QueryRefusal } from "../../event-store/query/process.ts";
import type { QueryResult } from "../../event-store/query/select.ts";
import { shortDuration } from "../../history/format.ts";
import { views } from "../../history/views.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, type Failure, fail, failUsage, report } from "../failure.ts";
import { suggestions } from "../grammar/suggest.ts";
import { readOne } from "../manifest-sources.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { columnsOf } from "./paint.ts";
import { resultPrinterNamed } from "./sql-results.ts";

/** Above that, a table is no longer read but processed: by the library, or by any program that opens SQLite files. */
const maxLimit = 100_000;

const nameWidth = Math.max(...views.map(({ name }) => name.length)) + 2;

/** Words with commas between them, in lines of this width. */
const wrapped = (words: readonly string[], width: number): readonly string[] => {
  const lines: string[] = [];
  for (const [i, word] of words.entries()) {
    const next = i < words.length - 1 ? `${word},` : word;
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + next.length > width) lines.push(next);
    else lines[lines.length - 1] = `${line} ${next}`;
  }
  return lines;
};

const listViews = ({ io, session }: CommandContext): ExitCode => {
  const width = columnsOf(io) - nameWidth;
  for (const { name, rows } of views) {
    const columns = wrapped(session.queries.columnsOf(name), width).map((line) => `${" ".repeat(nameWidth)}${line}\n`);
    io.out(`${name.padEnd(nameWidth)}${rows}\n${columns.join("")}`);
  }
  return 0;
};

/** The line of the query in which it went wrong, and a mark below the place. */
const placeIn = (sql: string, offset: number): readonly string[] => {
  const start = sql.lastIndexOf("\n", offset - 1) + 1;
  const end = sql.indexOf("\n", offset);
  return [`  ${sql.slice(start, end < 0 ? undefined : end)}`, `  ${" ".repeat(offset - start)}^`];
};

const columnsNamedIn = ({ session }: CommandContext, sql: string): readonly string[] =>
  views
    .filter(({ name }) => new RegExp(`\\b${name}\\b`, "i").test(sql))
    .map(({ name }) => `  ${name} has ${session.queries.columnsOf(name).join(", ")}`);

/** What could have been meant. */
const advice = (ctx: CommandContext, sql: string, message: string): readonly string[] => {
  const table = /^no such table: (.+)$/.exec(message)?.[1];
  if (table === undefined) return message.startsWith("no such column") ? columnsNamedIn(ctx, sql) : [];
  const names = views.map(({ name }) => name);
  const [meant] = [...suggestions(table, names), ...suggestions(`v_${table}`, names)];
  return [...(meant === undefined ? [] : [`  perhaps ${meant}`]), `  the views are ${names.join(", ")}`];
};

const reportRefusal = (ctx: CommandContext, sql: string, refusal: QueryRefusal): ExitCode => {
  switch (refusal._tag) {
    case "Refused": {
      const { message, offset } = refusal;
      const place = offset === undefined ? [] : placeIn(sql, offset);
      return report(ctx, [clientFailure(message, [...place, ...advice(ctx, sql, message)])]);
    }
    case "TimedOut":
      return fail(ctx, `the query was ended after ${shortDuration(refusal.timeoutMs)}; --timeout allows it longer`);
    case "Ended":
      return fail(ctx, "the query's process ended before it had an answer; there may not be enough memory");
    case "Interrupted":
      return interruptedExitCode;
  }
};

const tellCut = ({ io }: CommandContext, { rows, isCutOff }: QueryResult): void => {
  if (isCutOff) io.err(`the first ${rows.length} rows; there are more: --limit allows up to ${maxLimit}\n`);
};

/** Rows of the log are those of one file. */
const tellArchived = ({ io, session }: CommandContext): void => {
  const { seam } = session.store;
  if (!seam) return;
  io.err(
    `this file has the log from seq ${seam.seq + 1} on, and all rollouts; what is before: --ledger ${seam.file}\n`,
  );
};

/** The query as typed, or that of a file; empty when there is none. */
const readQuery = (
  { io }: CommandContext,
  [typed = ""]: readonly string[],
  file: string | undefined,
): E.Either<Failure, string> => {
  if (file === undefined) return E.right(typed);
  if (file === "-") return E.right(io.readStdin());
  return E.map(({ text }: { readonly text: string }) => text)(readOne(io, file));
};

const run = async (ctx: CommandContext, { args, flags, path }: Invocation): Promise<ExitCode> => {
  const fromFile = flags.given("filename");
  if (args.length > 1) return failUsage(ctx, path, 'the query is one word: put it in quotes, "select …"');
  if (fromFile && args.length > 0) return fail(ctx, "either a query or -f, not both");
  const print = resultPrinterNamed(flags.text("output"));
  if (!print) return fail(ctx, `-o is table, json, csv or yaml, not ${JSON.stringify(flags.text("output"))}`);
  const limit = flags.integer("limit");
  if (limit < 1 || limit > maxLimit) return fail(ctx, `--limit is a number from 1 to ${maxLimit}: ${limit}`);
  const timeoutMs = flags.durationMs("timeout");
  if (timeoutMs < 0) return fail(ctx, `--timeout must not be negative: ${flags.text("timeout")}`);
  const query = readQuery(ctx, args, fromFile ? flags.text("filename") : undefined);
  if (E.isLeft(query)) return report(ctx, [query.left]);
  const sql = query.right;
  if (sql.trim() === "") return fromFile ? fail(ctx, "there is no query in it") : listViews(ctx);
  const result = await ctx.session.queries.sql(sql, {
    limit,
    timeoutMs,
    ...(ctx.signal ? { signal: ctx.signal } : {}),
  });
  if (E.isLeft(result)) return reportRefusal(ctx, sql, result.left);
  ctx.io.out(print(result.right));
  tellArchived(ctx);
  tellCut(ctx, result.right);
  return 0;
};

export const sql: Verb = {
  name: "sql",
  ours: true,
  ledger: "as it is",
  summary: "Query the ledger in SQL; without a query, the views there are",
  usage: '["SELECT …"] [flags]',
  examples: [
    "rollout sql",
    'rollout sql "select number, outcome, actor, images from v_rollouts"',
    "rollout sql \"select state, count(*) from v_pod_intervals where deployment = 'web' group by state\" -o csv",
    "rollout sql -f - < query.sql",
  ],
  flags: [
    { name: "filename", short: "f", type: "string", help: "A file with the query, or - for standard input." },
    { name: "limit", type: "integer", default: "1000", help: "At most so many rows." },
    { name: "timeout", type: "duration", default: "30s", help: "The query ends after so long; 0: when it is done." },
    { ...output, help: "table, json, csv, yaml" },
  ],
  run,
};
