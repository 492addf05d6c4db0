import { describe, expect, it } from "vitest";
import { Upkeep } from "../../../src/engine/upkeep/upkeep.ts";
import { typed } from "../../support/terminal.ts";
import { reopened } from "../ledgers.ts";
import { newPaths, storyFile, tamper, verified } from "./story.ts";

const newPath = newPaths();

describe("a rebuild", () => {
  it("puts what the log tells in the place of read models that were damaged", async () => {
    const path = await storyFile(newPath());
    tamper(path, (db) => {
      db.exec("UPDATE objects SET entity = '{' WHERE name = 'web'");
      db.exec("DELETE FROM objects WHERE kind = 'Pod'");
      db.exec(
        "INSERT INTO objects SELECT 'Pod/default/ghost', kind, namespace, 'ghost', 1, 1, 0, '{}' FROM objects LIMIT 1",
      );
    });
    expect((await verified(path)).faults).not.toEqual([]);
    const { events } = await verified(path);
    expect(await Upkeep.ofFile(path).rebuild()).toMatchObject({ right: { events } });
    expect((await verified(path)).faults).toEqual([]);
    const session = reopened(path);
    expect((await typed(session, "get pods")).out.match(/Running/g)).toHaveLength(3);
    session.close();
  });

  it("leaves the old read models when it is stopped", async () => {
    const path = await storyFile(newPath());
    tamper(path, (db) => db.exec("DELETE FROM objects WHERE kind = 'Pod'"));
    const before = await verified(path);
    const stop = new AbortController();
    stop.abort();
    expect(await Upkeep.ofFile(path).rebuild({ signal: stop.signal })).toEqual({ _tag: "Right", right: undefined });
    expect(await verified(path)).toEqual(before);
  });

  it("is seen by a process that has the ledger open", async () => {
    const path = await storyFile(newPath());
    tamper(path, (db) => db.exec("DELETE FROM objects WHERE kind = 'ConfigMap'"));
    const session = reopened(path);
    expect(session.list("ConfigMap")).toHaveLength(0);
    await Upkeep.ofFile(path).rebuild();
    expect(session.list("ConfigMap")).toHaveLength(1);
    session.close();
  });

  it("folds what others write while it is at work", async () => {
    const path = await storyFile(newPath());
    const session = reopened(path, { synchronous: "normal" });
    for (const replicas of [150, 3]) {
      await typed(session, `scale deploy/web --replicas=${replicas}`);
      await typed(session, "advance 1m");
    }
    let isWritten = false;
    await Upkeep.ofFile(path).rebuild({
      onProgress: () => {
        if (isWritten) return;
        isWritten = true;
        void typed(session, "create configmap late --from-literal=a=b");
      },
    });
    expect(isWritten).toBe(true);
    session.close();
    expect((await verified(path)).faults).toEqual([]);
  });

  it("refuses a file that is not there, and makes none", async () => {
    expect(await Upkeep.ofFile("/nowhere/rollout.db").rebuild()).toMatchObject({ left: { kind: "Missing" } });
  });
});
