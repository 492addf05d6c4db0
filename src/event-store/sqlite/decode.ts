import type { ChainedRow, CommitRow, Json, RecordedEvent, View } from "../port.ts";
import { StoreError } from "../store-error.ts";
import type { LogNames } from "./names.ts";

/** An event with its commit; names are ids. `Data` and the like are JSON text, or what it says. */
type Joined<Data, View, Intent> = readonly [
  seq: number,
  streamId: number,
  version: number,
  typeId: number,
  schema: number,
  sourceAt: number | null,
  data: Data,
  firstSeq: number,
  lastSeq: number,
  actorId: number,
  nth: number,
  key: string | null,
  at: number,
  recordedAt: number,
  cause: number | null,
  view: View,
  intent: Intent,
];

type EventTuple = Joined<Json, View, Json | null>;
export type ChainedTuple = readonly [...Joined<string, number | string | null, string | null>, hash: string];

const columns = 17;

/** What the events of one commit share. */
type Envelope = Pick<RecordedEvent, "at" | "recordedAt" | "actor" | "cause" | "view" | "commit">;

/**
 * A page of events from the text of their rows, as members of a JSON array: one parser's run for all of them costs a fraction
 * of one for each. `rowTexts` gives the rows one by one, to find the one that is damaged.
 */
export const decodeEvents = (page: string, names: LogNames, rowTexts: () => Iterable<string>): RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  let envelope: Envelope | undefined;
  for (const row of parsePage(page) ?? damaged(rowTexts())) {
    if (row.length !== columns) damaged(rowTexts());
    const [seq, streamId, version, typeId, schema, sourceAt, data, firstSeq] = row;
    if (envelope?.commit.firstSeq !== firstSeq) envelope = decodeEnvelope(row, names);
    const { at, recordedAt, actor, cause, view, commit } = envelope;
    const stream = names.streams.get(streamId);
    const type = names.types.get(typeId);
    events.push({ seq, stream, version, type, schema, at, sourceAt, recordedAt, actor, cause, view, commit, data });
  }
  return events;
};

const parsePage = (text: string): readonly EventTuple[] | undefined => {
  try {
    return JSON.parse(`[${text}]`);
  } catch {
    return undefined;
  }
};

const damaged = (rowTexts: Iterable<string>): never => {
  for (const text of rowTexts) {
    const [row, another] = parsePage(text) ?? [];
    if (row?.length === columns && another === undefined) continue;
    throw new StoreError(
      "Corrupt",
      `the ledger is damaged: event ${Number.parseInt(text.slice(1), 10)} holds text that is not JSON`,
    );
  }
  throw new StoreError("Corrupt", "the ledger is damaged: its events hold text that is not JSON");
};

const decodeEnvelope = (row: EventTuple, names: LogNames): Envelope => {
  const [, , , , , , , firstSeq, lastSeq, actorId, nth, key, at, recordedAt, cause, view, intent] = row;
  const actor = names.actors.get(actorId);
  return { at, recordedAt, actor, cause, view, commit: { id: key ?? `${actor}/${nth}`, firstSeq, lastSeq, intent } };
};

/** The rows of a page as they are stored; one that has lost its stream's, type's or actor's name is left out. */
export function* decodeRows(page: readonly ChainedTuple[], names: LogNames): Generator<ChainedRow, void> {
  let commit: CommitRow | undefined;
  for (const row of page) {
    const [seq, streamId, version, typeId, schema, sourceAt, data, firstSeq] = row;
    const [stream, type, actor] = [names.streams.find(streamId), names.types.find(typeId), names.actors.find(row[9])];
    if (stream === undefined || type === undefined || actor === undefined) continue;
    if (commit?.firstSeq !== firstSeq) commit = decodeCommit(row, actor);
    yield { seq, stream, version, type, schema, sourceAt, data, commit, hash: row[17] };
  }
}

const decodeCommit = (row: ChainedTuple, actor: string): CommitRow => {
  const [, , , , , , , firstSeq, lastSeq, , nth, key, at, recordedAt, cause, view, intent] = row;
  return { firstSeq, lastSeq, actor, nth, key, at, recordedAt, cause, view, intent };
};
