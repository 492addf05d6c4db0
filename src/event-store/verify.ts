import { chainHash, digestOf, frameCommit, genesisHash } from "./hash-chain.ts";
import type { ChainedRow, CommitRow, EventStore, Seam } from "./port.ts";
import { StoreError } from "./store-error.ts";

/** What is wrong with a log, and where. */
export type ChainFault =
  /** The row's hash is not that of its columns and the hash before it: it, or the one before it, was changed. */
  | { readonly _tag: "HashMismatch"; readonly seq: number }
  /** An event (or its commit, stream or actor) is missing; `found` is the next event that is there. */
  | { readonly _tag: "MissingEvent"; readonly seq: number; readonly found: number | undefined }
  | {
      readonly _tag: "VersionGap";
      readonly seq: number;
      readonly stream: string;
      readonly expected: number;
      readonly actual: number;
    }
  /** The event stands outside of the commit it names, or the commit's number does not follow its actor's last. */
  | { readonly _tag: "BrokenCommit"; readonly seq: number; readonly firstSeq: number }
  | { readonly _tag: "BlobMismatch"; readonly digest: string }
  /** The storage's own finding: damaged pages, an index that contradicts its table. */
  | { readonly _tag: "Storage"; readonly message: string };

export interface ChainReport {
  /** How many events, from the first on, are proven; those that stand in an archive which is not here by their hash alone. */
  readonly events: number;
  readonly commits: number;
  /** The seam that the proof begins at, because the archive before it is not here. */
  readonly since: Seam | undefined;
  readonly blobs: number;
  /** Hash of the last proven event. */
  readonly hash: string;
  /** Empty when the log is sound. At most one concerns the chain: behind it nothing can be proven. */
  readonly faults: readonly ChainFault[];
}

/** Recomputes the whole chain and every blob's digest, and asks the storage to check itself. Reads only. */
export const verifyChain = (store: EventStore): ChainReport => {
  const steps = proveChain(store);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

/** How far a verification is: events of the log, then bodies, then the storage itself. */
export interface ProofProgress {
  readonly doing: "events" | "bodies" | "storage";
  readonly done: number;
}

/** Rows between two words of progress. */
const stride = 1024;

/**
 * {@link verifyChain} in steps, so that others may work between them; what they write must not be seen by the store that is
 * verified. `visit` is called with each event that is proven, in order.
 */
export function* proveChain(
  store: EventStore,
  visit: (row: ChainedRow) => void = () => undefined,
): Generator<ProofProgress, ChainReport> {
  const faults: ChainFault[] = [];
  const walk = new ChainWalk(store, visit);
  const end = endOf(store);
  let since: Seam | undefined;
  yield* readable(faults, function* () {
    since = store.isWhole() ? undefined : store.seam;
    if (since) walk.begin(since);
    const fault = yield* walk.follow(store.rows(walk.events + 1), end);
    if (fault !== undefined) faults.push(fault);
    else faults.push(...walk.miscounted());
  });
  let blobs = 0;
  yield* readable(faults, function* () {
    for (const { digest, body } of store.blobs.all()) {
      blobs += 1;
      if (digestOf(body) !== digest) faults.push({ _tag: "BlobMismatch", digest });
      if (blobs % stride === 0) yield { doing: "bodies", done: blobs };
    }
  });
  yield* readable(faults, function* () {
    yield { doing: "storage", done: 0 };
    for (const message of store.selfCheck()) faults.push({ _tag: "Storage", message });
  });
  return { events: walk.events, commits: walk.commits, since, blobs, hash: walk.hash, faults };
}

/** Where the walk must arrive at least; without bound when the last event has lost its commit. */
const endOf = (store: EventStore): number => {
  try {
    return store.head().seq;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return Number.POSITIVE_INFINITY;
  }
};

/** A damaged page stops the reading it is met in, not the verification. */
function* readable(faults: ChainFault[], work: () => Generator<ProofProgress, void>): Generator<ProofProgress, void> {
  try {
    yield* work();
  } catch (error) {
    if (!isDamage(error)) throw error;
    faults.push({ _tag: "Storage", message: error.message });
  }
}

const isDamage = (error: unknown): error is StoreError => error instanceof StoreError && error.kind === "Corrupt";

class ChainWalk {
  events = 0;
  commits = 0;
  hash = genesisHash;
  #commit: CommitRow | undefined;
  #commitFrame = "";
  readonly #versions = new Map<string, number>();
  readonly #commitCounts = new Map<string, number>();
  readonly #store: EventStore;
  readonly #visit: (row: ChainedRow) => void;
  #since: Seam | undefined;

  constructor(store: EventStore, visit: (row: ChainedRow) => void) {
    this.#store = store;
    this.#visit = visit;
  }

  /** Takes what lies before the seam as the seam has it. */
  begin(seam: Seam): void {
    this.#since = seam;
    this.events = seam.seq;
    this.commits = seam.commits;
    this.hash = seam.hash;
  }

  /** Actors whose commits are counted otherwise than the log has them: their next one would not belong. */
  miscounted(): readonly ChainFault[] {
    return [...this.#commitCounts].flatMap(([actor, found]) => {
      const counted = this.#store.commitsOf(actor);
      if (counted === found) return [];
      const message = `the ledger counts ${counted} commits of ${actor}, and the log has ${found}`;
      return [{ _tag: "Storage", message }];
    });
  }

  /** Walks until the first fault. */
  *follow(rows: Iterable<ChainedRow>, end: number): Generator<ProofProgress, ChainFault | undefined> {
    for (const row of rows) {
      const fault = this.#step(row);
      if (fault !== undefined) return fault;
      this.#visit(row);
      if (this.events % stride === 0) yield { doing: "events", done: this.events };
    }
    const isComplete = this.events >= end && this.events === this.#lastSeq();
    return isComplete ? undefined : { _tag: "MissingEvent", seq: this.events + 1, found: undefined };
  }

  #step(row: ChainedRow): ChainFault | undefined {
    const seq = this.events + 1;
    const { commit, stream, version } = row;
    if (row.seq !== seq) return { _tag: "MissingEvent", seq, found: row.seq };

    const opens = seq > this.#lastSeq();
    if (commit.firstSeq !== this.#commit?.firstSeq) this.#commitFrame = frameCommit(commit);
    const hash = chainHash(this.hash, row, this.#commitFrame);
    if (hash !== row.hash) return { _tag: "HashMismatch", seq };

    const inPlace = opens ? this.#isNext(commit, seq) : commit.firstSeq === this.#commit?.firstSeq;
    if (!inPlace) return { _tag: "BrokenCommit", seq, firstSeq: commit.firstSeq };
    const expected = (this.#versions.get(stream) ?? this.#versionAtSeam(stream)) + 1;
    if (version !== expected) return { _tag: "VersionGap", seq, stream, expected, actual: version };

    this.#versions.set(stream, version);
    if (opens) this.#open(commit);
    this.events = seq;
    this.hash = hash;
    return undefined;
  }

  #lastSeq(): number {
    return this.#commit?.lastSeq ?? this.#since?.seq ?? 0;
  }

  #versionAtSeam(stream: string): number {
    return this.#since ? (this.#store.baseOf(stream)?.version ?? 0) : 0;
  }

  #isNext(commit: CommitRow, seq: number): boolean {
    const count = this.#commitCounts.get(commit.actor) ?? (this.#since ? this.#store.commitsAtSeam(commit.actor) : 0);
    return commit.firstSeq === seq && commit.lastSeq >= seq && commit.nth === count + 1;
  }

  #open(commit: CommitRow): void {
    this.#commitCounts.set(commit.actor, commit.nth);
    this.#commit = commit;
    this.commits += 1;
  }
}
