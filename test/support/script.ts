/**
 * Scripts: what happened to a cluster, word for word and millisecond for millisecond. Plain JSON, so that another process
 * can carry a script out again.
 */
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { lineOf, manifestOf, type Op, type Plan, troubledPlan } from "./plan.ts";
import { started, typed } from "./terminal.ts";

/** A manifest's document as data, whatever the order of its keys. */
type Document = Record<string, unknown>;

export type Step =
  /** A command line; the documents, if any, are what `-f -` reads. */
  { readonly line: string; readonly documents?: readonly Document[] } | { readonly advanceMs: number };

export interface Script {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** Where each step left the ledger: the head of the log, and the clock. */
  readonly marks: readonly { readonly seq: number; readonly atMs: number }[];
}

/** As in worker.mjs. */
export const roundTripMs = 100;

/** What may happen beside a plan's own ops: what reaches the parts of the cluster that a lone Deployment leaves alone. */
type Extra =
  | { readonly op: "delete"; readonly cascade: "background" | "foreground" | "orphan" }
  /** Applies the manifest again, with another port behind the Service's named one. */
  | { readonly op: "apply"; readonly port: number }
  | { readonly op: "behave"; readonly tag: number; readonly how: string }
  | { readonly op: "nodes"; readonly up: boolean };

export interface Story {
  readonly plan: Plan;
  /** What a container requests; of the larger amount two fit on a node. */
  readonly cpu: string;
  readonly happenings: readonly (Op | Extra)[];
}

const extra: fc.Arbitrary<Op | Extra> = fc.oneof(
  fc.record({
    op: fc.constant("delete" as const),
    cascade: fc.constantFrom("background" as const, "foreground" as const, "orphan" as const),
  }),
  fc.record({ op: fc.constant("apply" as const), port: fc.constantFrom(8080, 9090) }),
  fc.record({
    op: fc.constant("behave" as const),
    tag: fc.integer({ min: 1, max: 4 }),
    how: fc.constantFrom("--never-ready", "--ready 3s", "--crash-after 5s", "--fail-pull", "--stop 12s"),
  }),
  fc.record({ op: fc.constant("nodes" as const), up: fc.boolean() }),
  // Long enough for a silent node's pods to be evicted.
  fc.constant({ op: "advance" as const, ms: 400_000 }),
);

/** A troubled plan with a few of the extras anywhere in it. */
export const story = (maxOps = 10, maxExtras = 4): fc.Arbitrary<Story> =>
  fc
    .record({
      plan: troubledPlan(maxOps),
      cpu: fc.constantFrom("100m", "100m", "3"),
      extras: fc.array(fc.tuple(fc.nat(), extra), { maxLength: maxExtras }),
    })
    .map(({ plan, cpu, extras }) => {
      const happenings: (Op | Extra)[] = [...plan.ops];
      for (const [at, happening] of extras) happenings.splice(at % (happenings.length + 1), 0, happening);
      return { plan, cpu, happenings };
    });

const documentsOf = ({ plan, cpu }: Story, port: number): readonly Document[] => {
  const text = manifestOf(plan)
    .replace(
      'image: "web:1"',
      `image: "web:1", ports: [{name: http, containerPort: ${port}}], resources: {requests: {cpu: ${cpu}}}`,
    )
    .replace("ports: [{port: 80}]", "ports: [{port: 80, targetPort: http}]");
  return parseAllDocuments(text).map((document) => document.toJS());
};

/** A document a step, so that a step is one write at most. */
const apply = (of: Story, port: number): readonly Step[] =>
  documentsOf(of, port).map((document) => ({ line: "apply -f -", documents: [document] }));

/** The steps of a happening; pods are chosen among those that are there, and from then on known by name. */
const stepsOf = (session: LedgerSession, of: Story, happening: Op | Extra): readonly Step[] => {
  switch (happening.op) {
    case "advance":
      return [{ advanceMs: happening.ms }];
    case "delete":
      return [{ line: `delete deploy/web --cascade=${happening.cascade} --wait=false` }];
    case "apply":
      return apply(of, happening.port);
    case "behave":
      return [{ line: `rollout behave image=web:${happening.tag} ${happening.how}` }];
    case "nodes":
      return [1, 2, 3].map((node) => ({ line: `rollout fault node node-${node} ${happening.up ? "up" : "down"}` }));
    default: {
      const line = lineOf(session, happening);
      return line === undefined ? [] : [{ line }];
    }
  }
};

/** Refusals (undoing what is not there, scaling what is gone) are part of a story. */
const carryOut = async (session: LedgerSession, step: Step): Promise<void> => {
  if ("advanceMs" in step) {
    await session.advance(step.advanceMs);
    return;
  }
  // As the library and the command line do.
  await session.catchUp();
  const { line, documents = [] } = step;
  await typed(session, line, { stdin: documents.map((document) => JSON.stringify(document)).join("\n---\n") });
};

/** Lets the story happen in a new ledger, and writes down how it went. The session is the caller's to close. */
export const record = async (of: Story): Promise<{ script: Script; session: LedgerSession }> => {
  const session = started(":memory:", { seed: of.plan.seed, roundTripMs });
  const steps: Step[] = [];
  const marks: Script["marks"][number][] = [];
  const happen = async (step: Step): Promise<void> => {
    steps.push(step);
    await carryOut(session, step);
    marks.push({ seq: session.store.head().seq, atMs: session.now() });
  };
  for (const step of apply(of, 8080)) await happen(step);
  for (const happening of of.happenings) for (const step of stepsOf(session, of, happening)) await happen(step);
  return { script: { seed: of.plan.seed, steps, marks }, session };
};
