import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { Upkeep } from "../../../src/engine/upkeep/upkeep.ts";
import { started, typed } from "../../support/terminal.ts";
import { reopened } from "../ledgers.ts";
import { newPaths, storyFile, tamper, verified } from "./story.ts";

const newPath = newPaths();

describe("a backup", () => {
  it("holds the ledger as it was, proven, while the ledger is in use", async () => {
    const path = await storyFile(newPath());
    const session = reopened(path);
    await typed(session, "scale deploy/web --replicas=4");
    const { seq, hash } = session.store.head();
    const copy = newPath();
    expect(await session.upkeep.backup(copy)).toMatchObject({
      right: { file: copy, events: seq, head: { seq, hash } },
    });
    await typed(session, "scale deploy/web --replicas=5");
    expect(await verified(copy)).toMatchObject({ head: { seq, hash }, faults: [] });
    const restored = reopened(copy);
    expect(await typed(restored, "get deploy web -o name")).toMatchObject({ out: "deployment.apps/web\n" });
    for (const each of [session, restored]) each.close();
  });

  it("replaces a file only when told to, and never the ledger itself or one that is open", async () => {
    const path = await storyFile(newPath());
    const copy = newPath();
    writeFileSync(copy, "a letter");
    expect(await Upkeep.ofFile(path).backup(copy)).toMatchObject({
      left: { message: `${copy} exists already; --force replaces it` },
    });
    expect(readFileSync(copy, "utf8")).toBe("a letter");
    expect(await Upkeep.ofFile(path).backup(copy, { force: true })).toMatchObject({ _tag: "Right" });
    expect((await verified(copy)).faults).toEqual([]);
    expect(await Upkeep.ofFile(path).backup(path, { force: true })).toMatchObject({
      left: { message: `${path} is the ledger itself` },
    });
    const open = reopened(copy);
    await typed(open, "scale deploy/web --replicas=5");
    expect(await Upkeep.ofFile(path).backup(copy, { force: true })).toMatchObject({ left: { kind: "Busy" } });
    open.close();
    expect(await Upkeep.ofFile(path).backup(copy, { force: true })).toMatchObject({ _tag: "Right" });
  });

  it("is not made of a ledger that is damaged, and leaves nothing behind", async () => {
    const path = await storyFile(newPath());
    tamper(path, (db) => db.exec("UPDATE events SET version = version + 1 WHERE seq = (SELECT max(seq) FROM events)"));
    const copy = newPath();
    expect(await Upkeep.ofFile(path).backup(copy)).toMatchObject({ left: { kind: "Corrupt" } });
    expect(existsSync(copy)).toBe(false);
    expect(readdirSync(dirname(copy)).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("is made of a ledger in memory, too", async () => {
    const session = started();
    const copy = newPath();
    expect(await session.upkeep.backup(copy)).toMatchObject({ _tag: "Right" });
    expect((await verified(copy)).head.hash).toBe(session.store.head().hash);
  });
});
