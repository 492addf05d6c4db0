import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
});

const sent = () => shell.requests.map(({ write }) => (write.verb === "patch" ? [write.patchType, write.patch] : write));

describe("rollout pause and resume", () => {
  test("patch `paused`, and refuse to do it twice", async () => {
    expect(await shell.type("rollout pause deployment/web")).toEqual({
      code: 0,
      out: "deployment.apps/web paused\n",
      err: "",
    });
    expect(await shell.type("rollout pause deployment/web")).toEqual({
      code: 1,
      out: "",
      err: 'error: deployments.apps "web" is already paused\n',
    });
    expect((await shell.type("rollout resume deployment/web")).out).toBe("deployment.apps/web resumed\n");
    expect((await shell.type("rollout resume deployment/web")).err).toBe(
      'error: deployments.apps "web" is not paused\n',
    );
    expect(sent()).toEqual([
      ["strategic", { spec: { paused: true } }],
      ["strategic", { spec: { paused: null } }],
    ]);
    expect(shell.requests[0]?.options.intent).toMatchObject({ verb: "pause", fieldManager: "kubectl-rollout" });
  });

  test("refuse other kinds, by their resource", async () => {
    const [pod] = shell.session.list("Pod");
    const name = pod?.metadata.name;
    expect((await shell.type(`rollout pause pod/${name}`)).err).toBe(
      `error: pods "${name}" pausing is not supported\n`,
    );
    expect((await shell.type(`rollout resume pod ${name}`)).err).toBe(
      `error: pods "${name}" resuming is not supported\n`,
    );
  });
});

describe("rollout restart", () => {
  test("writes the time into the template, once a second at most", async () => {
    expect((await shell.type("kubectl rollout restart deployment")).out).toBe("deployment.apps/web restarted\n");
    expect(await shell.type("rollout restart deployment/web")).toEqual({
      code: 1,
      out: "",
      err: "error: failed to create patch for web: if restart has already been triggered within the past second, please wait before attempting to trigger another\n",
    });
    await shell.type("advance 1s");
    expect((await shell.type("rollout restart deployment/web")).code).toBe(0);
    expect(sent()).toEqual(
      ["2026-01-01T00:00:10Z", "2026-01-01T00:00:11Z"].map((time) => [
        "strategic",
        { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": time } } } } },
      ]),
    );
  });

  test("finds its Deployments in files, too", async () => {
    const manifest = JSON.stringify(deploymentManifest("web"));
    expect((await shell.type("rollout restart -f -", manifest)).out).toBe("deployment.apps/web restarted\n");
  });

  test("refuses a paused Deployment", async () => {
    await shell.type("rollout pause deployment/web");
    expect((await shell.type("rollout restart deployment/web")).err).toBe(
      `error: deployments.apps "web" can't restart paused deployment (run rollout resume first)\n`,
    );
  });
});
