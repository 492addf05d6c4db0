/** One log in several files: what lies before the seam is read from the archive, as if it stood here. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import type { ChainedRow, EventFilter, EventStore, RecordedEvent, Seam } from "../port.ts";
import { StoreError } from "../store-error.ts";
import type { LogReader } from "./log-reader.ts";
import type { PastBase } from "./seam.ts";

/** Opens an archive for reading. */
export type OpenArchive = (path: string) => E.Either<StoreError, EventStore>;

const instant = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

/** The archive before a ledger: opened when somebody reads what stands in it. */
class Archive {
  readonly #seam: Seam;
  readonly #open: OpenArchive;
  #store: EventStore | undefined;

  constructor(seam: Seam, open: OpenArchive) {
    this.#seam = seam;
    this.#open = open;
  }

  /** Throws a StoreError where it is not at hand, or is not the one that the seam names. */
  get store(): EventStore {
    this.#store ??= this.#opened();
    return this.#store;
  }

  /** Whether it, and every archive before it, can be read. */
  isHere(): boolean {
    return existsSync(this.#seam.file) && this.store.isWhole();
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  #opened(): EventStore {
    const { seq, at, hash, file } = this.#seam;
    const where = `history up to ${instant(at)} (seq 1 to ${seq}) is in ${basename(file)}`;
    if (!existsSync(file)) throw new StoreError("Archived", `${where}, which is not here: it was ${file}`);
    const opened = this.#open(file);
    if (E.isLeft(opened)) throw opened.left;
    const head = opened.right.head();
    if (head.seq === seq && head.hash === hash) return opened.right;
    opened.right.close();
    throw new StoreError(
      "Archived",
      `${where}, but that file is another: it ends with seq ${head.seq}, and not with the hash that this ledger goes on from`,
    );
  }
}

/** Reads a log that goes on from a seam. */
export class SeamedLog {
  readonly #own: LogReader;
  readonly #base: PastBase;
  readonly #seq: number;
  readonly #archive: Archive;

  constructor(own: LogReader, base: PastBase, open: OpenArchive) {
    this.#own = own;
    this.#base = base;
    this.#seq = base.seam.seq;
    this.#archive = new Archive(base.seam, open);
  }

  get past(): EventStore {
    return this.#archive.store;
  }

  isWhole(): boolean {
    return this.#archive.isHere();
  }

  close(): void {
    this.#archive.close();
  }

  *read(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): Generator<RecordedEvent, void> {
    const id = this.#own.streamId(stream);
    const base = id === undefined ? undefined : this.#base.stream(id);
    if (base === undefined || base.isKept || from > base.version) {
      yield* this.#own.read(stream, from, to);
      return;
    }
    // What is there when reading starts: the stream may grow while the archive is read.
    const last = Math.min(to, id === undefined ? 0 : this.#own.versionOf(id));
    yield* this.past.read(stream, from, Math.min(last, base.version));
    if (last > base.version) yield* this.#own.read(stream, base.version + 1, last);
  }

  *readAll(from = 1, to = Number.MAX_SAFE_INTEGER, filter?: EventFilter): Generator<RecordedEvent, void> {
    if (from > this.#seq || this.#isAllHere(from, to, filter)) {
      yield* this.#own.readAll(from, to, filter);
      return;
    }
    const last = Math.min(to, this.#own.head().seq);
    yield* this.past.readAll(from, Math.min(last, this.#seq), filter);
    if (last > this.#seq) yield* this.#own.readAll(this.#seq + 1, last, filter);
  }

  *readPages(from = 1, to = Number.MAX_SAFE_INTEGER): Generator<readonly RecordedEvent[], void> {
    const last = Math.min(to, this.#own.head().seq);
    if (from <= this.#seq) yield* this.past.readPages(from, Math.min(last, this.#seq));
    if (last > this.#seq) yield* this.#own.readPages(Math.max(from, this.#seq + 1), last);
  }

  /** A row that stands in both files is told as it stands here, so that the chain proves it. */
  *rows(from = 1, to = Number.MAX_SAFE_INTEGER): Generator<ChainedRow, void> {
    if (from <= this.#seq) {
      const last = Math.min(to, this.#seq);
      const kept = this.#own.rows(from, last);
      let next = kept.next();
      for (const row of this.past.rows(from, last)) {
        const isHere = !next.done && next.value.seq === row.seq;
        yield isHere && next.value ? next.value : row;
        if (isHere) next = kept.next();
      }
    }
    if (to > this.#seq) yield* this.#own.rows(Math.max(from, this.#seq + 1), to);
  }

  /** Of streams that are kept, or began behind the seam, every event stands here; and so may a single one that is asked for. */
  #isAllHere(from: number, to: number, { streams }: EventFilter = {}): boolean {
    if (streams !== undefined) {
      return streams.every((stream) => {
        const id = this.#own.streamId(stream);
        const base = id === undefined ? undefined : this.#base.stream(id);
        return base === undefined || base.isKept;
      });
    }
    return from === to && !this.#own.rows(from, to).next().done;
  }
}
