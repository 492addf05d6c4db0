/** Behaviours of a rollout that are easily got wrong: identity of templates, revisions, generations, and what counts are made of. */
import { describe, expect, test } from "vitest";
import { conditionOf } from "../../../src/domain/state.ts";
import { DESIRED_REPLICAS, REVISION } from "../../../src/kubernetes/well-known.ts";
import { edit, sizes, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf } from "../../support/workloads.ts";
import { rolling, Web } from "./web.ts";

describe("template and revision", () => {
  test("1. template identity is equality, not hash: A → B → A re-uses the first ReplicaSet as revision 3", async () => {
    const web = await new Web().up();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 1m");
    await web.type("kubectl set image deploy/web web=web:1", "rollout advance 1m");
    expect(web.sizes).toEqual([3, 0]);
    expect(web.revisions).toEqual(["3", "2"]);

    const api = new FakeApi(deploymentOf());
    let calls = 0;
    const hashTemplate = () => `never-the-same-${++calls}`;
    for (const template of ["A", "B", "A"]) {
      edit(api, { template });
      for (let i = 0; i < 3; i++) sync(api, { hashTemplate });
    }
    expect(Object.keys(sizes(api))).toEqual(["A", "B"]);
    expect(api.replicaSets.map(({ meta }) => meta.annotations[REVISION])).toEqual(["3", "2"]);
  });

  test("2. revision moves, history shrinks: after an undo to revision 1 of {1,2} history shows 2 and 3", async () => {
    const web = await new Web().up();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 1m");
    await web.type("kubectl rollout undo deploy/web --to-revision=1", "rollout advance 1m");
    const history = await web.type("kubectl rollout history deploy/web");
    expect(history.match(/^\d+/gm)).toEqual(["2", "3"]);
    expect((await web.attempt("kubectl rollout undo deploy/web --to-revision=1")).err).toBe(
      "error: unable to find specified revision 1 in history\n",
    );
  });

  test("3. a Deployment's annotations bump its generation, which observedGeneration follows at the next sync", async () => {
    const web = await new Web().up();
    await web.type("kubectl annotate deploy/web note=hello");
    const { meta, status } = web.deployment;
    expect([meta.generation, status.observedGeneration]).toEqual([2, 1]);
    expect(await web.type("kubectl rollout status deploy/web")).toBe(
      'Waiting for deployment spec update to be observed...\ndeployment "web" successfully rolled out\n',
    );
    expect(web.deployment.status.observedGeneration).toBe(2);
  });

  test('4. the revision is written through the status: a fresh Deployment ends with generation 1 and revision "1"', async () => {
    const web = await new Web().up();
    const { meta, status } = web.deployment;
    expect([meta.generation, status.observedGeneration, meta.annotations[REVISION]]).toEqual([1, 1, "1"]);
  });
});

describe("limits of a rolling update", () => {
  test("5. surge 0 and unavailable 10 % of 5 become 0 and 1, and the rollout does not deadlock", async () => {
    const web = await new Web().up({ replicas: 5, strategy: rolling(0, "10%") });
    const startMs = web.session.now();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 2m");
    expect(web.sizes).toEqual([0, 5]);
    expect(web.extremes(startMs)).toEqual({ mostWanted: 5, fewestServing: 4 });
  });

  test("5. surge 10 % of 5 is 1, and unavailable 0 beside it stays 0", async () => {
    const web = await new Web().up({ replicas: 5, strategy: rolling("10%", 0) });
    const startMs = web.session.now();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 2m");
    expect(web.sizes).toEqual([0, 5]);
    expect(web.extremes(startMs)).toEqual({ mostWanted: 6, fewestServing: 5 });
  });

  test("6. surge rounds up and unavailable rounds down: with 25 % of 3 at least 3 of at most 4 pods serve throughout", async () => {
    const web = await new Web().up({ replicas: 3, strategy: rolling("25%", "25%") });
    const startMs = web.session.now();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 2m");
    expect(web.sizes).toEqual([0, 3]);
    expect(web.extremes(startMs)).toEqual({ mostWanted: 4, fewestServing: 3 });
  });

  test("7. creation and scale-down share a sync, later scale-ups and scale-downs do not: 10 pods go 0→3 with 10→8", async () => {
    const web = await new Web().up({ replicas: 10 });
    const startMs = web.session.now();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 2m");
    const [first, ...later] = web.syncs(startMs);
    expect(first).toEqual(["2: 0→3", "1: 10→8"]);
    expect(later.length).toBeGreaterThan(2);
    for (const changes of later) expect(changes).toHaveLength(1);
  });
});

describe("counts of a status", () => {
  test("8. unavailableReplicas counts what should be, replicas what is: 3 and 0 before the first pod", async () => {
    const web = await new Web().up();
    const [first] = web.states("Deployment").filter(({ status }) => status.observedGeneration > 0);
    expect(first?.status).toMatchObject({ replicas: 0, unavailableReplicas: 3 });
  });

  test("17. a condition that keeps status and reason keeps its times: Available=False through a hundred syncs", async () => {
    const web = new Web();
    await web.type("rollout behave image=web:1 --never-ready");
    await web.up();
    const before = web.condition("Available");
    expect(before).toMatchObject({ status: "False", reason: "MinimumReplicasUnavailable" });
    for (let i = 0; i < 100; i++)
      await web.type(`kubectl annotate deploy/web note=${i} --overwrite`, "rollout advance 1s");
    expect(web.deployment.status.observedGeneration).toBe(101);
    expect(web.condition("Available")).toEqual(before);
  });

  test("20. old ReplicaSets of size 0 keep a stale desired-replicas, which makes no scaling of an undo", async () => {
    const web = await new Web().up();
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 1m");
    await web.type("kubectl scale deploy/web --replicas=5", "rollout advance 1m");
    expect(web.sizes).toEqual([0, 5]);
    expect(web.replicaSets.map(({ meta }) => meta.annotations[DESIRED_REPLICAS])).toEqual(["3", "5"]);
    const startMs = web.session.now();
    await web.type("kubectl rollout undo deploy/web", "rollout advance 1m");
    expect(web.syncs(startMs).slice(0, 2)).toEqual([["1: 0→2"], ["2: 5→4"]]);
    expect(web.sizes).toEqual([5, 0]);
  });

  test("22. a ReplicaSet's status lags by one: its first says 0 replicas although the pods have been created", async () => {
    const web = await new Web().up();
    const changes = web.moments().filter(({ event }) => event.type === "ReplicaSetStatusChanged");
    const created = web.moments().filter(({ event }) => event.type === "PodCreated");
    const [first, second] = changes.map(({ after }) => (after?.kind === "ReplicaSet" ? after.status : undefined));
    expect(first).toMatchObject({ observedGeneration: 1, replicas: 0 });
    expect(second).toMatchObject({ observedGeneration: 1, replicas: 3 });
    expect(created).toHaveLength(3);
    for (const { seq } of created) expect(seq).toBeLessThan(changes[0]?.seq ?? 0);
  });

  test("21. available is not ready: with minReadySeconds 30 a pod ready for 10 s serves, and is available 20 s later", async () => {
    const web = await new Web().apply({ minReadySeconds: 30 });
    while (web.deployment.status.readyReplicas < 3) await web.session.advance(100);
    await web.type("rollout advance 10s");
    expect(web.deployment.status).toMatchObject({ readyReplicas: 3, availableReplicas: 0, unavailableReplicas: 3 });
    const [slice] = web.world.all("EndpointSlice");
    expect(slice?.endpoints.map(({ conditions }) => conditions.ready)).toEqual([true, true, true]);
    const readyMs = web.pods.map(({ status }) => conditionOf(status.conditions, "Ready")?.lastTransitionMs ?? 0);
    await web.type("rollout advance 30s");
    expect(web.deployment.status).toMatchObject({ readyReplicas: 3, availableReplicas: 3, unavailableReplicas: 0 });
    const { lastTransitionMs } = web.condition("Available");
    expect(lastTransitionMs - Math.min(...readyMs)).toBe(30_000);
  });
});

test("19. history cleanup needs completeness and skips what has pods while it consumes a slot: limit 1 deletes revision 2", async () => {
  const web = await new Web().up();
  for (const tag of [2, 3, 4]) {
    await web.type(`rollout behave image=web:${tag} --never-ready`);
    await web.type(`kubectl set image deploy/web web=web:${tag}`, "rollout advance 1m");
  }
  await web.type('kubectl patch deploy/web -p {"spec":{"revisionHistoryLimit":1}}', "rollout advance 1m");
  expect(web.revisions).toEqual(["1", "2", "3", "4"]);
  expect(web.sizes).toEqual([3, 0, 0, 1]);
  await web.type("kubectl rollout pause deploy/web", "rollout advance 1m");
  expect(web.revisions).toEqual(["1", "3", "4"]);
});

test("25. what a command says when nothing changes", async () => {
  const web = await new Web().up();
  const silent = { code: 0, out: "", err: "" };
  expect(await web.attempt("kubectl set image deploy/web web=web:1")).toEqual(silent);
  expect(await web.type("kubectl scale deploy/web --replicas=3")).toBe("deployment.apps/web scaled\n");
  await web.type("kubectl set image deploy/web web=web:2", "rollout advance 1m");
  await web.type("kubectl set image deploy/web web=web:1");
  expect(await web.type("kubectl rollout undo deploy/web")).toBe(
    "deployment.apps/web skipped rollback (current template already matches revision 0)\n",
  );
  await web.type("kubectl rollout pause deploy/web");
  expect(await web.attempt("kubectl rollout pause deploy/web")).toEqual({
    code: 1,
    out: "",
    err: 'error: deployments.apps "web" is already paused\n',
  });
});
