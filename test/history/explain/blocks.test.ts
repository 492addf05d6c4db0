import { beforeEach, describe, expect, test } from "vitest";
import { type Condition, type Deployment, ofKind } from "../../../src/domain/state.ts";
import { blocksOf, type Situation } from "../../../src/history/explain/blocks.ts";
import type { Sizes } from "../../../src/history/explain/rollout-model.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
let deployment: Deployment;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  const found = shell.session.world().get({ kind: "Deployment", namespace: "default", name: "web" });
  if (!found) throw new Error("no deployment");
  deployment = ofKind(found, "Deployment");
});

const sizes: Sizes = { desired: 3, floor: 3, ceiling: 4, existing: 2, updated: 2, available: 2, terminating: 0 };

const situation = (changes: Partial<Situation>): Situation => ({
  reader: shell.session,
  deployment,
  newRS: undefined,
  oldRSs: [],
  pods: [],
  sizes,
  plan: { writes: [] },
  ...changes,
});

const failing = (condition: Partial<Condition>): Deployment => ({
  ...deployment,
  status: {
    ...deployment.status,
    conditions: [{ type: "ReplicaFailure", status: "True", lastTransitionMs: 5000, ...condition }],
  },
});

describe("what blocks a rollout", () => {
  test("is a refusal that the Deployment reports, in the API server's words", () => {
    const message = 'pods "web-1" is forbidden: exceeded quota: compute';
    expect(blocksOf(situation({ deployment: failing({ message }) }))).toEqual([
      { kind: "refused", text: `the API server refused it: ${message}`, sinceMs: 5000 },
    ]);
    expect(blocksOf(situation({ deployment: failing({ message, status: "False" }) }))).toEqual([]);
  });

  test("is that the ReplicaSet could not be created", () => {
    const message = 'Failed to create new replica set "web-1": forbidden';
    const condition = { type: "Progressing", status: "False", reason: "ReplicaSetCreateError", message } as const;
    expect(blocksOf(situation({ deployment: failing(condition) }))).toMatchObject([
      { kind: "refused", text: `the API server refused it: ${message}` },
    ]);
  });

  test("is the controller's own objection", () => {
    expect(blocksOf(situation({ plan: { writes: [], error: "no such thing" } }))).toEqual([
      { kind: "refused", text: "the controller fails: no such thing" },
    ]);
  });

  test("is its deletion, before anything else", () => {
    const meta = { ...deployment.meta, deletion: { deadlineMs: 0, graceSeconds: 0 } };
    const paused = { ...deployment, meta, spec: { ...deployment.spec, paused: true } };
    expect(blocksOf(situation({ deployment: paused })).map(({ kind }) => kind)).toEqual(["deletion", "paused"]);
  });

  test("is nothing as long as a controller is about to move", () => {
    const timedOut = failing({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" });
    const plan = (moves: boolean) => ({ writes: [{ actor: "controller:deployment", wants: "…", moves }] });
    expect(blocksOf(situation({ deployment: timedOut, plan: plan(true) }))).toEqual([]);
    expect(blocksOf(situation({ deployment: timedOut, plan: plan(false) }))).toMatchObject([{ kind: "deadline" }]);
  });
});
