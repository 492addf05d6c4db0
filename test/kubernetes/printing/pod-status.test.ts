import { describe, expect, test } from "vitest";
import type { ContainerState, ContainerStatus, Pod } from "../../../src/kubernetes/objects.ts";
import { podRow } from "../../../src/kubernetes/printing/columns/pods.ts";
import { nowMs, runningContainer, webPod } from "./samples.ts";

/** READY, STATUS and RESTARTS. */
const shown = (pod: Pod) => podRow(pod, nowMs).slice(1, 4);

const container = (state: ContainerState, rest: Partial<ContainerStatus> = {}): ContainerStatus => ({
  ...runningContainer,
  ready: false,
  started: false,
  state,
  ...rest,
});
const waiting = (reason: string): ContainerState => ({ waiting: { reason } });
const ended = (exitCode: number, rest = {}): ContainerState => ({ terminated: { exitCode, ...rest } });

const initSpec = { initContainers: [{ name: "one" }, { name: "two" }] };
const withInit = (...initContainerStatuses: ContainerStatus[]): Pod =>
  webPod(
    "web",
    {
      phase: "Pending",
      conditions: [],
      initContainerStatuses,
      containerStatuses: [container(waiting("PodInitializing"))],
    },
    initSpec,
  );
const init = (name: string, state: ContainerState, rest: Partial<ContainerStatus> = {}): ContainerStatus =>
  container(state, { name, ...rest });

describe("a pod's row", () => {
  test("shows a running pod with its address and node", () => {
    expect(podRow(webPod("web-cf7bb55df-h8xbz"), nowMs)).toEqual([
      "web-cf7bb55df-h8xbz",
      "1/1",
      "Running",
      "0",
      "23s",
      "10.244.2.186",
      "fake-0",
      "<none>",
      "<none>",
    ]);
  });

  test.each<[string, Pod, readonly string[]]>([
    [
      "no status yet",
      webPod("web", { phase: "Pending", conditions: [], containerStatuses: [] }),
      ["0/1", "Pending", "0"],
    ],
    [
      "an image that cannot be pulled",
      webPod("web", { phase: "Pending", containerStatuses: [container(waiting("ImagePullBackOff"))] }),
      ["0/1", "ImagePullBackOff", "0"],
    ],
    [
      "a crash loop, the last crash 15 s ago",
      webPod("web", {
        containerStatuses: [
          container(waiting("CrashLoopBackOff"), {
            restartCount: 3,
            lastState: ended(1, { finishedAt: "2026-11-20T12:47:45Z" }),
          }),
        ],
      }),
      ["0/1", "CrashLoopBackOff", "3 (15s ago)"],
    ],
    [
      "restarts whose end nobody recorded",
      webPod("web", { containerStatuses: [{ ...runningContainer, restartCount: 1 }] }),
      ["1/1", "Running", "1"],
    ],
    [
      "an error without a reason",
      webPod("web", { containerStatuses: [container(ended(2))] }),
      ["0/1", "ExitCode:2", "0"],
    ],
    [
      "a signal",
      webPod("web", { containerStatuses: [container(ended(137, { signal: 9 }))] }),
      ["0/1", "Signal:9", "0"],
    ],
    ["an eviction", webPod("web", { phase: "Failed", reason: "Evicted" }), ["1/1", "Evicted", "0"]],
    [
      "gates that hold it from being scheduled",
      webPod("web", {
        phase: "Pending",
        containerStatuses: [],
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      }),
      ["0/1", "SchedulingGated", "0"],
    ],
    ["the first init container running", withInit(init("one", { running: {} })), ["0/1", "Init:0/2", "0"]],
    [
      "the second init container waiting for its turn",
      withInit(init("one", ended(0, { reason: "Completed" })), init("two", waiting("PodInitializing"))),
      ["0/1", "Init:1/2", "0"],
    ],
    [
      "an init container that failed",
      withInit(init("one", ended(1, { reason: "Error" }), { restartCount: 2 })),
      ["0/1", "Init:Error", "2"],
    ],
    [
      "an init container in a crash loop",
      withInit(init("one", waiting("CrashLoopBackOff"), { restartCount: 4 })),
      ["0/1", "Init:CrashLoopBackOff", "4"],
    ],
    [
      "a started sidecar, which counts, and init restarts, which no longer do",
      webPod(
        "web",
        {
          initContainerStatuses: [
            init("one", ended(0), { restartCount: 5 }),
            { ...runningContainer, name: "proxy", restartCount: 1 },
          ],
        },
        { initContainers: [{ name: "one" }, { name: "proxy", restartPolicy: "Always" }] },
      ),
      ["2/2", "Running", "1"],
    ],
    [
      "one container ended well beside one that runs, and the pod ready",
      webPod("web", {
        containerStatuses: [container(ended(0, { reason: "Completed" })), { ...runningContainer, name: "side" }],
      }),
      ["1/1", "Running", "0"],
    ],
    [
      "the same with the pod unready",
      webPod("web", {
        conditions: [],
        containerStatuses: [container(ended(0, { reason: "Completed" })), { ...runningContainer, name: "side" }],
      }),
      ["1/1", "NotReady", "0"],
    ],
    [
      "the problem of the first container when two have one",
      webPod("web", {
        containerStatuses: [container(waiting("ErrImagePull")), container(ended(1, { reason: "Error" }))],
      }),
      ["0/1", "ErrImagePull", "0"],
    ],
  ])("with %s", (_, pod, cells) => {
    expect(shown(pod)).toEqual(cells);
  });

  const deleted = (pod: Pod): Pod => ({
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: "2026-11-20T12:48:20Z" },
  });

  test("of a deleted pod says Terminating, unless it has ended or its node is lost", () => {
    expect(shown(deleted(webPod("web")))).toEqual(["1/1", "Terminating", "0"]);
    const completed = {
      phase: "Succeeded" as const,
      containerStatuses: [container(ended(0, { reason: "Completed" }))],
    };
    expect(shown(deleted(webPod("web", completed)))).toEqual(["0/1", "Completed", "0"]);
    expect(shown(deleted(webPod("web", { reason: "NodeLost" })))).toEqual(["1/1", "Unknown", "0"]);
  });

  test("counts the readiness gates that are open", () => {
    const gates = { readinessGates: [{ conditionType: "Ready" }, { conditionType: "lb" }] };
    expect(podRow(webPod("web", {}, gates), nowMs).at(-1)).toBe("1/2");
  });
});
