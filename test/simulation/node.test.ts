import { describe, expect, it } from "vitest";
import { conditionOf, isPodReady } from "../../src/domain/state.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { Lab } from "./lab.ts";

const withPodOnNode = (spec: object = {}): Lab => {
  const lab = new Lab();
  lab.create(podManifest(spec));
  lab.advance(10_000);
  return lab;
};
const down = (lab: Lab): void => lab.fault({ type: "node", node: "node-1", up: false });
const up = (lab: Lab): void => lab.fault({ type: "node", node: "node-1", up: true });
const ready = (lab: Lab): string | undefined => conditionOf(lab.api.get("Node", "node-1").conditions, "Ready")?.status;

describe("a node that falls silent", () => {
  it("is not ready after 40 s, and neither are its pods, whose containers stay as they were last seen", () => {
    const lab = withPodOnNode();
    down(lab);
    lab.advance(39_999);
    expect([ready(lab), isPodReady(lab.pod())]).toEqual(["True", true]);
    lab.advance(1);
    expect([ready(lab), isPodReady(lab.pod())]).toEqual(["Unknown", false]);
    expect(lab.pod().status.containers[0]).toMatchObject({ ready: true, state: { is: "running" } });
  });

  it("loses its pods to eviction five minutes later, but cannot end them", () => {
    const lab = withPodOnNode();
    down(lab);
    lab.advance(339_999);
    expect(lab.pod().meta.deletion).toBeUndefined();
    lab.advance(1);
    expect(lab.pod().meta.deletion?.graceSeconds).toBe(30);
    lab.advance(3_600_000);
    expect(lab.api.has("Pod", "one")).toBe(true);
    up(lab);
    lab.advance(10_000);
    expect(lab.api.has("Pod", "one")).toBe(false);
    expect(ready(lab)).toBe("True");
  });

  it("that is back in time lost nothing", () => {
    const lab = withPodOnNode();
    const seq = lab.headSeq();
    down(lab);
    lab.advance(20_000);
    up(lab);
    lab.advance(3_600_000);
    expect(lab.log.filter((entry) => entry.seq > seq).map(({ event }) => event.type)).toEqual([
      "FaultInjected",
      "FaultInjected",
    ]);
  });

  it("that is back before the eviction has its pods ready again at once", () => {
    const lab = withPodOnNode();
    const seq = lab.headSeq();
    down(lab);
    lab.advance(100_000);
    up(lab);
    lab.advance(3_600_000);
    expect(lab.life("one", seq)).toEqual(["50.0 Unready", "110.0 Ready"]);
  });

  it("goes on with what it had planned when it is back", () => {
    const lab = new Lab();
    lab.behave({ selector: { image: "web:1" }, behaviour: { startMs: 5000, crashAfterMs: 30_000 } });
    lab.create(podManifest());
    lab.advance(1000);
    down(lab);
    lab.advance(10_000);
    up(lab);
    lab.advance(45_000);
    expect(lab.life()).toEqual([
      "0.0 Created",
      "0.0 Scheduled node-1",
      "16.0 Started",
      "16.0 ContainerStarted web",
      "17.0 Ready",
      "46.0 ContainerTerminated web 1 Error",
      "46.0 Unready",
      "51.0 ContainerStarted web",
      "52.0 Ready",
    ]);
    down(lab);
    lab.advance(39_000);
    up(lab);
    lab.advance(1000);
    expect(lab.life().slice(9)).toEqual([
      "95.0 ContainerTerminated web 1 Error",
      "95.0 Unready",
      "95.0 BackOff web 10000",
    ]);
  });

  it("does not start again what had ended for good", () => {
    const spec = {
      restartPolicy: "Never",
      containers: [
        { name: "web", image: "web:1" },
        { name: "log", image: "log:1" },
      ],
    };
    const lab = new Lab();
    lab.behave({ selector: { image: "log:1" }, behaviour: { crashAfterMs: 1000, exitCode: 0 } });
    lab.create(podManifest(spec));
    lab.advance(10_000);
    const seq = lab.headSeq();
    down(lab);
    lab.advance(10_000);
    up(lab);
    lab.advance(60_000);
    expect(lab.life("one", seq)).toEqual([]);
  });

  it("gets no new pods, and its Deployment makes others elsewhere", () => {
    const lab = new Lab();
    lab.create(deploymentManifest({ replicas: 6 }));
    lab.advance(30_000);
    const onFirst = () => lab.pods().filter(({ nodeName }) => nodeName === "node-1");
    expect(onFirst()).toHaveLength(2);
    down(lab);
    lab.advance(600_000);
    expect(onFirst().every(({ meta }) => meta.deletion)).toBe(true);
    expect(lab.pods().filter(isPodReady)).toHaveLength(6);
    expect(lab.api.get("Deployment", "web").status).toMatchObject({ replicas: 6, availableReplicas: 6 });
    up(lab);
    lab.advance(60_000);
    expect(lab.pods()).toHaveLength(6);
  });

  it("is still silent for a simulation that starts over", () => {
    const lab = withPodOnNode();
    down(lab);
    lab.advance(10_000);
    lab.restart();
    lab.advance(600_000);
    expect(ready(lab)).toBe("Unknown");
    expect(lab.pod().meta.deletion).toBeDefined();
    up(lab);
    lab.advance(60_000);
    expect(lab.api.has("Pod", "one")).toBe(false);
  });
});

describe("a simulation that starts over", () => {
  it("gives no address twice", () => {
    const lab = withPodOnNode();
    lab.restart();
    lab.create(podManifest({}, { name: "two" }));
    lab.advance(10_000);
    expect(lab.pod("two").status.podIP).not.toBe(lab.pod("one").status.podIP);
  });

  it("takes every pod up where it is", () => {
    const stages = [0, 500, 1500, 2500, 12_000] as const;
    for (const stage of stages) {
      const lab = new Lab();
      lab.create(podManifest({ initContainers: [{ name: "init", image: "init:1" }] }));
      lab.advance(stage);
      lab.restart();
      lab.advance(60_000);
      expect(isPodReady(lab.pod()), `after ${stage} ms`).toBe(true);
    }
  });

  it("ends what was being deleted", () => {
    const lab = withPodOnNode();
    lab.write({ verb: "delete", ref: refTo("Pod", "one") });
    lab.restart();
    lab.advance(60_000);
    expect(lab.api.has("Pod", "one")).toBe(false);
  });
});
