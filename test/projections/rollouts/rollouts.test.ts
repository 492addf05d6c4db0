import * as E from "fp-ts/lib/Either.js";
import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { LedgerRollout } from "../../../src/history/rollouts.ts";
import { endOf } from "../../../src/projections/rollouts/model.ts";
import { type DeploymentOptions, deploymentManifest } from "../../support/shell.ts";
import { started, typed } from "../../support/terminal.ts";

let session: LedgerSession;
beforeEach(() => {
  session = started();
});

const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    const { code, err } = await typed(session, line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
  }
};

const begin = async (options: DeploymentOptions = {}): Promise<void> => {
  session.request({ verb: "create", object: deploymentManifest("web", options) }, { actor: "user:test", intent: {} });
  await run("advance 10s");
};

const rollouts = (): readonly LedgerRollout[] => session.rollouts({ namespace: "default", name: "web" });
const rollout = (number: number): LedgerRollout => {
  const found = rollouts()[number - 1];
  if (!found) throw new Error(`no rollout ${number}`);
  return found;
};
const outcomes = (): readonly string[] => rollouts().map(({ outcome }) => outcome);
const firstPod = (): string => session.list("Pod")[0]?.metadata.name ?? "";

describe("the outcome of a rollout", () => {
  test("is complete when its pods, and no others, are available", async () => {
    await begin();
    expect(rollout(1)).toMatchObject({ outcome: "complete", completedAtMs: endOf(rollout(1)) });
    await run("set image deploy/web web=web:2", "advance 1s");
    expect(outcomes()).toEqual(["complete", "in progress"]);
    await run("advance 1m");
    expect(outcomes()).toEqual(["complete", "complete"]);
  });

  test("is superseded when the next one begins before", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1s", "set image deploy/web web=web:3", "advance 1m");
    expect(outcomes()).toEqual(["complete", "superseded", "complete"]);
    expect(rollout(2).supersededBy).toBe(3);
  });

  test("is rolled back when the next one restores an earlier template, complete or not", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1m", "rollout undo deploy/web", "advance 1m");
    await run("set image deploy/web web=web:404", "advance 1m", "rollout undo deploy/web", "advance 1m");
    expect(outcomes()).toEqual(["complete", "rolled back", "complete", "rolled back", "complete"]);
    expect(rollouts().map(({ restores }) => restores)).toEqual([undefined, undefined, 1, undefined, 3]);
    expect(rollout(2).completedAtMs).toBeDefined();
    expect(rollout(4).completedAtMs).toBeUndefined();
  });

  test("is superseded before start when it was paused all the while, and it has neither start nor durations", async () => {
    await begin();
    await run("rollout pause deploy/web", "set image deploy/web web=web:2", "advance 5s");
    expect(rollout(2)).toMatchObject({ outcome: "paused", progressingMs: 0, pausedMs: 0, waitingMs: 0 });
    await run("set image deploy/web web=web:3", "advance 5s", "rollout resume deploy/web", "advance 1m");
    expect(outcomes()).toEqual(["complete", "superseded before start", "complete"]);
    expect(rollout(2).startedAtMs).toBeUndefined();
    expect(rollout(3).startedAtMs).toBe(rollout(3).atMs + 5000);
  });

  test("is one that was paused by the same write never begun", async () => {
    await begin();
    await run(
      `patch deploy/web -p {"spec":{"paused":true,"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}`,
      "advance 5s",
    );
    expect(rollout(2).startedAtMs).toBeUndefined();
    expect(rollout(2).outcome).toBe("paused");
  });

  test("is deadline exceeded as long as the controller says so", async () => {
    await begin({ spec: { progressDeadlineSeconds: 20 } });
    await run("set image deploy/web web=web:404", "advance 1m");
    expect(rollout(2).outcome).toBe("deadline exceeded");
    expect((rollout(2).deadlineExceededAtMs ?? 0) - rollout(2).atMs).toBeGreaterThanOrEqual(20_000);
    await run("set image deploy/web web=web:3", "advance 1m");
    expect(outcomes()).toEqual(["complete", "superseded", "complete"]);
    expect(rollout(2).deadlineExceededAtMs).toBeDefined();
    expect(rollout(3).deadlineExceededAtMs).toBeUndefined();
  });

  test("is deleted when the Deployment goes first; created anew, it goes on counting", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1s", "delete deploy/web --wait=false", "advance 1m");
    expect(outcomes()).toEqual(["complete", "deleted"]);
    expect(rollout(2).deletedAtMs).toBe(endOf(rollout(2)));
    await begin();
    expect(outcomes()).toEqual(["complete", "deleted", "complete"]);
    expect(rollout(3)).toMatchObject({ number: 3, isCreation: true, revision: "1" });
    expect(rollout(3).imagesBefore).toBeUndefined();
    expect(rollout(3).restores).toBeUndefined();
  });
});

test("a rollout that is closed cannot be written again", async () => {
  await begin();
  await run("set image deploy/web web=web:2", "advance 1m");
  const { store } = session;
  const write = (number: number) =>
    store.transaction(() => {
      store.sql.prepare(`UPDATE rollouts SET actor = 'user:mallory' WHERE number = ${number}`).run();
      return E.right(undefined);
    });
  expect(() => write(1)).toThrow("a rollout that is closed stays as it is");
  expect(() => write(2)).not.toThrow();
});

describe("a rollout's time", () => {
  test("is progress while pods start and become ready", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1m");
    const { startedAtMs = 0, completedAtMs = 0, ...durations } = rollout(2);
    expect(durations).toMatchObject({ progressingMs: completedAtMs - startedAtMs, pausedMs: 0, waitingMs: 0 });
    expect(completedAtMs).toBeGreaterThan(startedAtMs);
  });

  test("is waiting while an image cannot be pulled", async () => {
    await begin();
    await run("set image deploy/web web=web:404", "advance 1m");
    const { progressingMs, waitingMs } = rollout(2);
    expect(progressingMs).toBeLessThan(2000);
    expect(progressingMs + waitingMs).toBe(60_000);
  });

  test("with running pods is waiting as long as none gets ready, and progress once one does", async () => {
    await begin();
    await run("behave image=web:2 --never-ready", "set image deploy/web web=web:2", "advance 1m");
    expect(rollout(2).waitingMs).toBeGreaterThan(55_000);

    await run("behave image=web:3 --ready 30s", "set image deploy/web web=web:3", "advance 25s");
    expect(rollout(3).waitingMs).toBeGreaterThan(20_000);
    await run("advance 5m");
    expect(rollout(3)).toMatchObject({ outcome: "complete", waitingMs: 0 });
  });

  test("is paused while the Deployment is", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1s", "rollout pause deploy/web", "advance 30s");
    expect(rollout(2)).toMatchObject({ outcome: "paused", progressingMs: 1000, pausedMs: 30_000 });
    await run("rollout resume deploy/web", "advance 1m");
    expect(rollout(2)).toMatchObject({ outcome: "complete", pausedMs: 30_000, waitingMs: 0 });
    expect(rollout(2).paused).toEqual([{ fromMs: rollout(2).atMs + 1000, toMs: rollout(2).atMs + 31_000 }]);
  });

  test("ends when it is complete: what happens later is no part of it", async () => {
    await begin();
    const before = rollout(1);
    await run(`fault crash pod/${firstPod()}`, "scale deploy/web --replicas=5", "advance 1m");
    expect(rollout(1)).toEqual(before);
  });
});

describe("a rollout's pods", () => {
  test("are created by it; those it removes itself are not lost", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1m");
    expect(rollout(2)).toMatchObject({ podsCreated: 3, podsLost: 0, containerExits: 0 });
  });

  test("are lost when somebody deletes them, or they fail; a container that ends is counted as that", async () => {
    await begin();
    await run("set image deploy/web web=web:404", "advance 5s");
    const pods = session.list("Pod").filter(({ metadata }) => metadata.name !== firstPod());
    const old = pods.map(({ metadata }) => metadata.name);
    await run(`fault crash pod/${firstPod()}`);
    await run(`delete pod/${old[0]} --wait=false`, `fault fail pod/${old[1]}`, "advance 30s");
    // The container of the pod that fails ends, too.
    expect(rollout(2)).toMatchObject({ podsLost: 2, containerExits: 2 });
    expect(rollout(2).lowest).toMatchObject({ bound: 3, pods: 0 });
  });

  test("are counted against floor and ceiling at their tightest", async () => {
    await begin({ replicas: 4, spec: { strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } } });
    await run("set image deploy/web web=web:2", "advance 1m");
    expect(rollout(2)).toMatchObject({ lowest: { pods: 3, bound: 3 }, highest: { pods: 6, bound: 6 } });
  });

  test("of equally tight moments, the one whose count is furthest out is told", async () => {
    await begin({ replicas: 4, spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } });
    await run("set image deploy/web web=web:2", "advance 2s", "scale deploy/web --replicas=8", "advance 1m");
    expect(rollout(2)).toMatchObject({ lowest: { pods: 4, bound: 4 }, highest: { pods: 9, bound: 9 } });
  });

  test("are counted against a floor of 0 where the strategy promises nothing", async () => {
    await begin({ replicas: 4, spec: { strategy: { type: "Recreate" } } });
    await run("set image deploy/web web=web:2", "advance 1m");
    expect(rollout(1).lowest).toMatchObject({ pods: 4, bound: 0 });
    expect(rollout(2).lowest).toMatchObject({ pods: 0, bound: 0 });
  });
});

describe("what was meant", () => {
  test("is what the client said", async () => {
    await begin();
    await run("set image deploy/web web=web:2 --as alice", "advance 1m", "rollout undo deploy/web --to-revision=1");
    expect(rollout(2)).toMatchObject({ actor: "user:alice", verb: "set image" });
    expect(rollout(2).command).toBe("rollout set image deploy/web web=web:2 --as alice");
    expect(rollout(3)).toMatchObject({ verb: "undo", toRevision: 1 });
    expect(rollout(3).inferred).toBeUndefined();
  });

  test("is told by the change itself where the client did not say, and is then marked so", async () => {
    await begin();
    const replace = (image: string, annotations = {}) => {
      const template = {
        metadata: { labels: { app: "web" }, annotations },
        spec: { containers: [{ name: "web", image }] },
      };
      const object = deploymentManifest("web", { spec: { template } });
      session.request({ verb: "update", object }, { actor: "user:bot", intent: {} });
    };
    replace("web:2");
    replace("web:2", { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" });
    replace("web:1");
    replace("web:3", { note: "x" });
    const told = rollouts().map(({ verb, inferred }) => [verb, inferred]);
    expect(told).toEqual([
      ["create", true],
      ["set image", true],
      ["restart", true],
      ["undo", true],
      [undefined, undefined],
    ]);
  });

  test("by the change-cause counts for the rollout it was set for, also when it was set after its end", async () => {
    await begin();
    await run("annotate deploy/web kubernetes.io/change-cause=first", "set image deploy/web web=web:2", "advance 1m");
    expect(rollouts().map(({ changeCause }) => changeCause)).toEqual(["first", undefined]);
  });
});
