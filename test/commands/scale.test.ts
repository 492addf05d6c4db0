import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../support/shell.ts";

let shell: Shell;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web", { replicas: 4 }));
  await shell.type("advance 10s");
});

const sizes = () =>
  shell.session.list("Deployment").map((object) => [object.metadata.name, "spec" in object ? object.spec : undefined]);

describe("scale", () => {
  test("patches the scale, and says scaled even when the size stays", async () => {
    for (const _ of [1, 2]) {
      expect(await shell.type("kubectl scale deployment/web --replicas=5")).toEqual({
        code: 0,
        out: "deployment.apps/web scaled\n",
        err: "",
      });
    }
    expect(shell.requests[0]).toEqual({
      write: {
        verb: "patch",
        ref: { kind: "Deployment", namespace: "default", name: "web" },
        patchType: "merge",
        subresource: "scale",
        patch: { spec: { replicas: 5 } },
      },
      options: {
        actor: "user:test",
        dryRun: false,
        intent: { command: "rollout scale deployment/web --replicas=5", verb: "scale", fieldManager: "kubectl" },
      },
    });
    expect(sizes()).toEqual([["web", expect.objectContaining({ replicas: 5 })]]);
  });

  test("scales on a condition, with the version that it looked at", async () => {
    expect((await shell.type("scale deployment/web --replicas=5 --current-replicas=9")).err).toBe(
      "error: Expected replicas to be 9, was 4\n",
    );
    const version = shell.session.list("Deployment")[0]?.metadata.resourceVersion;
    expect((await shell.type("scale deployment/web --replicas=5 --resource-version=1")).err).toBe(
      `error: Expected resource version to be 1, was ${version}\n`,
    );
    expect(shell.requests).toEqual([]);
    expect((await shell.type("scale deployment/web --replicas=5 --current-replicas=4")).code).toBe(0);
    expect(shell.requests).toMatchObject([
      { write: { patch: { metadata: { resourceVersion: version }, spec: { replicas: 5 } } } },
    ]);
  });

  test("scales several, and all of a type", async () => {
    shell.create(deploymentManifest("api"));
    await shell.type("advance 10s");
    expect(await shell.type("scale deployment/api deployment/nope deployment/web --replicas=1")).toEqual({
      code: 1,
      out: "deployment.apps/api scaled\ndeployment.apps/web scaled\n",
      err: 'Error from server (NotFound): deployments.apps "nope" not found\n',
    });
    const names = shell.session.list("ReplicaSet").map(({ metadata }) => metadata.name);
    expect((await shell.type("scale rs --all --replicas=1")).out).toBe(
      names.map((name) => `replicaset.apps/${name} scaled\n`).join(""),
    );
  });

  test("waits for the replicas with --timeout", async () => {
    expect((await shell.type("scale deployment/web --replicas=6 --timeout=1m")).out).toBe(
      "deployment.apps/web scaled\n",
    );
    expect(shell.session.list("Pod")).toHaveLength(6);
    expect(shell.session.now()).toBeGreaterThan(Date.UTC(2026, 0, 1) + 10_000);
  });

  test("records the command in a second write with --record", async () => {
    await shell.type("kubectl scale deployment/web --replicas=5 --record");
    expect(shell.requests.map(({ write }) => ("patch" in write ? write.patch : undefined))).toEqual([
      { spec: { replicas: 5 } },
      {
        metadata: {
          annotations: {
            "kubernetes.io/change-cause": "kubectl scale deployment/web --replicas=5 --record=true",
          },
        },
      },
    ]);
  });

  test("writes nothing on a dry run", async () => {
    expect((await shell.type("scale deployment/web --replicas=5 --dry-run=client")).out).toBe(
      "deployment.apps/web scaled (dry run)\n",
    );
    expect((await shell.type("scale deployment/web --replicas=5 --dry-run=server")).out).toBe(
      "deployment.apps/web scaled (server dry run)\n",
    );
    expect(sizes()).toEqual([["web", expect.objectContaining({ replicas: 4 })]]);
  });

  test.each([
    ["scale deployment/nope --replicas=2", 'error: no objects passed to scale deployments.apps "nope" not found\n'],
    [
      "scale deployment/web --replicas=-1",
      "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n",
    ],
    ["scale deployment/web", 'error: required flag(s) "replicas" not set\n'],
    [
      "kubectl scale deployment/good --replicas=abc",
      'error: invalid argument "abc" for "--replicas" flag: strconv.ParseInt: parsing "abc": invalid syntax\nSee \'kubectl scale --help\' for usage.\n',
    ],
    [
      "scale namespace/default --replicas=1",
      "Error from server (NotFound): the server could not find the requested resource\n",
    ],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });
});
