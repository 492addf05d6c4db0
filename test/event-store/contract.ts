/** What every adapter of the event store owes to its callers. */
import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { canonicalDigest, digestOf, genesisHash } from "../../src/event-store/hash-chain.ts";
import type { Committed, EventStore, NewCommit, StreamWrite } from "../../src/event-store/port.ts";
import { verifyChain } from "../../src/event-store/verify.ts";
import { observe, plans, run } from "./plans.ts";

export type OpenStore = (now: () => number) => EventStore;

/** A commit of one write; what a test does not speak about has a plain value. */
export const commitOf = (stream: string, expectedVersion: number | "any", ...types: readonly string[]): NewCommit =>
  commitWith({}, { stream, expectedVersion, events: types.map((type) => ({ type, schema: 1, data: { of: stream } })) });

export const commitWith = (fields: Partial<NewCommit>, ...writes: readonly StreamWrite[]): NewCommit => ({
  at: 0,
  actor: "user:alice",
  cause: null,
  view: null,
  intent: null,
  writes,
  ...fields,
});

/** The value of a Right; a Left fails the test. */
export const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(`refused: ${JSON.stringify(result.left)}`);
  return result.right;
};

export const left = <L>(result: E.Either<L, unknown>): L => {
  if (E.isRight(result)) throw new Error(`accepted: ${JSON.stringify(result.right)}`);
  return result.left;
};

/** A clock that moves by 1 ms with each look, and every fourth time steps back. */
export const unsteadyClock = (): (() => number) => {
  let looks = 0;
  return () => {
    looks += 1;
    return 1_000 + looks - (looks % 4 === 0 ? 3 : 0);
  };
};

export const storeContract = (name: string, open: OpenStore): void => {
  describe(`${name} keeps the event store's contract`, () => {
    const opened: EventStore[] = [];
    const fresh = (): EventStore => {
      const store = open(unsteadyClock());
      opened.push(store);
      return store;
    };
    afterEach(() => {
      for (const store of opened.splice(0)) store.close();
    });

    describe("appending", () => {
      it("starts empty", () => {
        const store = fresh();
        expect(store.head()).toEqual({ seq: 0, at: 0, recordedAt: 0, hash: genesisHash });
        expect([...store.readAll()]).toEqual([]);
        expect([...store.read("pods/a")]).toEqual([]);
        expect(store.streamVersion("pods/a")).toBe(0);
        expect(verifyChain(store)).toEqual({ events: 0, commits: 0, blobs: 0, hash: genesisHash, faults: [] });
      });

      it("records several streams in one commit, in the order written", () => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created")]));
        const commit = commitWith(
          { at: 7, actor: "controller:deployment", cause: 1, view: { pods: 1, nodes: 0 }, intent: { verb: "scale" } },
          { stream: "a", expectedVersion: 1, events: [{ type: "Scaled", schema: 2, data: { to: 3 }, sourceAt: 5 }] },
          { stream: "b", expectedVersion: 0, events: [{ type: "Created", schema: 1, data: ["ü", null] }] },
        );
        const committed = { id: "controller:deployment/1", firstSeq: 2, lastSeq: 3, repeated: false };
        expect(store.append([commit])).toEqual(E.right([committed]));

        const shared = {
          at: 7,
          recordedAt: 1002,
          actor: "controller:deployment",
          cause: 1,
          view: { pods: 1, nodes: 0 },
          commit: { id: "controller:deployment/1", firstSeq: 2, lastSeq: 3, intent: { verb: "scale" } },
        };
        expect([...store.readAll(2)]).toEqual([
          { seq: 2, stream: "a", version: 2, type: "Scaled", schema: 2, sourceAt: 5, data: { to: 3 }, ...shared },
          { seq: 3, stream: "b", version: 1, type: "Created", schema: 1, sourceAt: null, data: ["ü", null], ...shared },
        ]);
        expect(store.head()).toMatchObject({ seq: 3, at: 7, recordedAt: 1002 });
      });

      it("counts each actor's commits", () => {
        const store = fresh();
        const by = (actor: string): NewCommit => ({ ...commitOf("a", "any", "Changed"), actor });
        const ids = right(store.append([by("user:alice"), by("user:bob"), by("user:alice")])).map(({ id }) => id);
        expect(ids).toEqual(["user:alice/1", "user:bob/1", "user:alice/2"]);
        expect(right(store.append([by("user:bob")]))[0]?.id).toBe("user:bob/2");
      });

      it("refuses a commit that goes back in time", () => {
        const store = fresh();
        right(store.append([{ ...commitOf("a", 0, "Created"), at: 5 }]));
        expect(() => store.append([{ ...commitOf("a", 1, "Changed"), at: 4 }])).toThrow(RangeError);
        expect(store.head().seq).toBe(1);
        right(store.append([{ ...commitOf("a", 1, "Changed"), at: 5 }]));
      });

      it("refuses a commit without events, and causes and views that lie ahead", () => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created")]));
        expect(() => store.append([commitOf("a", 1)])).toThrow(RangeError);
        expect(() => store.append([{ ...commitOf("a", 1, "Changed"), cause: 2 }])).toThrow(RangeError);
        expect(() => store.append([{ ...commitOf("a", 1, "Changed"), cause: 0 }])).toThrow(RangeError);
        expect(() => store.append([{ ...commitOf("a", 1, "Changed"), view: 2 }])).toThrow(RangeError);
        expect(() => store.append([{ ...commitOf("a", 1, "Changed"), view: { pods: 2 } }])).toThrow(RangeError);
        expect(store.head().seq).toBe(1);
      });

      it("keeps recordedAt from stepping back with the machine's clock", () => {
        const store = fresh();
        for (let version = 0; version < 8; version += 1) right(store.append([commitOf("a", version, "Changed")]));
        const times = [...store.readAll()].map((event) => event.recordedAt);
        expect(times).toEqual([1001, 1002, 1003, 1003, 1005, 1006, 1007, 1007]);
      });
    });

    describe("expected versions", () => {
      it("refuses a stream that is elsewhere, and says where", () => {
        const store = fresh();
        const conflict = (expected: number, actual: number) =>
          E.left({ _tag: "Conflict", stream: "a", expected, actual });
        expect(store.append([commitOf("a", 1, "Created")])).toEqual(conflict(1, 0));
        right(store.append([commitOf("a", 0, "Created", "Changed")]));
        expect(store.append([commitOf("a", 0, "Created")])).toEqual(conflict(0, 2));
        expect(store.append([commitOf("a", 1, "Changed")])).toEqual(conflict(1, 2));
        expect(store.append([commitOf("a", 3, "Changed")])).toEqual(conflict(3, 2));
        right(store.append([commitOf("a", "any", "Changed")]));
      });

      it("leaves no trace of a conflict: the next append with the true version works", () => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created")]));
        const before = observe(store);
        const conflicting = commitWith(
          { actor: "user:bob", key: "k1", blobs: [{ digest: digestOf("{}"), body: "{}" }] },
          { stream: "b", expectedVersion: 0, events: [{ type: "Created", schema: 1, data: {} }] },
          { stream: "a", expectedVersion: 0, events: [{ type: "Created", schema: 1, data: {} }] },
        );
        for (let attempt = 0; attempt < 3; attempt += 1) {
          expect(left(store.append([commitOf("a", 1, "Changed"), conflicting]))).toMatchObject({ actual: 2 });
        }
        expect(observe(store)).toEqual(before);
        const [bobs] = right(store.append([{ ...commitOf("a", 1, "Changed"), actor: "user:bob" }]));
        expect(bobs?.id).toBe("user:bob/1");
        expect(verifyChain(store).faults).toEqual([]);
      });

      it("sees the commits before it in the same append, and the writes before it in the same commit", () => {
        const store = fresh();
        const event = { type: "Changed", schema: 1, data: {} };
        right(
          store.append([
            commitOf("a", 0, "Created"),
            commitWith(
              {},
              { stream: "a", expectedVersion: 1, events: [event, event] },
              { stream: "a", expectedVersion: 3, events: [event] },
            ),
          ]),
        );
        expect(store.streamVersion("a")).toBe(4);
      });

      it("checks a stream that the commit does not write to", () => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created")]));
        const guarded = (expectedVersion: number): NewCommit =>
          commitWith(
            {},
            { stream: "a", expectedVersion, events: [] },
            { stream: "b", expectedVersion: 0, events: [{ type: "Created", schema: 1, data: {} }] },
          );
        expect(left(store.append([guarded(0)]))).toMatchObject({ stream: "a", expected: 0, actual: 1 });
        right(store.append([guarded(1)]));
        expect(store.streamVersion("a")).toBe(1);
      });
    });

    describe("idempotency keys", () => {
      const keyed = (fields: Partial<NewCommit>, data: object): NewCommit =>
        commitWith(
          { key: "k1", ...fields },
          { stream: "a", expectedVersion: 0, events: [{ type: "Created", schema: 1, data }] },
        );

      it("returns the first result for the same content, however late", () => {
        const store = fresh();
        const first = right(store.append([keyed({ intent: { verb: "apply" } }, { x: 1, y: 2 })]));
        expect(first).toEqual([{ id: "k1", firstSeq: 1, lastSeq: 1, repeated: false }]);
        right(store.append([{ ...commitOf("a", 1, "Changed"), at: 9 }]));
        const again = right(store.append([keyed({ intent: { verb: "apply" } }, { y: 2, x: 1 })]));
        expect(again).toEqual([{ id: "k1", firstSeq: 1, lastSeq: 1, repeated: true }]);
        expect(store.findCommit("k1")).toEqual(again[0]);
        expect(store.head().seq).toBe(2);
      });

      it("refuses the key for other content", () => {
        const store = fresh();
        right(store.append([keyed({}, { x: 1 })]));
        const reused = E.left({ _tag: "KeyReused", key: "k1", firstSeq: 1, lastSeq: 1 });
        expect(store.append([keyed({}, { x: 2 })])).toEqual(reused);
        expect(store.append([keyed({ intent: { verb: "apply" } }, { x: 1 })])).toEqual(reused);
        expect(store.append([keyed({ actor: "user:bob" }, { x: 1 })])).toEqual(reused);
        expect(store.findCommit("k2")).toBeUndefined();
      });

      it("forgets the key of a commit that was rolled back", () => {
        const store = fresh();
        left(store.append([keyed({}, { x: 1 }), commitOf("a", 0, "Created")]));
        expect(store.findCommit("k1")).toBeUndefined();
        expect(right(store.append([keyed({}, { x: 2 })]))[0]?.repeated).toBe(false);
      });
    });

    describe("transactions", () => {
      it("records appends, checkpoint, snapshot and blob together", () => {
        const store = fresh();
        const result = store.transaction(() => {
          right(store.append([commitOf("a", 0, "Created")]));
          expect(store.head().seq).toBe(1);
          expect([...store.read("a")]).toHaveLength(1);
          right(store.append([commitOf("a", 1, "Changed")]));
          store.checkpoints.save("simulation", 1, "{}");
          return E.right(store.blobs.put("{}"));
        });
        expect(result).toEqual(E.right(digestOf("{}")));
        expect(store.head().seq).toBe(2);
        expect(store.checkpoints.load("simulation")).toEqual({ version: 1, revision: 1, body: "{}" });
      });

      it.each(["left", "throw", "conflict", "misuse"] as const)("rolls everything back on %s", (end) => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created")]));
        store.checkpoints.save("simulation", 1, "1");
        const before = observe(store);
        const attempt = () =>
          store.transaction<string, null>(() => {
            right(store.append([{ ...commitOf("b", 0, "Created"), actor: "user:bob" }]));
            expect([...store.readAll(2)]).toMatchObject([{ stream: "b", actor: "user:bob" }]);
            store.checkpoints.save("simulation", 1, "2");
            store.blobs.put("{}");
            store.snapshots.save("a", 1, 1, {});
            if (end === "throw") throw new EvalError("boom");
            // What the caller makes of a failed append does not matter: a part of it may be written.
            if (end === "conflict") store.append([commitOf("c", 0, "Created"), commitOf("a", 0, "Created")]);
            if (end === "misuse") expect(() => store.append([commitOf("a", 1)])).toThrow(RangeError);
            return end === "left" ? E.left("no") : E.right(null);
          });
        if (end === "left") expect(attempt()).toEqual(E.left("no"));
        if (end === "conflict") expect(left(attempt())).toMatchObject({ _tag: "Conflict", stream: "a" });
        if (end === "throw") expect(attempt).toThrow(EvalError);
        if (end === "misuse") expect(attempt).toThrow(RangeError);
        expect(observe(store)).toEqual(before);
        expect(right(store.append([{ ...commitOf("d", 0, "Created"), actor: "user:eve" }]))[0]?.id).toBe("user:eve/1");
        expect([...store.readAll(2)]).toMatchObject([{ stream: "d", actor: "user:eve" }]);
        expect(right(store.append([{ ...commitOf("b", 0, "Created"), actor: "user:bob" }]))[0]?.id).toBe("user:bob/1");
      });

      it("takes no more after a refusal", () => {
        const store = fresh();
        const result = store.transaction(() => {
          left(store.append([commitOf("a", 5, "Changed")]));
          expect(left(store.append([commitOf("b", 0, "Created")]))).toMatchObject({ stream: "a", expected: 5 });
          return E.right(null);
        });
        expect(left(result)).toMatchObject({ stream: "a" });
        expect(store.head().seq).toBe(0);
      });

      it("does not nest", () => {
        const store = fresh();
        expect(() => store.transaction(() => store.transaction(() => E.right(null)))).toThrow("do not nest");
        right(store.append([commitOf("a", 0, "Created")]));
      });
    });

    describe("reading", () => {
      /** Enough for three pages. */
      const long = (store: EventStore): void => {
        const streams = ["a", "b", "c"];
        const types = ["Created", "Changed"];
        const commits = Array.from({ length: 2100 }, (_, i) =>
          commitOf(streams[i % 3] ?? "a", Math.floor(i / 3), types[i % 2] ?? "Created"),
        );
        right(store.append(commits));
      };

      it("pages through a long log without losing or repeating an event", () => {
        const store = fresh();
        long(store);
        const seqs = (events: Iterable<{ readonly seq: number }>): number[] => [...events].map((event) => event.seq);
        const all = Array.from({ length: 2100 }, (_, i) => i + 1);
        expect(seqs(store.readAll())).toEqual(all);
        expect(seqs(store.rows())).toEqual(all);
        expect(seqs(store.readAll(500, 1700))).toEqual(all.slice(499, 1700));
        expect(seqs(store.readAll(2000, 9999))).toEqual(all.slice(1999));
        expect(seqs(store.readAll(5, 4))).toEqual([]);
        expect([...store.readPages(500, 1700)].flat()).toEqual([...store.readAll(500, 1700)]);
        expect([...store.readPages(5, 4)]).toEqual([]);
        expect(seqs(store.readAll(1, undefined, { types: ["Created"] }))).toEqual(all.filter((seq) => seq % 2 === 1));
        const ofA = all.filter((seq) => seq % 3 === 1);
        expect(seqs(store.readAll(1, undefined, { streams: ["a"] }))).toEqual(ofA);
        expect(seqs(store.readAll(1, undefined, { streams: ["a", "b"] }))).toEqual(all.filter((seq) => seq % 3 !== 0));
        expect(seqs(store.readAll(10, 40, { streams: ["a"], types: ["Changed"] }))).toEqual([10, 16, 22, 28, 34, 40]);
        expect(seqs(store.read("a"))).toEqual(ofA);
        expect([...store.read("a", 3, 5)].map((event) => event.version)).toEqual([3, 4, 5]);
      });

      it("lets the log grow while it is read, and reads what was there at the start", () => {
        const store = fresh();
        long(store);
        let count = 0;
        for (const _ of store.readAll()) {
          if (count % 500 === 0) right(store.append([commitOf("b", "any", "Changed")]));
          count += 1;
        }
        expect(count).toBe(2100);
        expect(store.head().seq).toBe(2105);
      });

      it("gives a part of a commit with the bounds of all of it", () => {
        const store = fresh();
        right(store.append([commitOf("a", 0, "Created", "Changed", "Gone")]));
        const [event] = [...store.readAll(2, 2)];
        expect(event).toMatchObject({ type: "Changed", commit: { id: "user:alice/1", firstSeq: 1, lastSeq: 3 } });
      });
    });

    describe("beside the log", () => {
      it("stores a body once under its digest", () => {
        const store = fresh();
        const body = '{"image":"web:ü"}';
        const digest = store.blobs.put(body);
        expect(digest).toBe(digestOf(body));
        expect(store.blobs.put(body)).toBe(digest);
        right(store.append([{ ...commitOf("a", 0, "Created"), blobs: [{ digest, body }] }]));
        expect([...store.blobs.all()]).toEqual([{ digest, body }]);
        expect(store.blobs.get(digest)).toBe(body);
        expect(store.blobs.has(digest)).toBe(true);
        expect(store.blobs.has(digestOf("other"))).toBe(false);
        expect(store.blobs.get(digestOf("other"))).toBeUndefined();
      });

      it("refuses a commit whose body has another digest", () => {
        const store = fresh();
        const blobs = [{ digest: digestOf("{}"), body: "{ }" }];
        expect(() => store.append([{ ...commitOf("a", 0, "Created"), blobs }])).toThrow(RangeError);
        expect(store.head().seq).toBe(0);
      });

      it("finds the latest snapshot at or before a position, of one version of the code", () => {
        const store = fresh();
        const large = { pods: Array.from({ length: 5000 }, (_, i) => `pod-${i}`) };
        store.snapshots.save("world", 1, 10, { at: 10 });
        store.snapshots.save("world", 1, 20, large);
        store.snapshots.save("world", 2, 15, { at: 15 });
        store.snapshots.save("world", 1, 10, { at: "10 again" });
        expect(store.snapshots.latest("world", 1)).toEqual({ seq: 20, state: large });
        expect(store.snapshots.latest("world", 1, 19)).toEqual({ seq: 10, state: { at: "10 again" } });
        expect(store.snapshots.latest("world", 1, 9)).toBeUndefined();
        expect(store.snapshots.latest("world", 2)).toEqual({ seq: 15, state: { at: 15 } });
        expect(store.snapshots.latest("pods", 1)).toBeUndefined();
        expect(store.snapshots.newest("world", 1)?.seq).toBe(20);
        expect(store.snapshots.newest("world", 2)).toEqual({ seq: 15, bytes: JSON.stringify({ at: 15 }).length });
        expect(store.snapshots.newest("pods", 1)).toBeUndefined();
        expect(store.snapshots.count()).toBe(3);
        expect(store.snapshots.seqs("world", 1, 0)).toEqual([10, 20]);
        expect(store.snapshots.seqs("world", 1, 11)).toEqual([20]);
        expect(store.snapshots.text("world", 1, 20)).toBe(JSON.stringify(large));
        expect(store.snapshots.text("world", 2, 20)).toBeUndefined();
        store.snapshots.deleteAll();
        expect(store.snapshots.latest("world", 1)).toBeUndefined();
      });

      it("counts the revisions of a checkpoint", () => {
        const store = fresh();
        expect(store.checkpoints.load("simulation")).toBeUndefined();
        expect(store.checkpoints.revision("simulation")).toBe(0);
        expect(store.checkpoints.save("simulation", 1, "[]")).toBe(1);
        expect(store.checkpoints.save("simulation", 2, "{}")).toBe(2);
        expect(store.checkpoints.save("projections", 1, "1")).toBe(1);
        expect(store.checkpoints.load("simulation")).toEqual({ version: 2, revision: 2, body: "{}" });
        expect(store.checkpoints.revision("simulation")).toBe(2);
      });
    });

    describe("subscriptions", () => {
      const heard = (store: EventStore): (readonly Committed[])[] => {
        const notices: (readonly Committed[])[] = [];
        store.subscribe((commits) => notices.push(commits));
        return notices;
      };
      const ids = (notices: readonly (readonly Committed[])[]) => notices.map((notice) => notice.map(({ id }) => id));

      it("tell of a transaction once, after it is recorded", () => {
        const store = fresh();
        const notices = heard(store);
        store.transaction(() => {
          right(store.append([commitOf("a", 0, "Created")]));
          right(store.append([commitOf("a", 1, "Changed")]));
          expect(notices).toEqual([]);
          return E.right(null);
        });
        expect(ids(notices)).toEqual([["user:alice/1", "user:alice/2"]]);
      });

      it("are silent about what was rolled back, repeated, or records nothing", () => {
        const store = fresh();
        const keyed = { ...commitOf("a", "any", "Created"), key: "k1" };
        right(store.append([keyed]));
        const notices = heard(store);
        left(store.append([commitOf("b", 0, "Created"), commitOf("a", 0, "Created")]));
        expect(() => store.append([commitOf("b", 0, "Created"), commitOf("b", 1)])).toThrow();
        right(store.append([keyed]));
        right(store.append([]));
        store.transaction(() => E.right(store.checkpoints.save("simulation", 1, "{}")));
        right(store.append([commitOf("b", 0, "Created")]));
        expect(ids(notices)).toEqual([["user:alice/2"]]);
      });

      it("hear commits in order even when a listener commits, until they end", () => {
        const store = fresh();
        const end = store.subscribe(() => {
          if (store.head().seq < 3) right(store.append([commitOf("a", "any", "Changed")]));
        });
        const notices = heard(store);
        right(store.append([commitOf("a", 0, "Created")]));
        expect(ids(notices)).toEqual([["user:alice/1"], ["user:alice/2"], ["user:alice/3"]]);
        end();
        end();
        right(store.append([commitOf("a", "any", "Changed")]));
        expect(notices).toHaveLength(4);
      });

      it("cannot undo a commit by throwing", async () => {
        const store = fresh();
        const reported = vi.fn();
        const listeners = process.listeners("uncaughtException");
        process.removeAllListeners("uncaughtException").once("uncaughtException", reported);
        store.subscribe(() => {
          throw new EvalError("listener");
        });
        const notices = heard(store);
        right(store.append([commitOf("a", 0, "Created")]));
        await new Promise((done) => setImmediate(done));
        for (const listener of listeners) process.on("uncaughtException", listener);
        expect(reported.mock.calls[0]?.[0]).toBeInstanceOf(EvalError);
        expect(ids(notices)).toEqual([["user:alice/1"]]);
      });
    });

    describe("whatever is done to it", () => {
      it("its log stays gapless, ordered, whole by commits and provable", () => {
        fc.assert(
          fc.property(plans, (plan) => {
            const store = open(unsteadyClock());
            const heardCommits: Committed[] = [];
            store.subscribe((commits) => heardCommits.push(...commits));
            run(store, plan);

            const events = [...store.readAll()];
            const versions = new Map<string, number>();
            events.forEach((event, index) => {
              const before = events[index - 1];
              const version = (versions.get(event.stream) ?? 0) + 1;
              versions.set(event.stream, version);
              expect([event.seq, event.version]).toEqual([index + 1, version]);
              expect(event.at).toBeGreaterThanOrEqual(before?.at ?? 0);
              expect(event.recordedAt).toBeGreaterThanOrEqual(before?.recordedAt ?? 0);
              expect(event.cause ?? 0).toBeLessThan(event.commit.firstSeq);
            });
            // The commits that listeners heard of are the log: contiguous runs, each with an id of its own.
            expect(heardCommits.flatMap(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual(
              [...new Map(events.map((event) => [event.commit.firstSeq, event.commit])).values()].flatMap((commit) => [
                commit.firstSeq,
                commit.lastSeq,
              ]),
            );
            expect(new Set(heardCommits.map(({ id }) => id)).size).toBe(heardCommits.length);
            for (const [stream, version] of versions) {
              expect(store.streamVersion(stream)).toBe(version);
              expect([...store.read(stream)]).toEqual(events.filter((event) => event.stream === stream));
            }
            const report = verifyChain(store);
            expect(report).toMatchObject({ events: events.length, commits: heardCommits.length, faults: [] });
            expect(report.hash).toBe(store.head().hash);
            store.close();
          }),
          { numRuns: 60 },
        );
      });

      it("its canonical digest depends on the history, not on when it was recorded", () => {
        fc.assert(
          fc.property(plans, (plan) => {
            const [one, two] = [open(unsteadyClock()), open(() => 77)];
            run(one, plan);
            run(two, plan);
            expect(canonicalDigest(one)).toBe(canonicalDigest(two));
            if (one.head().seq > 0) {
              expect(one.head().hash).not.toBe(two.head().hash);
              expect(canonicalDigest(one, one.head().seq - 1)).not.toBe(canonicalDigest(one));
            }
            one.close();
            two.close();
          }),
          { numRuns: 30 },
        );
      });
    });
  });
};

/** Two adapters are told the same and must answer the same. */
export const differentialContract = (name: string, openOne: OpenStore, openOther: OpenStore): void => {
  it(`${name} answer every plan alike, to the last hash`, () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const [one, other] = [openOne(unsteadyClock()), openOther(unsteadyClock())];
        expect(run(other, plan)).toEqual(run(one, plan));
        expect(observe(other)).toEqual(observe(one));
        one.close();
        other.close();
      }),
      { numRuns: 150 },
    );
  });
};
