import type { ChainedRow, CommitRow, Json, RecordedEvent, View } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { classified } from "./classify.ts";
import type { Names } from "./names.ts";

/** An event joined with its commit, as SQLite returns it; `Name` is an id where names are looked up here. */
type Joined<Name> = readonly [
  seq: number,
  stream: Name,
  version: number,
  type: string,
  schema: number,
  sourceAt: number | null,
  data: string,
  firstSeq: number,
  lastSeq: number,
  actor: Name,
  nth: number,
  key: string | null,
  at: number,
  recordedAt: number,
  cause: number | null,
  view: number | string | null,
  intent: string | null,
];

export type EventTuple = Joined<number>;
export type ChainedTuple = readonly [...Joined<string>, hash: string];

/** What the events of one commit share. */
type Envelope = Pick<RecordedEvent, "at" | "recordedAt" | "actor" | "cause" | "view" | "commit">;

export function* decodeEvents(
  page: readonly EventTuple[],
  streams: Names,
  actors: Names,
): Generator<RecordedEvent, void> {
  let envelope: Envelope | undefined;
  for (const row of page) {
    const [seq, streamId, version, type, schema, sourceAt, data, firstSeq] = row;
    if (envelope?.commit.firstSeq !== firstSeq) envelope = decodeEnvelope(row, actors);
    const { at, recordedAt, actor, cause, view, commit } = envelope;
    const stream = nameOf(streams, streamId);
    const body: Json = parse(data, seq);
    yield { seq, stream, version, type, schema, at, sourceAt, recordedAt, actor, cause, view, commit, data: body };
  }
}

export function* decodeRows(page: readonly ChainedTuple[]): Generator<ChainedRow, void> {
  let commit: CommitRow | undefined;
  for (const row of page) {
    const [seq, stream, version, type, schema, sourceAt, data, firstSeq] = row;
    if (commit?.firstSeq !== firstSeq) commit = commitRow(row, row[9]);
    yield { seq, stream, version, type, schema, sourceAt, data, commit, hash: row[17] };
  }
}

const decodeEnvelope = (row: EventTuple, actors: Names): Envelope => {
  const commit = commitRow(row, nameOf(actors, row[9]));
  const { firstSeq, lastSeq, actor, nth, key, at, recordedAt, cause, view, intent } = commit;
  return {
    at,
    recordedAt,
    actor,
    cause,
    view: typeof view === "string" ? parse<View>(view, row[0]) : view,
    commit: {
      id: key ?? `${actor}/${nth}`,
      firstSeq,
      lastSeq,
      intent: intent === null ? null : parse<Json>(intent, row[0]),
    },
  };
};

const commitRow = (row: EventTuple | ChainedTuple, actor: string): CommitRow => {
  const [, , , , , , , firstSeq, lastSeq, , nth, key, at, recordedAt, cause, view, intent] = row;
  return { firstSeq, lastSeq, actor, nth, key, at, recordedAt, cause, view, intent };
};

const nameOf = (names: Names, id: number): string => classified(() => names.get(id));

const parse = <A extends Json | View>(text: string, seq: number): A => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StoreError("Corrupt", `the ledger is damaged: event ${seq} holds text that is not JSON`, error);
  }
};
