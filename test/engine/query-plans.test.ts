/** Every statement that commands prepare is planned by SQLite as when it runs: none may read what grows with the history. */
import Database from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openLedger } from "../../src/index.ts";
import { newPath } from "./ledgers.ts";

/** Tables in which a ledger keeps more, the longer its history is. */
const growing = "events|commits|streams|blobs|snapshots|rollouts|availability";

/** Aliases under which statements name them. */
const aliases = "e|c|s|b|r|a";

const longRead = new RegExp(`^SCAN (${growing}|${aliases})\\b`);

/** A row for each rollout, of which there are a thousand times fewer than events; all are needed to know a template again. */
const affordable = /^SELECT deployment, template, max\(number\) AS number FROM rollouts GROUP BY/;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The statements that were prepared while the work was done. */
const preparedBy = async (work: () => Promise<void>): Promise<ReadonlySet<string>> => {
  const sources = new Set<string>();
  const prepare = Database.prototype.prepare;
  vi.spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database.Database, source: string) {
    sources.add(source);
    return prepare.call(this, source);
  });
  await work();
  vi.restoreAllMocks();
  return sources;
};

const plansOf = (path: string, source: string): readonly string[] => {
  const db = new Database(path, { readonly: true });
  const parameters = source.split("?").slice(1);
  const plan = db
    .prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
    .all(...parameters.map(() => null));
  db.close();
  return plan.map(({ detail }) => detail);
};

describe("no statement of a command reads the whole history", () => {
  it("whatever is done with a Deployment, and however its past is looked at", async () => {
    const path = newPath();
    const sources = await preparedBy(async () => {
      const ledger = openLedger(path, { create: true, clock: "manual" });
      const commands = [
        "create deployment web --image=web:1 --replicas=2",
        "expose deployment web --port=80",
        "rollout status deployment/web",
        "set image deployment/web web=web:2",
        "rollout status deployment/web",
        "rollout undo deployment/web",
        "rollout status deployment/web",
        "rollout history deployment/web",
        "get deploy,rs,pods",
        "get pods --as-of -5s",
        "ledger deploy/web",
        "describe deployment web",
        "delete deployment web",
      ];
      for (const command of commands) expect(await ledger.execute(command), command).toMatchObject({ exitCode: 0 });
      await ledger.advance("10m");
      ledger.close();
    });
    expect(sources.size).toBeGreaterThan(30);
    const hot = [...sources].filter((source) => !affordable.test(source));
    const long = hot.flatMap((source) =>
      plansOf(path, source)
        .filter((detail) => longRead.test(detail))
        .map((detail) => `${detail}: ${source}`),
    );
    expect(long).toEqual([]);
  });
});
