/** The port in the plainest form: an array. What SQLite does is compared with this. */
import * as E from "fp-ts/lib/Either.js";
import { canonicalJson } from "../../src/event-store/canonical-json.ts";
import { chainHash, digestOf, frameCommit, genesisHash } from "../../src/event-store/hash-chain.ts";
import type {
  AppendRefusal,
  BlobStore,
  ChainedRow,
  Checkpoint,
  CheckpointStore,
  CommitListener,
  CommitRow,
  Committed,
  EventFilter,
  EventStore,
  Head,
  Json,
  NewCommit,
  RecordedEvent,
  SnapshotStore,
} from "../../src/event-store/port.ts";
import { Subscriptions } from "../../src/event-store/subscriptions.ts";

interface StoredSnapshot {
  readonly name: string;
  readonly version: number;
  readonly seq: number;
  readonly text: string;
}

interface State {
  readonly rows: readonly ChainedRow[];
  readonly blobs: ReadonlyMap<string, string>;
  readonly snapshots: readonly StoredSnapshot[];
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  readonly recorded: readonly Committed[];
}

const empty: State = { rows: [], blobs: new Map(), snapshots: [], checkpoints: new Map(), recorded: [] };

export class MemoryStore implements EventStore {
  readonly seam = undefined;
  readonly #now: () => number;
  readonly #subscriptions = new Subscriptions();
  #state = empty;
  #isOpen: boolean = false;
  #spoilt: (() => AppendRefusal) | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  isWhole(): boolean {
    return true;
  }

  baseOf(): undefined {
    return undefined;
  }

  commitsOf(actor: string): number {
    return new Set(this.#state.rows.filter((row) => row.commit.actor === actor).map((row) => row.commit.nth)).size;
  }

  commitsAtSeam(): number {
    return 0;
  }

  append(commits: readonly NewCommit[]): E.Either<AppendRefusal, readonly Committed[]> {
    if (!this.#isOpen) return this.transaction(() => this.append(commits));
    if (this.#spoilt !== undefined) return E.left(this.#spoilt());
    const nowMs = this.#now();
    const results: Committed[] = [];
    for (const commit of commits) {
      const result = this.#attempt(commit, nowMs);
      if (E.isLeft(result)) {
        this.#spoilt = () => result.left;
        return result;
      }
      results.push(result.right);
    }
    return E.right(results);
  }

  transaction<L, A>(work: () => E.Either<L, A>): E.Either<L | AppendRefusal, A> {
    if (this.#isOpen) throw new Error("transactions of the store do not nest");
    const before = this.#state;
    this.#isOpen = true;
    this.#spoilt = undefined;
    try {
      const result = work();
      const refusal = this.#refusal();
      if (refusal !== undefined) {
        this.#state = before;
        return E.left(refusal);
      }
      if (E.isLeft(result)) this.#state = before;
      return result;
    } catch (error) {
      this.#state = before;
      throw error;
    } finally {
      this.#isOpen = false;
      const { recorded } = this.#state;
      this.#state = { ...this.#state, recorded: [] };
      this.#subscriptions.deliver(recorded);
    }
  }

  head(): Head {
    const last = this.#state.rows.at(-1);
    return last === undefined
      ? { seq: 0, at: 0, recordedAt: 0, hash: genesisHash }
      : { seq: last.seq, at: last.commit.at, recordedAt: last.commit.recordedAt, hash: last.hash };
  }

  streamVersion(stream: string): number {
    return this.#state.rows.filter((row) => row.stream === stream).length;
  }

  findCommit(key: string): Committed | undefined {
    const row = this.#state.rows.find((candidate) => candidate.commit.key === key);
    return row && { id: key, firstSeq: row.commit.firstSeq, lastSeq: row.commit.lastSeq, repeated: true };
  }

  *read(stream: string, from = 1, to = Number.POSITIVE_INFINITY): Generator<RecordedEvent, void> {
    for (const event of this.readAll(1, undefined, { streams: [stream] })) {
      if (event.version >= from && event.version <= to) yield event;
    }
  }

  *readAll(from?: number, to?: number, { types, streams }: EventFilter = {}): Generator<RecordedEvent, void> {
    for (const row of this.rows(from, to)) {
      if (types?.includes(row.type) === false || streams?.includes(row.stream) === false) continue;
      const { commit, hash: _, ...event } = row;
      const { at, recordedAt, actor, cause } = commit;
      const view = typeof commit.view === "string" ? JSON.parse(commit.view) : commit.view;
      yield { ...event, at, recordedAt, actor, cause, view, commit: recorded(commit), data: JSON.parse(row.data) };
    }
  }

  *readPages(from?: number, to?: number): Generator<readonly RecordedEvent[], void> {
    const events = [...this.readAll(from, to)];
    if (events.length > 0) yield events;
  }

  *rows(from = 1, to = Number.POSITIVE_INFINITY): Generator<ChainedRow, void> {
    yield* this.#state.rows.filter((row) => row.seq >= from && row.seq <= to);
  }

  selfCheck(): readonly string[] {
    return [];
  }

  subscribe(listener: CommitListener): () => void {
    return this.#subscriptions.add(listener);
  }

  close(): void {}

  readonly blobs: BlobStore = {
    put: (body) => {
      const digest = digestOf(body);
      this.#state = { ...this.#state, blobs: new Map(this.#state.blobs).set(digest, body) };
      return digest;
    },
    get: (digest) => this.#state.blobs.get(digest),
    has: (digest) => this.#state.blobs.has(digest),
    all: () =>
      [...this.#state.blobs]
        .map(([digest, body]) => ({ digest, body }))
        .sort((a, b) => (a.digest < b.digest ? -1 : 1))
        .values(),
  };

  readonly snapshots: SnapshotStore = {
    save: (name, version, seq, state) => {
      const others = this.#state.snapshots.filter((s) => s.name !== name || s.version !== version || s.seq !== seq);
      const snapshots = [...others, { name, version, seq, text: JSON.stringify(state) }].sort((a, b) => a.seq - b.seq);
      this.#state = { ...this.#state, snapshots };
    },
    latest: (name, version, atOrBefore = Number.POSITIVE_INFINITY) => {
      const found = this.#state.snapshots.findLast(
        (s) => s.name === name && s.version === version && s.seq <= atOrBefore,
      );
      return found && { seq: found.seq, state: JSON.parse(found.text) };
    },
    newest: (name, version) => {
      const found = this.#state.snapshots.findLast((s) => s.name === name && s.version === version);
      return found && { seq: found.seq, bytes: Buffer.byteLength(found.text) };
    },
    count: () => this.#state.snapshots.length,
    seqs: (name, version, from) =>
      this.#state.snapshots
        .filter((s) => s.name === name && s.version === version && s.seq >= from)
        .map(({ seq }) => seq),
    text: (name, version, seq) =>
      this.#state.snapshots.find((s) => s.name === name && s.version === version && s.seq === seq)?.text,
    deleteAll: () => {
      this.#state = { ...this.#state, snapshots: [] };
    },
  };

  readonly checkpoints: CheckpointStore = {
    save: (name, version, body) => {
      const revision = this.checkpoints.revision(name) + 1;
      const checkpoints = new Map(this.#state.checkpoints).set(name, { version, revision, body });
      this.#state = { ...this.#state, checkpoints };
      return revision;
    },
    load: (name) => this.#state.checkpoints.get(name),
    revision: (name) => this.#state.checkpoints.get(name)?.revision ?? 0,
  };

  /** A failure is remembered: no transaction in which an append failed can be committed. */
  #attempt(commit: NewCommit, nowMs: number): E.Either<AppendRefusal, Committed> {
    try {
      return this.#appendOne(commit, nowMs);
    } catch (error) {
      this.#spoilt = () => {
        throw error;
      };
      throw error;
    }
  }

  #refusal(): AppendRefusal | undefined {
    return this.#spoilt?.();
  }

  #appendOne(commit: NewCommit, nowMs: number): E.Either<AppendRefusal, Committed> {
    const known = commit.key === undefined ? undefined : this.findCommit(commit.key);
    if (known !== undefined) return this.#repeat(commit, known);
    const head = this.head();
    const events = commit.writes.flatMap((write) => write.events);
    const seqs =
      commit.view === null ? [] : typeof commit.view === "number" ? [commit.view] : Object.values(commit.view);
    if (
      events.length === 0 ||
      commit.at < head.at ||
      seqs.some((seq) => seq > head.seq) ||
      (commit.cause !== null && (commit.cause < 1 || commit.cause > head.seq)) ||
      commit.blobs?.some((blob) => digestOf(blob.body) !== blob.digest)
    ) {
      throw new RangeError("misuse");
    }
    const row = this.#commitRow(commit, head, events.length, nowMs);
    for (const { stream, expectedVersion, events } of commit.writes) {
      const actual = this.streamVersion(stream);
      if (expectedVersion !== "any" && expectedVersion !== actual) {
        return E.left({ _tag: "Conflict", stream, expected: expectedVersion, actual });
      }
      for (const { type, schema, data, sourceAt = null } of events) {
        const { seq, hash } = this.head();
        const version = this.streamVersion(stream) + 1;
        const event = { seq: seq + 1, stream, version, type, schema, sourceAt, data: JSON.stringify(data) };
        const chained = { ...event, commit: row, hash: chainHash(hash, event, frameCommit(row)) };
        this.#state = { ...this.#state, rows: [...this.#state.rows, chained] };
      }
    }
    for (const { body } of commit.blobs ?? []) this.blobs.put(body);
    const { id, firstSeq, lastSeq } = recorded(row);
    const result = { id, firstSeq, lastSeq, repeated: false };
    this.#state = { ...this.#state, recorded: [...this.#state.recorded, result] };
    return E.right(result);
  }

  #commitRow({ actor, key, at, cause, view, intent }: NewCommit, head: Head, count: number, nowMs: number): CommitRow {
    const earlier = new Set(this.#state.rows.filter((row) => row.commit.actor === actor).map((row) => row.commit.nth));
    return {
      firstSeq: head.seq + 1,
      lastSeq: head.seq + count,
      actor,
      nth: earlier.size + 1,
      key: key ?? null,
      at,
      recordedAt: Math.max(head.recordedAt, nowMs),
      cause,
      view: typeof view === "object" && view !== null ? JSON.stringify(view) : view,
      intent: intent === null ? null : JSON.stringify(intent),
    };
  }

  #repeat(commit: NewCommit, known: Committed): E.Either<AppendRefusal, Committed> {
    const { firstSeq, lastSeq } = known;
    const old = [...this.readAll(firstSeq, lastSeq)];
    const said = (actor: string | undefined, intent: Json, events: Json): string =>
      `${actor}${canonicalJson([intent, events])}`;
    const before = said(
      old[0]?.actor,
      old[0]?.commit.intent ?? null,
      old.map((e) => [e.stream, e.type, e.schema, e.sourceAt, e.data]),
    );
    const now = said(
      commit.actor,
      JSON.parse(JSON.stringify(commit.intent)),
      commit.writes.flatMap((w) =>
        w.events.map((e) => [w.stream, e.type, e.schema, e.sourceAt ?? null, JSON.parse(JSON.stringify(e.data))]),
      ),
    );
    return before === now ? E.right(known) : E.left({ _tag: "KeyReused", key: known.id, firstSeq, lastSeq });
  }
}

const recorded = ({ actor, nth, key, firstSeq, lastSeq, intent }: CommitRow) => ({
  id: key ?? `${actor}/${nth}`,
  firstSeq,
  lastSeq,
  intent: intent === null ? null : JSON.parse(intent),
});
