import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/event-store/canonical-json.ts";
import { canonicalDigest, chainHash, digestOf, frameCommit, genesisHash } from "../../src/event-store/hash-chain.ts";
import type { CommitRow, EventRow, Json } from "../../src/event-store/port.ts";
import { commitWith, right } from "./contract.ts";
import { MemoryStore } from "./memory-store.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("the chain's hash", () => {
  it("is what anybody can compute from the row: columns framed by type and length in bytes", () => {
    const event: EventRow = {
      seq: 2,
      stream: "pods/ü",
      version: 1,
      type: "PodCreated",
      schema: 1,
      sourceAt: null,
      data: '{"a":1}',
    };
    const commit: CommitRow = {
      firstSeq: 2,
      lastSeq: 3,
      actor: "user:alice",
      nth: 1,
      key: null,
      at: 7,
      recordedAt: 1001,
      cause: 1,
      view: '{"pods":1}',
      intent: "null",
    };
    expect(chainHash(genesisHash, event, frameCommit(commit))).toBe(
      sha256(
        `${genesisHash}i2;t7:pods/üi1;t10:PodCreatedi1;n;t7:{"a":1}` +
          'i2;i3;t10:user:alicei1;n;i7;i1001;i1;t10:{"pods":1}t4:null',
      ),
    );
  });

  /** Reads framed columns back; the end of one is known before the next begins. */
  const unframe = (framed: string): readonly (number | string | null)[] => {
    const bytes = Buffer.from(framed);
    const columns: (number | string | null)[] = [];
    for (let start = 0; start < bytes.length; ) {
      const kind = String.fromCharCode(bytes[start] ?? 0);
      const end = bytes.indexOf(kind === "t" ? ":" : ";", start) + 1;
      const number = Number(bytes.toString("utf8", start + 1, end - 1));
      start = end + (kind === "t" ? number : 0);
      columns.push(kind === "n" ? null : kind === "i" ? number : bytes.toString("utf8", end, start));
    }
    return columns;
  };

  it("covers a text that can be read back, so that no two rows have the same", () => {
    // Texts made of the frame's own signs: an ambiguity would be met soon.
    const text = fc.string({ unit: fc.constantFrom("i", "1", ";", "t", ":", "n", "ü"), maxLength: 8 });
    const int = fc.nat(2_000);
    const commit: fc.Arbitrary<CommitRow> = fc.record({
      firstSeq: int,
      lastSeq: int,
      actor: text,
      nth: int,
      key: fc.option(text),
      at: int,
      recordedAt: int,
      cause: fc.option(int),
      view: fc.option(fc.oneof(int, text)),
      intent: fc.option(text),
    });
    fc.assert(
      fc.property(commit, (row) => {
        expect(unframe(frameCommit(row))).toEqual(Object.values(row));
      }),
    );
  });
});

describe("the canonical digest", () => {
  it("is what anybody can compute from the log: one canonical JSON text per line", () => {
    const store = new MemoryStore(() => 5);
    const body = "{}";
    right(
      store.append([
        commitWith(
          { at: 3, view: { pods: 0, nodes: 0 }, intent: { verb: "apply" }, blobs: [{ digest: digestOf(body), body }] },
          { stream: "a", expectedVersion: 0, events: [{ type: "Created", schema: 1, data: { b: [1, null], a: "ü" } }] },
        ),
      ]),
    );
    const commit = '["user:alice/1",1,1,"user:alice",3,null,{"nodes":0,"pods":0},{"verb":"apply"}]';
    expect(canonicalDigest(store)).toBe(sha256(`[1,"a",1,"Created",1,null,{"a":"ü","b":[1,null]},${commit}]\n`));
  });

  it("does not depend on the order in which an object's members were set", () => {
    const shuffled = fc.jsonValue({ maxDepth: 3 }).map((value) => [value, reversed(value)] as const);
    fc.assert(
      fc.property(shuffled, ([value, other]) => {
        expect(canonicalJson(asJson(value))).toBe(canonicalJson(asJson(other)));
        expect(JSON.parse(canonicalJson(asJson(value)))).toEqual(asJson(value));
      }),
    );
  });
});

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
};
