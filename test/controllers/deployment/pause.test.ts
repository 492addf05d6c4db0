import { describe, expect, test } from "vitest";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import {
  atRest,
  condition,
  edit,
  only,
  progress,
  rollOut,
  settle,
  sizes,
  sync,
} from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, rolling } from "../../support/workloads.ts";

describe("a paused Deployment", () => {
  test("that was never rolled out makes no ReplicaSet", () => {
    const api = new FakeApi(deploymentOf({ spec: { paused: true } }));
    rollOut(api);
    expect(api.replicaSets).toEqual([]);
    expect(progress(api)).toBe("Unknown/DeploymentPaused");
    expect(api.deployment.status.observedGeneration).toBe(1);
  });

  test("keeps the sizes of a running rollout, surge and all", () => {
    const api = atRest({ replicas: 10, strategy: rolling(3, 2) });
    edit(api, { template: "v2" });
    sync(api);
    settle(api);
    sync(api);
    expect(sizes(api)).toEqual({ v1: 8, v2: 5 });
    edit(api, { paused: true });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 8, v2: 5 });
  });

  test("with less than replicas and surge gives the rest to its largest ReplicaSet", () => {
    const api = atRest({ replicas: 10, strategy: rolling(3, 2) });
    edit(api, { template: "v2" });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 8, v2: 3 });
    edit(api, { paused: true });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 10, v2: 3 });
  });

  test("creates nothing for a new template; its status then knows no updated pods", () => {
    const api = atRest();
    edit(api, { paused: true });
    edit(api, { template: "v2" });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 3 });
    expect(api.deployment.status.updatedReplicas).toBe(0);
    expect(api.deployment.meta.annotations[REVISION]).toBe("1");
  });

  test("is scaled", () => {
    const api = atRest();
    edit(api, { paused: true, replicas: 5 });
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 5 });
  });

  test("goes on in the sync that sees it resumed, with a fresh deadline", () => {
    const api = atRest({ progressDeadlineSeconds: 60 });
    edit(api, { paused: true });
    edit(api, { template: "v2" });
    rollOut(api);
    api.nowMs += 3_600_000;
    edit(api, { paused: false });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 3, v2: 1 });
    const [resumed] = api.changes.filter(
      ({ after }) =>
        after?.kind === "Deployment" && after.status.conditions.some(({ reason }) => reason === "DeploymentResumed"),
    );
    expect(resumed).toBeDefined();
    expect(progress(api)).toBe("True/NewReplicaSetCreated");
    expect(condition(api, "Progressing")?.lastUpdateMs).toBe(api.nowMs);
  });

  test("does not time out", () => {
    const api = atRest({ progressDeadlineSeconds: 60 });
    edit(api, { template: "v2" });
    rollOut(api, only("v1"));
    edit(api, { paused: true });
    rollOut(api, only("v1"));
    api.nowMs += 3_600_000;
    expect(sync(api)).toEqual({});
    expect(progress(api)).toBe("Unknown/DeploymentPaused");
  });

  test("that had timed out keeps saying so", () => {
    const api = atRest({ progressDeadlineSeconds: 60 });
    edit(api, { template: "v2" });
    rollOut(api, only("v1"));
    api.nowMs += 62_000;
    sync(api);
    edit(api, { paused: true });
    sync(api);
    expect(progress(api)).toBe("False/ProgressDeadlineExceeded");
  });

  test("without a deadline has no condition that says so", () => {
    const { progressDeadlineSeconds: _, ...spec } = deploymentOf({ spec: { paused: true } }).spec;
    const api = new FakeApi({ ...deploymentOf(), spec });
    rollOut(api);
    expect(progress(api)).toBeUndefined();
  });
});
