import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/events.ts";
import { conditionOf, isPodActive, isPodAvailable, isPodReady, type Pod } from "../../../src/domain/state.ts";
import { startMs } from "../api-server.ts";
import { type Commit, commit, digest, fold, secondsOn, uid } from "./fold.ts";

const created: DomainEvent = { type: "PodCreated", data: { uid, spec: digest("spec") } };
const scheduled: DomainEvent = { type: "PodScheduled", data: { node: "node-1" } };
const accepted: DomainEvent = { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: true } };
const runs = (container: string, phase?: "Running"): DomainEvent => ({
  type: "PodContainerStarted",
  data: { container, ...(phase ? { phase } : {}) },
});
const ended = (container: string, exitCode = 1, reason = "Error"): DomainEvent => ({
  type: "PodContainerTerminated",
  data: { container, exitCode, reason },
});
const ready: DomainEvent = { type: "PodReady", data: {} };

const pod = (...commits: readonly (DomainEvent | Commit)[]): Pod => fold("Pod", created, ...commits);
const running = (...commits: readonly (DomainEvent | Commit)[]): Pod =>
  pod(scheduled, commit(1000, accepted, runs("web", "Running")), ...commits);

/** `Ready=False (ContainersNotReady)` */
const conditions = ({ status }: Pod): readonly string[] =>
  status.conditions.map(({ type, status: value, reason }) => `${type}=${value}${reason ? ` (${reason})` : ""}`);

const stateOf = ({ status }: Pod, name = "web") => status.containers.find((run) => run.name === name);

describe("a pod", () => {
  it("begins pending, without conditions and on no node", () => {
    expect(pod()).toMatchObject({
      spec: digest("spec"),
      status: { phase: "Pending", conditions: [], containers: [], initContainers: [] },
    });
    expect(pod().nodeName).toBeUndefined();
    expect(fold("Pod", { ...created, data: { ...created.data, nodeName: "node-2" } }).nodeName).toBe("node-2");
  });

  it("is told off by the scheduler until it has a node", () => {
    const waiting = pod({ type: "PodUnschedulable", data: { message: "0/3 nodes are available" } });
    expect(waiting.status.conditions).toEqual([
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/3 nodes are available",
        lastTransitionMs: startMs,
      },
    ]);
    const placed = pod(
      { type: "PodUnschedulable", data: { message: "0/3 nodes are available" } },
      commit(5000, { type: "PodUnschedulable", data: { message: "0/4 nodes are available" } }),
      commit(5000, scheduled),
    );
    expect(placed.nodeName).toBe("node-1");
    expect(placed.status.conditions).toEqual([
      { type: "PodScheduled", status: "True", lastTransitionMs: secondsOn(10) },
    ]);
  });

  it("has an address and is initialized when its kubelet accepts it, or will be after its init containers", () => {
    const started = pod(scheduled, commit(1500, accepted));
    expect(started.status).toMatchObject({ podIP: "10.244.0.1", startedAtMs: secondsOn(1), phase: "Pending" });
    expect(conditions(started)).toEqual([
      "PodScheduled=True",
      "PodReadyToStartContainers=True",
      "Initialized=True",
      "Ready=False (ContainersNotReady)",
      "ContainersReady=False (ContainersNotReady)",
    ]);
    const initializing = pod(scheduled, { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: false } });
    expect(conditions(initializing)).toContain("Initialized=False (ContainersNotInitialized)");
  });

  it("is running from the event that says so, and ready from its own", () => {
    const half = pod(scheduled, accepted, runs("web"));
    expect([half.status.phase, isPodReady(half)]).toEqual(["Pending", false]);
    const whole = running(runs("log", "Running"), { type: "PodContainerReady", data: { container: "web" } });
    expect(whole.status.containers.map((run) => [run.name, run.ready])).toEqual([
      ["web", true],
      ["log", false],
    ]);
    expect(isPodReady(whole)).toBe(false);
    const serving = running(runs("log"), commit(2000, ready));
    expect(serving.status.containers.every((run) => run.ready)).toBe(true);
    expect(conditionOf(serving.status.conditions, "Ready")).toEqual({
      type: "Ready",
      status: "True",
      lastTransitionMs: secondsOn(3),
    });
  });

  it("keeps the time of a condition that does not flip", () => {
    const unready: DomainEvent = { type: "PodUnready", data: { containers: ["web"] } };
    const twice = running(commit(1000, ready), commit(5000, unready), commit(5000, unready));
    expect(conditionOf(twice.status.conditions, "Ready")).toEqual({
      type: "Ready",
      status: "False",
      reason: "ContainersNotReady",
      lastTransitionMs: secondsOn(7),
    });
    expect(stateOf(twice)?.ready).toBe(false);
  });

  it("is unready for its node's sake while its containers stay as they were last seen", () => {
    const lost = running(ready, { type: "PodUnready", data: { containers: [] } });
    expect(conditions(lost)).toContain("Ready=False");
    expect(conditions(lost)).toContain("ContainersReady=True");
    expect(stateOf(lost)?.ready).toBe(true);
  });

  it("remembers of a container how it ended, and counts its restarts", () => {
    const crashed = running(ready, commit(4000, ended("web", 137, "OOMKilled")));
    const end = { exitCode: 137, reason: "OOMKilled", startedAtMs: secondsOn(1), finishedAtMs: secondsOn(5) };
    expect(stateOf(crashed)).toEqual({
      name: "web",
      state: { is: "terminated", ...end },
      ready: false,
      restartCount: 0,
    });
    const again = running(commit(4000, ended("web", 137, "OOMKilled")), commit(1000, runs("web")));
    expect(stateOf(again)).toEqual({
      name: "web",
      state: { is: "running", startedAtMs: secondsOn(6) },
      last: end,
      ready: false,
      restartCount: 1,
    });
  });

  it.each([
    [10_000, "10s"],
    [80_000, "1m20s"],
    [300_000, "5m0s"],
  ])("says that it backs off for %d ms as %s, and still counts the restart after it", (delayMs, text) => {
    const backOff: DomainEvent = { type: "PodBackOff", data: { container: "web", delayMs } };
    const waiting = running(commit(4000, ended("web"), backOff));
    expect(stateOf(waiting)?.state).toEqual({
      is: "waiting",
      reason: "CrashLoopBackOff",
      message: `back-off ${text} restarting failed container=web pod=one_default(uid-one)`,
    });
    expect(stateOf(waiting)?.last?.exitCode).toBe(1);
    expect(stateOf(running(ended("web"), backOff, runs("web")))?.restartCount).toBe(1);
  });

  it("waits for an image that cannot be pulled, which is no restart", () => {
    const failed = (reason: string): DomainEvent => ({
      type: "PodImagePullFailed",
      data: { container: "web", reason, message: "not found" },
    });
    const waiting = pod(scheduled, accepted, failed("ErrImagePull"), failed("ImagePullBackOff"));
    expect(stateOf(waiting)?.state).toEqual({ is: "waiting", reason: "ImagePullBackOff", message: "not found" });
    expect(stateOf(pod(scheduled, accepted, failed("ErrImagePull"), runs("web")))?.restartCount).toBe(0);
  });

  it("runs its init containers before it is initialized", () => {
    const starts = (container: string): DomainEvent => ({ type: "PodInitContainerStarted", data: { container } });
    const completes = (container: string, initialized: boolean): DomainEvent => ({
      type: "PodInitContainerCompleted",
      data: { container, initialized },
    });
    const begun = [
      scheduled,
      { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: false } },
      starts("a"),
    ] as const;
    const midway = pod(...begun, commit(1000, completes("a", false), starts("b")));
    expect(midway.status.initContainers.map(({ name, ready: done, state }) => [name, done, state.is])).toEqual([
      ["a", true, "terminated"],
      ["b", false, "running"],
    ]);
    expect(conditions(midway)).toContain("Initialized=False (ContainersNotInitialized)");
    const done = pod(...begun, commit(1000, completes("a", false), starts("b")), commit(1000, completes("b", true)));
    expect(conditionOf(done.status.conditions, "Initialized")).toEqual({
      type: "Initialized",
      status: "True",
      lastTransitionMs: secondsOn(2),
    });
  });

  it("waits for an init container that fails, or whose image cannot be pulled, as for any other", () => {
    const begun = [
      scheduled,
      { type: "PodStarted", data: { podIP: "10.244.0.1", initialized: false } },
      { type: "PodInitContainerStarted", data: { container: "a" } },
      { type: "PodInitContainerFailed", data: { container: "a", exitCode: 3 } },
    ] as const;
    const [failed] = pod(...begun).status.initContainers;
    expect(failed?.state).toMatchObject({ is: "terminated", exitCode: 3, reason: "Error" });
    const backedOff = pod(...begun, { type: "PodBackOff", data: { container: "a", delayMs: 10_000 } });
    expect(backedOff.status.initContainers[0]?.state).toMatchObject({ is: "waiting", reason: "CrashLoopBackOff" });
    const pull: DomainEvent = {
      type: "PodImagePullFailed",
      data: { container: "a", reason: "ErrImagePull", message: "not found", init: true },
    };
    const unpulled = pod(scheduled, begun[1], pull);
    expect(unpulled.status.initContainers[0]?.state).toMatchObject({ is: "waiting", reason: "ErrImagePull" });
    expect(unpulled.status.containers).toEqual([]);
  });

  it.each<[DomainEvent, string, string]>([
    [{ type: "PodSucceeded", data: {} }, "Succeeded", "PodCompleted"],
    [{ type: "PodFailed", data: { reason: "Evicted", message: "low on memory" } }, "Failed", "PodFailed"],
  ])("that has ended ($type) is neither ready nor active", (event, phase, reason) => {
    const over = running(ready, event);
    expect([over.status.phase, isPodActive(over)]).toEqual([phase, false]);
    expect(conditions(over)).toContain(`Ready=False (${reason})`);
    expect(conditions(over)).toContain(`ContainersReady=False (${reason})`);
    if (event.type === "PodFailed") expect(over.status).toMatchObject({ reason: "Evicted", message: "low on memory" });
  });

  it("is no longer active from the moment its deletion is asked for, though it may still be ready", () => {
    const data = { deadlineMs: secondsOn(31), graceSeconds: 30 };
    const going = running(ready, { type: "PodDeletionRequested", data });
    expect([isPodActive(going), isPodReady(going)]).toEqual([false, true]);
    expect(going.meta).toMatchObject({ deletion: data, generation: 1 });
  });

  it("is available once it has been ready for so long, the last moment included", () => {
    const serving = running(commit(1000, ready));
    expect(isPodAvailable(serving, 0, secondsOn(2))).toBe(true);
    expect(isPodAvailable(serving, 10, secondsOn(12) - 1)).toBe(false);
    expect(isPodAvailable(serving, 10, secondsOn(12))).toBe(true);
    expect(isPodAvailable(running(), 0, secondsOn(99))).toBe(false);
  });

  it("changes hands, labels and image without a change of its status", () => {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "uid-web", controller: true };
    const before = running();
    const owned = running({ type: "PodAdopted", data: { owner } });
    expect(owned.meta.ownerReferences).toEqual([owner]);
    expect(
      running({ type: "PodAdopted", data: { owner } }, { type: "PodReleased", data: { owner } }).meta,
    ).toMatchObject({
      ownerReferences: [],
    });
    const imaged = running({ type: "PodSpecChanged", data: { from: digest("spec"), to: digest("other") } });
    expect([imaged.spec, imaged.status]).toEqual([digest("other"), before.status]);
    const patch = [{ op: "add", path: "/labels/a", value: "1" }] as const;
    expect(running({ type: "PodMetadataChanged", data: { patch } }).meta.labels).toEqual({ a: "1" });
    expect(() => pod({ type: "PodDeleted", data: {} })).toThrow("nothing is left");
  });
});
