/** Which events `rollout log` is asked for. */
import * as E from "fp-ts/lib/Either.js";
import { streamOf } from "../../domain/state.ts";
import { refOfStream } from "../../domain/world.ts";
import type { EventFilter, RecordedEvent } from "../../event-store/port.ts";
import { eventTypes } from "../../history/log/summary.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import type { CommandContext } from "../command.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { suggestions } from "../grammar/suggest.ts";
import { storedKind } from "../objects.ts";
import type { Invocation } from "../verb.ts";
import { isCalled, unknownActor } from "./log-actors.ts";
import { readTime, type Standpoint } from "./points.ts";
import { headSeq, seqSince } from "./reading.ts";

export interface Query {
  readonly from: number;
  readonly to: number;
  readonly filter: EventFilter;
  readonly isWanted: (event: RecordedEvent) => boolean;
}

const kindless = (type: string): string =>
  type
    .replace(
      /^(Deployment|ReplicaSet|PodDisruptionBudget|Pod|EndpointSlice|Node|Service|Namespace|ConfigMap|Secret)/,
      "",
    )
    .toLowerCase();

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

const isBy =
  (actors: readonly string[]) =>
  ({ actor }: RecordedEvent): boolean =>
    actors.length === 0 || actors.some((wanted) => isCalled(actor, wanted));

const isIn =
  (namespace: string) =>
  ({ stream }: RecordedEvent): boolean =>
    stream.split("/")[1] === namespace;

/** The commit that an event is in, or that bears this id. */
const commitNamed = ({ session }: CommandContext, named: string): E.Either<string, Pick<Query, "from" | "to">> => {
  const seq = /^\d+$/.test(named) ? Number(named) : undefined;
  const known = session.store.findCommit(named);
  if (known) return E.right({ from: known.firstSeq, to: known.lastSeq });
  for (const { commit } of seq === undefined ? session.log() : session.log(seq, seq)) {
    if (seq !== undefined || commit.id === named) return E.right({ from: commit.firstSeq, to: commit.lastSeq });
  }
  return E.left(
    seq === undefined
      ? `there is no commit ${JSON.stringify(named)}: say an id such as user:alice/12, or the seq of one of its events`
      : `the log has no event ${seq}: its last is ${headSeq(session)}`,
  );
};

/** What an event caused stands behind it. */
const causedBy = ({ session }: CommandContext, cause: number): E.Either<string, Pick<Query, "from" | "to">> => {
  const to = headSeq(session);
  if (cause < 1 || cause > to) return E.left(`the log has no event ${cause}: its last is ${to}`);
  return E.right({ from: cause + 1, to });
};

/** The later of `--from` and the first event at or behind `--since`; up to the earlier of `--to` and `--until`. */
const typedRange = (
  { session }: CommandContext,
  flags: ParsedFlags,
  around: Omit<Standpoint, "session">,
): E.Either<string, Pick<Query, "from" | "to">> => {
  const [fromSeq, toSeq] = (["from", "to"] as const).map((name) =>
    flags.given(name) ? flags.integer(name) : undefined,
  );
  let from = fromSeq ?? 1;
  let to = toSeq ?? headSeq(session);
  const times: { since?: number; until?: number } = {};
  for (const name of ["since", "until"] as const) {
    const typed = flags.text(name);
    if (typed === "") continue;
    // As in `kubectl logs --since=5m`.
    const parsed = readTime(/^\d+(\.\d+)?[a-zµ]/.test(typed) ? `-${typed}` : typed, { session, ...around });
    if (E.isLeft(parsed)) return parsed;
    times[name] = parsed.right;
    if (name === "since") from = Math.max(from, seqSince(session, parsed.right));
    else to = Math.min(to, seqSince(session, parsed.right + 1) - 1);
  }
  const { since = -Infinity, until = Infinity } = times;
  const isInverted =
    (fromSeq ?? -Infinity) > (toSeq ?? Infinity) ||
    since > until ||
    // A time and a seq: between two events there may be none, and yet time.
    (fromSeq !== undefined && times.until !== undefined && from > to + 1) ||
    (toSeq !== undefined && times.since !== undefined && from > to + 1);
  if (!isInverted) return E.right({ from, to });
  const ends = ["from", "since", "to", "until"].filter((name) => flags.given(name));
  return E.left(`${ends.map((name) => `--${name} ${flags.text(name)}`).join(" ")}: that range ends before it begins`);
};

/** The part of the log that all of `--from`, `--to`, `--since`, `--until`, `--commit` and `--cause` leave. */
const readRange = (
  ctx: CommandContext,
  flags: ParsedFlags,
  around: Omit<Standpoint, "session">,
): E.Either<string, Pick<Query, "from" | "to">> => {
  let range = typedRange(ctx, flags, around);
  const narrowed = [
    ...(flags.given("commit") ? [commitNamed(ctx, flags.text("commit"))] : []),
    ...(flags.given("cause") ? [causedBy(ctx, flags.integer("cause"))] : []),
  ];
  for (const part of narrowed) {
    if (E.isLeft(range) || E.isLeft(part)) return E.isLeft(part) ? part : range;
    range = E.right({
      from: Math.max(range.right.from, part.right.from),
      to: Math.min(range.right.to, part.right.to),
    });
  }
  return range;
};

/** Whose rollouts `--since rollout:3` means: those of the only Deployment asked for. */
const standpoint = (streams: readonly string[] | undefined, namespace: string): Omit<Standpoint, "session"> => {
  const refs = (streams ?? []).map(refOfStream).filter((ref) => ref?.kind === "Deployment");
  const [only, ...others] = refs;
  return { namespace, ...(only && others.length === 0 ? { deployment: only.name } : {}) };
};

/** The objects asked for of which there is no event. */
const unknownOf = ({ session }: CommandContext, streams: readonly string[] = []): readonly string[] =>
  streams
    .filter(
      (stream) =>
        session
          .log(1, undefined, { streams: [stream] })
          [Symbol.iterator]()
          .next().done === true,
    )
    .map(refOfStream)
    .map((ref) =>
      ref
        ? `${ref.kind.toLowerCase()} ${JSON.stringify(ref.name)}${ref.namespace && ` in namespace ${ref.namespace}`}`
        : "",
    );

/** Why there cannot be events by these: a typo in a name is not to read as "did nothing". */
const strangersAmong = ({ session }: CommandContext, names: readonly string[]): readonly string[] => {
  if (names.length === 0) return [];
  const actors = session.queries.actors();
  return names.map((name) => unknownActor(name, actors)).filter((why) => why !== undefined);
};

export const readQuery = (ctx: CommandContext, { args, flags, namespace }: Invocation): E.Either<string, Query> => {
  const types = typesNamed(flags.list("type"));
  if (E.isLeft(types)) return types;
  const streams = streamsNamed([...args, ...flags.list("object")], namespace);
  if (E.isLeft(streams)) return streams;
  // What is followed may be still to come.
  const unknown = flags.on("follow") ? [] : unknownOf(ctx, streams.right);
  if (unknown.length > 0) return E.left(`the log knows no ${unknown.join(", and no ")}`);
  const strangers = flags.on("follow") ? [] : strangersAmong(ctx, flags.list("actor"));
  if (strangers.length > 0) return E.left(strangers.join("; "));
  const range = readRange(ctx, flags, standpoint(streams.right, namespace));
  if (E.isLeft(range)) return range;
  const isOfNamespace = flags.given("namespace") && !streams.right ? isIn(namespace) : () => true;
  const isByActor = isBy(flags.list("actor"));
  const cause = flags.given("cause") ? flags.integer("cause") : undefined;
  const isCaused = ({ cause: by }: RecordedEvent): boolean => cause === undefined || by === cause;
  return E.right({
    ...range.right,
    filter: {
      ...(types.right ? { types: types.right } : {}),
      ...(streams.right ? { streams: streams.right } : {}),
    },
    isWanted: (event) => isByActor(event) && isOfNamespace(event) && isCaused(event),
  });
};
