/** How `rollout log` writes: lines for people, JSON and CSV for programs. */
import type { EventStore, RecordedEvent } from "../../event-store/port.ts";
import { csvLine } from "../../history/csv.ts";
import { plainPaint, printLines } from "../../history/ink.ts";
import { LogLines } from "../../history/log/lines.ts";
import type { CommandContext } from "../command.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { columnsOf, paintFor } from "./paint.ts";

/** Turns pages into text; `next` is the event behind the page, as far as it is known. */
export interface LogWriter {
  /** Stands above the first page. */
  readonly head: string;
  readonly page: (events: readonly RecordedEvent[], next: RecordedEvent | undefined) => string;
}

/** Events with their hashes. What stands side by side in the log is read at once. */
function* withHashes(
  store: EventStore,
  page: readonly RecordedEvent[],
): Generator<RecordedEvent & { readonly hash: string }, void> {
  const [first, last] = [page[0]?.seq ?? 1, page.at(-1)?.seq ?? 0];
  const isWhole = last - first + 1 === page.length;
  const together = isWhole ? store.rows(first, last) : undefined;
  for (const event of page) {
    const next = together?.next() ?? store.rows(event.seq, event.seq).next();
    if (next.done) throw new Error(`event ${event.seq} has no row`);
    yield { ...event, hash: next.value.hash };
  }
}

const jsonLines = (store: EventStore): LogWriter => ({
  head: "",
  page: (events) => Array.from(withHashes(store, events), (event) => `${JSON.stringify(event)}\n`).join(""),
});

const csvColumns = [
  "seq",
  "at",
  "source_at",
  "recorded_at",
  "stream",
  "version",
  "type",
  "schema",
  "actor",
  "commit",
  "first_seq",
  "last_seq",
  "cause",
  "view",
  "intent",
  "data",
  "hash",
] as const;

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const jsonCell = (value: object | number | string | boolean | null): string | number | null =>
  value === null || typeof value === "number" ? value : JSON.stringify(value);

const csvRow = (event: RecordedEvent & { readonly hash: string }): string => {
  const { seq, at, sourceAt, recordedAt, stream, version, type, schema, actor, commit, cause, view, data, hash } =
    event;
  return csvLine([
    seq,
    instant(at),
    instant(sourceAt),
    instant(recordedAt),
    stream,
    version,
    type,
    schema,
    actor,
    commit.id,
    commit.firstSeq,
    commit.lastSeq,
    cause,
    jsonCell(view),
    jsonCell(commit.intent),
    JSON.stringify(data),
    hash,
  ]);
};

/** The log as comma-separated values: a line an event, times in RFC 3339, intents and data as JSON. */
export const csvLines = (store: EventStore): LogWriter => ({
  head: csvLine(csvColumns),
  page: (events) => Array.from(withHashes(store, events), csvRow).join(""),
});

const textLines = ({ session, io }: CommandContext, flags: ParsedFlags): LogWriter => {
  const paint = paintFor(io, flags) ?? plainPaint;
  const lines = new LogLines({
    bodies: session.bodies,
    fullTime: flags.on("full-time"),
    ...(io.isTerminal ? { columns: columnsOf(io) } : {}),
  });
  return { head: "", page: (page, next) => printLines(lines.lines(page, next), paint) };
};

/** The writer that `-o` names; undefined when there is none such. */
export const logWriterNamed = (ctx: CommandContext, flags: ParsedFlags): LogWriter | undefined => {
  switch (flags.text("output")) {
    case "":
      return textLines(ctx, flags);
    case "json":
      return jsonLines(ctx.session.store);
    case "csv":
      return csvLines(ctx.session.store);
    default:
      return undefined;
  }
};
