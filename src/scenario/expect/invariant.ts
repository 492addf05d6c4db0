/** Statements about a Deployment's whole life, held against the log when the scenario is over. */
import type { Session } from "../../engine/session.ts";
import { checkDeployment, type Statement } from "../../invariants/check.ts";
import { offsetText } from "../offset.ts";
import type { Invariant } from "../schema.ts";
import { type Check, expectFact } from "./check.ts";

/** A statement in one line, and the key under which a scenario makes it. */
const wordsFor = (statement: Statement): { readonly key: string; readonly text: string } => {
  switch (statement.type) {
    case "minAvailable":
      return { key: "min-available", text: `available pods ≥ ${statement.limit}` };
    case "maxReplicas":
      return { key: "max-replicas", text: `replicas asked for ≤ ${statement.limit}` };
    case "maxPods":
      return { key: "max-pods", text: `pods ≤ ${statement.limit}` };
    case "finishesWithin":
      return { key: "finishes-within", text: `every rollout finishes within ${offsetText(statement.limitMs)}` };
  }
};

export const checkInvariant = (
  session: Session,
  startMs: number,
  { key, deployment, statements }: Invariant,
  where: (statement: string) => string,
): readonly Check[] =>
  checkDeployment(session.log(), deployment, statements, session.now()).map(({ statement, violation }) => {
    const words = wordsFor(statement);
    const found = violation
      ? `${violation.message}, at ${offsetText(violation.atMs - startMs)} (seq ${violation.seq})`
      : "";
    return expectFact(`${key}: ${words.text}`, !violation, where(words.key), [words.text, found]);
  });
