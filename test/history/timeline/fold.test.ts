import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { HistoryFold } from "../../../src/history/timeline/fold.ts";
import type { History, PodBar, Rollout } from "../../../src/history/timeline/model.ts";
import { clip } from "../../../src/history/timeline/window.ts";
import { started, typed } from "../../support/terminal.ts";
import { historyOf } from "./read.ts";

const manifest = (spec = ""): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
${spec}`;

let session: LedgerSession;
beforeEach(() => {
  session = started();
});

const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    const { code, err } = await typed(session, line, { files: { "web.yaml": manifest() } });
    if (code !== 0) throw new Error(`${line}: ${err}`);
  }
};

const begin = async (spec = ""): Promise<void> => {
  const { code, err } = await typed(session, "apply -f web.yaml", { files: { "web.yaml": manifest(spec) } });
  if (code !== 0) throw new Error(err);
  await run("advance 10s");
};

const read = (): History => historyOf(session);
const pods = (): readonly PodBar[] => read().replicaSets.flatMap((replicaSet) => replicaSet.pods);
const statesOf = (bar: PodBar | undefined): readonly string[] => bar?.segments.map(({ state }) => state) ?? [];
const rolloutNumber = (number: number): Rollout | undefined =>
  read().rollouts.find((rollout) => rollout.number === number);
const shortfalls = () => clip(read(), { all: true }).summary.shortfalls;
const firstPod = (): string => session.list("Pod")[0]?.metadata.name ?? "";

test("an unknown Deployment has no history", () => {
  const fold = new HistoryFold({ namespace: "default", name: "nope", templateOf: () => undefined });
  for (const event of session.log()) fold.apply(event);
  expect(fold.finish(session.now())).toBeUndefined();
});

describe("the life of a pod", () => {
  test("goes from pending to available, and by terminating to its end", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 20s");
    const [first] = pods();
    expect(statesOf(first)).toEqual(["pending", "starting", "running", "available", "terminating"]);
    expect(first?.end).toBe("deleted");
    expect(pods().filter(({ end }) => end === undefined)).toHaveLength(2);
  });

  test("is ready for minReadySeconds before it is available", async () => {
    await begin("  minReadySeconds: 5");
    const [first] = pods();
    expect(statesOf(first)).toEqual(["pending", "starting", "running", "ready", "available"]);
    const ready = first?.segments[3];
    // The condition's time has whole seconds, so that up to one of them has passed when it is written.
    expect((ready?.toMs ?? 0) - (ready?.fromMs ?? 0)).toBeGreaterThan(4000);
    expect((ready?.toMs ?? 0) - (ready?.fromMs ?? 0)).toBeLessThanOrEqual(5000);
  });

  test("waits again when minReadySeconds is raised, and becomes available by itself", async () => {
    await begin();
    await run(`patch deploy/web -p {"spec":{"minReadySeconds":20}}`, "advance 30s");
    expect(statesOf(pods()[0]).slice(-3)).toEqual(["available", "ready", "available"]);
  });

  test("has a mark for a crash, and backs off", async () => {
    await begin();
    await run(`fault crash pod/${firstPod()}`, "advance 3s", `fault crash pod/${firstPod()}`, "advance 30s");
    const crashed = pods().find(({ marks }) => marks.length > 0);
    expect(crashed?.marks.map(({ type, what, container }) => [type, what, container])).toEqual([
      ["exited", "exit 1", "web"],
      ["exited", "exit 1", "web"],
    ]);
    expect(statesOf(crashed).slice(3)).toEqual([
      "available",
      "backing-off",
      "running",
      "available",
      "backing-off",
      "running",
      "available",
    ]);
  });

  test("has marks for pulls that fail, and none for the end of a pod that goes", async () => {
    await begin();
    await run("set image deploy/web web=web:404", "advance 25s");
    const marked = pods().filter(({ marks }) => marks.length > 0);
    expect(marked.length).toBeGreaterThan(0);
    for (const { marks } of marked) expect(new Set(marks.map(({ what }) => what))).toEqual(new Set(["ErrImagePull"]));
    expect(
      pods()
        .filter(({ end }) => end === "deleted")
        .flatMap(({ marks }) => marks),
    ).toEqual([]);
  });

  test("ends for the Deployment when its labels are changed", async () => {
    await begin();
    const name = firstPod();
    await run(`label pod/${name} app=stray --overwrite`, "advance 5s");
    expect(pods().find((bar) => bar.name === name)?.end).toBe("released");
    expect(pods().filter(({ end }) => end === undefined)).toHaveLength(2);
  });

  test("ends for the Deployment when that is deleted and leaves it behind", async () => {
    await begin();
    await run("delete deploy/web --cascade=orphan --wait=false", "advance 5s");
    expect(pods().map(({ end }) => end)).toEqual(["released", "released"]);
    expect(session.list("Pod")).toHaveLength(2);
  });
});

describe("rollouts", () => {
  test("say who, what, when and how long", async () => {
    await begin();
    await run("set image deploy/web web=web:2 --as alice", "advance 20s");
    const { rollouts } = read();
    expect(rollouts).toMatchObject([
      { number: 1, revision: "1", actor: "user:test", images: ["web:1"], command: "rollout apply -f web.yaml" },
      { number: 2, revision: "2", actor: "user:alice", images: ["web:2"], imagesBefore: ["web:1"] },
    ]);
    expect(rollouts[0]?.imagesBefore).toBeUndefined();
    expect(rollouts[1]?.completedAtMs).toBeGreaterThan(rollouts[1]?.startedAtMs ?? Infinity);
    expect(rollouts[0]?.replacedAtMs).toBe(rollouts[1]?.atMs);
  });

  test("that go back name the one they restore, and share its looks; its ReplicaSet has both revisions", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 20s", "rollout undo deploy/web", "advance 20s");
    const { rollouts, replicaSets } = read();
    expect(rollouts[2]).toMatchObject({ number: 3, revision: "3", restores: 1, hue: rollouts[0]?.hue, verb: "undo" });
    expect(replicaSets.map(({ revisions }) => revisions.map(({ revision }) => revision))).toEqual([["2"], ["1", "3"]]);
    expect(replicaSets[1]?.hue).toBe(rollouts[0]?.hue);
  });

  test("have the change-cause that was set for them, not one that was left standing", async () => {
    await begin();
    await run("annotate deploy/web kubernetes.io/change-cause=first", "set image deploy/web web=web:2", "advance 20s");
    expect(rolloutNumber(1)?.changeCause).toBe("first");
    expect(rolloutNumber(2)?.changeCause).toBeUndefined();
    await run("annotate deploy/web kubernetes.io/change-cause=second");
    expect(rolloutNumber(2)?.changeCause).toBe("second");
  });

  test("of a paused Deployment start when it is resumed, or never", async () => {
    await begin();
    await run("rollout pause deploy/web", "set image deploy/web web=web:2", "advance 10s");
    expect(rolloutNumber(2)).toMatchObject({ paused: [{ fromMs: rolloutNumber(2)?.atMs }] });
    expect(rolloutNumber(2)?.startedAtMs).toBeUndefined();
    expect(rolloutNumber(2)?.revision).toBeUndefined();
    await run("set image deploy/web web=web:3", "advance 10s", "rollout resume deploy/web", "advance 20s");
    expect(rolloutNumber(2)?.startedAtMs).toBeUndefined();
    const third = rolloutNumber(3);
    expect((third?.startedAtMs ?? 0) - (third?.atMs ?? 0)).toBe(10_000);
    expect(third?.paused).toEqual([{ fromMs: third?.atMs, toMs: third?.startedAtMs }]);
    expect(third?.completedAtMs).toBeGreaterThan(third?.startedAtMs ?? Infinity);
  });

  test("that do not get on say when their deadline was over", async () => {
    await begin("  progressDeadlineSeconds: 30");
    await run("set image deploy/web web=web:404", "advance 60s");
    const { deadlineExceededAtMs = 0, atMs = 0, completedAtMs } = rolloutNumber(2) ?? {};
    expect(deadlineExceededAtMs - atMs).toBeGreaterThanOrEqual(30_000);
    expect(completedAtMs).toBeUndefined();
  });

  test("are counted on when the Deployment is deleted and created anew", async () => {
    await begin();
    await run("delete deploy/web --wait=false", "advance 20s");
    expect(rolloutNumber(1)?.deletedAtMs).toBeDefined();
    await begin();
    expect(read().rollouts.map(({ number, revision }) => [number, revision])).toEqual([
      [1, "1"],
      [2, "1"],
    ]);
    expect(new Set(pods().map(({ uid }) => uid))).toHaveProperty("size", 4);
  });
});

describe("floor and ceiling", () => {
  test("are broken by a crash, for as long as it takes", async () => {
    await begin();
    await run(`fault crash pod/${firstPod()}`, "advance 30s");
    expect(shortfalls()).toMatchObject([{ pods: 1, bound: 2 }]);
  });

  test("are not broken by a Deployment that comes up, grows, or shrinks", async () => {
    await begin();
    await run("scale deploy/web --replicas=8", "advance 10s", "scale deploy/web --replicas=1", "advance 10s");
    const { summary } = clip(read(), { all: true });
    expect(summary.shortfalls).toEqual([]);
    expect(summary.excesses).toEqual([]);
    expect(read().availability.some(({ floor, floorInForce }) => floor > floorInForce)).toBe(true);
  });

  test("of Recreate allow that nothing is there", async () => {
    await begin("  strategy: {type: Recreate}");
    await run("set image deploy/web web=web:2", "advance 20s");
    const { summary, availability } = clip(read(), { all: true });
    expect(availability.some(({ available, atMs }) => available === 0 && atMs > (rolloutNumber(2)?.atMs ?? 0))).toBe(
      true,
    );
    expect(summary.shortfalls).toEqual([]);
  });
});

describe("the part that is shown", () => {
  test("is by default the last rollout, from a little before it on", async () => {
    await begin();
    await run("advance 1h", "set image deploy/web web=web:2", "advance 1h");
    const shown = clip(read(), { all: false });
    const [before, last] = read().rollouts;
    expect(shown.originMs).toBe(last?.atMs);
    expect(shown.fromMs).toBeLessThan(last?.atMs ?? 0);
    expect(shown.fromMs).toBeGreaterThan((last?.atMs ?? 0) - 5000);
    // Nothing happens any more: the picture ends a little later.
    expect(shown.toMs).toBeLessThan((last?.completedAtMs ?? 0) + 5000);
    expect(shown.rollouts.map(({ number }) => number)).toEqual([before?.number, last?.number]);
  });

  test("goes on to now while something is awaited", async () => {
    await begin();
    await run("set image deploy/web web=web:404", "advance 1h");
    expect(clip(read(), { all: false }).toMs).toBe(session.now());
  });

  test("has the lives of pods cut at its edges, and no ReplicaSet without one", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "advance 1m");
    const history = read();
    const [fromMs, toMs] = [history.toMs - 20_000, history.toMs - 10_000];
    const shown = clip(history, { all: false, fromMs, toMs });
    expect(shown.replicaSets).toHaveLength(1);
    for (const bar of shown.replicaSets.flatMap((replicaSet) => replicaSet.pods)) {
      expect(bar).toMatchObject({ fromMs, toMs, segments: [{ state: "available", fromMs, toMs }] });
    }
    expect(shown.availability).toMatchObject([
      { atMs: fromMs, available: 2, availableBy: [{ replicaSet: 0, pods: 2 }] },
    ]);
  });
});
