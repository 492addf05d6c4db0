import { beforeAll, describe, expect, it } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import type { Session, WatchEvent } from "../../src/engine/session.ts";
import { by, created, send } from "./ledgers.ts";

const web = (image: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } },
  },
});
const ref = { kind: "Deployment", namespace: "default", name: "web" } as const;

let present: LedgerSession;
let past: Session;
beforeAll(async () => {
  present = created();
  send(present, { verb: "create", object: web("web:1") });
  await present.advance(10_000);
  past = present.at(present.moment());
  await present.advance(5_000);
  send(present, { verb: "update", object: web("web:2") });
  await present.advance(10_000);
});

describe("a session of the past", () => {
  it("stands at its moment, and the ledger goes on without it", () => {
    expect(past.now()).toBe(past.moment().atMs);
    expect(past.now()).toBe(present.now() - 15_000);
    expect([past.clock, past.seed]).toEqual([present.clock, present.seed]);
    expect(present.get(ref)).toHaveProperty(["spec", "template", "spec", "containers", 0, "image"], "web:2");
    expect(past.get(ref)).toHaveProperty(["spec", "template", "spec", "containers", 0, "image"], "web:1");
    expect(past.list("ReplicaSet")).toHaveLength(1);
    expect(past.world().count("Pod")).toBe(2);
  });

  it("ends its log there, however far one asks", async () => {
    const { seq } = past.moment();
    expect([...past.log()].at(-1)?.seq).toBe(seq);
    expect([...past.log(seq, seq + 10)].map((event) => event.seq)).toEqual([seq]);
    const followed: number[] = [];
    for await (const batch of past.follow(seq - 1)) followed.push(...batch.map((event) => event.seq));
    expect(followed).toEqual([seq - 1, seq]);
    expect(past.digest()).not.toBe(present.digest());
    expect(past.digest()).toBe(present.at(past.moment()).digest());
  });

  it("tells a watch what is there, and ends it", async () => {
    const seen: WatchEvent[] = [];
    const listener = (event: WatchEvent) => {
      seen.push(event);
      return "continue" as const;
    };
    expect(await past.watch({ kind: "Pod", namespace: "default" }, listener)).toBe("idle");
    expect(seen.map(({ type, atMs }) => [type, atMs])).toEqual([
      ["ADDED", past.now()],
      ["ADDED", past.now()],
    ]);
    expect(await past.watch(ref, listener, { timeoutMs: 10 })).toBe("timeout");
    expect(await past.watch(ref, () => "stop")).toBe("stopped");
  });

  it("refuses every change, and records nothing", async () => {
    const before = present.store.head();
    await past.catchUp();
    expect(() => past.request({ verb: "create", object: web("web:3") }, by)).toThrow("nothing can be written");
    expect(() => past.injectFault({ type: "node", node: "node-1", up: false }, by)).toThrow("shows the past");
    expect(() => past.setBehaviour({ selector: { image: "web" }, behaviour: {} }, by)).toThrow("shows the past");
    await expect(past.advance(1)).rejects.toThrow("time stands still");
    expect(present.store.head()).toEqual(before);
  });

  it("leads further back, not forward, and to ends of commits only", () => {
    const { seq, atMs } = past.moment();
    const first = [...present.log(1, 1)][0];
    const earlier = { seq: first?.commit.lastSeq ?? 0, atMs: first?.at ?? 0 };
    expect(past.at(earlier).list("Deployment")).toEqual([]);
    expect(past.at({ seq: 0, atMs: earlier.atMs }).list("Node")).toEqual([]);
    expect(() => past.at(present.moment())).toThrow(RangeError);
    expect(() => past.at({ seq: seq + 1, atMs })).toThrow(RangeError);
    const inside = [...present.log()].find((event) => event.seq < event.commit.lastSeq);
    expect(() => present.at({ seq: inside?.seq ?? 0, atMs: present.now() })).toThrow(RangeError);
    expect(() => present.at({ seq: present.moment().seq + 1, atMs: present.now() })).toThrow(RangeError);
    expect(() => present.at({ seq, atMs: atMs - 60_000 })).toThrow(RangeError);
  });
});
