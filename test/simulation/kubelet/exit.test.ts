import { describe, expect, it } from "vitest";
import { refTo } from "../../domain/api-server.ts";
import { container, type Lab, labWithPod } from "../lab.ts";

const both = { containers: [container("web"), container("log")] };

/** What happened after the container ran for the first time. */
const afterStart = (lab: Lab): readonly string[] => lab.life().slice(4);

describe("a container that crashes", () => {
  it("starts again at once, then after 10 s, then after 20 s", () => {
    const lab = labWithPod({}, { "web:1": { crashAfterMs: 5000, exitCode: 137 } });
    lab.advance(60_000);
    expect(afterStart(lab)).toEqual([
      "2.0 Ready",
      "6.0 ContainerTerminated web 137 Error",
      "6.0 Unready",
      "7.0 ContainerStarted web",
      "8.0 Ready",
      "12.0 ContainerTerminated web 137 Error",
      "12.0 Unready",
      "12.0 BackOff web 10000",
      "23.0 ContainerStarted web",
      "24.0 Ready",
      "28.0 ContainerTerminated web 137 Error",
      "28.0 Unready",
      "28.0 BackOff web 20000",
      "49.0 ContainerStarted web",
      "50.0 Ready",
      "54.0 ContainerTerminated web 137 Error",
      "54.0 Unready",
      "54.0 BackOff web 40000",
    ]);
    expect(lab.pod().status.phase).toBe("Running");
    expect(lab.pod().status.containers[0]).toMatchObject({ restartCount: 3, last: { exitCode: 137 } });
  });

  it("starts again also when it exits with 0", () => {
    const lab = labWithPod({}, { "web:1": { crashAfterMs: 3000, exitCode: 0 } });
    lab.advance(6500);
    expect(afterStart(lab)).toEqual([
      "2.0 Ready",
      "4.0 ContainerTerminated web 0 Completed",
      "4.0 Unready",
      "5.0 ContainerStarted web",
      "6.0 Ready",
    ]);
  });

  it("makes its pod unready while the other one goes on", () => {
    const lab = labWithPod(both, { "log:1": { crashAfterMs: 8000 } });
    lab.advance(11_500);
    expect(afterStart(lab)).toEqual([
      "1.0 ContainerStarted log",
      "2.0 ContainerReady web",
      "2.0 Ready",
      "9.0 ContainerTerminated log 1 Error",
      "9.0 Unready",
      "10.0 ContainerStarted log",
      "11.0 Ready",
    ]);
  });

  it("at somebody's command starts again like any other", () => {
    const lab = labWithPod({});
    lab.advance(10_000);
    lab.fault({ type: "crash", namespace: "default", pod: "one" });
    lab.advance(10_000);
    expect(afterStart(lab)).toEqual([
      "2.0 Ready",
      "10.0 ContainerTerminated web 1 Error",
      "10.0 Unready",
      "11.0 ContainerStarted web",
      "12.0 Ready",
    ]);
  });
});

describe("a pod whose containers need not run for ever", () => {
  it.each([
    [0, "4.0 ContainerTerminated web 0 Completed", "4.0 Succeeded"],
    [7, "4.0 ContainerTerminated web 7 Error", "4.0 Failed"],
  ])("and never start again has ended with its container's exit code %d", (exitCode, end, word) => {
    const lab = labWithPod({ restartPolicy: "Never" }, { "web:1": { crashAfterMs: 3000, exitCode } });
    lab.advance(60_000);
    expect(afterStart(lab)).toEqual(["2.0 Ready", end, "4.0 Unready", word]);
  });

  it("ends with its last container, as failed if one failed", () => {
    const lab = labWithPod(
      { ...both, restartPolicy: "Never" },
      { "web:1": { crashAfterMs: 3000, exitCode: 1 }, "log:1": { crashAfterMs: 9000, exitCode: 0 } },
    );
    lab.advance(60_000);
    expect(afterStart(lab).slice(3)).toEqual([
      "4.0 ContainerTerminated web 1 Error",
      "4.0 Unready",
      "10.0 ContainerTerminated log 0 Completed",
      "10.0 Failed",
    ]);
  });

  it("and start again on failure only succeeds once all of them have", () => {
    const lab = labWithPod(
      { ...both, restartPolicy: "OnFailure" },
      { "web:1": { crashAfterMs: 3000, exitCode: 0 }, "log:1": { crashAfterMs: 4000, exitCode: 1 } },
    );
    lab.advance(5500);
    expect(afterStart(lab).slice(3)).toEqual([
      "4.0 ContainerTerminated web 0 Completed",
      "4.0 Unready",
      "5.0 ContainerTerminated log 1 Error",
    ]);
    lab.behave({ selector: { image: "log:1" }, behaviour: { exitCode: 0 } });
    lab.advance(60_000);
    expect(afterStart(lab).slice(6)).toEqual([
      "6.0 ContainerStarted log",
      "7.0 ContainerReady log",
      "10.0 ContainerTerminated log 0 Completed",
      "10.0 Succeeded",
    ]);
  });

  it("is not over while one that failed is about to start again", () => {
    const lab = labWithPod(
      { ...both, restartPolicy: "OnFailure" },
      { "web:1": { crashAfterMs: 3000, exitCode: 1 }, "log:1": { crashAfterMs: 3500, exitCode: 0 } },
    );
    lab.advance(4800);
    expect(lab.pod().status.phase).toBe("Running");
    lab.advance(500);
    expect(afterStart(lab).at(-1)).toBe("5.0 ContainerStarted web");
  });
});

describe("a container whose image is changed", () => {
  const changeImage = (lab: Lab, image: string): void => {
    const patch = { spec: { containers: [{ name: "web", image }] } };
    lab.write({ verb: "patch", ref: refTo("Pod", "one"), patchType: "strategic", patch });
  };

  it("starts again with it, whatever the restart policy", () => {
    const lab = labWithPod({ ...both, restartPolicy: "Never" });
    lab.advance(10_000);
    const seq = lab.headSeq();
    changeImage(lab, "web:2");
    lab.advance(10_000);
    expect(lab.life("one", seq)).toEqual([
      "10.0 SpecChanged",
      "10.0 ContainerTerminated web 0 Completed",
      "10.0 Unready",
      "11.0 ContainerStarted web",
      "12.0 Ready",
    ]);
  });

  it("that could not be pulled before starts at its next try", () => {
    const lab = labWithPod({ containers: [{ name: "web", image: "web:404" }] });
    lab.advance(5000);
    changeImage(lab, "web:2");
    lab.advance(10_000);
    expect(lab.life().slice(5)).toEqual(["5.0 SpecChanged", "10.0 ContainerStarted web", "11.0 Ready"]);
  });
});

describe("other faults", () => {
  it("make a pod unready until they are taken back", () => {
    const lab = labWithPod({});
    lab.advance(10_000);
    lab.fault({ type: "unready", namespace: "default", pod: "one" });
    lab.advance(10_000);
    lab.fault({ type: "ready", namespace: "default", pod: "one" });
    lab.advance(10_000);
    expect(afterStart(lab).slice(1)).toEqual(["10.0 Unready", "20.0 Ready"]);
  });

  it("end a pod before all of it has started", () => {
    const lab = labWithPod(both, { "log:1": { startMs: 15_000 } });
    lab.advance(10_000);
    lab.fault({ type: "fail", namespace: "default", pod: "one" });
    lab.advance(60_000);
    expect(afterStart(lab)).toEqual([
      "2.0 ContainerReady web",
      "10.0 ContainerTerminated web 137 Error",
      "10.0 Failed Evicted",
    ]);
  });

  it("end a pod for good", () => {
    const lab = labWithPod({});
    lab.advance(10_000);
    lab.fault({ type: "fail", namespace: "default", pod: "one" });
    lab.advance(60_000);
    expect(afterStart(lab).slice(1)).toEqual([
      "10.0 ContainerTerminated web 137 Error",
      "10.0 Unready",
      "10.0 Failed Evicted",
    ]);
    lab.fault({ type: "crash", namespace: "default", pod: "one" });
    lab.fault({ type: "crash", namespace: "default", pod: "nobody" });
    lab.advance(60_000);
    expect(afterStart(lab)).toHaveLength(4);
  });
});
