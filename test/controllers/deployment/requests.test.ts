/** What a sync sends, also where nothing comes of it. */
import { describe, expect, test } from "vitest";
import { refusal } from "../../../src/kubernetes/refusal.ts";
import { CHANGE_CAUSE, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO } from "../../../src/kubernetes/well-known.ts";
import { atRest, edit, only, rollOut, settle, sync } from "../../support/deployment-cluster.ts";
import { FakeApi } from "../../support/fake-api.ts";
import { deploymentOf, digestOf, replicaSetOf, rolling, startMs } from "../../support/workloads.ts";

const recreate = { type: "Recreate" as const };
/** Without a deadline there is no `Progressing` condition to write. */
const noDeadline = { progressDeadlineSeconds: 2_147_483_647 };

describe("a sync with nothing to do sends nothing", () => {
  test("when the annotations are copied already", () => {
    const api = new FakeApi(deploymentOf({ meta: { annotations: { [CHANGE_CAUSE]: "first" } } }));
    rollOut(api);
    api.received.length = 0;
    sync(api);
    expect(api.received).toEqual([]);
  });

  test("when it is paused in the middle of a rollout", () => {
    const api = atRest({ replicas: 4 });
    edit(api, { template: "broken" });
    rollOut(api, only("v1"));
    edit(api, { paused: true });
    rollOut(api, only("v1"));
    api.received.length = 0;
    sync(api);
    expect(api.received).toEqual([]);
  });
});

test("where creation is refused and no condition can say so, no status is sent", () => {
  const api = new FakeApi(deploymentOf({ spec: noDeadline }));
  api.refuse = () => refusal("Forbidden", "exceeded quota");
  expect(sync(api)).toEqual({ error: "exceeded quota" });
  expect(api.received.map(({ verb }) => verb)).toEqual(["createDraft"]);
});

const newTemplateForRecreate = (): FakeApi => {
  const api = atRest({ strategy: recreate, ...noDeadline });
  edit(api, { template: "v2" });
  return api;
};

const backToOldTemplate = (): FakeApi => {
  const api = atRest();
  edit(api, { template: "v2" });
  rollOut(api);
  edit(api, { template: "v1" });
  return api;
};

/** Paused, and scaled from one size to another; every pod is available. */
const scaled = (from: number, to: number, current: number, old: readonly number[]): FakeApi => {
  const annotations = { [DESIRED_REPLICAS]: String(from), [MAX_REPLICAS]: String(from) };
  const spec = { replicas: to, template: digestOf("new"), strategy: rolling(0, 1), paused: true, ...noDeadline };
  return new FakeApi(
    deploymentOf({ spec }),
    ...old.map((replicas, nth) =>
      replicaSetOf(`web-old${nth}`, { template: `old${nth}`, replicas, meta: { annotations } }),
    ),
    replicaSetOf("web-new", { template: "new", replicas: current, meta: { annotations } }),
  );
};

/** Clusters in which the next sync sends the writes of its title, and others. */
const situations: Readonly<Record<string, () => FakeApi>> = {
  "takes the old down for Recreate": newTemplateForRecreate,
  "creates the new for Recreate": () => {
    const api = newTemplateForRecreate();
    sync(api);
    settle(api);
    return api;
  },
  "takes the new up for Recreate": () => {
    const api = newTemplateForRecreate();
    rollOut(api);
    edit(api, { template: "v1" });
    sync(api);
    sync(api);
    settle(api);
    return api;
  },
  "cleans up after Recreate": () => {
    const api = newTemplateForRecreate();
    rollOut(api);
    edit(api, { revisionHistoryLimit: 0 });
    const { deployment } = api;
    api.put({ ...deployment, status: { ...deployment.status, observedGeneration: deployment.meta.generation } });
    return api;
  },
  "renumbers an old ReplicaSet that becomes the new one": backToOldTemplate,
  "renumbers it for a Deployment that is being deleted": () => {
    const api = backToOldTemplate();
    const { deployment } = api;
    api.put({ ...deployment, meta: { ...deployment.meta, deletion: { deadlineMs: startMs, graceSeconds: 0 } } });
    return api;
  },
  "creates the new ReplicaSet before it rolls back": () => {
    const api = atRest(noDeadline);
    const { deployment } = api;
    api.put({ ...deployment, meta: { ...deployment.meta, annotations: { [ROLLBACK_TO]: "1" } } });
    edit(api, { template: "v2" });
    return api;
  },
  "takes down what a saturated ReplicaSet replaces": () => scaled(2, 2, 2, [1, 1]),
  "gives each its share": () => scaled(5, 10, 2, [3]),
  "says that it is paused, and cleans up": () => {
    const api = atRest();
    edit(api, { template: "v2" });
    rollOut(api);
    edit(api, { paused: true, revisionHistoryLimit: 0 });
    return api;
  },
};

test.each(Object.entries(situations))(
  "a sync that %s ends with the first write that is refused: its text is the error, and nothing more is sent",
  (_, situation) => {
    const undisturbed = situation();
    undisturbed.received.length = 0;
    expect(sync(undisturbed).error).toBeUndefined();
    const writes = undisturbed.received.length;
    expect(writes).toBeGreaterThan(0);
    for (let nth = 1; nth <= writes; nth += 1) {
      const api = situation();
      api.received.length = 0;
      api.refuse = () => (api.received.length === nth ? refusal("Forbidden", `not the write ${nth}`) : undefined);
      expect(sync(api)).toEqual({ error: `not the write ${nth}` });
      expect(api.received).toHaveLength(nth);
    }
  },
);
