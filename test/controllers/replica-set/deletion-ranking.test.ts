import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { podsToDelete } from "../../../src/controllers/replica-set/deletion-ranking.ts";
import type { Pod } from "../../../src/domain/state.ts";
import type { PodPhase } from "../../../src/kubernetes/objects.ts";
import { POD_DELETION_COST } from "../../../src/kubernetes/well-known.ts";
import { startMs, uidOf } from "../../support/workloads.ts";
import { type PodFields, running, webOf } from "./pods.ts";

const minute = 60_000;
const nowMs = startMs + 1_000 * minute;
const owner = webOf(1);
const readyFor = (minutes: number): number => nowMs - minutes * minute;

const pod = (name: string, fields: PodFields = {}): Pod => {
  const { meta, ...rest } = fields;
  return running(name, owner, {
    readyAtMs: readyFor(100),
    ...rest,
    meta: { uid: uidOf(name), createdAtMs: startMs, ...meta },
  });
};

const order = (pods: readonly Pod[], perNode: Readonly<Record<string, number>> = {}): readonly string[] =>
  podsToDelete(pods, pods.length, { nowMs, activePodsPerNode: new Map(Object.entries(perNode)) }).map(
    ({ meta }) => meta.name,
  );

const unready = (name: string, phase: PodPhase = "Running"): Pod => {
  const unreadyPod = running(name, owner, { meta: { uid: uidOf(name) } });
  return { ...unreadyPod, status: { ...unreadyPod.status, phase } };
};

describe("the order of deletion", () => {
  test("unscheduled before scheduled, pending before unknown before running, unready before ready", () => {
    const unscheduled = pod("e-unscheduled", { node: "" });
    const [pending, unknown] = [unready("d-pending", "Pending"), unready("c-unknown", "Unknown")];
    const all = [pod("a-ready"), unready("b-unready"), unknown, pending, unscheduled];
    expect(order(all)).toEqual(["e-unscheduled", "d-pending", "c-unknown", "b-unready", "a-ready"]);
  });

  test("a pod that says nothing about being ready is not", () => {
    const silent = pod("b-silent");
    const { conditions: _, ...status } = silent.status;
    expect(order([pod("a-ready"), { ...silent, status: { ...status, conditions: [] } }])).toEqual([
      "b-silent",
      "a-ready",
    ]);
  });

  const costing = (name: string, cost: string): Pod =>
    pod(name, { meta: { annotations: { [POD_DELETION_COST]: cost } } });

  test("costs may have several digits, up to the ends of an int32", () => {
    const all = [
      costing("a", "0"),
      costing("b", "-10"),
      costing("c", "-2147483648"),
      costing("d", "-2147483649"),
      costing("e", "2147483647"),
    ];
    expect(order(all)).toEqual(["c", "b", "a", "d", "e"]);
  });

  test("a lower deletion cost goes first; a cost that is no int32 counts as 0", () => {
    const all = [
      costing("a", "5"),
      costing("b", "+3"),
      costing("c", "-1"),
      costing("d", "007"),
      costing("e", "2147483648"),
    ];
    expect(order(all)).toEqual(["c", "b", "d", "e", "a"]);
  });

  test("a pod on the fuller node goes first, even if it is much older", () => {
    const young = pod("a-young", { node: "node-1", readyAtMs: readyFor(1) });
    const old = pod("b-old", { node: "node-2", readyAtMs: readyFor(900) });
    expect(order([young, old], { "node-1": 1, "node-2": 2 })).toEqual(["b-old", "a-young"]);
  });

  test("ages count on a logarithmic scale: 70 minutes are younger than 80, 80 and 140 are about as old", () => {
    const [seventy, eighty] = [pod("b", { readyAtMs: readyFor(70) }), pod("a", { readyAtMs: readyFor(80) })];
    expect(order([eighty, seventy])).toEqual(["b", "a"]);
    const oneForty = pod("0-smaller-uid", { readyAtMs: readyFor(140) });
    expect(order([eighty, oneForty])).toEqual(["0-smaller-uid", "a"]);
  });

  test("of pods ready since the same second the one with more restarts goes first, then the younger", () => {
    expect(order([pod("a"), pod("b", { restarts: 3 })])).toEqual(["b", "a"]);
    expect(order([pod("a"), pod("b", { meta: { createdAtMs: nowMs - 1000 } })])).toEqual(["b", "a"]);
  });

  // Of a and b, ready since the same second, the younger goes first; c, ready a second earlier, is told from either by UID.
  const circle = [
    pod("b", { readyAtMs: readyFor(100) }),
    pod("c", { readyAtMs: readyFor(100) - 1000 }),
    pod("z-young", { readyAtMs: readyFor(100), meta: { createdAtMs: nowMs - 1000 } }),
  ];
  const dear = (count: number): readonly Pod[] =>
    Array.from({ length: count }, (_, nth) => costing(`dear-${nth}`, "9"));

  test("where the order runs in a circle, it matters in which order a few pods are listed, as in Kubernetes", () => {
    expect(order([...circle, ...dear(9)])[0]).toBe("b");
  });

  test("of more than twelve pods ages of one bucket count as equal, and the circle is none", () => {
    expect(order([...circle, ...dear(10)])[0]).toBe("z-young");
  });

  test("of none wanted none goes, however many there are", () => {
    const context = { nowMs, activePodsPerNode: new Map<string, number>() };
    expect(podsToDelete(dear(5), 0, context)).toEqual([]);
    expect(podsToDelete(dear(20), 0, context)).toEqual([]);
  });

  test("many pods go in the order in which they would go two by two", () => {
    /** Minutes of ages in buckets of their own, so that ages are either equal or told apart. */
    const age = fc.constantFrom(1, 4, 16, 64, 256);
    const fields = fc.record({
      ready: fc.boolean(),
      readyMinutes: age,
      ageMinutes: age,
      restarts: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(fields, { minLength: 13, maxLength: 30 }), (many) => {
        const pods = many.map(({ ready, readyMinutes, ageMinutes, restarts }, nth): Pod => {
          const one = pod(`web-${(nth * 17) % 31}`, { restarts, meta: { createdAtMs: readyFor(ageMinutes) } });
          const status = ready ? "True" : "False";
          const conditions = [{ type: "Ready", status, lastTransitionMs: readyFor(readyMinutes) } as const];
          return { ...one, status: { ...one.status, conditions } };
        });
        const goesBefore = (a: Pod, b: Pod): number => (order([a, b])[0] === a.meta.name ? -1 : 1);
        expect(order(pods)).toEqual(pods.toSorted(goesBefore).map(({ meta }) => meta.name));
      }),
      { numRuns: 50 },
    );
  });

  test("among many pods the first few are those of the whole order, however the pods are listed", () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 500_000 }), { minLength: 13, maxLength: 40 });
    fc.assert(
      fc.property(distinct, fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat()), (agesMs, count, shuffle) => {
        const pods = agesMs.map((ageMs, i) =>
          pod(`${(i * 7919) % 41}`, { readyAtMs: nowMs - ageMs, node: `node-${i % 3}` }),
        );
        const shuffled = pods
          .map((it) => ({ it, at: Number(shuffle.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ it }) => it);
        const context = { nowMs, activePodsPerNode: new Map([["node-1", 2]]) };
        const names = (chosen: readonly Pod[]) => chosen.map(({ meta }) => meta.name);
        const whole = names(podsToDelete(pods, pods.length, context));
        expect(new Set(whole).size).toBe(pods.length);
        expect(names(podsToDelete(shuffled, count, context))).toEqual(whole.slice(0, count));
      }),
      { numRuns: 200 },
    );
  });
});
