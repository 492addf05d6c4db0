import { describe, expect, test } from "vitest";
import { reportAfter } from "./incidents.ts";

describe("a shortfall is charged to what took the pods", () => {
  test.each([
    ["a crash", {}, ["fault crash pod/POD", "advance 10s"], { type: "crash", container: "web", exitCode: 1 }],
    ["lost readiness", {}, ["fault unready pod/POD", "advance 5s"], { type: "readiness" }],
    ["an eviction", {}, ["fault fail pod/POD", "advance 5s"], { type: "eviction" }],
    ["a person", {}, ["delete pod POD --wait=false", "advance 5s"], { type: "deletion" }],
    ["a changed label", {}, ["label pod/POD app=other --overwrite", "advance 5s"], { type: "release" }],
    [
      "a longer minReadySeconds",
      {},
      [`patch deploy/web -p {"spec":{"minReadySeconds":30}}`, "advance 5s"],
      { type: "spec", change: "minReadySeconds = 30" },
    ],
    [
      "scaling down a rollout that is stuck, as Kubernetes spreads it",
      { strategy: "{}" },
      [
        "behave image=web:2 --fail-pull",
        "set image deploy/web web=web:2",
        "advance 5s",
        "scale deploy/web --replicas=3",
        "advance 5s",
      ],
      { type: "scale-down" },
    ],
  ])("%s", async (_, spec, lines, cause) => {
    const { shortfalls } = await reportAfter(spec, lines);
    expect(shortfalls).toHaveLength(1);
    expect(shortfalls[0]?.blames).toMatchObject([
      { cause, origin: { actor: "user:test", command: expect.any(String) } },
    ]);
  });

  test("a node: by its name, whoever took it down, for as long as its pods are missing", async () => {
    const { shortfalls, lost, verdict } = await reportAfter({}, ["fault node node-1 down", "advance 400s"]);
    expect(shortfalls[0]?.blames).toMatchObject([
      { cause: { type: "node", node: "node-1" }, origin: { command: "rollout fault node node-1 down" } },
    ]);
    expect(lost.length).toBeGreaterThan(0);
    expect(verdict).toMatch(/afterwards it fell to \d, below its floor of 4, for 5m2s because node-1 went down/);
  });

  test("an owner that is deleted with its pods", async () => {
    const lines = ["delete rs --all --wait=false", "advance 5s"];
    const { shortfalls } = await reportAfter({}, lines);
    expect(shortfalls[0]?.blames[0]?.cause).toMatchObject({
      type: "deletion",
      object: expect.stringMatching(/^rs\/web-/),
    });
  });

  test("several causes are told apart, the heaviest first", async () => {
    const lines = ["fault crash pod/POD", "delete pod -l app=web --wait=false", "advance 20s"];
    const { shortfalls } = await reportAfter({}, lines);
    expect(shortfalls[0]?.blames.map(({ cause, pods }) => [cause.type, pods])).toEqual([["deletion", 4]]);
  });
});

describe("a verdict says how it went", () => {
  test("a rollout that kept its promise", async () => {
    const { verdict } = await reportAfter({}, ["set image deploy/web web=web:2", "advance 30s"]);
    expect(verdict).toBe(
      "Rollout #2 of deployment/web completed in 8.1s; availability never fell below its floor of 4.",
    );
  });

  test("an image that cannot be pulled, and an undo", async () => {
    const lines = [
      "behave image=web:2 --fail-pull",
      "set image deploy/web web=web:2",
      "advance 60s",
      "undo deploy/web",
    ];
    const { verdict, heldUp } = await reportAfter({}, [...lines, "advance 10s"], 2);
    expect(verdict).toMatch(
      /^Rollout #2 of deployment\/web was rolled back by #3 after 1m, .*\(1 pod has no image: web:2: ErrImagePull\); availability never/,
    );
    expect(heldUp).toMatchObject([{ why: "image", pods: [expect.any(String)] }]);
  });

  test("a strategy that promises nothing", async () => {
    const lines = ["set image deploy/web web=web:2", "advance 30s"];
    const { verdict, downMs } = await reportAfter({ strategy: "{type: Recreate}" }, lines);
    expect(verdict).toMatch(/its strategy promises no availability, and no pod was available for 3s\.$/);
    expect(downMs).toBeGreaterThan(2900);
  });

  test("a floor that was raised on the way, and by whom", async () => {
    const lines = [
      "set image deploy/web web=web:2",
      "advance 1s",
      "scale deploy/web --replicas=6 --as bob",
      "advance 30s",
    ];
    const { verdict, awaited } = await reportAfter({}, lines);
    expect(awaited).toMatchObject([
      { floor: 6, floorBefore: 4, change: "deploy/web 4 → 6", origin: { actor: "user:bob" } },
    ]);
    expect(verdict).toMatch(/availability never fell below its floor \(4, then 6\)\.$/);
  });

  test("one that is under way, or waits for a node", async () => {
    const lines = ["set image deploy/web web=web:2", "advance 1s"];
    expect((await reportAfter({}, lines)).verdict).toMatch(/^Rollout #2 of deployment\/web is in progress for 1s; /);
    const { heldUp } = await reportAfter({ replicas: 500 }, []);
    expect(heldUp).toMatchObject([{ why: "unschedulable" }]);
  });
});

test("people, faults and nodes that interfered are named, with what they typed", async () => {
  const lines = ["set image deploy/web web=web:2", "advance 1s", "pause deploy/web --as bob", "advance 5s"];
  const { happenings } = await reportAfter({}, [...lines, "fault crash pod/POD", "resume deploy/web", "advance 20s"]);
  expect(happenings.map(({ actor, type }) => [actor, type])).toEqual([
    ["user:bob", "DeploymentPaused"],
    ["user:test", "FaultInjected"],
    ["user:test", "DeploymentResumed"],
  ]);
  expect(happenings[0]?.command).toBe("rollout pause deploy/web --as bob");
});

test("the slowest pods tell what they spent their time on", async () => {
  const lines = ["behave image=web:2 --ready 7s", "set image deploy/web web=web:2", "advance 60s"];
  const { slowest } = await reportAfter({ replicas: 1 }, lines);
  expect(slowest).toHaveLength(1);
  const [pod] = slowest;
  expect(pod?.isAvailable).toBe(true);
  expect(pod?.phases.find(({ state }) => state === "running")?.ms).toBe(7000);
  expect(pod?.phases.reduce((total, { ms }) => total + ms, 0)).toBe(pod?.tookMs);
});
