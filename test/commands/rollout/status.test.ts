import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

const toFinish = 'Waiting for deployment "web" rollout to finish:';

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});

describe("rollout status", () => {
  test("prints a line for each change until the rollout is done", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
    await shell.type("set image deployment/web web=web:2");
    await shell.type("advance 500ms");
    expect(await shell.type("kubectl rollout status deployment/web")).toEqual({
      code: 0,
      err: "",
      out: [
        `${toFinish} 1 out of 3 new replicas have been updated...`,
        `${toFinish} 1 out of 3 new replicas have been updated...`,
        `${toFinish} 1 out of 3 new replicas have been updated...`,
        `${toFinish} 2 out of 3 new replicas have been updated...`,
        `${toFinish} 2 out of 3 new replicas have been updated...`,
        `${toFinish} 2 out of 3 new replicas have been updated...`,
        `${toFinish} 1 old replicas are pending termination...`,
        `${toFinish} 1 old replicas are pending termination...`,
        'deployment "web" successfully rolled out',
        "",
      ].join("\n"),
    });
  });

  test("tells how it is and goes, with --watch=false", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("advance 500ms");
    const before = shell.session.now();
    expect(await shell.type("rollout status deployment/web --watch=false")).toEqual({
      code: 0,
      out: `${toFinish} 0 of 3 updated replicas are available...\n`,
      err: "",
    });
    expect(shell.session.now()).toBe(before);
  });

  test("gives up after --timeout", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("behave image=web:1 --never-ready");
    const { code, err } = await shell.type("rollout status deployment/web --timeout=2s");
    expect([code, err]).toEqual([1, "error: timed out waiting for the condition\n"]);
    expect(shell.session.now()).toBe(Date.UTC(2026, 0, 1) + 2000);
  });

  test("fails when the progress deadline passes", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("behave image=web:1 --never-ready");
    const { code, err } = await shell.type("rollout status deployment/web");
    expect([code, err]).toEqual([1, 'error: deployment "web" exceeded its progress deadline\n']);
  });

  test("says what is missing when nothing will change any more", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
    await shell.type("rollout pause deployment/web");
    await shell.type("set image deployment/web web=web:2");
    const { code, out, err } = await shell.type("rollout status deployment/web");
    expect(code).toBe(1);
    expect(out.split("\n").at(-2)).toBe(`${toFinish} 0 out of 3 new replicas have been updated...`);
    expect(err).toBe(
      'error: nothing has changed for 1h of cluster time: deployment "web" still waits for 3 of 3 updated replicas, and it is paused\n',
    );
  });

  test("fails for a revision that does not run", async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
    expect(await shell.type("rollout status deployment/web --revision=7")).toEqual({
      code: 1,
      out: "",
      err: "error: desired revision (7) is different from the running revision (1)\n",
    });
    expect((await shell.type("rollout status deployment/web --revision=-1")).err).toBe(
      "error: revision must be a positive integer: -1\n",
    );
  });

  test("goes through several Deployments and tells all that went wrong", async () => {
    shell.create(deploymentManifest("api"));
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
    expect(await shell.type("rollout status deployment/api deployment/nope deployment/web")).toEqual({
      code: 1,
      out: 'deployment "api" successfully rolled out\ndeployment "web" successfully rolled out\n',
      err: 'Error from server (NotFound): deployments.apps "nope" not found\n',
    });
    expect((await shell.type("rollout status deployment -l app=web")).out).toBe(
      'deployment "web" successfully rolled out\n',
    );
  });

  test("refuses what is no Deployment, and nothing at all", async () => {
    shell.create(deploymentManifest("web", { replicas: 1 }));
    await shell.type("advance 10s");
    const [replicaSet] = shell.session.list("ReplicaSet");
    expect((await shell.type(`rollout status rs/${replicaSet?.metadata.name}`)).err).toBe(
      "error: no status viewer has been implemented for ReplicaSet.apps\n",
    );
    expect((await shell.type("rollout status")).err).toBe("error: required resource not specified\n");
    expect(await shell.type("rollout status deployment -l app=nope")).toEqual({
      code: 0,
      out: "",
      err: "No resources found in default namespace.\n",
    });
  });
});
