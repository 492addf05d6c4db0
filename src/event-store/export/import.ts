/** Records an exported log again, as it was recorded: the same rows, the same times, the same hashes. */
import * as E from "fp-ts/lib/Either.js";
import { chainHash, digestOf, emptyHead, frameCommit } from "../hash-chain.ts";
import type { CommitRow, NewCommit, StreamWrite, View } from "../port.ts";
import type { SqliteEventStore } from "../sqlite/store.ts";
import { type ExportedEvent, type ExportRecord, LineFault } from "./records.ts";

/** The clock behind `recordedAt`, which an import sets itself. */
export interface RecordingClock {
  ms: number;
}

const newCommit = (row: CommitRow, events: readonly ExportedEvent[]): NewCommit => {
  const writes: (StreamWrite & { readonly events: StreamWrite["events"][number][] })[] = [];
  for (const { stream, version, type, schema, sourceAt, data } of events) {
    const event = { type, schema, data: JSON.parse(data), ...(sourceAt === null ? {} : { sourceAt }) };
    const last = writes.at(-1);
    if (last?.stream === stream) last.events.push(event);
    else writes.push({ stream, expectedVersion: version - 1, events: [event] });
  }
  const { actor, key, at, cause, view, intent } = row;
  return {
    at,
    actor,
    cause,
    view: typeof view === "string" ? (JSON.parse(view) as View) : view,
    intent: intent === null ? null : JSON.parse(intent),
    ...(key === null ? {} : { key }),
    writes,
  };
};

/** Takes an export's records in order, into a store that has nothing yet and whose clock is the one given. */
export class Importer {
  readonly #store: SqliteEventStore;
  readonly #clock: RecordingClock;
  #hash = emptyHead.hash;
  #seq = 0;

  constructor(store: SqliteEventStore, clock: RecordingClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Inside a transaction. Throws a {@link LineFault} for what is not as it was exported. */
  accept(record: ExportRecord): void {
    switch (record.is) {
      case "header":
        throw new LineFault("a second header: these are two exports in one");
      case "blob":
        if (digestOf(record.body) !== record.digest)
          throw new LineFault("the body is not the one that its digest names");
        this.#store.blobs.put(record.body);
        return;
      case "commit":
        this.#prove(record.commit, record.events);
        this.#append(record.commit, record.events);
        return;
      case "checkpoint":
        this.#store.checkpoints.save(record.name, record.version, record.body);
        return;
    }
  }

  /** Everything was taken in: is it all? Throws a {@link LineFault}. */
  finish(head: { readonly seq: number; readonly hash: string }): void {
    if (this.#seq !== head.seq) {
      throw new LineFault(
        `the export ends with event ${this.#seq}, and began by promising ${head.seq}: a part is missing`,
      );
    }
    if (this.#hash !== head.hash) throw new LineFault("the last event's hash is not the one that the header promises");
  }

  #prove(commit: CommitRow, events: readonly ExportedEvent[]): void {
    const frame = frameCommit(commit);
    for (const event of events) {
      this.#seq += 1;
      if (event.seq !== this.#seq) throw new LineFault(`event ${event.seq} stands where ${this.#seq} should be`);
      this.#hash = chainHash(this.#hash, event, frame);
      if (this.#hash !== event.hash) {
        throw new LineFault(`event ${event.seq} is not the one that was recorded: its hash does not prove it`);
      }
    }
  }

  /** What the store records must be what was proven, to the last column: its hash tells. */
  #append(commit: CommitRow, events: readonly ExportedEvent[]): void {
    this.#clock.ms = commit.recordedAt;
    const isRecorded = this.#tryAppend(newCommit(commit, events)) && this.#store.head().hash === this.#hash;
    if (!isRecorded)
      throw new LineFault(`commit ${commit.firstSeq}..${commit.lastSeq} does not follow what stands before it`);
  }

  #tryAppend(commit: NewCommit): boolean {
    try {
      return E.isRight(this.#store.append([commit]));
    } catch (error) {
      // A cause or a view ahead of the log, a time that goes back.
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}
