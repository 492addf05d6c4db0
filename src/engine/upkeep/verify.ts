/** Is what the file holds what was recorded, and are its read models what the log tells? */
import { bodiesNamedBy } from "../../domain/body-references.ts";
import { unknownTemplate } from "../../domain/outline.ts";
import type { ChainedRow } from "../../event-store/port.ts";
import { RowDecoder } from "../../event-store/recorded.ts";
import type { SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { StoreError } from "../../event-store/store-error.ts";
import { type ChainFault, type ChainReport, type ProofProgress, proveChain } from "../../event-store/verify.ts";
import { objectsReach } from "../../projections/objects.ts";
import { type ModelDifference, type ModelRows, Refold } from "../../projections/rebuild.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { BodyStore } from "../bodies.ts";
import { redactedBodies, redactedIn } from "../redactions.ts";
import { type SnapshotFault, SnapshotProof } from "./snapshot-proof.ts";

/** A hash that was kept elsewhere: that of the head, or of an earlier event. */
export interface HeadClaim {
  /** sha256, hex. */
  readonly hash: string;
  /** Left out: the head. */
  readonly seq?: number;
}

export interface ProofOptions {
  readonly head?: HeadClaim;
  /** Compares the snapshots, too: takes about three times as long. */
  readonly snapshots?: boolean;
}

/** What is wrong with a ledger, and where. */
export type LedgerFault =
  | ChainFault
  /** The event names a body that is not there, and that nobody redacted. */
  | { readonly _tag: "MissingBody"; readonly seq: number; readonly digest: string }
  /** The event cannot have happened after those before it. */
  | { readonly _tag: "Unfoldable"; readonly seq: number; readonly message: string }
  | ({ readonly _tag: "ReadModel" } & ModelDifference)
  | SnapshotFault
  /** The hash that was kept is not in that place; `foundAt` is where it is, if anywhere. */
  | { readonly _tag: "OtherHead"; readonly claim: HeadClaim; readonly foundAt: number | undefined };

export interface LedgerReport {
  /** How many events, from the first on, are proven. */
  readonly events: number;
  readonly commits: number;
  /** Where the log was divided, if it was: the events up to there were proven as well where their archive is here. */
  readonly seam: { readonly seq: number; readonly file: string; readonly isProven: boolean } | undefined;
  readonly bodies: number;
  /** Bodies that were deleted for good, as the log tells. */
  readonly redacted: number;
  /** The last proven event: what to keep elsewhere. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** What was compared with the log; empty when the log or a body is at fault. */
  readonly readModels: readonly ModelRows[];
  readonly snapshots: {
    readonly count: number;
    /** They were compared with the log; otherwise they may tell another past than it does. */
    readonly areProven: boolean;
  };
  /** Empty when the ledger is sound. */
  readonly faults: readonly LedgerFault[];
}

export interface VerifyProgress extends ProofProgress {
  /** Of the events; 0 while nobody knows. */
  readonly total: number;
}

/**
 * One pass over the log: every row is hashed, and what it says folded. Reads one state of the ledger and writes nothing.
 * The store is for nothing else until the last step.
 */
export function* verifySteps(
  store: SqliteEventStore,
  options: ProofOptions = {},
): Generator<VerifyProgress, LedgerReport> {
  return yield* store.maintenance.steadily(function* () {
    const pass = new Pass(store, options);
    try {
      const total = pass.guard(() => store.head().seq) ?? 0;
      const proof = proveChain(store, (row) => pass.visit(row));
      let step = proof.next();
      for (; !step.done; step = proof.next()) yield { ...step.value, total };
      return pass.conclude(store, step.value);
    } finally {
      pass.close();
    }
  });
}

class Pass {
  readonly #refold: Refold;
  readonly #snapshots: SnapshotProof | undefined;
  readonly #decoder = new RowDecoder();
  readonly #claim: HeadClaim | undefined;
  readonly #faults: LedgerFault[] = [];
  /** Where each body was first named. */
  readonly #named = new Map<string, number>();
  readonly #redacted = new Set<string>();
  #isFolding = true;
  #claimFoundAt: number | undefined;

  constructor(store: SqliteEventStore, { head, snapshots = false }: ProofOptions) {
    this.#claim = head;
    const redacted = redactedIn(store);
    // A body that is lost is a finding, not the end of the reading.
    const bodies = new BodyStore(store.blobs, (digest) => redacted(digest) ?? unknownTemplate);
    this.#takeSeam(store);
    const reach = this.guard(() => objectsReach(store.sql)) ?? 0;
    this.#refold = new Refold(store, (digest) => bodies.template(digest), reach);
    this.#snapshots = snapshots
      ? new SnapshotProof(store, this.#refold, (digest) => bodies.podSpec(digest))
      : undefined;
  }

  close(): void {
    this.#refold.close();
  }

  /** A hash from before the seam can be looked for in the archive only. */
  #takeSeam(store: SqliteEventStore): void {
    const { seam } = store;
    if (!seam || this.#claim?.seq === undefined || store.isWhole()) return;
    if (this.#claim.seq < seam.seq) store.rows(1, 1).next();
    if (this.#claim.hash === seam.hash) this.#claimFoundAt = seam.seq;
  }

  visit(row: ChainedRow): void {
    if (row.hash === this.#claim?.hash) this.#claimFoundAt = row.seq;
    if (!this.#isFolding) return;
    try {
      const event = this.#decoder.event(row);
      this.#noteBodies(foldedEvent(event), row.seq);
      this.#refold.observe(event);
      this.#snapshots?.observe(event);
    } catch (error) {
      this.#isFolding = false;
      const message = error instanceof Error ? error.message : String(error);
      this.#faults.push({ _tag: "Unfoldable", seq: row.seq, message });
    }
  }

  conclude(store: SqliteEventStore, chain: ChainReport): LedgerReport {
    const { events, commits, blobs, hash } = chain;
    this.#faults.unshift(...chain.faults);
    const redacted = this.guard(() => this.#checkBodies(store)) ?? 0;
    const isTold = this.#isFolding && this.#faults.length === 0;
    const readModels = isTold ? this.guard(() => this.#compare(store)) : undefined;
    if (isTold) this.#faults.push(...(this.#snapshots?.conclude() ?? []));
    this.#checkClaim(events, hash);
    const { seam } = store;
    return {
      events,
      commits,
      seam: seam && { seq: seam.seq, file: seam.file, isProven: !chain.since },
      bodies: blobs,
      redacted,
      head: { seq: events, hash },
      readModels: readModels ?? [],
      snapshots: { count: this.guard(() => store.snapshots.count()) ?? 0, areProven: this.#snapshots !== undefined },
      faults: this.#faults,
    };
  }

  /** Damage that a reading meets is a finding. */
  guard<A>(reading: () => A): A | undefined {
    try {
      return reading();
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === "Corrupt")) throw error;
      this.#faults.push({ _tag: "Storage", message: error.message });
      return undefined;
    }
  }

  #noteBodies(event: ReturnType<typeof foldedEvent>, seq: number): void {
    for (const digest of bodiesNamedBy(event)) if (!this.#named.has(digest)) this.#named.set(digest, seq);
    if (event.type === "BodiesRedacted") for (const digest of event.data.digests) this.#redacted.add(digest);
  }

  /** How many bodies are gone because somebody redacted them. */
  #checkBodies(store: SqliteEventStore): number {
    // The redactions before a seam were not visited.
    if (this.#refold.from > 1) for (const digest of redactedBodies(store)) this.#redacted.add(digest);
    let redacted = 0;
    for (const digest of this.#redacted) if (!store.blobs.has(digest)) redacted += 1;
    for (const [digest, seq] of this.#named) {
      if (this.#redacted.has(digest) || store.blobs.has(digest)) continue;
      this.#faults.push({ _tag: "MissingBody", seq, digest });
    }
    return redacted;
  }

  #compare(store: SqliteEventStore): readonly ModelRows[] {
    for (const difference of this.#refold.differencesFrom(store.sql)) {
      this.#faults.push({ _tag: "ReadModel", ...difference });
    }
    return this.#refold.sizes();
  }

  #checkClaim(headSeq: number, headHash: string): void {
    const claim = this.#claim;
    if (!claim) return;
    const isRight = claim.seq === undefined ? claim.hash === headHash : this.#claimFoundAt === claim.seq;
    const isEmptyHead = headSeq === 0 && (claim.seq ?? 0) === 0 && claim.hash === headHash;
    if (!isRight && !isEmptyHead) this.#faults.push({ _tag: "OtherHead", claim, foundAt: this.#claimFoundAt });
  }
}
