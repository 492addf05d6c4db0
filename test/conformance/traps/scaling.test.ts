/** Behaviours of a rollout that are easily got wrong: who may shrink, and how a change of size is shared out. */
import { describe, expect, test } from "vitest";
import { maxScaledDown } from "../../../src/controllers/deployment/formulas.ts";
import { getReplicaSetFraction, isScalingEvent } from "../../../src/controllers/deployment/scaling.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "../../../src/kubernetes/well-known.ts";
import { rollOut, sizes, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, replicaSetOf, rolling as rollingUpdate, startMs } from "../../support/workloads.ts";
import { isServing, rolling, Web } from "./web.ts";

/** `v1`, `v2` and so on with these sizes, all pods available; the last one is new. */
const rollingAt = (
  replicaSizes: readonly number[],
  before: { readonly replicas: number; readonly surge: number },
  now: { readonly replicas: number; readonly surge: number },
): FakeApi => {
  const annotations = {
    [DESIRED_REPLICAS]: String(before.replicas),
    [MAX_REPLICAS]: String(before.replicas + before.surge),
  };
  const replicaSets = replicaSizes.map((replicas, i) => {
    const template = `v${i + 1}`;
    const meta = { annotations, createdAtMs: startMs + i * 1000 };
    return replicaSetOf(`web-${template}`, { template, replicas, revision: i + 1, meta });
  });
  const template = digestOf(`v${replicaSizes.length}`);
  const strategy = rollingUpdate(now.surge, 2);
  return new FakeApi(deploymentOf({ spec: { replicas: now.replicas, template, strategy } }), ...replicaSets);
};

describe("scaling down in a rollout", () => {
  test("9. unhealthy old pods go first: of 10 with 2 unready the first step takes these 2, and 8 go on serving", async () => {
    const web = await new Web().up({ replicas: 10, strategy: rolling(3, 2) });
    const [first, second] = [web.pods[3]?.meta.name, web.pods[7]?.meta.name];
    await web.type(`rollout fault unready pod/${first}`, `rollout fault unready pod/${second}`, "rollout advance 1m");
    expect(web.pods.filter(isServing)).toHaveLength(8);
    const fromMs = web.session.now();
    await web.type("rollout behave image=web:2 --never-ready", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 1m");
    expect(web.syncs(fromMs)[0]).toEqual(["2: 0→3", "1: 10→8"]);
    const gone = web.moments(fromMs).filter(({ event }) => event.type === "PodDeletionRequested");
    expect(gone.map(({ stream }) => stream).sort()).toEqual([`Pod/default/${first}`, `Pod/default/${second}`].sort());
    expect(web.extremes(fromMs).fewestServing).toBe(8);
  });

  test("10. unavailable new pods reduce the budget: 13 − 8 − 5 = 0, so that even an unready old pod stays", async () => {
    const web = await new Web().up({ replicas: 10, strategy: rolling(3, 2) });
    await web.type("rollout behave image=web:2 --never-ready", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 1m");
    expect(web.sizes).toEqual([8, 5]);
    const old = web.pods.find(isServing)?.meta.name;
    await web.type(`rollout fault unready pod/${old}`, "rollout advance 1m");
    expect(web.pods.filter(isServing)).toHaveLength(7);
    expect(web.sizes).toEqual([8, 5]);
    const [, newRS] = web.replicaSets;
    expect(newRS && maxScaledDown(web.deployment, web.replicaSets, newRS)).toBe(0);
  });
});

describe("proportional scaling", () => {
  test("11. leftover goes wholly to the largest, of equals to the oldest when shrinking: {1,1,1} from 3 to 2 removes v1", () => {
    const api = rollingAt([1, 1, 1], { replicas: 3, surge: 0 }, { replicas: 2, surge: 0 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 0, v2: 1, v3: 1 });
  });

  test("11. leftover goes to the newest of equals when growing: {1,1,1} from 3 to 4 adds to v3", () => {
    const api = rollingAt([1, 1, 1], { replicas: 3, surge: 0 }, { replicas: 4, surge: 0 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 1, v2: 1, v3: 2 });
  });

  test("11. it needs several active ReplicaSets and a new one that is not saturated", () => {
    const alone = rollingAt([0, 3], { replicas: 3, surge: 1 }, { replicas: 6, surge: 1 });
    sync(alone);
    expect(sizes(alone)).toEqual({ v1: 0, v2: 6 });

    const saturated = rollingAt([2, 3], { replicas: 3, surge: 0 }, { replicas: 3, surge: 0 });
    const [old] = saturated.replicaSets;
    // The old one is from before an earlier change of size, which makes this a scaling; the new one carries all of it.
    if (old) saturated.put({ ...old, meta: { ...old.meta, annotations: { [DESIRED_REPLICAS]: "5" } } });
    sync(saturated);
    expect(sizes(saturated)).toEqual({ v1: 0, v2: 3 });
  });

  test("12. shares are rounded half away from zero on the target size: 1·3/2 is 2, and 1·1/2 is 1", () => {
    const ofTwo = replicaSetOf("web-1", { replicas: 1, meta: { annotations: { [MAX_REPLICAS]: "2" } } });
    const to = (replicas: number) => deploymentOf({ spec: { replicas, strategy: rollingUpdate(0, 1) } });
    expect(getReplicaSetFraction(to(3), ofTwo)).toBe(1);
    expect(getReplicaSetFraction(to(1), ofTwo)).toBe(0);
    const ofFive = replicaSetOf("web-1", { replicas: 2, meta: { annotations: { [MAX_REPLICAS]: "5" } } });
    expect(getReplicaSetFraction(to(10), ofFive)).toBe(2);
    expect(getReplicaSetFraction(to(4), ofFive)).toBe(0);
  });

  test("13. annotations follow although sizes stay: 5 + 6 of 8 with surge 3 fit, and the rollout goes on", () => {
    const api = rollingAt([5, 6], { replicas: 10, surge: 1 }, { replicas: 8, surge: 3 });
    sync(api);
    expect(sizes(api)).toEqual({ v1: 5, v2: 6 });
    expect(api.replicaSets.map(({ meta }) => meta.annotations)).toEqual([
      expect.objectContaining({ [DESIRED_REPLICAS]: "8", [MAX_REPLICAS]: "11" }),
      expect.objectContaining({ [DESIRED_REPLICAS]: "8", [MAX_REPLICAS]: "11" }),
    ]);
    expect(isScalingEvent(api.deployment, api.replicaSets)).toBe(false);
    rollOut(api);
    expect(sizes(api)).toEqual({ v1: 0, v2: 8 });
  });
});
