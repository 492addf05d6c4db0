/** Plans: what people and misfortune do to one Deployment, as generated data that shrinks. */
import fc from "fast-check";
import type { Session } from "../../src/engine/session.ts";
import { typed } from "./terminal.ts";

export type Op =
  | { readonly op: "image"; readonly tag: number }
  | { readonly op: "scale"; readonly replicas: number }
  | { readonly op: "pause" | "resume" | "restart" | "undo" }
  | { readonly op: "undoTo"; readonly revision: number }
  | { readonly op: "crash" | "unready" | "fail" | "deletePod" | "relabel"; readonly pod: number }
  | { readonly op: "node"; readonly node: number; readonly up: boolean }
  | { readonly op: "advance"; readonly ms: number };

export interface Plan {
  readonly seed: number;
  readonly replicas: number;
  readonly maxSurge: string;
  readonly maxUnavailable: string;
  readonly strategy: "RollingUpdate" | "Recreate";
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
  readonly ops: readonly Op[];
}

const budget = fc.oneof(fc.integer({ min: 0, max: 3 }).map(String), fc.constantFrom("0%", "10%", "25%", "50%", "100%"));

const specOp: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant("image" as const), tag: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("scale" as const), replicas: fc.integer({ min: 0, max: 8 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom("pause" as const, "resume" as const, "restart" as const, "undo" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("undoTo" as const), revision: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant("advance" as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
);

const faultOp: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constantFrom(
        "crash" as const,
        "unready" as const,
        "fail" as const,
        "deletePod" as const,
        "relabel" as const,
      ),
      pod: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant("node" as const), node: fc.integer({ min: 1, max: 3 }), up: fc.boolean() }),
  },
);

const isPossible = ({ maxSurge, maxUnavailable }: { maxSurge: string; maxUnavailable: string }): boolean =>
  Number.parseInt(maxSurge, 10) > 0 || Number.parseInt(maxUnavailable, 10) > 0;

const withOps = (op: fc.Arbitrary<Op>, maxOps: number): fc.Arbitrary<Plan> =>
  fc
    .record({
      seed: fc.integer({ min: 0, max: 1000 }),
      replicas: fc.integer({ min: 0, max: 6 }),
      maxSurge: budget,
      maxUnavailable: budget,
      strategy: fc.constantFrom(
        "RollingUpdate" as const,
        "RollingUpdate" as const,
        "RollingUpdate" as const,
        "Recreate" as const,
      ),
      minReadySeconds: fc.constantFrom(0, 0, 5),
      revisionHistoryLimit: fc.constantFrom(10, 2, 1, 0),
      ops: fc.array(op, { maxLength: maxOps }),
    })
    .filter(isPossible);

/** People change the spec; nothing goes wrong. */
export const healthyPlan = (maxOps = 12): fc.Arbitrary<Plan> => withOps(specOp, maxOps);

/** People change the spec while pods crash, nodes fail and labels are edited. */
export const troubledPlan = (maxOps = 16): fc.Arbitrary<Plan> =>
  withOps(fc.oneof({ weight: 3, arbitrary: specOp }, { weight: 1, arbitrary: faultOp }), maxOps);

const quantity = (text: string): string => (text.endsWith("%") ? `"${text}"` : text);

export const manifestOf = (plan: Plan): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${plan.replicas}
  minReadySeconds: ${plan.minReadySeconds}
  revisionHistoryLimit: ${plan.revisionHistoryLimit}
  selector: {matchLabels: {app: web}}
  strategy:
    type: ${plan.strategy}
${
  plan.strategy === "Recreate"
    ? ""
    : `    rollingUpdate: {maxSurge: ${quantity(plan.maxSurge)}, maxUnavailable: ${quantity(plan.maxUnavailable)}}`
}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1"}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

/** The command line for an op; pods are chosen among those that are there, by position. */
export const lineOf = (session: Session, op: Op): string | undefined => {
  const pod = (nth: number): string | undefined => {
    const pods = session.list("Pod", "default");
    return pods[nth % Math.max(1, pods.length)]?.metadata.name;
  };
  switch (op.op) {
    case "image":
      return `set image deploy/web web=web:${op.tag}`;
    case "scale":
      return `scale deploy/web --replicas=${op.replicas}`;
    case "pause":
    case "resume":
    case "restart":
    case "undo":
      return `rollout ${op.op} deploy/web`;
    case "undoTo":
      return `rollout undo deploy/web --to-revision=${op.revision}`;
    case "node":
      return `rollout fault node node-${op.node} ${op.up ? "up" : "down"}`;
    case "crash":
    case "unready":
    case "fail": {
      const name = pod(op.pod);
      return name && `rollout fault ${op.op} pod/${name}`;
    }
    case "deletePod": {
      const name = pod(op.pod);
      return name && `delete pod/${name} --wait=false`;
    }
    case "relabel": {
      const name = pod(op.pod);
      return name && `label pod/${name} app=stray --overwrite`;
    }
    case "advance":
      return undefined;
  }
};

/** Refusals (undoing what is not there, pausing twice) are part of a plan's life. */
export const carryOut = async (session: Session, op: Op): Promise<void> => {
  if (op.op === "advance") {
    await session.advance(op.ms);
    return;
  }
  const line = lineOf(session, op);
  if (line) await typed(session, line);
};

export const begin = async (session: Session, plan: Plan): Promise<void> => {
  const { code, err } = await typed(session, "apply -f web.yaml", { files: { "web.yaml": manifestOf(plan) } });
  if (code !== 0) throw new Error(err);
};

export const play = async (session: Session, plan: Plan): Promise<void> => {
  await begin(session, plan);
  for (const op of plan.ops) await carryOut(session, op);
};
