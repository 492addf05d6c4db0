import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Ledger } from "../../src/engine/ledger.ts";
import { ledgerSettingsSchema } from "../../src/engine/settings.ts";
import { runAll } from "../../src/engine/steps.ts";
import { openSqliteStore } from "../../src/event-store/sqlite/store.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { created, headOf, newPath, reopened, send, typesIn } from "./ledgers.ts";

const start = Date.UTC(2026, 0, 1);

describe("a manual clock", () => {
  it("starts with the year 2026 unless it is told otherwise, and stands until it is moved", async () => {
    expect(created().now()).toBe(start);
    const session = created(":memory:", { startMs: 5000 });
    await sleep(5);
    expect(session.now()).toBe(5000);
    await session.advance(61_000);
    expect(session.now()).toBe(66_000);
  });

  it("is given the time that a person's write takes, in which the cluster goes on", () => {
    const session = created(":memory:", { roundTripMs: 100 });
    send(session, { verb: "create", object: podManifest() });
    expect(session.now()).toBe(start + 100);
    expect(typesIn(session).at(-1)).toBe("PodScheduled");
    session.request({ verb: "delete", ref: refTo("Pod", "two") }, { actor: "user:alice", intent: {} });
    session.request({ verb: "delete", ref: refTo("Pod", "one") }, { actor: "user:alice", intent: {}, dryRun: true });
    expect(session.now()).toBe(start + 100);
  });

  it("shows the same time to the next process", async () => {
    const path = newPath();
    const session = created(path);
    await session.advance(1234);
    session.close();
    const next = reopened(path);
    expect(next.now()).toBe(start + 1234);
    next.close();
  });

  it("lets happen what is due, and nothing else", async () => {
    const session = created();
    send(session, { verb: "create", object: podManifest() });
    await session.catchUp();
    expect(typesIn(session).at(-1)).toBe("PodCreated");
    await session.advance(1005);
    expect(typesIn(session).at(-1)).toBe("PodScheduled");
    await session.advance(10);
    expect(typesIn(session).slice(-2)).toEqual(["PodStarted", "PodContainerStarted"]);
  });

  it("never goes back along the log", async () => {
    const session = created();
    send(session, { verb: "create", object: deploymentManifest({ replicas: 5 }) });
    await session.advance(10_000);
    send(session, {
      verb: "patch",
      ref: refTo("Deployment", "web"),
      patchType: "merge",
      patch: { spec: { replicas: 1 } },
    });
    await session.advance(60_000);
    const times = Array.from(session.log(), ({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(session.now());
  });

  it("reports long ways, and stops between two steps when it is told to", async () => {
    const session = created();
    const containers = [{ name: "web", image: "web:1" }];
    const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
    session.setBehaviour({ selector: {}, behaviour: { crashAfterMs: 0 } }, { actor: "user:alice", intent: {} });
    send(session, { verb: "create", object: deploymentManifest({ replicas: 200, template }) });
    const stop = new AbortController();
    const reported: number[] = [];
    await session.advance(
      86_400_000,
      (atMs) => {
        reported.push(atMs);
        if (reported.length === 2) stop.abort();
      },
      stop.signal,
    );
    expect(reported).toHaveLength(2);
    expect(session.now()).toBe(reported[1]);
    const head = headOf(session);
    await session.advance(600_000);
    expect(headOf(session)).toBeGreaterThan(head);
    expect(session.now()).toBe((reported[1] ?? 0) + 600_000);
  });
});

describe("a wall clock", () => {
  const near = (actual: number, expected: number): void => {
    expect(actual).toBeGreaterThanOrEqual(expected);
    expect(actual).toBeLessThan(expected + 2000);
  };

  it("shows real time, and goes on", async () => {
    const session = created(":memory:", { clock: "wall" });
    const before = Date.now();
    near(session.now(), before);
    await sleep(20);
    near(session.now(), before + 20);
  });

  it("goes on from where it was moved to, also in the next process, and however much happened on the way", async () => {
    const path = newPath();
    const session = created(path, { clock: "wall" });
    send(session, { verb: "create", object: deploymentManifest({ replicas: 2 }) });
    const before = Date.now();
    // The last thing that happens is the readiness of the pods: the log ends right before the new time.
    await session.advance(2060);
    near(session.now(), before + 2060);
    const moved = session.now();
    await sleep(30);
    expect(session.now()).toBeGreaterThanOrEqual(moved + 30);
    await session.advance(3_600_000);
    near(session.now(), before + 3_602_060);
    session.close();
    const next = reopened(path);
    near(next.now(), before + 3_602_060);
    next.close();
  });

  it("lets happen, when it is asked to, what was due meanwhile", async () => {
    const session = created(":memory:", { clock: "wall" });
    session.setBehaviour(
      { selector: {}, behaviour: { startMs: 10, readyMs: 10 } },
      { actor: "user:alice", intent: {} },
    );
    send(session, { verb: "create", object: podManifest() });
    await sleep(60);
    expect(typesIn(session).at(-1)).toBe("PodCreated");
    await session.catchUp();
    expect(typesIn(session).at(-1)).toBe("PodReady");
  });

  it("goes on from the end of the log, where a process was cut off while it ran ahead", async () => {
    const path = newPath();
    const session = created(path, { clock: "wall" });
    send(session, { verb: "create", object: podManifest() });
    const opened = openSqliteStore(path);
    if (opened._tag === "Left") throw opened.left;
    const [first] = opened.right.read("ledger", 1, 1);
    const cut = new Ledger(opened.right, ledgerSettingsSchema.parse(first?.data));
    cut.transact(() => runAll(cut, cut.now() + 60_000));
    const { at } = opened.right.head();
    opened.right.close();
    expect(session.now()).toBeGreaterThanOrEqual(at);
    await sleep(30);
    expect(session.now()).toBeGreaterThanOrEqual(at + 30);
    session.close();
  });

  it("goes on also from a way that was broken off", async () => {
    const session = created(":memory:", { clock: "wall" });
    session.setBehaviour({ selector: {}, behaviour: { crashAfterMs: 0 } }, { actor: "user:alice", intent: {} });
    send(session, { verb: "create", object: deploymentManifest({ replicas: 200 }) });
    const stop = new AbortController();
    await session.advance(86_400_000, () => stop.abort(), stop.signal);
    const stopped = session.now();
    await sleep(30);
    expect(session.now()).toBeGreaterThanOrEqual(stopped + 30);
  });
});
