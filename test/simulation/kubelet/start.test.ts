import { describe, expect, it } from "vitest";
import { podManifest, refTo } from "../../domain/api-server.ts";
import { container, labWithPod } from "../lab.ts";

describe("a pod of one container", () => {
  it("is scheduled, starts within a second, and is ready a second later", () => {
    const lab = labWithPod({});
    lab.advance(60_000);
    expect(lab.life()).toEqual([
      "0.0 Created",
      "0.0 Scheduled node-1",
      "1.0 Started",
      "1.0 ContainerStarted web",
      "2.0 Ready",
    ]);
    expect(lab.pod().status.podIP).toBe("10.244.0.1");
  });

  it("takes its time to pull, start and become ready", () => {
    const lab = labWithPod({}, { "web:1": { pullMs: 3000, startMs: 2000, readyMs: 10_000 } });
    lab.advance(60_000);
    expect(lab.life().slice(2)).toEqual(["5.0 Started", "5.0 ContainerStarted web", "15.0 Ready"]);
  });

  it("stays unready when it is told to", () => {
    const lab = labWithPod({}, { "web:1": { neverReady: true } });
    lab.advance(600_000);
    expect(lab.life().at(-1)).toBe("1.0 ContainerStarted web");
    expect(lab.pod().status.phase).toBe("Running");
  });

  it("has an address of its own", () => {
    const lab = labWithPod({});
    lab.create(podManifest({}, { name: "two" }));
    lab.advance(5000);
    expect([lab.pod("one"), lab.pod("two")].map(({ status }) => status.podIP)).toEqual(["10.244.0.1", "10.244.0.2"]);
  });

  it("does not start when it is deleted first", () => {
    const lab = labWithPod({});
    lab.advance(500);
    lab.write({ verb: "delete", ref: refTo("Pod", "one") });
    lab.advance(60_000);
    expect(lab.life().slice(2)).toEqual(["0.5 DeletionRequested 30", "0.5 Deleted"]);
  });
});

describe("a pod of two containers", () => {
  it("is running once both run, and ready once both are", () => {
    const lab = labWithPod(
      { containers: [container("web"), container("log")] },
      { "log:1": { startMs: 3000, readyMs: 500 }, "web:1": { readyMs: 5000 } },
    );
    lab.advance(60_000);
    expect(lab.life().slice(2)).toEqual([
      "1.0 Started",
      "1.0 ContainerStarted web",
      "3.0 ContainerStarted log",
      "3.5 ContainerReady log",
      "6.0 Ready",
    ]);
    const phases = lab.log.flatMap(({ event }) => (event.type === "PodContainerStarted" ? [event.data.phase] : []));
    expect(phases).toEqual([undefined, "Running"]);
  });
});

describe("a pod with init containers", () => {
  const spec = { initContainers: [container("first"), container("second")] };

  it("runs them one after another, then its containers", () => {
    const lab = labWithPod(spec, { "first:1": { initMs: 4000 } });
    lab.advance(60_000);
    expect(lab.life().slice(2)).toEqual([
      "0.0 Started",
      "0.0 InitContainerStarted first",
      "4.0 InitContainerCompleted first",
      "4.0 InitContainerStarted second",
      "5.0 InitContainerCompleted second",
      "6.0 ContainerStarted web",
      "7.0 Ready",
    ]);
  });

  it("starts one that fails again, with the back-off of any container, and nothing after it", () => {
    const lab = labWithPod(spec, { "first:1": { crashAfterMs: 2000, exitCode: 3 } });
    lab.advance(40_000);
    expect(lab.life().slice(2)).toEqual([
      "0.0 Started",
      "0.0 InitContainerStarted first",
      "2.0 InitContainerFailed first 3",
      "3.0 InitContainerStarted first",
      "5.0 InitContainerFailed first 3",
      "5.0 BackOff first 10000",
      "16.0 InitContainerStarted first",
      "18.0 InitContainerFailed first 3",
      "18.0 BackOff first 20000",
      "39.0 InitContainerStarted first",
    ]);
    expect(lab.pod().status).toMatchObject({ phase: "Pending", containers: [] });
    expect(lab.pod().status.initContainers[0]?.restartCount).toBe(3);
  });

  it("takes one that exits with 0 for completed, however its exit was ordered", () => {
    const lab = labWithPod(spec, { "first:1": { crashAfterMs: 2000, exitCode: 0 } });
    lab.advance(60_000);
    expect(lab.life()).toContain("2.0 InitContainerCompleted first");
    expect(lab.life().at(-1)).toBe("5.0 Ready");
  });

  it("fails for good when one fails and nothing may start again", () => {
    const lab = labWithPod({ ...spec, restartPolicy: "Never" }, { "first:1": { crashAfterMs: 2000, exitCode: 3 } });
    lab.advance(60_000);
    expect(lab.life().slice(4)).toEqual(["2.0 InitContainerFailed first 3", "2.0 Failed"]);
    expect(lab.pod().status.phase).toBe("Failed");
  });

  it("waits for an image of theirs that cannot be pulled", () => {
    const lab = labWithPod({ initContainers: [{ name: "first", image: "first:404" }] });
    lab.advance(12_000);
    expect(lab.life().slice(2)).toEqual([
      "0.0 Started",
      "0.0 ImagePullFailed first ErrImagePull",
      "1.0 ImagePullFailed first ImagePullBackOff",
      "10.0 ImagePullFailed first ErrImagePull",
      "11.0 ImagePullFailed first ImagePullBackOff",
    ]);
    lab.behave({ selector: { image: "first:404" }, behaviour: { failPull: false } });
    lab.advance(60_000);
    expect(lab.life().slice(7)).toEqual([
      "30.0 InitContainerStarted first",
      "31.0 InitContainerCompleted first",
      "32.0 ContainerStarted web",
      "33.0 Ready",
    ]);
  });
});

describe("an image that cannot be pulled", () => {
  it("is tried again with longer and longer waits, and again when it is there", () => {
    const lab = labWithPod({ containers: [{ name: "web", image: "web:404" }] });
    lab.advance(35_000);
    expect(lab.life().slice(2)).toEqual([
      "0.0 Started",
      "0.0 ImagePullFailed web ErrImagePull",
      "1.0 ImagePullFailed web ImagePullBackOff",
      "10.0 ImagePullFailed web ErrImagePull",
      "11.0 ImagePullFailed web ImagePullBackOff",
      "30.0 ImagePullFailed web ErrImagePull",
      "31.0 ImagePullFailed web ImagePullBackOff",
    ]);
    expect(lab.pod().status.phase).toBe("Pending");
    lab.behave({ selector: { image: "web:404" }, behaviour: { failPull: false } });
    lab.advance(60_000);
    expect(lab.life().slice(9)).toEqual(["70.0 ContainerStarted web", "71.0 Ready"]);
    expect(lab.pod().status.containers[0]?.restartCount).toBe(0);
  });

  it("is no longer tried when the pod is deleted", () => {
    const lab = labWithPod({ containers: [{ name: "web", image: "web:404" }] });
    lab.advance(5000);
    lab.write({ verb: "delete", ref: refTo("Pod", "one") });
    lab.advance(60_000);
    expect(lab.life().slice(5)).toEqual(["5.0 DeletionRequested 30", "5.0 Deleted"]);
  });
});
