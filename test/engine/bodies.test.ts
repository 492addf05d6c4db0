import { describe, expect, it } from "vitest";
import type { Digest } from "../../src/domain/state.ts";
import { BodyStore } from "../../src/engine/bodies.ts";
import { openSqliteStore } from "../../src/event-store/sqlite/store.ts";
import { deploymentManifest, refTo } from "../domain/api-server.ts";
import { by, created, send } from "./ledgers.ts";

const emptyStore = () => {
  const opened = openSqliteStore(":memory:");
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } };
const sameTemplate = { spec: { containers: [{ image: "web:1", name: "web" }] }, metadata: { labels: { app: "web" } } };

describe("a body", () => {
  it("has one name whatever the order of its keys, and is one frozen object", () => {
    const bodies = new BodyStore(emptyStore().blobs);
    const digest = bodies.intern(template);
    expect(bodies.intern(sameTemplate)).toBe(digest);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const resolved = bodies.template(digest);
    expect(resolved).toEqual(template);
    expect(bodies.template(digest)).toBe(resolved);
    expect(Object.isFrozen(resolved.spec.containers[0])).toBe(true);
  });

  it("is handed over once, with the commit that first needs it", () => {
    const { blobs } = emptyStore();
    const bodies = new BodyStore(blobs);
    const digest = bodies.intern(template);
    const [fresh, ...others] = bodies.takeNew();
    expect([fresh?.digest, others]).toEqual([digest, []]);
    expect(bodies.takeNew()).toEqual([]);
    blobs.put(fresh?.body ?? "");
    bodies.recorded(fresh ? [fresh] : []);
    bodies.intern(sameTemplate);
    expect(bodies.takeNew()).toEqual([]);
  });

  it("that the ledger holds already is found there, and not handed over again", () => {
    const { blobs } = emptyStore();
    const first = new BodyStore(blobs);
    const digest = first.intern(template);
    for (const { body } of first.takeNew()) blobs.put(body);
    const second = new BodyStore(blobs);
    expect(second.template(digest)).toEqual(template);
    second.intern(sameTemplate);
    expect(second.takeNew()).toEqual([]);
    expect(() => second.template("unknown" as Digest)).toThrow("the ledger holds no body unknown");
  });
});

describe("a ledger", () => {
  it("stores each template and each pod's spec once, however many pods share it and however often it returns", async () => {
    const session = created();
    const bodies = (): number => [...session.store.blobs.all()].length;
    const image = (tag: number): void => {
      const containers = [{ name: "web", image: `web:${tag}` }];
      const body = { spec: { template: { spec: { containers } } } };
      send(session, { verb: "patch", ref: refTo("Deployment", "web"), patchType: "strategic", patch: body });
    };
    send(session, { verb: "create", object: deploymentManifest({ replicas: 20 }) });
    await session.advance(60_000);
    expect(bodies()).toBe(2);
    image(2);
    await session.advance(600_000);
    expect(bodies()).toBe(4);
    image(1);
    await session.advance(600_000);
    expect(bodies()).toBe(4);
  });

  it("stores nothing of what is refused or tried, and what was tried once it is meant", () => {
    const session = created();
    const write = { verb: "create", object: deploymentManifest() } as const;
    const bodies = (): number => [...session.store.blobs.all()].length;
    session.request({ verb: "create", object: deploymentManifest({ replicas: -1 }) }, by);
    session.request(write, { ...by, dryRun: true });
    expect(bodies()).toBe(0);
    send(session, write);
    expect(bodies()).toBe(1);
  });
});
