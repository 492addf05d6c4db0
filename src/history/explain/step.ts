/** One commit of the log as a step of an explanation: who wrote it, knowing what, and what was written. */
import type { BodySource } from "../../domain/bodies.ts";
import type { EventFilter, RecordedEvent, View } from "../../event-store/port.ts";
import { canonicalJson } from "../../kubernetes/canonical-json.ts";
import { commandOf, objectText } from "../log/lines.ts";
import { commitWords } from "./words.ts";

/** What an explanation reads: the log, a few events at a time, and the bodies that they name. */
export interface LogReader {
  log(from?: number, to?: number, filter?: EventFilter): IterableIterator<RecordedEvent>;
  readonly bodies: BodySource;
}

/**
 * How much of the log the writer had read when it decided. What the writer itself wrote since, in the same turn, is not
 * counted as missed.
 */
export type Sight =
  | { readonly is: "upToDate" }
  /** So many events of others were there that it had not read; the oldest of them was so old. */
  | { readonly is: "behind"; readonly events: number; readonly ms: number }
  | { readonly is: "notRecorded" };

export interface Step {
  /** The last event of the commit: what others name as their cause. */
  readonly seq: number;
  readonly atMs: number;
  readonly actor: string;
  /** `deploy/web`; empty where the events belong to no object. */
  readonly object: string;
  readonly types: readonly string[];
  /** `scaled 3 → 2`. */
  readonly wrote: string;
  /** The command as it was typed, of a person's write. */
  readonly command?: string;
  readonly view: View;
  readonly sight: Sight;
  /** The event that led to this one. */
  readonly cause: number | null;
}

export const isPerson = ({ actor }: Pick<Step, "actor">): boolean => actor.startsWith("user:");

export const eventAt = (reader: LogReader, seq: number): RecordedEvent | undefined => {
  for (const event of reader.log(seq, seq)) return event;
  return undefined;
};

/** The oldest of the positions, when the writer read several kinds of objects at different speeds. */
const oldestSeq = (view: Exclude<View, null>): number =>
  typeof view === "number" ? view : Math.min(...Object.values(view));

/** Everything that one turn of an actor writes has one time, one view and one cause. */
const isOfSameTurn = (a: RecordedEvent, b: RecordedEvent): boolean =>
  a.at === b.at && a.cause === b.cause && (a.view === b.view || canonicalJson(a.view) === canonicalJson(b.view));

const sightOf = (reader: LogReader, event: RecordedEvent): Sight => {
  const { view, commit, at } = event;
  if (view === null) return { is: "notRecorded" };
  let events = 0;
  let ms = 0;
  const seen = oldestSeq(view);
  if (seen + 1 >= commit.firstSeq) return { is: "upToDate" };
  for (const missed of reader.log(seen + 1, commit.firstSeq - 1)) {
    if (isOfSameTurn(missed, event)) continue;
    if (events === 0) ms = at - missed.at;
    events += 1;
  }
  return events === 0 ? { is: "upToDate" } : { is: "behind", events, ms };
};

const isObject = (stream: string): boolean => stream.includes("/") && !stream.startsWith("refusals/");

/** The whole commit of this event. */
export const stepOf = (reader: LogReader, event: RecordedEvent): Step => {
  const { commit, stream, actor, at, view, cause } = event;
  const events = commit.firstSeq === commit.lastSeq ? [event] : Array.from(reader.log(commit.firstSeq, commit.lastSeq));
  const command = commandOf(commit.intent);
  return {
    seq: commit.lastSeq,
    atMs: at,
    actor,
    object: isObject(stream) ? objectText(stream) : "",
    types: events.map(({ type }) => type),
    wrote: commitWords(events, reader.bodies),
    ...(command === undefined ? {} : { command }),
    view,
    sight: sightOf(reader, event),
    cause,
  };
};
