import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { type Answers, type Reconcile, readLive } from "../../src/controllers/reconcile.ts";
import { isNamespaceTerminating } from "../../src/controllers/refusals.ts";
import { answerOfKind, replace } from "../../src/controllers/replace.ts";
import { refOf } from "../../src/domain/state.ts";
import { refusal } from "../../src/kubernetes/refusal.ts";
import { deploymentOf, replicaSetOf } from "../support/workloads.ts";

const answered = <T>(request: Reconcile<T>, answers: Answers): T | undefined => {
  request.next();
  const { done, value } = request.next(answers);
  return done === true ? value : undefined;
};

const deployment = E.right(deploymentOf());

describe("an answer that cannot be is a bug, and stops the simulation", () => {
  test("none, or two, where one was asked for", () => {
    const read = () => readLive(refOf(deploymentOf()));
    expect(answered(read(), [deployment])).toEqual(deployment);
    expect(() => answered(read(), [])).toThrow("expected one answer, got 0");
    expect(() => answered(read(), [deployment, deployment])).toThrow("expected one answer, got 2");
  });

  test("an object of another kind", () => {
    expect(answerOfKind(deployment, "Deployment")).toEqual(deployment);
    expect(() => answerOfKind(deployment, "ReplicaSet")).toThrow(
      "asked for a ReplicaSet, was answered with a Deployment",
    );
    expect(() => answered(replace(replicaSetOf("web-1")), [deployment])).toThrow(
      "replaced a ReplicaSet, was answered with a Deployment",
    );
  });
});

test("a refusal with other causes is none of a terminating namespace", () => {
  const refused = (reason: string) =>
    refusal("Forbidden", "no", { causes: [{ reason, field: "spec", message: "no" }] });
  expect(isNamespaceTerminating(refused("NamespaceTerminating"))).toBe(true);
  expect(isNamespaceTerminating(refused("FieldValueForbidden"))).toBe(false);
});
