/** Holds statements against a log. */
import type { RecordedEvent } from "../event-store/port.ts";
import { type Change, changesOf } from "./changes.ts";
import { Fleet } from "./fleet.ts";
import {
  type CeilingLimit,
  type FloorLimit,
  finishesWithin,
  type Judge,
  keepsAvailable,
  keepsPods,
  keepsReplicas,
  type Violation,
} from "./statements.ts";

/** Something that is to hold for a Deployment from the first event to the last. */
export type Statement =
  | { readonly type: "minAvailable"; readonly limit: FloorLimit }
  | { readonly type: "maxReplicas"; readonly limit: CeilingLimit }
  | { readonly type: "maxPods"; readonly limit: CeilingLimit }
  | { readonly type: "finishesWithin"; readonly limitMs: number };

export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

export interface Verdict {
  readonly statement: Statement;
  /** Where it was broken for the first time; undefined when it held. */
  readonly violation: Violation | undefined;
}

const judgeOf = (statement: Statement): Judge => {
  switch (statement.type) {
    case "minAvailable":
      return keepsAvailable(statement.limit);
    case "maxReplicas":
      return keepsReplicas(statement.limit);
    case "maxPods":
      return keepsPods(statement.limit);
    case "finishesWithin":
      return finishesWithin(statement.limitMs);
  }
};

const concernsDeployments = ({ before, after }: Change): boolean => {
  const kind = (after ?? before)?.kind;
  return kind === "Deployment" || kind === "ReplicaSet" || kind === "Pod";
};

/**
 * One verdict for each statement about one Deployment, in their order. `log` starts at the first event; `endMs` is the cluster
 * time up to which it tells everything. A Deployment that the log does not know breaks every statement.
 */
export const checkDeployment = (
  log: Iterable<RecordedEvent>,
  { namespace, name }: DeploymentName,
  statements: readonly Statement[],
  endMs: number,
): readonly Verdict[] => {
  const fleet = new Fleet(namespace, name);
  const judges = statements.map(judgeOf);
  const violations: (Violation | undefined)[] = statements.map(() => undefined);
  const note = (i: number, message: string | undefined, seq: number, atMs: number): void => {
    if (message !== undefined) violations[i] ??= { seq, atMs, message };
  };
  let isKnown = false;
  let seq = 0;
  for (const change of changesOf(log)) {
    if (!concernsDeployments(change)) continue;
    seq = change.seq;
    for (const judge of judges) judge.wait?.(fleet, change.atMs);
    fleet.observe(change);
    isKnown ||= fleet.deployment !== undefined;
    for (const [i, judge] of judges.entries()) note(i, judge.judge(fleet, change), seq, change.atMs);
  }
  for (const [i, judge] of judges.entries()) {
    note(i, isKnown ? judge.close?.(fleet, endMs) : "there was no such Deployment", seq, endMs);
  }
  return statements.map((statement, i) => ({ statement, violation: violations[i] }));
};
