import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

const causes = "kubernetes.io/change-cause";

let shell: Shell;
/** Two revisions: `initial v1` with web:1, and web:2, set with --record. */
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web", { annotations: { [causes]: "initial v1" } }));
  await shell.type("advance 10s");
  await shell.type("kubectl set image deployment/web web=web:2 --record");
  await shell.type("advance 20s");
});

const template = (image: string, more: readonly string[] = []): string =>
  [
    "Pod Template:",
    "  Labels:\tapp=web",
    "\tpod-template-hash=HASH",
    ...more,
    "  Containers:",
    "   web:",
    `    Image:\t${image}`,
    "    Port:\t<none>",
    "    Host Port:\t<none>",
    "    Environment:\t<none>",
    "    Mounts:\t<none>",
    "  Volumes:\t<none>",
    "  Node-Selectors:\t<none>",
    "  Tolerations:\t<none>",
    "",
  ].join("\n");

const unhashed = (text: string): string => text.replace(/pod-template-hash=\w+/, "pod-template-hash=HASH");

describe("rollout history", () => {
  test("lists revisions with their causes, the first line with its trailing space", async () => {
    expect(await shell.type("kubectl rollout history deployment/web")).toEqual({
      code: 0,
      err: "",
      out: [
        "deployment.apps/web ",
        "REVISION  CHANGE-CAUSE",
        "1         initial v1",
        "2         kubectl set image deployment/web web=web:2 --record=true",
        "",
        "",
      ].join("\n"),
    });
  });

  test("shows the template of a revision with its cause, with tabs", async () => {
    const { out } = await shell.type("rollout history deployment/web --revision=1");
    expect(unhashed(out)).toBe(
      `deployment.apps/web with revision #1\n${template("web:1", [`  Annotations:\t${causes}: initial v1`])}\n`,
    );
    expect(await shell.type("rollout history deployment/web --revision=3")).toEqual({
      code: 1,
      out: "",
      err: "error: unable to find the specified revision\n",
    });
  });

  test("tells where a revision is that undo has moved on, below kubectl's words", async () => {
    await shell.type("rollout undo deployment/web --to-revision=1");
    await shell.type("advance 10s");
    for (const words of ["", " -o json"]) {
      expect(await shell.type(`rollout history deployment/web --revision=1${words}`)).toEqual({
        code: 1,
        out: "",
        err: 'error: unable to find the specified revision\n  (revision 1 is now revision 3: see "rollout ledger deploy/web")\n',
      });
    }
  });

  test("prints the ReplicaSets in order of revision with -o", async () => {
    const names = (await shell.type("rollout history deployment/web -o name")).out;
    const byAge = shell.session
      .list("ReplicaSet")
      .toSorted((a, b) => ((a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1));
    expect(names).toBe(byAge.map(({ metadata }) => `replicaset.apps/${metadata.name}\n`).join(""));
    const { out } = await shell.type("rollout history deployment/web --revision=2 -o json");
    expect(JSON.parse(out)).toMatchObject({ kind: "ReplicaSet", metadata: { name: byAge[1]?.metadata.name } });
  });

  test("goes through all Deployments, and says when there is no history", async () => {
    shell.create(deploymentManifest("idle", { spec: { paused: true } }));
    const { out } = await shell.type("rollout history deployment");
    expect(out).toMatch(/^deployment\.apps\/idle \nNo rollout history found\.\ndeployment\.apps\/web \nREVISION/);
  });
});

describe("rollout undo", () => {
  const lastPatch = (): unknown => {
    const last = shell.requests.at(-1);
    return last?.write.verb === "patch" ? last.write.patch : undefined;
  };

  test("brings back the former template and its cause, by a JSON patch", async () => {
    expect(await shell.type("kubectl rollout undo deployment/web")).toEqual({
      code: 0,
      out: "deployment.apps/web rolled back\n",
      err: "",
    });
    expect(lastPatch()).toEqual([
      {
        op: "replace",
        path: "/spec/template",
        value: expect.objectContaining({
          metadata: { creationTimestamp: null, labels: { app: "web" } },
          spec: expect.objectContaining({ containers: [expect.objectContaining({ image: "web:1" })] }),
        }),
      },
      {
        op: "replace",
        path: "/metadata/annotations",
        value: { "deployment.kubernetes.io/revision": "2", [causes]: "initial v1" },
      },
    ]);
    expect(shell.requests.at(-1)?.options.intent).toEqual({
      command: "rollout undo deployment/web",
      verb: "undo",
      toRevision: 1,
      fieldManager: "kubectl-rollout",
    });
    await shell.type("advance 20s");
    expect((await shell.type("rollout history deployment/web")).out).toBe(
      [
        "deployment.apps/web ",
        "REVISION  CHANGE-CAUSE",
        "2         kubectl set image deployment/web web=web:2 --record=true",
        "3         initial v1",
        "",
        "",
      ].join("\n"),
    );
  });

  test("goes to a revision that history lists, and to no other", async () => {
    await shell.type("set image deployment/web web=web:3");
    await shell.type("advance 20s");
    expect((await shell.type("rollout undo deployment/web --to-revision=1")).out).toBe(
      "deployment.apps/web rolled back\n",
    );
    await shell.type("advance 20s");
    for (const revision of ["1", "99", "-1"]) {
      expect(await shell.type(`rollout undo deployment/web --to-revision=${revision}`)).toEqual({
        code: 1,
        out: "",
        err: `error: unable to find specified revision ${revision} in history\n`,
      });
    }
  });

  test("skips a rollback to what is there already", async () => {
    const requests = shell.requests.length;
    expect(await shell.type("rollout undo deployment/web --to-revision=2")).toEqual({
      code: 0,
      out: "deployment.apps/web skipped rollback (current template already matches revision 2)\n",
      err: "",
    });
    expect(shell.requests).toHaveLength(requests);
  });

  test("shows the template with --dry-run=client, and writes nothing with --dry-run=server", async () => {
    const shown = await shell.type("rollout undo deployment/web --dry-run=client");
    expect(unhashed(shown.out)).toBe(`deployment.apps/web ${template("web:1")} (dry run)\n`);
    expect((await shell.type("rollout undo deployment/web --dry-run=server")).out).toBe(
      "deployment.apps/web rolled back (server dry run)\n",
    );
    await shell.type("advance 20s");
    expect((await shell.type("rollout history deployment/web")).out).toMatch(/\n1 .*\n2 .*\n\n$/);
  });

  test("refuses a paused Deployment, after it has looked for the revision", async () => {
    await shell.type("rollout pause deployment/web");
    expect((await shell.type("rollout undo deployment/web")).err).toBe(
      "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n",
    );
    expect((await shell.type("rollout undo deployment/web --to-revision=9")).err).toBe(
      "error: unable to find specified revision 9 in history\n",
    );
    expect((await shell.type("rollout undo deployment/web --dry-run=client")).code).toBe(0);
  });

  test("refuses a Deployment without a former revision, and what is no Deployment", async () => {
    shell.create(deploymentManifest("new"));
    await shell.type("advance 10s");
    expect((await shell.type("rollout undo deployment/new")).err).toBe(
      'error: no rollout history found for deployment "new"\n',
    );
    const [pod] = shell.session.list("Pod");
    expect((await shell.type(`rollout undo pod/${pod?.metadata.name}`)).err).toBe(
      'error: no rollbacker has been implemented for "Pod"\n',
    );
  });
});
