import { describe, expect, it } from "vitest";
import { World } from "../../src/domain/world.ts";
import { ObjectsProjection } from "../../src/projections/objects.ts";
import { recall, replay } from "../../src/projections/replay.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { created, send } from "../engine/ledgers.ts";

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
    const projection = new ObjectsProjection(session.store.sql);
    const kept = projection.rows();
    const world = replay(session.store);
    session.store.transaction(() => {
      projection.clear();
      expect(projection.rows()).toEqual([]);
      projection.save(
        Array.from(session.log(), ({ stream }) => stream),
        world,
      );
      return { _tag: "Right", right: undefined };
    });
    expect(projection.rows()).toEqual(kept);
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

  it("saves what changed, and only what is an object's", async () => {
    const session = await withHistory();
    const projection = new ObjectsProjection(session.store.sql);
    const before = projection.rows().length;
    session.store.transaction(() => {
      projection.save(["ledger", "refusals/scheduler", "Pod/default/two"], new World());
      return { _tag: "Right", right: undefined };
    });
    expect(projection.rows()).toHaveLength(before - 1);
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
    expect(recall(session.store, "Pod/default/one")).toEqual({ version: 4, creations: 2, children: 0 });
    expect(recall(session.store, "Pod/default/nobody")).toBeUndefined();
  });
});
