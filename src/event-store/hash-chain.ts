/**
 * Two digests of one log. The hash chain is evidence against tampering: each row's hash covers the row as stored, its
 * commit, and the hash before it. The canonical digest is evidence of determinism: it leaves out what differs between two
 * recordings of the same history.
 *
 * A chain proves nothing to somebody who rewrites all of it; keep the head's hash elsewhere.
 */
import { createHash, hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { CommitRow, EventRow, EventStore, Head } from "./port.ts";

/** The hash before the first event. */
export const genesisHash = "0".repeat(64);

/** The head of a log without events. */
export const emptyHead: Head = { seq: 0, at: 0, recordedAt: 0, hash: genesisHash };

/** Digest of a body, as blobs are stored under it: sha256 of the text in UTF-8, hex. */
export const digestOf = (body: string): string => hash("sha256", body, "hex");

/**
 * Hash of one event: sha256, hex, of the previous hash followed by the event's columns and its commit's. Each column is
 * framed by its type and, for text, its length in bytes, so that no two rows have the same frame.
 */
export const chainHash = (previous: string, event: EventRow, commitFrame: string): string =>
  hash("sha256", previous + eventFrame(event) + commitFrame, "hex");

const eventFrame = (e: EventRow): string =>
  int(e.seq) + text(e.stream) + int(e.version) + text(e.type) + int(e.schema) + optional(e.sourceAt) + text(e.data);

/** The part of the hashed text that the events of one commit share. */
export const frameCommit = (c: CommitRow): string =>
  int(c.firstSeq) +
  int(c.lastSeq) +
  text(c.actor) +
  int(c.nth) +
  optional(c.key) +
  int(c.at) +
  int(c.recordedAt) +
  optional(c.cause) +
  optional(c.view) +
  optional(c.intent);

const int = (value: number): string => `i${value};`;
const text = (value: string): string => `t${Buffer.byteLength(value)}:${value}`;
const optional = (value: number | string | null): string =>
  value === null ? "n;" : typeof value === "number" ? int(value) : text(value);

/**
 * Digest of the log's content up to a position (by default, the head): sha256, hex, over every event with its commit in
 * canonical JSON, one per line, without `recordedAt` and the chain's hashes. Equal digests mean the same history.
 */
export const canonicalDigest = (store: EventStore, to?: number): string => {
  const digest = createHash("sha256");
  for (const e of store.readAll(1, to)) {
    const commit = [e.commit.id, e.commit.firstSeq, e.commit.lastSeq, e.actor, e.at, e.cause, e.view, e.commit.intent];
    digest.update(canonicalJson([e.seq, e.stream, e.version, e.type, e.schema, e.sourceAt, e.data, commit]));
    digest.update("\n");
  }
  return digest.digest("hex");
};
