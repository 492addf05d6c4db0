/** From rows as they are stored to events as they are read, for readers that prove and fold in one pass. */
import type { ChainedRow, CommitRow, Json, RecordedEvent, View } from "./port.ts";
import { StoreError } from "./store-error.ts";

/** What the events of one commit share. */
type Envelope = Pick<RecordedEvent, "at" | "recordedAt" | "actor" | "cause" | "view" | "commit">;

export class RowDecoder {
  #commit: CommitRow | undefined;
  #envelope: Envelope | undefined;

  /** Rows in order: those of one commit get one commit object. Text that is not JSON throws a StoreError. */
  event(row: ChainedRow): RecordedEvent {
    if (this.#envelope === undefined || row.commit !== this.#commit) {
      this.#commit = row.commit;
      this.#envelope = envelopeOf(row.commit);
    }
    const { seq, stream, version, type, schema, sourceAt, data } = row;
    const { at, recordedAt, actor, cause, view, commit } = this.#envelope;
    const body = parse<Json>(data, seq);
    return { seq, stream, version, type, schema, at, sourceAt, recordedAt, actor, cause, view, commit, data: body };
  }
}

const envelopeOf = ({
  firstSeq,
  lastSeq,
  actor,
  nth,
  key,
  at,
  recordedAt,
  cause,
  view,
  intent,
}: CommitRow): Envelope => ({
  at,
  recordedAt,
  actor,
  cause,
  view: typeof view === "string" ? parse<View>(view, firstSeq) : view,
  commit: {
    id: key ?? `${actor}/${nth}`,
    firstSeq,
    lastSeq,
    intent: intent === null ? null : parse<Json>(intent, firstSeq),
  },
});

const parse = <A extends Json | View>(text: string, seq: number): A => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StoreError("Corrupt", `the ledger is damaged: event ${seq} holds text that is not JSON`, error);
  }
};
