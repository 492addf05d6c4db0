import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createLedger, openLedger } from "../../src/engine/open.ts";
import { openSqliteStore } from "../../src/event-store/sqlite/store.ts";
import { deploymentManifest } from "../domain/api-server.ts";
import { created, newPath, reopened, send, typesIn } from "./ledgers.ts";

const messageOf = (result: ReturnType<typeof openLedger>): string => {
  if (result._tag === "Left") return result.left.message;
  result.right.close();
  return "";
};

describe("a new ledger", () => {
  it("begins with its settings, the namespace `default` and three nodes", () => {
    const session = created();
    expect(typesIn(session)).toEqual([
      "LedgerInitialized",
      "NamespaceCreated",
      "NodeCreated",
      "NodeCreated",
      "NodeCreated",
    ]);
    const [first, ...others] = [...session.log()];
    expect(first).toMatchObject({
      stream: "ledger",
      actor: "user:alice",
      cause: null,
      data: { seed: 1, clock: "manual", startMs: Date.UTC(2026, 0, 1) },
    });
    expect(others.every(({ cause }) => cause === first?.seq)).toBe(true);
    expect([session.seed, session.clock]).toEqual([1, "manual"]);
  });

  it("has the nodes that it is given, by number or by name and size", () => {
    const names = (session: ReturnType<typeof created>) => session.list("Node").map(({ metadata }) => metadata.name);
    expect(names(created(":memory:", { nodes: 0 }))).toEqual([]);
    expect(names(created(":memory:", { nodes: 2 }))).toEqual(["node-1", "node-2"]);
    const session = created(":memory:", { nodes: [{ name: "big", capacity: { cpu: "64" } }] });
    expect(session.list("Node")).toMatchObject([
      { metadata: { name: "big" }, status: { capacity: { cpu: "64", memory: "16Gi", pods: "110" } } },
    ]);
  });

  it("draws by its seed", async () => {
    const names = async (seed: number) => {
      const session = created(":memory:", { seed });
      send(session, { verb: "create", object: deploymentManifest({ replicas: 3 }) });
      await session.advance(1000);
      return session.list("Pod").map(({ metadata }) => metadata.name);
    };
    expect(await names(5)).toEqual(await names(5));
    expect(await names(5)).not.toEqual(await names(6));
  });

  it("is refused where there is one already, which stays as it is", () => {
    const path = newPath();
    created(path, { seed: 4 }).close();
    const before = readFileSync(path);
    expect(messageOf(createLedger(path, "user:bob"))).toBe(`${path}: there is a ledger already`);
    expect(readFileSync(path).equals(before)).toBe(true);
    const session = reopened(path);
    expect(session.seed).toBe(4);
    session.close();
  });
});

describe("opening a ledger", () => {
  it("is refused where there is no file, and makes none", () => {
    const path = newPath();
    expect(messageOf(openLedger(path))).toBe(`${path}: no such ledger; "rollout init" starts one`);
    expect(existsSync(path)).toBe(false);
  });

  it("is refused where nobody has begun one", () => {
    const path = newPath();
    const store = openSqliteStore(path);
    if (store._tag === "Right") store.right.close();
    expect(messageOf(openLedger(path))).toBe(`${path}: an empty ledger; "rollout init" starts one`);
    const session = created(path);
    expect(typesIn(session)).toContain("LedgerInitialized");
    session.close();
  });

  it("is refused for a file of somebody else's, which is not touched", () => {
    const path = newPath();
    writeFileSync(path, "apiVersion: v1\n".repeat(100));
    const before = readFileSync(path);
    expect(messageOf(openLedger(path))).toMatch(path);
    expect(messageOf(createLedger(path, "user:alice"))).toMatch(path);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("goes on with its clock, its seed and its log", async () => {
    const path = newPath();
    const session = created(path, { seed: 9 });
    send(session, { verb: "create", object: deploymentManifest() });
    await session.advance(5000);
    const known = [session.now(), session.digest(), session.list("Pod")];
    session.close();
    const next = reopened(path);
    expect([next.now(), next.digest(), next.list("Pod")]).toEqual(known);
    expect([next.seed, next.clock]).toEqual([9, "manual"]);
    next.close();
  });
});
