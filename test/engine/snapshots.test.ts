import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { scratchFolder } from "../support/folder.ts";
import { by, created, reopened, send } from "./ledgers.ts";

const folder = scratchFolder();

const web = (replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } },
  },
});

interface Taken {
  readonly seq: number;
  readonly bytes: number;
}

const takenOf = ({ store }: LedgerSession, name: string): readonly Taken[] =>
  store.sql
    .prepare<[string], Taken>("SELECT seq, octet_length(state) AS bytes FROM snapshots WHERE name = ? ORDER BY seq")
    .all(name);

describe("snapshots", () => {
  it("are taken between commits also where one transaction holds thousands of events, as far apart as they are large", async () => {
    const session = created();
    let transactions = 0;
    session.store.subscribe(() => {
      transactions += 1;
    });
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { crashAfterMs: 1000 } }, by);
    send(session, { verb: "create", object: web(20) });
    await session.advance(2 * 3_600_000);
    const head = session.store.head().seq;
    const ends = new Set(Array.from(session.log(), ({ commit }) => commit.lastSeq));
    const world = takenOf(session, "world");
    expect(world.length).toBeGreaterThan(transactions);
    for (const [i, { seq, bytes }] of world.entries()) {
      expect(ends).toContain(seq);
      const next = world[i + 1]?.seq ?? head;
      const spacing = Math.max(300, bytes / 22);
      // Looked for once in 200 commits.
      expect(next - seq).toBeLessThan(spacing + 600);
      if (i + 1 < world.length) expect(next - seq).toBeGreaterThanOrEqual(spacing);
    }
    expect(takenOf(session, "kube-events").length).toBeGreaterThan(0);
    session.close();
  });

  it("change nothing but speed", async () => {
    const path = join(folder, "ledger.db");
    const session = created(path);
    send(session, { verb: "create", object: web(60) });
    await session.advance(60_000);
    const [event] = session.log(400, 400);
    const then = { seq: event?.commit.lastSeq ?? 0, atMs: event?.at ?? 0 };
    const ask = (of: LedgerSession): unknown => [
      of.events(),
      of.at(then).list("Pod"),
      of.at(then).events(),
      of.digest(),
    ];
    expect(takenOf(session, "world").length).toBeGreaterThan(0);
    const told = ask(session);
    session.close();
    const other = reopened(path);
    expect(ask(other)).toEqual(told);
    other.store.snapshots.deleteAll();
    other.close();
    const bare = reopened(path);
    expect(ask(bare)).toEqual(told);
    bare.close();
  });
});
