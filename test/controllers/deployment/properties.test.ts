/** Laws of the Deployment controller, whatever people and pods do between its syncs. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isScalingEvent } from "../../../src/controllers/deployment/scaling.ts";
import type { ReplicaSet } from "../../../src/domain/state.ts";
import { maxSurge, maxUnavailable } from "../../../src/kubernetes/int-or-percent.ts";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import { atRest, edit, report, rollOut, sync } from "../../support/deployment-cluster.ts";
import type { FakeApi } from "../../support/fake-api.ts";
import { rolling } from "../../support/workloads.ts";

const limit = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);

const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ pods: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ template: fc.integer({ min: 1, max: 4 }).map((n) => `v${n}`) }) },
  { weight: 1, arbitrary: fc.record({ replicas: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ paused: fc.boolean() }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const story = fc.record({
  replicas: fc.integer({ min: 0, max: 12 }),
  surge: limit,
  unavailable: limit,
  historyLimit: fc.integer({ min: 0, max: 3 }),
  happenings: fc.array(happening, { maxLength: 15 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

const happen = (api: FakeApi, what: Happening): void => {
  if (!("pods" in what)) {
    edit(api, what);
    return;
  }
  api.replicaSets.forEach((replicaSet, i) => {
    const { replicas } = replicaSet.spec;
    const available = Math.floor((replicas * (what.pods[i % what.pods.length] ?? 0)) / 100);
    report(api, replicaSet, { replicas, readyReplicas: available, availableReplicas: available });
  });
};

/** Statuses in which no ReplicaSet has more available pods than it should have pods. */
const catchUp = (api: FakeApi): void => {
  for (const replicaSet of api.replicaSets) {
    const available = Math.min(replicaSet.spec.replicas, replicaSet.status.availableReplicas);
    report(api, replicaSet, { availableReplicas: available, readyReplicas: available });
  }
};

/**
 * Scaled in the middle of a rollout to just the size of the only active ReplicaSet, whose annotation then stays stale: Kubernetes
 * takes every sync for a scaling and never goes on (kubernetes/kubernetes#102551).
 */
const isHeldUpByScaling = (api: FakeApi): boolean => {
  const [active, another] = api.replicaSets.filter(({ spec }) => spec.replicas > 0);
  const alone = active !== undefined && another === undefined && active.spec.replicas === api.deployment.spec.replicas;
  return alone && isScalingEvent(api.deployment, api.replicaSets);
};

/** Lives through the story; `check` sees each sync: what was there before it, and the cluster after it. */
const live = (
  given: Story,
  check: (before: readonly ReplicaSet[], api: FakeApi) => void = () => undefined,
): FakeApi => {
  const { replicas, surge, unavailable, historyLimit, happenings } = given;
  const api = atRest({ replicas, strategy: rolling(surge, unavailable), revisionHistoryLimit: historyLimit });
  for (const what of happenings) {
    happen(api, what);
    catchUp(api);
    const before = api.replicaSets;
    sync(api);
    check(before, api);
    api.nowMs += 1000;
  }
  return api;
};

const total = (replicaSets: readonly ReplicaSet[]): number =>
  replicaSets.reduce((sum, { spec }) => sum + spec.replicas, 0);

const holds = (law: (given: Story) => void): void => fc.assert(fc.property(story, law), { numRuns: 150 });

test("where a sync raises the sum of sizes, it stays within replicas and surge", () => {
  holds((given) => {
    live(given, (before, api) => {
      const { spec } = api.deployment;
      if (total(api.replicaSets) > total(before)) {
        expect(total(api.replicaSets)).toBeLessThanOrEqual(spec.replicas + maxSurge(spec));
      }
    });
  });
});

test("a rollout takes no available pod that the minimum needs", () => {
  holds((given) => {
    live(given, (before, api) => {
      const { spec } = api.deployment;
      if (spec.paused || isScalingEvent(api.deployment, before)) return;
      const available = before.reduce((sum, { status }) => sum + status.availableReplicas, 0);
      const left = before.reduce((sum, { meta, status }) => {
        const now = api.replicaSets.find((replicaSet) => replicaSet.meta.uid === meta.uid);
        return sum + Math.min(status.availableReplicas, now?.spec.replicas ?? 0);
      }, 0);
      expect(left).toBeGreaterThanOrEqual(Math.min(available, spec.replicas - maxUnavailable(spec)));
    });
  });
});

test("a paused Deployment creates no ReplicaSet", () => {
  holds((given) => {
    live(given, (before, api) => {
      if (api.deployment.spec.paused) expect(api.replicaSets.length).toBeLessThanOrEqual(before.length);
    });
  });
});

test("as long as no history is deleted, revisions never decrease", () => {
  holds((given) => {
    let revision = 0;
    live({ ...given, historyLimit: 10 }, (_, api) => {
      const now = Number(api.deployment.meta.annotations[REVISION]);
      expect(now).toBeGreaterThanOrEqual(revision);
      revision = now;
    });
  });
});

test("once all pods become available, the rollout finishes, and the history is within its limit", () => {
  holds((given) => {
    const api = live(given);
    edit(api, { paused: false });
    rollOut(api);
    if (isHeldUpByScaling(api)) return;
    const { replicas, template } = api.deployment.spec;
    expect(api.deployment.status).toMatchObject({ replicas, updatedReplicas: replicas, availableReplicas: replicas });
    const old = api.replicaSets.filter(({ spec }) => spec.template.digest !== template);
    expect(total(old)).toBe(0);
    expect(old.length).toBeLessThanOrEqual(given.historyLimit);
  });
});
