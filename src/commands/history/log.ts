/** `rollout log`: the log itself, one line an event. */
import * as E from "fp-ts/lib/Either.js";
import type { RecordedEvent } from "../../event-store/port.ts";
import { plainPaint, printLines } from "../../history/ink.ts";
import { LogLines } from "../../history/log/lines.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, fail, report } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { type Query, readQuery } from "./log-query.ts";
import { colorFlags, columnsOf, paintFor } from "./paint.ts";
import { inPages } from "./reading.ts";

const firstSpan = 1000;

/** The last so many events that are wanted, found from the end. */
const lastOf = ({ session }: CommandContext, query: Query, count: number): readonly RecordedEvent[] => {
  let found: readonly RecordedEvent[] = [];
  let span = firstSpan;
  for (let to = query.to; to >= query.from && found.length < count; to -= span, span *= 2) {
    const part: RecordedEvent[] = [];
    for (const event of session.log(Math.max(query.from, to - span + 1), to, query.filter)) {
      if (!query.isWanted(event)) continue;
      part.push(event);
      if (part.length > 2 * count) part.splice(0, part.length - count);
    }
    found = [...part, ...found].slice(-count);
  }
  return found;
};

/** Turns pages into text. */
type Writer = (page: readonly RecordedEvent[], next: RecordedEvent | undefined) => string;

const jsonLines: Writer = (page) => page.map((event) => `${JSON.stringify(event)}\n`).join("");

const textLines = ({ session, io }: CommandContext, flags: ParsedFlags): Writer => {
  const paint = paintFor(io, flags) ?? plainPaint;
  const lines = new LogLines({
    bodies: session.bodies,
    fullTime: flags.on("full-time"),
    ...(io.isTerminal ? { columns: columnsOf(io) } : {}),
  });
  return (page, next) => printLines(lines.lines(page, next), paint);
};

const isClosedPipe = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EPIPE";

const write = async (
  ctx: CommandContext,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  writer: Writer,
): Promise<ExitCode> => {
  try {
    // A page waits for the next one: its last line shows whether its commit goes on.
    let waiting: readonly RecordedEvent[] = [];
    for await (const page of pages) {
      if (waiting.length > 0) ctx.io.out(writer(waiting, page[0]));
      waiting = page;
    }
    if (ctx.signal?.aborted) return interruptedExitCode;
    if (waiting.length > 0) ctx.io.out(writer(waiting, undefined));
    return 0;
  } catch (error) {
    if (isClosedPipe(error)) return 0;
    throw error;
  }
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const format = flags.text("output");
  if (format !== "" && format !== "json") {
    return report(ctx, [
      clientFailure(`the log is printed as lines or with -o json, not as ${JSON.stringify(format)}`),
    ]);
  }
  const tail = flags.given("tail") ? flags.integer("tail") : undefined;
  if (tail !== undefined && tail < 0) return fail(ctx, `--tail must not be negative: ${tail}`);
  const query = readQuery(ctx, invocation);
  if (E.isLeft(query)) return fail(ctx, query.left);
  const { from, to, filter, isWanted } = query.right;
  const pages =
    tail === undefined
      ? inPages(ctx.session.log(from, to, filter), ctx.signal, isWanted)
      : inPages(lastOf(ctx, query.right, tail), ctx.signal);
  return write(ctx, pages, format === "json" ? jsonLines : textLines(ctx, flags));
};

export const log: Verb = {
  name: "log",
  ours: true,
  ledger: "as it is",
  summary: "The log itself: every event, who recorded it, what it says and what led to it",
  usage: "[TYPE/NAME…] [flags]",
  examples: [
    "rollout log --tail 20",
    "rollout log deploy/web",
    "rollout log --type Scaled,PodReady --since 5m",
    "rollout log --actor kubelet --from 100 --to 200",
    "rollout log -o json > log.jsonl",
  ],
  flags: [
    { name: "object", type: "list", help: "Events of these objects: deploy/web,pod/web-5db6-x2k9q." },
    { name: "type", type: "list", help: "Events of these types: PodReady, or Scaled for any kind." },
    { name: "actor", type: "list", help: "Events by these: user:alice, or kubelet for all kubelets." },
    { name: "since", type: "string", help: "From this time on: 5m (ago), +10s (from the start), 14:03:20, RFC 3339." },
    { name: "until", type: "string", help: "Up to this time." },
    { name: "from", type: "integer", help: "From this seq on." },
    { name: "to", type: "integer", help: "Up to this seq." },
    { name: "tail", type: "integer", help: "Only the last so many." },
    { name: "full-time", type: "boolean", help: "Date and time." },
    ...colorFlags,
    { ...output, help: "json: an object a line, without loss." },
  ],
  run,
};
