import { describe, expect, it } from "vitest";
import { World } from "../../src/domain/world.ts";
import { ObjectsProjection, objectsReach } from "../../src/projections/objects.ts";
import { replay } from "../../src/projections/replay.ts";
import { recallAt } from "../../src/projections/world-at.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { created, headOf, newPath, reopened, send, settle } from "../engine/ledgers.ts";
import { expectSound } from "../support/soundness.ts";

const withHistory = async () => {
  const session = created();
  send(session, { verb: "create", object: deploymentManifest({ replicas: 3 }) });
  await session.advance(30_000);
  for (let i = 0; i < 2; i++) {
    send(session, { verb: "create", object: podManifest() });
    send(session, { verb: "delete", ref: refTo("Pod", "one") });
  }
  send(session, { verb: "create", object: podManifest({}, { name: "two" }) });
  await session.advance(30_000);
  settle(session);
  return session;
};

describe("the read model of the present", () => {
  it("has a row for every object that exists, and none for those that are gone", async () => {
    const session = await withHistory();
    const rows = new ObjectsProjection(session.store.sql).rows();
    const streams = rows.map(({ stream }) => stream);
    expect(streams).toEqual([...streams].sort());
    expect(streams.map((stream) => stream.split("/")[0])).toEqual([
      "Deployment",
      "Namespace",
      "Node",
      "Node",
      "Node",
      "Pod",
      "Pod",
      "Pod",
      "Pod",
      "ReplicaSet",
    ]);
    expect(streams).not.toContain("Pod/default/one");
  });

  it("says of an object how long its stream is, how often it was created and how many it controlled", async () => {
    const session = await withHistory();
    const rows = new ObjectsProjection(session.store.sql).rows();
    for (const { stream, version } of rows) expect(session.store.streamVersion(stream)).toBe(version);
    const replicaSet = rows.find(({ stream }) => stream.startsWith("ReplicaSet/"));
    expect(replicaSet).toMatchObject({ creations: 1, children: 3 });
    expect(rows.find(({ stream }) => stream.startsWith("Deployment/"))).toMatchObject({ creations: 1, children: 1 });
  });

  it("rebuilt from the log is the same, byte for byte", async () => {
    const session = await withHistory();
    const kept = new ObjectsProjection(session.store.sql).rows();
    session.store.transaction(() => {
      session.store.sql.prepare("DELETE FROM objects").run();
      const rebuilt = new ObjectsProjection(session.store.sql);
      const world = replay(session.store);
      rebuilt.note(world.takeTouched());
      rebuilt.save(world, session.store.head().seq);
      return { _tag: "Right", right: undefined };
    });
    expect(new ObjectsProjection(session.store.sql).rows()).toEqual(kept);
  });

  it("fills a world that says what the log says", async () => {
    const session = await withHistory();
    const loaded = new World();
    new ObjectsProjection(session.store.sql).load(loaded);
    const replayed = replay(session.store);
    for (const kind of ["Deployment", "ReplicaSet", "Pod", "Node", "Namespace"] as const) {
      const byName = (world: World) => [...world.all(kind)].sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1));
      expect(byName(loaded)).toEqual(byName(replayed));
      expect(loaded.count(kind)).toBeGreaterThan(0);
    }
  });

  it("has no row for what is no object, nor for one that came and went before it was saved", async () => {
    const session = await withHistory();
    session.store.transaction(() => {
      const projection = new ObjectsProjection(session.store.sql);
      const world = new World();
      projection.load(world);
      const before = projection.rows();
      projection.note(["ledger", "refusals/scheduler", "Pod/default/nobody"]);
      projection.save(world, session.store.head().seq);
      expect(projection.rows()).toEqual(before);
      return { _tag: "Right", right: undefined };
    });
  });

  it("falls behind the log by less than a thousand events, and catches up when the ledger is left", async () => {
    const path = newPath();
    const session = created(path);
    const reach = () => objectsReach(session.store.sql);
    expect(reach()).toBe(0);
    const reaches = new Set<number>();
    for (let i = 0; i < 150; i++) {
      send(session, { verb: "create", object: podManifest({}, { name: `pod-${i}` }) });
      await session.advance(30_000);
      send(session, { verb: "delete", ref: refTo("Pod", `pod-${i}`) });
      await session.advance(60_000);
      expect(headOf(session) - reach()).toBeLessThan(1_000);
      reaches.add(reach());
    }
    // Not with each of the 600 transactions.
    expect(reaches.size).toBe(2);
    expect(reach()).toBeLessThan(headOf(session));
    session.close();
    const again = reopened(path);
    expect(objectsReach(again.store.sql)).toBe(headOf(again));
    again.close();
  });

  it("keeps no row of what is gone when two processes bring it further in turns", async () => {
    const path = newPath();
    const one = created(path);
    const other = reopened(path);
    send(one, { verb: "create", object: podManifest() });
    // Both are at the head now; the rows that one saves are not read by the other.
    other.world();
    settle(one);
    send(other, { verb: "delete", ref: refTo("Pod", "one") });
    await other.advance(60_000);
    settle(other);
    expect(new ObjectsProjection(one.store.sql).rows().map(({ stream }) => stream)).not.toContain("Pod/default/one");
    expectSound(one);
    for (const session of [one, other]) session.close();
  });

  it("that is behind is told to the end by those who load it, names that were borne before included", async () => {
    const path = newPath();
    const session = created(path);
    const pod = () => send(session, { verb: "create", object: podManifest() });
    pod();
    send(session, { verb: "delete", ref: refTo("Pod", "one") });
    expect(objectsReach(session.store.sql)).toBe(0);
    // As after a kill: nobody has settled.
    const other = reopened(path);
    expect(other.world().record("Pod/default/one")).toEqual({ version: 2, creations: 1, children: 0 });
    send(other, { verb: "create", object: podManifest() });
    expect(other.world().record("Pod/default/one")).toMatchObject({ version: 3, creations: 2 });
    await session.advance(30_000);
    expectSound(session);
    expectSound(other);
    other.close();
    expectSound(session);
    session.close();
  });
});

describe("replaying the log", () => {
  it("up to a position gives the world of that time", async () => {
    const session = await withHistory();
    const deleted = [...session.log(1, undefined, { types: ["PodDeleted"] })][0]?.seq ?? 0;
    const one = refTo("Pod", "one");
    expect(replay(session.store, deleted - 1).get(one)).toBeDefined();
    expect(replay(session.store, deleted).get(one)).toBeUndefined();
  });

  it("recalls the former bearers of a name", async () => {
    const session = await withHistory();
    const now = session.store.head().seq;
    expect(recallAt(session.store, now, "Pod/default/one")).toEqual({ version: 4, creations: 2, children: 0 });
    expect(recallAt(session.store, now, "Pod/default/nobody")).toBeUndefined();
  });
});
