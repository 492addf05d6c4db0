/** `rollout log`: the log itself, one line an event. */
import * as E from "fp-ts/lib/Either.js";
import { streamOf } from "../../domain/state.ts";
import type { EventFilter, RecordedEvent } from "../../event-store/port.ts";
import { type Line, plainPaint, printLines } from "../../history/ink.ts";
import { LogLines } from "../../history/log/lines.ts";
import { eventTypes } from "../../history/log/summary.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, fail, report } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { suggestions } from "../grammar/suggest.ts";
import { storedKind } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { bodiesOf } from "./bodies.ts";
import { colorFlags, columnsOf, paintFor } from "./paint.ts";
import { parsePoint } from "./points.ts";
import { headSeq, inPages, seqSince } from "./reading.ts";

/** Which part of the log is asked for. */
interface Query {
  readonly from: number;
  readonly to: number;
  readonly filter: EventFilter;
  readonly isWanted: (event: RecordedEvent) => boolean;
}

const typesNamed = (names: readonly string[]): E.Either<string, readonly string[] | undefined> => {
  if (names.length === 0) return E.right(undefined);
  const types = new Set<string>();
  for (const name of names) {
    const wanted = name.toLowerCase();
    // `Scaled` means that of every kind.
    const found = eventTypes.filter((type) => type.toLowerCase() === wanted || kindless(type) === wanted);
    if (found.length === 0) {
      const [meant] = suggestions(name, eventTypes);
      return E.left(`no events are of type ${JSON.stringify(name)}${meant ? `; perhaps ${meant}` : ""}`);
    }
    for (const type of found) types.add(type);
  }
  return E.right([...types]);
};

const kindless = (type: string): string =>
  type
    .replace(
      /^(Deployment|ReplicaSet|PodDisruptionBudget|Pod|EndpointSlice|Node|Service|Namespace|ConfigMap|Secret)/,
      "",
    )
    .toLowerCase();

const streamsNamed = (
  objects: readonly string[],
  namespace: string,
): E.Either<string, readonly string[] | undefined> => {
  if (objects.length === 0) return E.right(undefined);
  const streams: string[] = [];
  for (const object of objects) {
    const [typeName = "", name = "", ...more] = object.split("/");
    if (name === "" || more.length > 0)
      return E.left(`say TYPE/NAME, such as deploy/web, not ${JSON.stringify(object)}`);
    const type = resourceTypeNamed(typeName);
    const kind = type && storedKind(type);
    if (!type || !kind) return E.left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
    streams.push(streamOf({ kind, namespace: type.namespaced ? namespace : "", name }));
  }
  return E.right(streams);
};

/** `user:alice`, or `kubelet` for every kubelet. */
const isBy =
  (actors: readonly string[]) =>
  ({ actor }: RecordedEvent): boolean =>
    actors.length === 0 || actors.some((wanted) => actor === wanted || actor.startsWith(`${wanted}:`));

/** The later of `--from` and the first event at or behind `--since`; up to the earlier of `--to` and `--until`. */
const readRange = ({ session }: CommandContext, flags: ParsedFlags): E.Either<string, Pick<Query, "from" | "to">> => {
  let from = flags.given("from") ? flags.integer("from") : 1;
  let to = flags.given("to") ? flags.integer("to") : headSeq(session);
  const [first] = session.log(1, 1);
  const points = { nowMs: session.now(), originMs: first?.at ?? 0 };
  for (const name of ["since", "until"] as const) {
    const typed = flags.text(name);
    if (typed === "") continue;
    // As in `kubectl logs --since=5m`.
    const parsed = parsePoint(/^\d+(\.\d+)?[a-zµ]/.test(typed) ? `-${typed}` : typed, points);
    if (E.isLeft(parsed)) return parsed;
    if (name === "since") from = Math.max(from, seqSince(session, parsed.right));
    else to = Math.min(to, seqSince(session, parsed.right + 1) - 1);
  }
  return E.right({ from, to });
};

const readQuery = (ctx: CommandContext, { args, flags, namespace }: Invocation): E.Either<string, Query> => {
  const types = typesNamed(flags.list("type"));
  if (E.isLeft(types)) return types;
  const streams = streamsNamed([...args, ...flags.list("object")], namespace);
  if (E.isLeft(streams)) return streams;
  const range = readRange(ctx, flags);
  if (E.isLeft(range)) return range;
  const isOfNamespace = flags.given("namespace") && !streams.right ? isIn(namespace) : () => true;
  const isByActor = isBy(flags.list("actor"));
  return E.right({
    ...range.right,
    filter: {
      ...(types.right ? { types: types.right } : {}),
      ...(streams.right ? { streams: streams.right } : {}),
    },
    isWanted: (event) => isByActor(event) && isOfNamespace(event),
  });
};

const isIn =
  (namespace: string) =>
  ({ stream }: RecordedEvent): boolean =>
    stream.split("/")[1] === namespace;

function* selected({ session }: CommandContext, { from, to, filter, isWanted }: Query): Generator<RecordedEvent> {
  for (const event of session.log(from, to, filter)) if (isWanted(event)) yield event;
}

const firstSpan = 1000;

/** The last so many events, found from the end. */
const lastOf = (ctx: CommandContext, query: Query, count: number): readonly RecordedEvent[] => {
  let found: readonly RecordedEvent[] = [];
  let span = firstSpan;
  for (let to = query.to; to >= query.from && found.length < count; to -= span, span *= 2) {
    const part: RecordedEvent[] = [];
    for (const event of selected(ctx, { ...query, from: Math.max(query.from, to - span + 1), to })) {
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
    bodies: bodiesOf(session),
    fullTime: flags.on("full-time"),
    ...(io.isTerminal ? { columns: columnsOf(io) } : {}),
  });
  return (page, next) => {
    const text: readonly Line[] = lines.lines(page, next);
    return printLines(text, paint);
  };
};

const isClosedPipe = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EPIPE";

const write = async (ctx: CommandContext, events: Iterable<RecordedEvent>, writer: Writer): Promise<ExitCode> => {
  try {
    // A page waits for the next one: its last line shows whether its commit goes on.
    let waiting: readonly RecordedEvent[] = [];
    for await (const page of inPages(events, ctx.signal)) {
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
  const events = tail === undefined ? selected(ctx, query.right) : lastOf(ctx, query.right, tail);
  return write(ctx, events, format === "json" ? jsonLines : textLines(ctx, flags));
};

export const log: Verb = {
  name: "log",
  ours: true,
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
