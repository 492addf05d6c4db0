/** `rollout export`: the ledger for others: to be read in again, as a table, or as traces. */
import { setImmediate as nextTurn } from "node:timers/promises";
import * as E from "fp-ts/lib/Either.js";
import { type RedactionRule, redactionRules, redactRecords } from "../../engine/upkeep/redacted-export.ts";
import { type ExportRecord, exportLine } from "../../event-store/export/records.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { fail, failUsage } from "../failure.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { exportTraces } from "./export-traces.ts";
import { csvLines } from "./log-writers.ts";
import { openOutput } from "./output-file.ts";
import { inPages } from "./reading.ts";

/** Records written at once. */
const chunkRecords = 200;

/** An export on its way, and what is to be said of it when it is complete. */
interface Export {
  readonly chunks: AsyncIterable<string>;
  readonly told: () => string;
}

async function* jsonLines(
  records: Iterable<ExportRecord>,
  onRecord: (record: ExportRecord) => void,
): AsyncGenerator<string, void> {
  let lines: string[] = [];
  for (const record of records) {
    onRecord(record);
    lines.push(exportLine(record));
    if (lines.length < chunkRecords) continue;
    yield lines.join("");
    lines = [];
    await nextTurn();
  }
  if (lines.length > 0) yield lines.join("");
}

const asJsonLines = (records: Iterable<ExportRecord>): Export => {
  let told = "";
  // The head in the words that `verify --head` reads: to be kept elsewhere, as a proof of what was handed out.
  const onRecord = (record: ExportRecord): void => {
    if (record.is === "header") told = `${record.head.seq} events, head ${record.head.seq}:${record.head.hash}`;
  };
  return { chunks: jsonLines(records, onRecord), told: () => told };
};

const asCsv = ({ session, signal }: CommandContext): Export => {
  let events = 0;
  async function* csv(): AsyncGenerator<string, void> {
    const writer = csvLines(session.store);
    yield writer.head;
    for await (const page of inPages(session.log(), signal)) {
      events += page.length;
      yield writer.page(page, undefined);
    }
  }
  return { chunks: csv(), told: () => `${events} events` };
};

/** Nothing of a file that could not be written to its end is left. Of one that is complete it is told what it holds. */
const writeAll = async (
  ctx: CommandContext,
  { args, flags }: Invocation,
  { chunks, told }: Export,
): Promise<ExitCode> => {
  const path = args[0] ?? "-";
  const opened = openOutput(ctx.io, path, flags.on("force"));
  if (E.isLeft(opened)) return fail(ctx, opened.left);
  const file = opened.right;
  try {
    for await (const chunk of chunks) {
      if (ctx.signal?.aborted) return interruptedExitCode;
      if (!file.write(chunk)) return 0;
    }
    file.keep();
    if (path !== "-") ctx.io.err(`${told()}\n`);
    return 0;
  } finally {
    file.close();
  }
};

const isRule = (name: string): name is RedactionRule => redactionRules.some((rule) => rule === name);

/** As it is, or as `--redact` wants it. */
const exportLedger = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const records = (): Generator<ExportRecord, void> => ctx.session.queries.records();
  if (!flags.given("redact")) return writeAll(ctx, invocation, asJsonLines(records()));
  const names = flags.list("redact");
  const unknown = names.find((name) => !isRule(name) && name !== "secrets");
  if (unknown !== undefined) {
    return fail(ctx, `--redact knows secrets, ${redactionRules.join(", ")}, not ${JSON.stringify(unknown)}`);
  }
  return writeAll(ctx, invocation, asJsonLines(redactRecords(records, new Set(names.filter(isRule)))));
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags, path } = invocation;
  if (args.length > 1) return failUsage(ctx, path, "one file at a time");
  const format = flags.text("output");
  if (format !== "jsonl" && flags.given("redact")) return fail(ctx, "--redact goes with -o jsonl");
  const traceFlags = ["object", "endpoint"].filter((name) => flags.given(name));
  if (format !== "otlp" && traceFlags.length > 0) return fail(ctx, `--${traceFlags[0]} goes with -o otlp`);
  switch (format) {
    case "jsonl":
      return exportLedger(ctx, invocation);
    case "csv":
      return writeAll(ctx, invocation, asCsv(ctx));
    case "otlp":
      return exportTraces(ctx, invocation, (chunks, told) => writeAll(ctx, invocation, { chunks, told }));
    default:
      return fail(ctx, `a ledger is exported as -o jsonl, csv or otlp, not ${JSON.stringify(format)}`);
  }
};

export const exportVerb: Verb = {
  name: "export",
  ours: true,
  ledger: "as it is",
  summary: "Write the ledger as JSON Lines that import reads, as CSV, or as OpenTelemetry traces",
  usage: "[FILE | -] [flags]",
  examples: [
    "rollout export ledger.jsonl",
    "rollout export | gzip > ledger.jsonl.gz",
    "rollout export --redact for-the-vendor.jsonl",
    "rollout export --redact=secrets,env incident.jsonl",
    "rollout export -o csv events.csv",
    "rollout export -o otlp --object deploy/web traces.jsonl",
    "rollout export -o otlp --endpoint http://localhost:4318",
  ],
  flags: [
    {
      ...output,
      default: "jsonl",
      help: "jsonl (without loss), csv (a line an event), otlp (a trace a rollout, as JSON Lines: a trace a line).",
    },
    {
      name: "redact",
      type: "list",
      bare: ["secrets", ...redactionRules].join(","),
      help: "For others: without Secret data and (all, or only those named) env values, last-applied, commands, change-causes.",
    },
    { name: "force", type: "boolean", help: "Replace the file if it exists." },
    { name: "object", type: "list", help: "With otlp: the rollouts of these, deploy/web,deploy/api; else of all." },
    { name: "endpoint", type: "string", help: "With otlp: the URL of a collector that takes OTLP over HTTP." },
  ],
  run,
};
