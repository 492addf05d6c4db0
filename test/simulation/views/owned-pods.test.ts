import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addPods, noPods } from "../../../src/controllers/replica-set/counts.ts";
import type { Condition, Digest, Pod, ReplicaSet, Uid } from "../../../src/domain/state.ts";
import { type LabelJudge, OwnedPods } from "../../../src/simulation/views/owned-pods.ts";
import { startMs } from "../../domain/api-server.ts";
import { podNamed } from "./pods.ts";

const replicaSetOf = (minReadySeconds: number): ReplicaSet => ({
  kind: "ReplicaSet",
  meta: podNamed("web").meta,
  spec: {
    replicas: 0,
    minReadySeconds,
    selector: { matchLabels: { app: "web" } },
    template: { digest: "d" as Digest },
  },
  status: {
    observedGeneration: 0,
    replicas: 0,
    fullyLabeledReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    conditions: [],
  },
});

/** The selector asks for `app=web`; the template has a `tier`, too. */
const judgeOf = (tier: string): LabelJudge => ({
  selects: (labels) => labels.app === "web",
  isFullyLabeled: (labels) => labels.app === "web" && labels.tier === tier,
});

type Op =
  | { readonly op: "set"; readonly pod: Pod }
  | { readonly op: "unset"; readonly name: string }
  | { readonly op: "template"; readonly tier: string }
  | { readonly op: "ask"; readonly minReadySeconds: number; readonly nowMs: number };

const name = fc.constantFrom("a", "b", "c", "d");
const tier = fc.constantFrom("front", "back");

const pod: fc.Arbitrary<Pod> = fc
  .record({
    name,
    life: fc.nat({ max: 1 }),
    app: fc.constantFrom("web", "web", "stray"),
    tier,
    readySince: fc.option(fc.nat({ max: 5 })),
    node: fc.constantFrom("", "node-1", "node-2"),
  })
  .map((of) => {
    const labels = { app: of.app, tier: of.tier };
    const ready: Condition[] =
      of.readySince === null
        ? [{ type: "Ready", status: "False", lastTransitionMs: startMs }]
        : [{ type: "Ready", status: "True", lastTransitionMs: startMs + of.readySince * 1000 }];
    const status = { phase: "Running" as const, conditions: ready, initContainers: [], containers: [] };
    const placed = of.node === "" ? { status } : { status, nodeName: of.node };
    return podNamed(of.name, { labels, uid: `${of.name}-${of.life}` as Uid }, placed);
  });

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: pod.map((one) => ({ op: "set" as const, pod: one })) },
  { weight: 1, arbitrary: name.map((one) => ({ op: "unset" as const, name: one })) },
  { weight: 1, arbitrary: tier.map((one) => ({ op: "template" as const, tier: one })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ minReadySeconds: fc.nat({ max: 4 }), nowMs: fc.nat({ max: 9000 }) })
      .map(({ minReadySeconds, nowMs }) => ({ op: "ask" as const, minReadySeconds, nowMs: startMs + nowMs })),
  },
);

describe("the counts of a ReplicaSet's pods", () => {
  it("are, whatever happened since the last question, what adding the pods up gives", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
        const owned = new OwnedPods();
        const all = new Map<string, Pod>();
        let wanted = "front";
        for (const one of ops) {
          if (one.op === "set") {
            owned.set(one.pod.meta.name, one.pod);
            all.set(one.pod.meta.name, one.pod);
          } else if (one.op === "unset") {
            owned.set(one.name, undefined);
            all.delete(one.name);
          } else if (one.op === "template") {
            wanted = one.tier;
            owned.rejudge();
          } else {
            const judge = judgeOf(wanted);
            const replicaSet = replicaSetOf(one.minReadySeconds);
            const labels = { app: "web", tier: wanted };
            const selected = [...all.values()].filter(({ meta }) => judge.selects(meta.labels));
            const strays = [...all.values()].filter(({ meta }) => !judge.selects(meta.labels));
            expect(owned.counts(replicaSet, judge, one.nowMs)).toEqual(
              addPods(noPods, selected, replicaSet, labels, one.nowMs),
            );
            expect(new Set(owned.active(judge))).toEqual(new Set(selected));
            expect(new Set(owned.strays(judge))).toEqual(new Set(strays));
            const onNode = (node: string): number => selected.filter(({ nodeName = "" }) => nodeName === node).length;
            for (const node of ["", "node-1", "node-2"]) expect(owned.perNode(judge).get(node) ?? 0).toBe(onNode(node));
          }
          expect(owned.isEmpty).toBe(all.size === 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
