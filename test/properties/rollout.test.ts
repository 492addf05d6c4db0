import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment } from "../../src/domain/state.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { maxSurge, maxUnavailable } from "../../src/kubernetes/int-or-percent.ts";
import { REVISION } from "../../src/kubernetes/well-known.ts";
import { deploymentIn, replicaSetsOf, walk } from "../support/history.ts";
import type { Plan } from "../support/plan.ts";
import { healthyPlan, play, troubledPlan } from "../support/plan.ts";
import { playedOnce } from "../support/played.ts";
import { started, typed } from "../support/terminal.ts";

const played = playedOnce();

/** Holds for the history of every plan, faults and all. */
const always = (law: (session: LedgerSession) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => law(await played.after(plan))),
    { numRuns: 40, seed: played.seed },
  );

/** Holds of every cluster that a plan without faults leaves; the law goes on with it. */
const afterwards = (
  plans: fc.Arbitrary<Plan>,
  numRuns: number,
  law: (session: LedgerSession, plan: Plan) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      await law(session, plan);
      session.close();
    }),
    { numRuns },
  );

const revisionOf = (annotations: Readonly<Record<string, string>>): number => Number(annotations[REVISION] ?? 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

describe("whatever people do and whatever goes wrong", () => {
  it("the controller never raises the ReplicaSets' sizes above replicas plus surge", () =>
    always((session) => {
      walk(session, ({ actor, event, before, after, view }, world) => {
        if (actor !== "controller:deployment" || after?.kind !== "ReplicaSet") return;
        const raised =
          event.type === "ReplicaSetScaled" ? event.data.to > event.data.from : event.type === "ReplicaSetCreated";
        const deployment = deploymentIn(world);
        if (!raised || !deployment || (before && before.kind !== "ReplicaSet")) return;
        const total = sum(replicaSetsOf(world, deployment).map(({ spec }) => spec.replicas));
        const grows = event.type === "ReplicaSetScaled" || after.spec.replicas > 0;
        if (grows)
          expect(total, `at view ${view}`).toBeLessThanOrEqual(deployment.spec.replicas + maxSurge(deployment.spec));
      });
    }));

  it("a rollout's scale-down never goes below the minimum in the view that it was decided on", () =>
    always((session) => {
      const decisions: { view: number; from: number; to: number; stream: string }[] = [];
      walk(session, ({ actor, event, view, stream }) => {
        if (actor !== "controller:deployment" || event.type !== "ReplicaSetScaled") return;
        if (event.data.to < event.data.from) decisions.push({ view, stream, ...event.data });
      });
      const pending = new Map<number, typeof decisions>();
      for (const decision of decisions) pending.set(decision.view, [...(pending.get(decision.view) ?? []), decision]);
      walk(session, ({ seq }, world) => {
        const taken = pending.get(seq);
        const deployment = deploymentIn(world);
        if (!taken || !deployment) return;
        const all = replicaSetsOf(world, deployment);
        const current = all.find(({ spec }) => spec.template.digest === deployment.spec.template);
        // Scaling, pausing, Recreate and a new ReplicaSet above its size follow other rules than the rollout's.
        const isScaling = all.some(
          ({ spec, meta }) =>
            spec.replicas > 0 &&
            meta.annotations["deployment.kubernetes.io/desired-replicas"] !== String(deployment.spec.replicas),
        );
        const isSaturated =
          current !== undefined && taken.some(({ stream }) => stream.endsWith(`/${current.meta.name}`));
        if (isScaling || isSaturated || deployment.spec.paused || deployment.spec.strategy.type === "Recreate") return;
        const available = sum(all.map(({ status }) => status.availableReplicas));
        const loss = sum(
          taken.map(({ stream, to, from }) => {
            const observed = all.find(({ meta }) => stream.endsWith(`/${meta.name}`))?.status.availableReplicas ?? 0;
            return Math.max(0, Math.min(observed, from) - to);
          }),
        );
        const minimum = deployment.spec.replicas - maxUnavailable(deployment.spec);
        if (loss > 0) expect(available - loss).toBeGreaterThanOrEqual(minimum);
      });
    }));

  it("a paused Deployment makes no ReplicaSet", () =>
    always((session) => {
      const pausedAt = new Map<number, boolean>();
      walk(session, ({ seq, event, actor, view }, world) => {
        pausedAt.set(seq, deploymentIn(world)?.spec.paused ?? false);
        if (event.type === "ReplicaSetCreated" && actor === "controller:deployment")
          expect(pausedAt.get(view)).toBe(false);
      });
    }));

  it("revisions only increase, and no two ReplicaSets share one", () =>
    always((session) => {
      walk(session, ({ event, before, after }, world) => {
        if (event.type === "DeploymentRevisionAssigned" && before?.kind === "Deployment") {
          expect(Number(event.data.revision)).toBeGreaterThan(revisionOf(before.meta.annotations));
        }
        const deployment = deploymentIn(world);
        if (event.type !== "ReplicaSetRevisionAssigned" || !deployment || after?.kind !== "ReplicaSet") return;
        const revisions = replicaSetsOf(world, deployment).map(({ meta }) => revisionOf(meta.annotations));
        expect(new Set(revisions).size).toBe(revisions.length);
      });
    }));

  it("every pod's life is a word of the lifecycle grammar", () =>
    always((session) => {
      const lives = new Map<string, string>();
      walk(session, ({ stream, event }) => {
        if (!stream.startsWith("Pod/")) return;
        const life = lives.get(stream) ?? "";
        lives.set(stream, life + (letters[event.type] ?? ""));
      });
      for (const [pod, life] of lives) expect(life, pod).toMatch(lifeOfPod);
    }));
});

/**
 * C created, S scheduled, U unschedulable, A accepted, r runs, R ready, u unready, t terminated, b backs off, F failed,
 * D deletion asked for, X gone.
 */
const letters: Readonly<Record<string, string>> = {
  PodCreated: "C",
  PodScheduled: "S",
  PodUnschedulable: "U",
  PodStarted: "A",
  PodContainerStarted: "r",
  PodReady: "R",
  PodUnready: "u",
  PodContainerTerminated: "t",
  PodBackOff: "b",
  PodFailed: "F",
  PodDeletionRequested: "D",
  PodDeleted: "X",
};
/** A run may become ready and unready by turns and end; a pod may fail on its node; its deletion may come at any time. */
const run = "(rD?(RD?uD?)*R?D?(tu?b?)?)";
const lifeOfPod = new RegExp(`^CU*(S(A${run}*)?D?u?F?)?D*t?X?$`);

describe("while nothing goes wrong", () => {
  it("every rollout finishes once it is left alone", () =>
    afterwards(healthyPlan(), 60, async (session) => {
      await typed(session, "rollout resume deploy/web");
      await session.advance(300_000);
      const status = await typed(session, "rollout status deploy/web --timeout=1h");
      expect(status.err).toBe("");
      expect(status.out).toMatch(/deployment "web" successfully rolled out\n$/);
    }));

  it("the history limit holds at rest", () =>
    afterwards(healthyPlan(), 40, async (session, plan) => {
      await typed(session, "rollout resume deploy/web");
      await session.advance(600_000);
      const replicaSets = session.list("ReplicaSet", "default");
      expect(replicaSets.length).toBeLessThanOrEqual(plan.revisionHistoryLimit + 1);
    }));

  it("undo restores the very template of a revision, and gives it the next number", () =>
    afterwards(healthyPlan(8), 40, async (session) => {
      await typed(session, "rollout resume deploy/web");
      await session.advance(300_000);
      const before = templates(session);
      const current = deployment(session);
      const target = [...before].find(([revision]) => revision !== revisionOf(current.meta.annotations));
      if (!target) return;
      const [revision, template] = target;
      const { out } = await typed(session, `rollout undo deploy/web --to-revision=${revision}`);
      expect(out).toBe("deployment.apps/web rolled back\n");
      await session.advance(300_000);
      const after = deployment(session);
      expect(after.spec.template).toBe(template);
      expect(revisionOf(after.meta.annotations)).toBe(Math.max(...before.keys()) + 1);
      expect([...templates(session).keys()]).not.toContain(revision);
    }));
});

const deployment = (session: LedgerSession): Deployment => {
  let found: Deployment | undefined;
  walk(session, (_, world) => {
    found = deploymentIn(world);
  });
  if (!found) throw new Error("the plan's Deployment is gone");
  return found;
};

/** Template digests by revision. */
const templates = (session: LedgerSession): ReadonlyMap<number, string> => {
  const found = new Map<number, string>();
  walk(session, (_, world) => {
    found.clear();
    const owner = deploymentIn(world);
    for (const { meta, spec } of owner ? replicaSetsOf(world, owner) : []) {
      found.set(revisionOf(meta.annotations), spec.template.digest);
    }
  });
  return found;
};
