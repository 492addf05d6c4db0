/** Which events `rollout log` is asked for. */
import * as E from "fp-ts/lib/Either.js";
import { streamOf } from "../../domain/state.ts";
import type { EventFilter, RecordedEvent } from "../../event-store/port.ts";
import { eventTypes } from "../../history/log/summary.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import type { CommandContext } from "../command.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { suggestions } from "../grammar/suggest.ts";
import { storedKind } from "../objects.ts";
import type { Invocation } from "../verb.ts";
import { parsePoint } from "./points.ts";
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

/** `user:alice`, or `kubelet` for every kubelet. */
const isBy =
  (actors: readonly string[]) =>
  ({ actor }: RecordedEvent): boolean =>
    actors.length === 0 || actors.some((wanted) => actor === wanted || actor.startsWith(`${wanted}:`));

const isIn =
  (namespace: string) =>
  ({ stream }: RecordedEvent): boolean =>
    stream.split("/")[1] === namespace;

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

export const readQuery = (ctx: CommandContext, { args, flags, namespace }: Invocation): E.Either<string, Query> => {
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
