/** `rollout log`: the log itself, one line an event. */
import * as E from "fp-ts/lib/Either.js";
import type { RecordedEvent } from "../../event-store/port.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { asOf, output } from "../common-flags.ts";
import { fail } from "../failure.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { type Query, readQuery } from "./log-query.ts";
import { type LogWriter, logWriterNamed } from "./log-writers.ts";
import { isClosedPipe } from "./output-file.ts";
import { colorFlags } from "./paint.ts";
import { inPages } from "./reading.ts";

const firstSpan = 1000;

/** The last so many events that are wanted, found from the end. */
const lastOf = ({ session }: CommandContext, query: Query, count: number): readonly RecordedEvent[] => {
  let found: readonly RecordedEvent[] = [];
  let span = firstSpan;
  // No further back at once than to where the archive begins: it may not be needed.
  const { seq: archived = 0 } = session.store.seam ?? {};
  let from = query.to + 1;
  for (let to = query.to; to >= query.from && found.length < count; to = from - 1, span *= 2) {
    const part: RecordedEvent[] = [];
    from = Math.max(query.from, to - span + 1, to > archived ? archived + 1 : 0);
    for (const event of session.log(from, to, query.filter)) {
      if (!query.isWanted(event)) continue;
      part.push(event);
      if (part.length > 2 * count) part.splice(0, part.length - count);
    }
    found = [...part, ...found].slice(-count);
  }
  return found;
};

/** What is there, a page after the other. Where there is nothing, that is said. */
const writePast = async (
  ctx: CommandContext,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  writer: LogWriter,
  nothing: string,
): Promise<ExitCode> => {
  // A page waits for the next one: its last line shows whether its commit goes on.
  let waiting: readonly RecordedEvent[] = [];
  for await (const page of pages) {
    if (waiting.length > 0) ctx.io.out(writer.page(waiting, page[0]));
    waiting = page;
  }
  if (ctx.signal?.aborted) return interruptedExitCode;
  if (waiting.length > 0) ctx.io.out(writer.page(waiting, undefined));
  else ctx.io.err(nothing);
  return 0;
};

/** What comes, as it comes, until Ctrl-C. */
const writeComing = async (ctx: CommandContext, from: number, query: Query, writer: LogWriter): Promise<ExitCode> => {
  for await (const batch of ctx.session.follow(from, query.filter, ctx.signal)) {
    const wanted = batch.filter(query.isWanted);
    if (wanted.length > 0) ctx.io.out(writer.page(wanted, undefined));
  }
  return 0;
};

const write = async (
  ctx: CommandContext,
  { flags, namespace }: Invocation,
  query: Query,
  writer: LogWriter,
  tail: number | undefined,
): Promise<ExitCode> => {
  const { from, to, filter, isWanted } = query;
  try {
    if (writer.head !== "") ctx.io.out(writer.head);
    if (!flags.on("follow")) {
      const events = tail === undefined ? ctx.session.log(from, to, filter) : lastOf(ctx, query, tail);
      const where = flags.given("namespace") ? ` in ${namespace} namespace` : "";
      const nothing = tail === 0 ? "" : `No events found${where}.\n`;
      return await writePast(ctx, inPages(events, ctx.signal, isWanted), writer, nothing);
    }
    const last = tail === undefined ? [] : lastOf(ctx, query, tail);
    if (last.length > 0) ctx.io.out(writer.page(last, undefined));
    const startsInPast = tail === undefined && (flags.given("from") || flags.given("since"));
    return await writeComing(ctx, startsInPast ? from : Math.max(from, to + 1), query, writer);
  } catch (error) {
    if (isClosedPipe(error)) return 0;
    throw error;
  }
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const writer = logWriterNamed(ctx, flags);
  if (!writer) return fail(ctx, `the log is printed as lines, -o json or -o csv, not as "${flags.text("output")}"`);
  const tail = flags.given("tail") ? flags.integer("tail") : undefined;
  if (tail !== undefined && tail < 0) return fail(ctx, `--tail must not be negative: ${tail}`);
  const ends = ["to", "until", "commit"].filter((name) => flags.given(name));
  if (flags.on("follow") && ends.length > 0) return fail(ctx, `--follow has no end: leave out --${ends.join(", --")}`);
  const query = readQuery(ctx, invocation);
  if (E.isLeft(query)) return fail(ctx, query.left);
  return write(ctx, invocation, query.right, writer, tail);
};

export const log: Verb = {
  name: "log",
  ours: true,
  ledger: "as it is",
  summary: "The log itself: every event, who recorded it, what it says and what led to it",
  usage: "[TYPE/NAME…] [flags]",
  examples: [
    "rollout log --tail 20",
    "rollout log deploy/web --follow",
    "rollout log --type Scaled,PodReady --since 5m",
    "rollout log --actor kubelet --from 100 --to 200",
    "rollout log --commit 812",
    "rollout log --cause 812",
    "rollout log -o json > log.jsonl",
  ],
  flags: [
    { name: "object", type: "list", help: "Events of these objects: deploy/web,pod/web-5db6-x2k9q." },
    { name: "type", type: "list", help: "Events of these types: PodReady, or Scaled for any kind." },
    { name: "actor", type: "list", help: "Events by these: user:alice or alice, kubelet for all kubelets." },
    {
      name: "since",
      type: "string",
      help: "From this point on: 5m (ago), +10s (from the start), rollout:3, 14:03:20, RFC 3339; see rollout help points.",
    },
    { name: "until", type: "string", help: "Up to this point: as --since." },
    { name: "from", type: "integer", help: "From this seq on." },
    { name: "to", type: "integer", help: "Up to this seq." },
    { name: "commit", type: "string", help: "The events of one commit: its id, or the seq of one of its events." },
    { name: "cause", type: "integer", help: "What the event with this seq led to, directly." },
    asOf,
    { name: "tail", type: "integer", help: "Only the last so many." },
    { name: "follow", short: "f", type: "boolean", help: "What is recorded from now on, by anybody, until Ctrl-C." },
    { name: "full-time", type: "boolean", help: "Date and time." },
    ...colorFlags,
    { ...output, help: "json: an object a line, without loss. csv: with a header." },
  ],
  run,
};
