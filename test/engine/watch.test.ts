import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import type { WatchEvent, WatchOptions, WatchTarget } from "../../src/engine/session.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { by, created, newPath, reopened, send } from "./ledgers.ts";

const pods: WatchTarget = { kind: "Pod", namespace: "default" };

const phaseOf = (event: WatchEvent): unknown => Reflect.get(Reflect.get(event.object, "status") ?? {}, "phase");
const told = ({ type, object }: WatchEvent): string => `${type} ${object.metadata.name}`;

/** Watches until an event satisfies, and collects what it was told. */
const watch = async (
  session: LedgerSession,
  target: WatchTarget,
  isEnough: (event: WatchEvent) => boolean,
  options: WatchOptions = {},
) => {
  const events: WatchEvent[] = [];
  const end = await session.watch(
    target,
    (event) => {
      events.push(event);
      return isEnough(event) ? "stop" : "continue";
    },
    options,
  );
  return { end, events };
};
const never = (): boolean => false;

describe("a watch on a manual clock", () => {
  it("lets time go on, tells every change in its order, and stops where it is satisfied", async () => {
    const session = created();
    send(session, { verb: "create", object: podManifest() });
    const from = session.now();
    const { end, events } = await watch(session, pods, (event) => phaseOf(event) === "Running");
    expect(end).toBe("stopped");
    expect(events.map(told)).toEqual(["ADDED one", "MODIFIED one", "MODIFIED one"]);
    expect(events.map(({ atMs }) => atMs - from)).toEqual([0, 5, 1010]);
    expect(session.now()).toBe(from + 1010);
  });

  it("begins with what is there, and may have enough of it", async () => {
    const session = created();
    for (const name of ["b", "a"]) send(session, { verb: "create", object: podManifest({}, { name }) });
    const before = session.now();
    const { end, events } = await watch(session, pods, () => true);
    expect([end, events.map(told)]).toEqual(["stopped", ["ADDED b"]]);
    expect(session.now()).toBe(before);
  });

  it("ends at its timeout, and the clock with it", async () => {
    const session = created();
    const before = session.now();
    const { end } = await watch(session, pods, never, { timeoutMs: 90_000 });
    expect([end, session.now() - before]).toEqual(["timeout", 90_000]);
    expect((await watch(session, pods, never, { timeoutMs: 0 })).end).toBe("timeout");
    expect(session.now() - before).toBe(90_000);
  });

  it("ends an hour after the last change of what it watches, whatever else changes", async () => {
    const session = created();
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { crashAfterMs: 1000 } }, by);
    send(session, { verb: "create", object: deploymentManifest() });
    await session.advance(60_000);
    const target: WatchTarget = { kind: "Node", name: "node-1" };
    const before = session.now();
    const { end, events } = await watch(session, target, never);
    expect([end, events.map(told), session.now() - before]).toEqual(["idle", ["ADDED node-1"], 3_600_000]);
  });

  it("goes on as long as something changes within the hour", async () => {
    const session = created();
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { crashAfterMs: 3_000_000 } }, by);
    send(session, { verb: "create", object: podManifest() });
    let restarts = 0;
    const { end } = await watch(session, pods, ({ object }) => {
      restarts = Reflect.get(object, "status").containerStatuses?.[0].restartCount ?? 0;
      return restarts === 3;
    });
    expect([end, restarts]).toEqual(["stopped", 3]);
  });

  it("tells of deletions and creations, of one object or of a kind, in one namespace or in all", async () => {
    const session = created();
    send(session, { verb: "create", object: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } } });
    send(session, { verb: "create", object: podManifest({}, { name: "two", namespace: "shop" }) });
    send(session, { verb: "create", object: podManifest() });
    await session.advance(10_000);
    send(session, { verb: "delete", ref: refTo("Pod", "one") });
    const gone = (event: WatchEvent): boolean => event.type === "DELETED";
    const { events } = await watch(session, { ...pods, name: "one" }, gone);
    expect(events.map(told)).toEqual(["ADDED one", "MODIFIED one", "DELETED one"]);
    expect((await watch(session, { kind: "Pod" }, never, { timeoutMs: 10 })).events.map(told)).toEqual(["ADDED two"]);
    expect((await watch(session, pods, never, { timeoutMs: 10 })).events).toEqual([]);
  });

  it("ends when it is called off", async () => {
    const session = created();
    const off = new AbortController();
    off.abort();
    expect((await watch(session, pods, never, { signal: off.signal })).end).toBe("stopped");
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { crashAfterMs: 1000 } }, by);
    send(session, { verb: "create", object: podManifest() });
    const later = new AbortController();
    let seen = 0;
    const counting = (): boolean => {
      seen += 1;
      if (seen === 10) later.abort();
      return false;
    };
    expect((await watch(session, pods, counting, { signal: later.signal })).end).toBe("stopped");
    expect(seen).toBeLessThan(20);
  });

  it("tells what another process has done, once", async () => {
    const path = newPath();
    const session = created(path);
    const other = reopened(path);
    send(session, { verb: "create", object: podManifest() });
    const { events } = await watch(session, pods, (event) => {
      if (event.type === "MODIFIED" && event.object.metadata.name === "one" && other.list("Pod").length === 1) {
        send(other, { verb: "create", object: podManifest({}, { name: "two" }) });
      }
      return event.object.metadata.name === "two" && phaseOf(event) === "Running";
    });
    const ofTwo = events.map(told).filter((text) => text.endsWith("two"));
    expect(ofTwo.slice(0, 2)).toEqual(["ADDED two", "MODIFIED two"]);
    expect(ofTwo.filter((text) => text.startsWith("ADDED"))).toHaveLength(1);
    session.close();
    other.close();
  });
});

describe("a watch on a wall clock", () => {
  const wall = (path?: string) => created(path, { clock: "wall" });

  it("waits for what happens as real time passes", async () => {
    const session = wall();
    session.setBehaviour({ selector: {}, behaviour: { startMs: 30, readyMs: 10 } }, by);
    send(session, { verb: "create", object: podManifest() });
    const from = Date.now();
    const { end } = await watch(session, pods, (event) => phaseOf(event) === "Running");
    expect(end).toBe("stopped");
    expect(Date.now() - from).toBeLessThan(1000);
  });

  it("ends at its timeout, and when it is called off", async () => {
    const session = wall();
    const from = Date.now();
    expect((await watch(session, pods, never, { timeoutMs: 40 })).end).toBe("timeout");
    expect(Date.now() - from).toBeGreaterThanOrEqual(40);
    const off = new AbortController();
    setTimeout(() => off.abort(), 30);
    expect((await watch(session, pods, never, { signal: off.signal })).end).toBe("stopped");
  });

  it("tells what another process has done, once", async () => {
    const path = newPath();
    const session = wall(path);
    const other = reopened(path);
    const watching = watch(session, { kind: "ConfigMap" }, ({ type }) => type === "DELETED");
    await sleep(20);
    send(other, { verb: "create", object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" } } });
    await sleep(150);
    send(other, { verb: "delete", ref: refTo("ConfigMap", "one") });
    const { events } = await watching;
    expect(events.map(told)).toEqual(["ADDED one", "DELETED one"]);
    session.close();
    other.close();
  });
});
