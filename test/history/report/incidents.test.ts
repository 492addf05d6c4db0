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

  test("blames the image that cannot be pulled, and none of the other containers", async () => {
    const containers = [
      ["web", "web:1"],
      ["side", "side:1"],
    ].map(([name, image]) => ({ name, image }));
    const sidecar = JSON.stringify({ spec: { template: { spec: { containers } } } });
    const lines = [`patch deploy/web -p ${sidecar}`, "advance 30s", "set image deploy/web web=web:404", "advance 60s"];
    const { heldUp, verdict } = await reportAfter({}, lines);
    expect(heldUp.map(({ what }) => what)).toEqual(["web:404: ErrImagePull"]);
    expect(verdict).toContain("(1 pod has no image: web:404: ErrImagePull)");
    const both = await reportAfter({}, [...lines, "set image deploy/web side=side:404", "advance 60s"]);
    expect(both.heldUp.map(({ what }) => what)).toEqual(["side:404, web:404: ErrImagePull"]);
  });

  test("blames the image of an init container that cannot be pulled", async () => {
    const init = JSON.stringify({
      spec: { template: { spec: { initContainers: [{ name: "up", image: "up:404" }] } } },
    });
    const { heldUp } = await reportAfter({}, [`patch deploy/web -p ${init}`, "advance 20s"]);
    expect(heldUp.map(({ what }) => what)).toEqual(["up:404: ErrImagePull"]);
  });

  test("pods that crash after the end: all that did, how often, and not only those missing below the floor", async () => {
    const lines = ["behave image=web:2 --crash-after 8s", "set image deploy/web web=web:2", "advance 85s"];
    const { verdict, exitsAfter, rollout, shortfalls } = await reportAfter({ strategy: "{}" }, lines);
    expect([rollout.podsCreated, rollout.containerExits, exitsAfter]).toEqual([4, 0, 16]);
    expect(verdict).toMatch(
      /; afterwards it fell to 0, below its floor of 3, .* because 4 pods crashed 16 times: web exited/,
    );
    const exits = shortfalls.flatMap(({ blames }) => blames.flatMap((blame) => blame.exits ?? []));
    expect(new Set(exits.map(({ seq }) => seq)).size).toBe(16);
  });

  test("a deadline that passed stays passed: while it waits, when it is rolled back, when it completes after all", async () => {
    const spec = { more: "progressDeadlineSeconds: 30" };
    const stuck = ["set image deploy/web web=web:404", "advance 60s"];
    expect((await reportAfter(spec, stuck)).verdict).toMatch(
      /^Rollout #2 of deployment\/web exceeded its progress deadline at \+3[01][.\d]*s, and is not complete after 1m, \S+ of it waiting \(/,
    );
    expect((await reportAfter(spec, [...stuck, "undo deploy/web"], 2)).verdict).toMatch(
      /was rolled back by #3 after 1m, .*ErrImagePull\), its progress deadline exceeded at \+3[01][.\d]*s; /,
    );
    const slow = ["behave image=web:2 --ready 35s", "set image deploy/web web=web:2", "advance 300s"];
    const { verdict, rollout } = await reportAfter(spec, slow);
    expect(rollout.outcome).toBe("complete");
    expect(verdict).toMatch(/ completed in 2m\d+s, its progress deadline exceeded at \+3[01][.\d]*s; /);
    expect((await reportAfter({}, slow)).verdict).not.toContain("deadline");
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
