/** What people miss in `kubectl rollout history`, each with the issue in which they said so. */
import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});

const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    const { code, err } = await shell.type(line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
    await shell.type("advance 30s");
  }
};

const begin = async (spec: object = {}): Promise<void> => {
  shell.create(deploymentManifest("web", { spec }));
  await shell.type("advance 30s");
};

const rollouts = () => shell.session.rollouts({ namespace: "default", name: "web" });
const revisionsOfKubectl = async (): Promise<readonly string[]> => {
  const { out } = await shell.type("rollout history deploy/web");
  return [...out.matchAll(/^(\d+) /gm)].map(([, revision = ""]) => revision);
};
/** What `rollout history` would call a number that it showed once. */
const becomes = (revision: string): string | undefined =>
  rollouts().find((rollout) => rollout.revision === revision)?.replicaSet?.revision;

describe("kubernetes/kubernetes", () => {
  test("#33844: history is not lost when a ReplicaSet is used again", async () => {
    await begin();
    await run("set env deploy/web MODE=a", "set env deploy/web MODE-");
    expect(await revisionsOfKubectl()).toEqual(["2", "3"]);
    expect(rollouts().map(({ number, revision }) => [number, revision])).toEqual([
      [1, "1"],
      [2, "2"],
      [3, "3"],
    ]);
    expect(rollouts()[2]?.restores).toBe(1);
    const { out } = await shell.type("rollout ledger deploy/web");
    expect(out).toMatch(/^1 +1 → 3 /m);
    expect(out).toMatch(/^3 +3 +user:test +as #1: web: env /m);
  });

  test("#26818: no change goes missing, however fast they come", async () => {
    await begin();
    for (const tag of [2, 3, 4]) await shell.type(`set image deploy/web web=web:${tag}`);
    await shell.type("advance 30s");
    expect(await revisionsOfKubectl()).toEqual(["1", "2"]);
    expect(rollouts().map(({ images, revision, outcome }) => [images, revision, outcome])).toEqual([
      [["web:1"], "1", "complete"],
      [["web:2"], undefined, "superseded"],
      [["web:3"], undefined, "superseded"],
      [["web:4"], "2", "complete"],
    ]);
  });

  test("#33844: nor when one goes back and forth", async () => {
    await begin();
    for (let i = 0; i < 4; i += 1) await run("set image deploy/web web=web:2", "set image deploy/web web=web:1");
    expect(await revisionsOfKubectl()).toEqual(["8", "9"]);
    expect(rollouts().map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rollouts().map(({ revision }) => revision)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });

  test("#26818: nor with a revisionHistoryLimit of 0", async () => {
    await begin({ revisionHistoryLimit: 0 });
    await run("set image deploy/web web=web:2", "set image deploy/web web=web:3", "rollout restart deploy/web");
    expect(await revisionsOfKubectl()).toEqual(["4"]);
    expect(rollouts().map(({ revision, images }) => [revision, images])).toEqual([
      ["1", ["web:1"]],
      ["2", ["web:2"]],
      ["3", ["web:3"]],
      ["4", ["web:3"]],
    ]);
    expect((await shell.type("rollout ledger deploy/web")).out).toMatch(/^2 +2 → gone /m);
  });

  test("#47727: every revision has its time", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "rollout undo deploy/web");
    const { out } = await shell.type("rollout ledger deploy/web");
    for (const time of ["00:00:00", "00:00:30", "00:01:00"]) expect(out).toContain(` ${time} `);
    for (const { startedAtMs = Infinity, completedAtMs = 0 } of rollouts()) {
      expect(startedAtMs).toBeLessThan(completedAtMs);
    }
  });

  test("#54932: every revision has its images, and what they were before; and its cause, given or not", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "annotate deploy/web kubernetes.io/change-cause=release");
    await run("set image deploy/web web=web:3 --as bob");
    expect(rollouts().map(({ images, imagesBefore }) => [imagesBefore, images])).toEqual([
      [undefined, ["web:1"]],
      [["web:1"], ["web:2"]],
      [["web:2"], ["web:3"]],
    ]);
    expect(rollouts()[1]?.changeCause).toBe("release");
    // A cause that was left standing is not the cause of the next change; who did what is known all the same.
    expect(rollouts()[2]).toMatchObject({
      actor: "user:bob",
      command: "rollout set image deploy/web web=web:3 --as bob",
    });
    expect(rollouts()[2]?.changeCause).toBeUndefined();
  });

  test("#51315: an old revision number still resolves to what it became", async () => {
    await begin();
    await run("set image deploy/web web=web:2", "rollout undo deploy/web --to-revision=1");
    await run("set image deploy/web web=web:2");
    expect((await shell.type("rollout undo deploy/web --to-revision=1")).code).toBe(1);
    expect(becomes("1")).toBe("3");
    expect(becomes("2")).toBe("4");
    await run(`rollout undo deploy/web --to-revision=${becomes("1")}`);
    expect(rollouts().at(-1)).toMatchObject({ images: ["web:1"], restores: 3, revision: "5" });
    expect(becomes("1")).toBe("5");
  });
});
