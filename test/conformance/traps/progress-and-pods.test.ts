/** Behaviours of a rollout that are easily got wrong: the deadline, and how pods end, restart and are chosen. */
import { describe, expect, test } from "vitest";
import { rolling, Web } from "./web.ts";

const minuteMs = 60_000;

describe("the progress deadline", () => {
  test("14. every progress sets its clock anew: 10 pods, one ready every 9 min, never pass a deadline of 600 s", async () => {
    const web = await new Web().up({ replicas: 10, strategy: rolling(1, 0) });
    await web.type("rollout behave image=web:2 --ready 9m", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 1m");
    const began = web.condition("Progressing");
    await web.type("rollout advance 50m");
    const later = web.condition("Progressing");
    expect([later.status, later.reason]).toEqual([began.status, began.reason]);
    expect(later.lastTransitionMs).toBe(began.lastTransitionMs);
    expect((later.lastUpdateMs ?? 0) - (began.lastUpdateMs ?? 0)).toBeGreaterThan(40 * minuteMs);
    await web.type("rollout advance 50m");
    expect(web.sizes).toEqual([0, 10]);
    expect(web.progress).not.toContain("False/ProgressDeadlineExceeded");
  });

  test("14. one ready every 11 min does pass it", async () => {
    const web = await new Web().up({ replicas: 10, strategy: rolling(1, 0) });
    await web.type("rollout behave image=web:2 --ready 11m", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 11m");
    expect(web.progress.at(-1)).toBe("False/ProgressDeadlineExceeded");
  });

  test("15. timed out is not terminal: an image that is pulled at minute 15 brings ReplicaSetUpdated back", async () => {
    const web = await new Web().up({ strategy: rolling(1, 0) });
    await web.type("rollout behave image=web:2 --pull 15m", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 14m");
    expect(web.progress.at(-1)).toBe("False/ProgressDeadlineExceeded");
    await web.type("rollout advance 2m");
    expect(web.progress.slice(-2)).toEqual(["False/ProgressDeadlineExceeded", "True/ReplicaSetUpdated"]);
  });

  test("15. pausing a Deployment that timed out leaves the reason in place", async () => {
    const web = await new Web().up();
    await web.type("rollout behave image=web:2 --never-ready", "kubectl set image deploy/web web=web:2");
    await web.type("rollout advance 11m", "kubectl rollout pause deploy/web", "rollout advance 1m");
    expect(web.deployment.spec.paused).toBe(true);
    expect(web.deployment.status.observedGeneration).toBe(web.deployment.meta.generation);
    expect(web.progress.at(-1)).toBe("False/ProgressDeadlineExceeded");
  });

  test("16. a completed Deployment never times out: pods that crash an hour later flip Available alone", async () => {
    const web = await new Web().up({ replicas: 2 });
    await web.type("rollout advance 1h");
    const before = web.condition("Progressing");
    expect(before).toMatchObject({ status: "True", reason: "NewReplicaSetAvailable" });
    expect(web.condition("Available").status).toBe("True");
    const [one, other] = web.pods.map(({ meta }) => `rollout fault crash pod/${meta.name}`);
    await web.type("rollout behave image=web:1 --never-ready", `${one}`, `${other}`);
    await web.type("rollout advance 1h");
    expect(web.condition("Available").status).toBe("False");
    expect(web.condition("Progressing")).toEqual(before);
    await web.type("rollout behave image=web:1 --ready 1s", `${one}`, "rollout advance 1m");
    expect(web.deployment.status.availableReplicas).toBe(1);
    expect(web.condition("Progressing")).toEqual(before);
  });
});

describe("pods", () => {
  test("18. terminating pods are gone for the ReplicaSet, present for Recreate and endpoints: 60 s pass before new ones", async () => {
    const web = new Web();
    await web.type("rollout behave image=web:1 --stop 60s");
    await web.up({ strategy: { type: "Recreate" }, terminationGracePeriodSeconds: 90 });
    await web.type("kubectl set image deploy/web web=web:2", "rollout advance 59s");
    const [old] = web.replicaSets;
    expect(web.sizes).toEqual([0]);
    expect(old?.status).toMatchObject({ replicas: 0, readyReplicas: 0 });
    expect(web.pods).toHaveLength(3);
    const [slice] = web.world.all("EndpointSlice");
    const leaving = { ready: false, serving: true, terminating: true };
    expect(slice?.endpoints.map(({ conditions }) => conditions)).toEqual([leaving, leaving, leaving]);
    await web.type("rollout advance 30s");
    expect(web.sizes).toEqual([0, 3]);
    const facts = web.moments().map(({ event }) => event.type);
    const lastGone = facts.lastIndexOf("PodDeleted");
    expect(facts.lastIndexOf("ReplicaSetCreated")).toBeGreaterThan(lastGone);
    expect(facts.slice(lastGone).filter((type) => type === "PodCreated")).toHaveLength(3);
  });

  test("24. the first crash restarts at once, then after 10, 20, 40 s, while the phase stays Running", async () => {
    const web = new Web();
    await web.type("rollout behave image=web:1 --start 1s --crash-after 5s");
    await web.up({ replicas: 1 });
    expect(await web.type("kubectl get pods")).toContain("CrashLoopBackOff");
    await web.type("rollout advance 1m");
    const seqTimes = new Map([...web.session.log()].map(({ seq, at }) => [seq, at]));
    const timesOf = (type: string): readonly number[] =>
      web.moments().flatMap(({ seq, event }) => (event.type === type ? [seqTimes.get(seq) ?? 0] : []));
    const [starts, ends] = [timesOf("PodContainerStarted"), timesOf("PodContainerTerminated")];
    // A start takes a second itself.
    expect(ends.slice(0, 4).map((at, i) => ((starts[i + 1] ?? 0) - at) / 1000 - 1)).toEqual([0, 10, 20, 40]);
    const phases = web.states("Pod").map(({ status }) => status.phase);
    expect(new Set(phases.slice(phases.indexOf("Running")))).toEqual(new Set(["Running"]));
  });

  test("24. the row of delays starts over only when more than 10 min have passed since the last start", async () => {
    const web = await new Web().up({ replicas: 1 });
    const crash = `rollout fault crash pod/${web.pods[0]?.meta.name}`;
    await web.type(crash, "rollout advance 9m", crash, "rollout advance 11m", crash, "rollout advance 1m");
    const delays = web.moments().flatMap(({ event }) => (event.type === "PodBackOff" ? [event.data.delayMs] : []));
    expect(delays).toEqual([10_000]);
    expect(web.pods[0]?.status.containers[0]?.restartCount).toBe(3);
  });
});

describe("deletion ranking", () => {
  /** A second pod comes `gap` after the first, and of both one goes after another `rest`. */
  const survivors = async (seed: number, gap: string, rest: string) => {
    const web = await new Web({ seed }).up({ replicas: 1 });
    await web.type(`rollout advance ${gap}`, "kubectl scale deploy/web --replicas=2", `rollout advance ${rest}`);
    const [first, second] = web.pods;
    await web.type("kubectl scale deploy/web --replicas=1", "rollout advance 1m");
    if (!first || !second) throw new Error("there should be two pods");
    const [left] = web.pods;
    return { diedFirst: left?.meta.name === second.meta.name, firstIsSmaller: first.meta.uid < second.meta.uid };
  };
  const seeds = [1, 2, 3, 4, 5, 6];

  test("23. pods that have been ready for 80 and 140 min are about as old: the smaller UID dies", async () => {
    const seen = new Set<boolean>();
    for (const seed of seeds) {
      const { diedFirst, firstIsSmaller } = await survivors(seed, "60m", "80m");
      expect(diedFirst).toBe(firstIsSmaller);
      seen.add(firstIsSmaller);
    }
    expect(seen.size).toBe(2);
  });

  test("23. of pods that have been ready for 70 and 80 min the younger dies, whatever the UIDs", async () => {
    const seen = new Set<boolean>();
    for (const seed of seeds) {
      const { diedFirst, firstIsSmaller } = await survivors(seed, "10m", "70m");
      expect(diedFirst).toBe(false);
      seen.add(firstIsSmaller);
    }
    expect(seen.size).toBe(2);
  });

  test("23. co-location beats age: of two old pods on one node one dies, not the young one that is alone on its node", async () => {
    const web = new Web();
    await web.type("rollout fault node node-2 down", "rollout fault node node-3 down", "rollout advance 2m");
    await web.up({ replicas: 2 });
    await web.type("rollout fault node node-2 up", "rollout fault node node-3 up", "rollout advance 3h");
    await web.type("kubectl scale deploy/web --replicas=3", "rollout advance 1m");
    expect(web.pods.map(({ nodeName }) => nodeName === "node-1")).toEqual([true, true, false]);
    const young = web.pods[2]?.meta.name;
    await web.type("kubectl scale deploy/web --replicas=2", "rollout advance 1m");
    expect(web.pods).toHaveLength(2);
    expect(web.pods.map(({ meta }) => meta.name)).toContain(young);
  });
});
