import { describe, expect, test } from "vitest";
import { setDeploymentCondition } from "../../../src/controllers/deployment/conditions.ts";
import { deploymentTimedOut, requeueStuckDeployment } from "../../../src/controllers/deployment/progress.ts";
import type { Condition, Deployment } from "../../../src/domain/state.ts";
import {
  atRest,
  condition,
  edit,
  only,
  progress,
  replicaSet,
  report,
  rollOut,
  settle,
  sync,
} from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, replicaSetOf, startMs } from "../../support/workloads.ts";

const conditions = (api: FakeApi): readonly string[] =>
  api.deployment.status.conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);

test("the conditions of a clean creation", () => {
  const api = new FakeApi(deploymentOf());
  sync(api);
  const [, first] = api.changes;
  expect(first?.after?.kind === "Deployment" && first.after.status.conditions).toMatchObject([
    { status: "True", reason: "NewReplicaSetCreated", message: 'Created new replica set "web-v1"' },
  ]);
  expect(conditions(api)).toEqual([
    "Progressing=True NewReplicaSetCreated",
    "Available=False MinimumReplicasUnavailable",
  ]);
  expect(api.deployment.status).toMatchObject({ replicas: 0, unavailableReplicas: 3, observedGeneration: 1 });

  report(api, replicaSet(api, "v1"), { replicas: 3 });
  sync(api);
  expect(conditions(api)).toEqual(["Available=False MinimumReplicasUnavailable", "Progressing=True ReplicaSetUpdated"]);

  for (const available of [1, 2]) {
    api.nowMs += 5000;
    report(api, replicaSet(api, "v1"), { readyReplicas: available, availableReplicas: available });
    sync(api);
    expect(condition(api, "Progressing")).toMatchObject({
      message: 'ReplicaSet "web-v1" is progressing.',
      lastUpdateMs: api.nowMs,
      lastTransitionMs: startMs,
    });
  }

  settle(api);
  sync(api);
  expect(conditions(api)).toEqual([
    "Available=True MinimumReplicasAvailable",
    "Progressing=True NewReplicaSetAvailable",
  ]);
  expect(condition(api, "Available")?.message).toBe("Deployment has minimum availability.");
  expect(condition(api, "Progressing")?.message).toBe('ReplicaSet "web-v1" has successfully progressed.');
});

describe("setting a condition", () => {
  const monday: Condition = {
    type: "Available",
    status: "False",
    reason: "MinimumReplicasUnavailable",
    message: "Monday's",
    lastUpdateMs: startMs,
    lastTransitionMs: startMs,
  };
  const other: Condition = {
    type: "Progressing",
    status: "True",
    reason: "ReplicaSetUpdated",
    lastTransitionMs: startMs,
  };
  const status = deploymentOf({ status: { conditions: [monday, other] } }).status;
  const laterMs = startMs + 86_400_000;

  test("with the same status and reason changes nothing, neither message nor times", () => {
    const again = { ...monday, message: "Tuesday's", lastUpdateMs: laterMs, lastTransitionMs: laterMs };
    expect(setDeploymentCondition(status, again)).toBe(status);
  });

  test("with another reason moves it to the end, but not its transition time", () => {
    const reworded = { ...monday, reason: "Other", lastUpdateMs: laterMs, lastTransitionMs: laterMs };
    expect(setDeploymentCondition(status, reworded).conditions).toEqual([
      other,
      { ...reworded, lastTransitionMs: startMs },
    ]);
  });

  test("with another status moves the transition time too", () => {
    const flipped: Condition = { ...monday, status: "True", lastUpdateMs: laterMs, lastTransitionMs: laterMs };
    expect(setDeploymentCondition(status, flipped).conditions).toEqual([other, flipped]);
  });
});

const stuck = (reason: string, spec: Partial<Deployment["spec"]> = {}): Deployment =>
  deploymentOf({
    spec: { progressDeadlineSeconds: 60, ...spec },
    status: {
      conditions: [{ type: "Progressing", status: "True", reason, lastUpdateMs: startMs, lastTransitionMs: startMs }],
    },
  });

describe("the deadline", () => {
  test.each([
    { afterMs: 59_000, timedOut: false },
    { afterMs: 60_000, timedOut: false },
    { afterMs: 60_001, timedOut: true },
  ])("$afterMs ms after the last progress has passed: $timedOut", ({ afterMs, timedOut }) => {
    const deployment = stuck("ReplicaSetUpdated");
    expect(deploymentTimedOut(deployment, deployment.status, startMs + afterMs)).toBe(timedOut);
  });

  test.each(["NewReplicaSetAvailable"])("is never missed by a rollout with reason %s", (reason) => {
    const deployment = stuck(reason);
    expect(deploymentTimedOut(deployment, deployment.status, startMs + 3_600_000)).toBe(false);
  });

  test("does not exist at the largest int32", () => {
    const deployment = stuck("ReplicaSetUpdated", { progressDeadlineSeconds: 2_147_483_647 });
    expect(deploymentTimedOut(deployment, deployment.status, startMs + 1e13)).toBe(false);
  });

  test("stays missed until there is progress", () => {
    const deployment = stuck("ProgressDeadlineExceeded");
    expect(deploymentTimedOut(deployment, deployment.status, startMs)).toBe(true);
  });
});

describe("a rollout that stands still is looked at again", () => {
  const requeue = (deployment: Deployment, afterMs: number): number | undefined =>
    requeueStuckDeployment(deployment, deployment.status, startMs + afterMs);

  test.each([
    { afterMs: 30_000, delayMs: 31_000 },
    { afterMs: 59_000, delayMs: 2000 },
    { afterMs: 59_001, delayMs: 1000 },
    { afterMs: 60_000, delayMs: 1 },
  ])("$afterMs ms into a deadline of a minute: in $delayMs ms", ({ afterMs, delayMs }) => {
    expect(requeue(stuck("ReplicaSetUpdated"), afterMs)).toBe(delayMs);
  });

  test("not when the deadline is missed already, or there is none", () => {
    expect(requeue(stuck("ProgressDeadlineExceeded"), 30_000)).toBeUndefined();
    expect(requeue(stuck("ReplicaSetUpdated", { progressDeadlineSeconds: 2_147_483_647 }), 30_000)).toBeUndefined();
  });

  test("not when it is complete, or was and the deadline means nothing to it", () => {
    const complete = deploymentOf({
      ...stuck("NewReplicaSetAvailable"),
      meta: {},
      status: {
        ...stuck("NewReplicaSetAvailable").status,
        observedGeneration: 1,
        replicas: 3,
        updatedReplicas: 3,
        availableReplicas: 3,
      },
    });
    expect(requeue(complete, 30_000)).toBeUndefined();
    expect(requeue(stuck("NewReplicaSetAvailable"), 60_001)).toBeUndefined();
  });

  test("and found to have missed its deadline then", () => {
    const api = atRest({ progressDeadlineSeconds: 60 });
    edit(api, { template: "broken" });
    rollOut(api, only("v1"));
    const { requeueAfterMs = 0 } = sync(api);
    expect(requeueAfterMs).toBeGreaterThan(0);
    api.nowMs += requeueAfterMs;
    sync(api);
    expect(progress(api)).toBe("False/ProgressDeadlineExceeded");
    expect(condition(api, "Progressing")?.message).toBe('ReplicaSet "web-broken" has timed out progressing.');
    expect(sync(api)).toEqual({});
  });
});

describe("after the deadline", () => {
  const timedOut = (): FakeApi => {
    const api = atRest({ progressDeadlineSeconds: 60 });
    edit(api, { template: "slow" });
    rollOut(api, only("v1"));
    api.nowMs += 62_000;
    sync(api);
    return api;
  };

  test("a pod that becomes available after all makes it progress again, and transition", () => {
    const api = timedOut();
    api.nowMs += 300_000;
    settle(api);
    sync(api);
    expect(progress(api)).toBe("True/ReplicaSetUpdated");
    expect(condition(api, "Progressing")?.lastTransitionMs).toBe(Math.floor(api.nowMs / 1000) * 1000);
  });

  test("it may still complete", () => {
    const api = timedOut();
    rollOut(api);
    expect(progress(api)).toBe("True/NewReplicaSetAvailable");
  });
});

test("slow but steady progress never misses the deadline", () => {
  const api = new FakeApi(deploymentOf({ spec: { replicas: 10, progressDeadlineSeconds: 600 } }));
  sync(api);
  report(api, replicaSet(api, "v1"), { replicas: 10 });
  sync(api);
  for (let available = 1; available <= 10; available++) {
    api.nowMs += 540_000;
    report(api, replicaSet(api, "v1"), { readyReplicas: available, availableReplicas: available });
    sync(api);
    expect(condition(api, "Progressing")?.status).toBe("True");
  }
});

test("a complete Deployment whose pods fail and recover is not available for a while, but its rollout stays complete", () => {
  const api = atRest({ progressDeadlineSeconds: 60 });
  const complete = condition(api, "Progressing");
  api.nowMs += 3_600_000;
  report(api, replicaSet(api, "v1"), { readyReplicas: 1, availableReplicas: 1 });
  sync(api);
  expect(conditions(api)).toEqual([
    "Progressing=True NewReplicaSetAvailable",
    "Available=False MinimumReplicasUnavailable",
  ]);
  expect(sync(api)).toEqual({});
  report(api, replicaSet(api, "v1"), { readyReplicas: 2, availableReplicas: 2 });
  sync(api);
  expect(condition(api, "Progressing")).toEqual(complete);
  settle(api);
  sync(api);
  expect(condition(api, "Available")?.status).toBe("True");
  expect(condition(api, "Progressing")).toEqual(complete);
});

test("without a deadline there is no Progressing condition", () => {
  const api = atRest();
  edit(api, { progressDeadlineSeconds: 2_147_483_647 });
  rollOut(api);
  expect(conditions(api)).toEqual(["Available=True MinimumReplicasAvailable"]);
});

test("a ReplicaSet of old times starts the condition when it is found", () => {
  const api = new FakeApi(deploymentOf(), replicaSetOf("web-v1", { replicas: 3, revision: 1 }));
  sync(api);
  sync(api);
  const found = api.changes.some(
    ({ after }) => after?.kind === "Deployment" && after.status.conditions[0]?.reason === "FoundNewReplicaSet",
  );
  expect(found).toBe(true);
});

test("times in conditions have whole seconds", () => {
  const api = new FakeApi(deploymentOf());
  api.nowMs = startMs + 1999;
  sync(api);
  expect(condition(api, "Available")?.lastUpdateMs).toBe(startMs + 1000);
});

describe("ReplicaFailure", () => {
  const failure = (message: string): Condition => ({
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message,
    lastTransitionMs: startMs - 20_000,
  });

  test("is shown while a ReplicaSet has it, the new one's before an old one's", () => {
    const api = atRest();
    edit(api, { template: "v2" });
    sync(api);
    report(api, replicaSet(api, "v1"), { conditions: [failure("old quota")] });
    sync(api);
    expect(condition(api, "ReplicaFailure")).toEqual({ ...failure("old quota"), lastUpdateMs: startMs - 20_000 });

    report(api, replicaSet(api, "v1"), { conditions: [] });
    sync(api);
    expect(condition(api, "ReplicaFailure")).toBeUndefined();

    report(api, replicaSet(api, "v1"), { conditions: [failure("old quota")] });
    report(api, replicaSet(api, "v2"), { conditions: [failure("new quota")] });
    sync(api);
    expect(condition(api, "ReplicaFailure")?.message).toBe("new quota");
  });
});
