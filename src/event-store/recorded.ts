/** From rows as they are stored to events as they are read, for readers that prove and fold in one pass. */
import type { ChainedRow, CommitRow, Json, RecordedEvent, View } from "./port.ts";
import { StoreError } from "./store-error.ts";

/** What the events of one commit share. */
type Envelope = Pick<RecordedEvent, "at" | "recordedAt" | "actor" | "cause" | "view" | "commit">;

/** Much of what events say is said again and again, as `{}` and `{"node":"node-1"}` are: such texts are parsed once. */
const maxKnownTextChars = 64;
const maxKnownTexts = 5_000;

export class RowDecoder {
  readonly #known = new Map<string, Json>();
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
    const body = data.length <= maxKnownTextChars ? this.#parseKnown(data, seq) : parse<Json>(data, seq);
    return { seq, stream, version, type, schema, at, sourceAt, recordedAt, actor, cause, view, commit, data: body };
  }

  #parseKnown(text: string, seq: number): Json {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const value = parse<Json>(text, seq);
    if (this.#known.size >= maxKnownTexts) this.#known.clear();
    this.#known.set(text, value);
    return value;
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
