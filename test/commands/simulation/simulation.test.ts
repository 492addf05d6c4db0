import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

const start = Date.UTC(2026, 0, 1);

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});

const web = (): unknown => shell.session.get({ kind: "Deployment", namespace: "default", name: "web" });

describe("advance", () => {
  test("lets time pass and the cluster work", async () => {
    shell.create(deploymentManifest("web"));
    expect(await shell.type("rollout advance 1m30s")).toEqual({
      code: 0,
      out: "clock advanced by 1m30s to 2026-01-01T00:01:30Z\n",
      err: "",
    });
    expect(shell.session.now()).toBe(start + 90_000);
    expect(web()).toHaveProperty("status.readyReplicas", 3);
  });

  test.each([
    ["advance", "error: one duration is required, such as 60s\nSee 'rollout advance -h' for help and examples\n"],
    ["advance 60", 'error: time: missing unit in duration "60"\n'],
    ["advance -- -5s", "error: time cannot go back: -5s\n"],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
    expect(shell.session.now()).toBe(start);
  });
});

describe("behave", () => {
  test("makes pods of an image never ready, until it says when", async () => {
    expect((await shell.type("rollout behave image=web:1 --never-ready")).out).toBe("behaviour of image=web:1 set\n");
    shell.create(deploymentManifest("web"));
    await shell.type("advance 1m");
    expect(web()).not.toHaveProperty("status.readyReplicas");
    await shell.type("behave image=web:2 --never-ready");
    await shell.type("behave image=web:2 --ready 3s");
    await shell.type("set image deployment/web web=web:2");
    expect((await shell.type("rollout status deployment/web")).code).toBe(0);
  });

  test("chooses pods by labels", async () => {
    await shell.type("behave -l app=web --start 10s --ready 10s");
    shell.create(deploymentManifest("web"));
    await shell.type("advance 15s");
    expect(web()).not.toHaveProperty("status.readyReplicas");
    await shell.type("advance 10s");
    expect(web()).toHaveProperty("status.readyReplicas", 3);
  });

  test("lets containers crash after a time, with an exit code", async () => {
    await shell.type("behave image=web:1 --crash-after 5s --exit-code 3");
    shell.create(deploymentManifest("web", { replicas: 1 }));
    await shell.type("advance 8s");
    const [pod] = shell.session.list("Pod");
    expect(pod).toMatchObject({
      status: { containerStatuses: [{ restartCount: 1, lastState: { terminated: { exitCode: 3 } } }] },
    });
  });

  test.each([
    ["behave --ready 3s", "error: say who is meant: image=NAME:TAG, or -l LABELS\n"],
    ["behave web:2 --ready 3s", "error: say who is meant: image=NAME:TAG, or -l LABELS\n"],
    ["behave image=web:2", "error: say how they behave, such as --ready 3s\n"],
    ["behave image=web:2 --ready 3s --never-ready", "error: --ready and --never-ready exclude each other\n"],
    ["behave image=web:2 --start=-1s", "error: --start must not be negative: -1s\n"],
    ["behave image=web:2 --exit-code 256", "error: --exit-code must be between 0 and 255: 256\n"],
    [
      "behave -l app!=web --ready 3s",
      'error: behaviours are chosen by labels alone (app=web,tier=front), not by "app!=web"\n',
    ],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });
});

describe("fault", () => {
  beforeEach(async () => {
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
  });

  const podNames = (): readonly string[] => shell.session.list("Pod").map(({ metadata }) => metadata.name);

  test("crashes a pod, which starts again", async () => {
    const [name] = podNames();
    expect((await shell.type(`rollout fault crash pod/${name}`)).out).toBe(`pod/${name} crashed\n`);
    await shell.type("advance 5s");
    expect(podNames()).toContain(name);
    expect(shell.session.list("Pod").find(({ metadata }) => metadata.name === name)).toMatchObject({
      status: { containerStatuses: [{ restartCount: 1 }] },
    });
  });

  test("fails a pod for good: its ReplicaSet makes another", async () => {
    const [name] = podNames();
    expect((await shell.type(`fault fail pod ${name}`)).out).toBe(`pod/${name} failed\n`);
    await shell.type("advance 10s");
    expect(shell.session.list("Pod")).toHaveLength(4);
    expect(web()).toHaveProperty("status.readyReplicas", 3);
  });

  test("takes readiness from pods by label, and gives it back", async () => {
    const { out } = await shell.type("fault unready pods -l app=web");
    expect(out).toBe(
      podNames()
        .map((name) => `pod/${name} made unready\n`)
        .join(""),
    );
    await shell.type("advance 5s");
    expect(web()).not.toHaveProperty("status.readyReplicas");
    await shell.type("fault ready pods -l app=web");
    await shell.type("advance 5s");
    expect(web()).toHaveProperty("status.readyReplicas", 3);
  });

  test("takes a node down and up", async () => {
    const node = (): unknown => shell.session.get({ kind: "Node", namespace: "", name: "node-1" });
    const ready = (status: unknown) => ({
      status: { conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status })]) },
    });
    expect((await shell.type("fault node node-1 down")).out).toBe("node/node-1 down\n");
    await shell.type("advance 1m");
    expect(node()).not.toMatchObject(ready("True"));
    expect((await shell.type("fault node/node-1 up")).out).toBe("node/node-1 up\n");
    await shell.type("advance 1m");
    expect(node()).toMatchObject(ready("True"));
  });

  test.each([
    [
      "fault",
      "error: a fault is required: crash, fail, unready, ready, node\nSee 'rollout fault -h' for help and examples\n",
    ],
    ["fault burn pod/x", 'error: unknown fault "burn"; there are: crash, fail, unready, ready, node\n'],
    ["fault crash pod/nope", 'Error from server (NotFound): pods "nope" not found\n'],
    ["fault crash deployment/web", "error: only pods can be crashed, not deployments\n"],
    ["fault node nope down", 'Error from server (NotFound): nodes "nope" not found\n'],
    [
      "fault node node-1",
      "error: a node and its state are required: node NAME down, or node NAME up\nSee 'rollout fault -h' for help and examples\n",
    ],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });
});
