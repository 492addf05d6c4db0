/** Random operation plans as plain JSON: the same plan can be run on any store, and a counterexample can be read. */
import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { canonicalDigest, digestOf } from "../../src/event-store/hash-chain.ts";
import type { EventStore, NewCommit, View } from "../../src/event-store/port.ts";
import { verifyChain } from "../../src/event-store/verify.ts";

interface PlannedWrite {
  readonly stream: string;
  readonly expect: "right" | "wrong" | "any";
  readonly events: readonly { readonly type: string; readonly data: fc.JsonValue; readonly sourceAt: number | null }[];
}

interface PlannedCommit {
  readonly actor: string;
  readonly key: string | null;
  /** How far `at` moves on, ms; negative is misuse. */
  readonly step: number;
  /** Shares of the head's seq; above 1 is misuse. */
  readonly cause: number | null;
  readonly view: number | { readonly pods: number; readonly nodes: number } | null;
  readonly intent: fc.JsonValue;
  readonly writes: readonly PlannedWrite[];
  readonly body: string | null;
}

type Step =
  | { readonly do: "append"; readonly commits: readonly PlannedCommit[] }
  | { readonly do: "saveCheckpoint"; readonly name: string; readonly body: string }
  | { readonly do: "saveSnapshot"; readonly name: string; readonly back: number; readonly state: fc.JsonValue }
  | { readonly do: "putBlob"; readonly body: string };

type Operation =
  | Step
  | { readonly do: "deleteSnapshots" }
  | { readonly do: "transaction"; readonly steps: readonly Step[]; readonly end: "right" | "left" | "throw" };

export type Plan = readonly Operation[];

const name = fc.constantFrom("a", "b", "deployments/é/网", "x\ny");
const body = fc.constantFrom("{}", '{"spec":1}', "ü");
const share = fc.double({ min: 0, max: 1, noNaN: true });
const mostly = <A>(usual: fc.Arbitrary<A>, weight: number, rare: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: rare, weight: 1 });

const event = fc.record({
  type: fc.constantFrom("Created", "Changed", "Gone"),
  data: fc.jsonValue({ maxDepth: 2 }),
  sourceAt: mostly<number | null>(fc.constant(null), 3, fc.nat(9)),
});

const write: fc.Arbitrary<PlannedWrite> = fc.record({
  stream: name,
  expect: mostly<PlannedWrite["expect"]>(fc.constantFrom("right", "any"), 25, fc.constant("wrong")),
  events: mostly(fc.array(event, { minLength: 1, maxLength: 3 }), 8, fc.array(event, { maxLength: 0 })),
});

const anyCommit: fc.Arbitrary<PlannedCommit> = fc.record({
  actor: fc.constantFrom("user:alice", "controller:deployment", "x"),
  key: mostly<string | null>(fc.constant(null), 25, fc.constantFrom("k1", "k2")),
  step: mostly(fc.nat(5), 40, fc.constant(-1)),
  cause: fc.option(share),
  view: fc.option(fc.oneof(share, fc.record({ pods: share, nodes: share }))),
  intent: fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 1 })),
  writes: fc.array(write, { minLength: 1, maxLength: 3 }),
  body: fc.option(body),
});

/** What a client sends again and again under one key, until it gets an answer. */
const insistentCommit: PlannedCommit = {
  actor: "user:alice",
  key: "k1",
  step: 0,
  cause: null,
  view: null,
  intent: { verb: "apply" },
  writes: [{ stream: "a", expect: "any", events: [{ type: "Created", data: { b: 1, a: 2 }, sourceAt: null }] }],
  body: null,
};

const commit = mostly(anyCommit, 8, fc.constant(insistentCommit));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      commits: mostly(fc.array(commit, { minLength: 1, maxLength: 3 }), 20, fc.array(commit, { maxLength: 0 })),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ do: fc.constant("saveCheckpoint" as const), name, body }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant("saveSnapshot" as const),
      name,
      back: fc.nat(3),
      state: fc.jsonValue({ maxDepth: 1 }),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant("putBlob" as const), body }), weight: 1 },
);

export const plans: fc.Arbitrary<Plan> = fc.array(
  fc.oneof(
    { arbitrary: step, weight: 8 },
    { arbitrary: fc.record({ do: fc.constant("deleteSnapshots" as const) }), weight: 1 },
    {
      arbitrary: fc.record({
        do: fc.constant("transaction" as const),
        steps: fc.array(step, { maxLength: 4 }),
        end: fc.constantFrom("right", "right", "left", "throw"),
      }),
      weight: 4,
    },
  ),
  { maxLength: 16, size: "max" },
);

/** Runs the plan and returns what every operation answered; faults by the name of their class. */
export const run = (store: EventStore, plan: Plan): readonly unknown[] =>
  plan.map((operation) => perform(store, operation));

const perform = (store: EventStore, operation: Operation): unknown => {
  try {
    switch (operation.do) {
      case "deleteSnapshots":
        return store.snapshots.deleteAll();
      case "transaction":
        return store.transaction(() => {
          const answers = operation.steps.map((step) => take(store, step));
          if (operation.end === "throw") throw new EvalError("planned");
          return operation.end === "left" ? E.left(answers) : E.right(answers);
        });
      default:
        return take(store, operation);
    }
  } catch (error) {
    if (error instanceof RangeError || error instanceof EvalError) return error.name;
    throw error;
  }
};

const take = (store: EventStore, step: Step): unknown => {
  switch (step.do) {
    case "append":
      return store.append(asCommits(store, step.commits));
    case "saveCheckpoint":
      return store.checkpoints.save(step.name, 1, step.body);
    case "saveSnapshot":
      return store.snapshots.save(step.name, 1, Math.max(0, store.head().seq - step.back), step.state ?? null);
    case "putBlob":
      return store.blobs.put(step.body);
  }
};

/** Versions, causes and views are planned relative to the log, as it will be when the earlier commits are in. */
const asCommits = (store: EventStore, planned: readonly PlannedCommit[]): readonly NewCommit[] => {
  let { at, seq } = store.head();
  const versions = new Map<string, number>();
  return planned.map((commit) => {
    at += commit.step;
    const result: NewCommit = {
      at,
      actor: commit.actor,
      cause: commit.cause === null ? null : Math.ceil(commit.cause * seq) || null,
      view: asView(commit.view, seq),
      intent: commit.intent ?? null,
      ...(commit.key === null ? {} : { key: commit.key }),
      ...(commit.body === null ? {} : { blobs: [{ digest: digestOf(commit.body), body: commit.body }] }),
      writes: commit.writes.map(({ stream, expect, events }) => {
        const version = versions.get(stream) ?? store.streamVersion(stream);
        versions.set(stream, version + events.length);
        seq += events.length;
        return {
          stream,
          expectedVersion: expect === "any" ? expect : version + (expect === "wrong" ? 1 : 0),
          events: events.map(({ type, data, sourceAt }) => ({
            type,
            schema: 1,
            data: data ?? null,
            ...(sourceAt === null ? {} : { sourceAt }),
          })),
        };
      }),
    };
    return result;
  });
};

const asView = (view: PlannedCommit["view"], seq: number): View => {
  if (view === null) return null;
  const at = (part: number): number => Math.floor(part * seq);
  return typeof view === "number" ? at(view) : { pods: at(view.pods), nodes: at(view.nodes) };
};

/** Everything that a store shows, read in every way it can be read. */
export const observe = (store: EventStore) => {
  const events = [...store.readAll()];
  const streams = [...new Set(events.map((event) => event.stream))];
  const middle = Math.ceil(events.length / 2);
  return {
    head: store.head(),
    events,
    rows: [...store.rows()],
    middle: [...store.readAll(middle, middle + 2)],
    byStream: streams.map((stream) => [
      store.streamVersion(stream),
      [...store.read(stream)],
      [...store.read(stream, 2, 3)],
    ]),
    byFilter: [
      [...store.readAll(1, undefined, { types: ["Created", "Gone"] })],
      [...store.readAll(1, undefined, { streams: ["a", "x\ny", "a", "unknown"] })],
      [...store.readAll(2, middle, { streams: ["a", "b"], types: ["Changed"] })],
      [...store.readAll(1, undefined, { types: [] })],
      [...store.readAll(1, undefined, { streams: [] })],
    ],
    keys: ["k1", "k2", "k3"].map((key) => store.findCommit(key)),
    blobs: [...store.blobs.all()],
    snapshots: ["a", "b"].map((snapshot) => [
      store.snapshots.latest(snapshot, 1),
      store.snapshots.latest(snapshot, 1, middle),
      store.snapshots.latest(snapshot, 2),
    ]),
    checkpoints: ["a", "b"].map((checkpoint) => [
      store.checkpoints.load(checkpoint),
      store.checkpoints.revision(checkpoint),
    ]),
    digest: canonicalDigest(store),
    report: verifyChain(store),
  };
};
