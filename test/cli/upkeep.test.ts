/** Looking after a ledger's file that nobody can work with any more. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tamper } from "../engine/upkeep/story.ts";
import { scratchFolder } from "../support/folder.ts";
import { started, typed } from "../support/terminal.ts";
import { rollout } from "./rollout.ts";

const folder = scratchFolder();

const damaged = async (name: string, sql: string): Promise<string> => {
  const path = join(folder, name);
  const session = started(path);
  await typed(session, "create deployment web --image=web:1 --replicas=2");
  session.close();
  tamper(path, (db) => db.exec(sql));
  return path;
};

describe("a damaged ledger", () => {
  it("is verified all the same, and stays as it is", async () => {
    const path = await damaged("first.db", "UPDATE events SET data = '{' WHERE seq = 1");
    const before = readFileSync(path);
    expect(await rollout(["verify", "--ledger", path])).toEqual({
      code: 1,
      out: "",
      err: `error: ${path} is not sound
  event 1 is not what was recorded: its hash is not that of its row, its commit and the hash before it
  no event is proven
`,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("gets its read models back", async () => {
    const path = await damaged("models.db", "UPDATE objects SET entity = '{'");
    expect(await rollout(["get", "deployments", "--ledger", path])).toMatchObject({ code: 1 });
    expect(await rollout(["rebuild", "--ledger", path])).toMatchObject({ code: 0, err: "" });
    expect((await rollout(["get", "deployments", "--ledger", path])).out).toContain("web");
  });
});
