import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

const podSpec = {
  initContainers: [{ name: "migrate", image: "tools:1" }],
  containers: [
    { name: "web", image: "web:1" },
    {
      name: "log",
      image: "log:1",
      env: [
        { name: "LEVEL", value: "info" },
        { name: "MODE", value: "x" },
      ],
    },
  ],
};

let shell: Shell;
beforeEach(() => {
  shell = openShell();
  shell.create(deploymentManifest("web", { podSpec }));
});

const lastPatch = (): unknown => {
  const last = shell.requests.at(-1)?.write;
  return last?.verb === "patch" ? [last.patchType, last.patch] : undefined;
};

const inContainers = (...containers: readonly object[]): unknown => [
  "strategic",
  {
    spec: {
      template: { spec: { "$setElementOrder/containers": [{ name: "web" }, { name: "log" }], containers } },
    },
  },
];

const nothingSaid = { code: 0, out: "", err: "" };

describe("set image", () => {
  test("changes containers and init containers by name, and only what changed", async () => {
    expect(await shell.type("kubectl set image deployment/web web=web:2 log=log:1")).toEqual({
      code: 0,
      out: "deployment.apps/web image updated\n",
      err: "",
    });
    expect(lastPatch()).toEqual(inContainers({ name: "web", image: "web:2" }));
    expect(shell.requests.at(-1)?.options.intent).toEqual({
      command: "rollout set image deployment/web web=web:2 log=log:1",
      verb: "set image",
      fieldManager: "kubectl-set",
    });
    await shell.type("set image deployment web migrate=tools:2");
    expect(lastPatch()).toEqual([
      "strategic",
      {
        spec: {
          template: {
            spec: {
              "$setElementOrder/initContainers": [{ name: "migrate" }],
              initContainers: [{ name: "migrate", image: "tools:2" }],
            },
          },
        },
      },
    ]);
  });

  test("says and sends nothing when nothing changes", async () => {
    expect(await shell.type("set image deployment/web web=web:1")).toEqual(nothingSaid);
    expect(shell.requests).toEqual([]);
  });

  test("takes * for every container", async () => {
    await shell.type("set image deployment/web *=web:9");
    const image = "web:9";
    expect(shell.session.get({ kind: "Deployment", namespace: "default", name: "web" })).toMatchObject({
      spec: { template: { spec: { initContainers: [{ image }], containers: [{ image }, { image }] } } },
    });
  });

  test("changes all Deployments with --all, and those with labels with -l", async () => {
    shell.create(deploymentManifest("api", { podSpec }));
    expect((await shell.type("set image deployment --all log=log:2")).out).toBe(
      "deployment.apps/api image updated\ndeployment.apps/web image updated\n",
    );
    expect((await shell.type("set image deployment -l app=api log=log:3")).out).toBe(
      "deployment.apps/api image updated\n",
    );
  });

  test("finds its Deployments in files, and changes them as they are now", async () => {
    await shell.type("set image deployment/web log=log:2");
    const manifest = JSON.stringify(deploymentManifest("web", { podSpec }));
    expect((await shell.type("set image -f - web=web:2", manifest)).out).toBe("deployment.apps/web image updated\n");
    expect(lastPatch()).toEqual(inContainers({ name: "web", image: "web:2" }));
  });

  test("writes the command into the change-cause with --record", async () => {
    await shell.type("kubectl set image deployment/web web=web:2 --record");
    const deployment = shell.session.get({ kind: "Deployment", namespace: "default", name: "web" });
    const cause = "kubectl set image deployment/web web=web:2 --record=true";
    expect(deployment?.metadata.annotations).toEqual({ "kubernetes.io/change-cause": cause });
    expect(shell.requests.at(-1)?.options.intent.changeCause).toBe(cause);
  });

  test("writes nothing on a dry run, and shows the object with -o", async () => {
    expect((await shell.type("set image deployment/web web=web:2 --dry-run=client")).out).toBe(
      "deployment.apps/web image updated (dry run)\n",
    );
    expect(shell.requests).toEqual([]);
    expect((await shell.type("set image deployment/web web=web:2 --dry-run=server")).out).toBe(
      "deployment.apps/web image updated (server dry run)\n",
    );
    expect((await shell.type("set image deployment/web web=web:2 --dry-run=client -o yaml")).out).toContain(
      "image: web:2\n",
    );
    expect((await shell.type("set image deployment/web web=web:2")).out).toBe("deployment.apps/web image updated\n");
  });

  test("writes what it can when a container is not there", async () => {
    expect(await shell.type("set image deployment/web nope=x:y web=web:2")).toEqual({
      code: 1,
      out: "deployment.apps/web image updated\n",
      err: 'error: unable to find container named "nope"\n',
    });
  });

  test.each([
    ["set image deployment/web", "error: at least one image update is required\n"],
    [
      "set image web=web:2",
      "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n",
    ],
    [
      "set image web=web:2 deployment/web",
      "error: all resources must be specified before image changes: deployment/web\n",
    ],
    ["set image deployment/web web-", "error: invalid image format: web-\n"],
    [
      "set image deployment/web *=a log=b",
      "error: all containers are already specified by *, but saw more than one container_name=container_image pairs\n",
    ],
    ["set image deployment/nope web=x", 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    [
      "set image deployment/web web=",
      'error: failed to patch image update to pod template: Deployment.apps "web" is invalid: spec.template.spec.containers[0].image: Required value\n',
    ],
    [
      "set image namespace/default web=x",
      "error: namespaces/default the object is not a pod or does not have a pod template: *v1.Namespace\n",
    ],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });

  test("changes nothing when one of several objects is not there", async () => {
    expect((await shell.type("set image deployment/web deployment/nope web=web:2")).code).toBe(1);
    expect(shell.requests).toEqual([]);
  });
});

describe("set env", () => {
  test("sets and removes variables in the containers that -c selects", async () => {
    expect((await shell.type("kubectl set env deployment/web -c l* LEVEL=debug NEW=1 MODE-")).out).toBe(
      "deployment.apps/web env updated\n",
    );
    expect(lastPatch()).toEqual(
      inContainers({
        name: "log",
        env: [
          { name: "LEVEL", value: "debug" },
          { name: "NEW", value: "1" },
          { name: "MODE", $patch: "delete" },
        ],
        "$setElementOrder/env": [{ name: "LEVEL" }, { name: "NEW" }],
      }),
    );
    expect((await shell.type("set env deployment/web --list -c log")).out).toBe(
      "# Deployment web, container log\nLEVEL=debug\nNEW=1\n",
    );
  });

  test("lists variables that come from elsewhere by their source", async () => {
    const env = [
      { name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } },
      { name: "B", valueFrom: { secretKeyRef: { name: "keys", key: "b" } } },
      { name: "C", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "D", valueFrom: { resourceFieldRef: { containerName: "api", resource: "limits.cpu" } } },
      { name: "E" },
    ];
    shell.create(deploymentManifest("api", { podSpec: { containers: [{ name: "api", image: "api:1", env }] } }));
    expect((await shell.type("set env deployment/api --list")).out).toBe(
      [
        "# Deployment api, container api",
        "# A from configmap settings, key a",
        "# B from secret keys, key b",
        "# C from field path status.podIP",
        "# D from resource field api/limits.cpu",
        "E=",
        "",
      ].join("\n"),
    );
    await shell.type("set env deployment/api A=plain");
    expect((await shell.type("set env deployment/api --list")).out).toContain("A=plain\n# B from");
    expect(shell.requests).toHaveLength(1);
  });

  test("reads lines of standard input, and --env", async () => {
    await shell.type("set env deployment/web -c web -e ZERO=0 -e -", "# comment\nONE=1\nTWO=2 # two\n");
    expect((await shell.type("set env deployment/web -c web --list")).out).toBe(
      "# Deployment web, container web\nZERO=0\nONE=1\nTWO=2\n",
    );
  });

  test.each([
    [
      "set env deployment/web A=1 deployment/api",
      "error: all resources must be specified before environment changes: deployment/web A=1 deployment/api\n",
    ],
    ["set env A=1", "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n"],
    [
      "set env deployment/web A=1 A-",
      "error: can not both modify and remove an environment variable in the same command\n",
    ],
    [
      "set env deployment/web LEVEL=debug --overwrite=false",
      "error: deployments.apps/web 'LEVEL' already has a value (info), and --overwrite is false\n",
    ],
    ["set env deployment/web --list -o yaml", "error: --list and --output may not be specified together\n"],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
    expect(shell.requests).toEqual([]);
  });

  test("warns when no container is meant", async () => {
    expect(await shell.type("set env deployment/web -c nope A=1")).toEqual({
      code: 0,
      out: "",
      err: 'warning: Deployment/web does not have any containers matching "nope"\n',
    });
  });
});

describe("set resources", () => {
  test("merges limits and requests, in canonical amounts", async () => {
    expect((await shell.type("kubectl set resources deployment/web -c web --limits=cpu=0.2,memory=1024Mi")).out).toBe(
      "deployment.apps/web resource requirements updated\n",
    );
    expect(lastPatch()).toEqual(inContainers({ name: "web", resources: { limits: { cpu: "200m", memory: "1Gi" } } }));
    expect(await shell.type("set resources deployment/web -c web --limits=memory=1Gi")).toEqual(nothingSaid);
    await shell.type("set resources deployment/web -c web --requests=cpu=100m --limits=cpu=300m");
    expect(lastPatch()).toEqual(
      inContainers({ name: "web", resources: { limits: { cpu: "300m" }, requests: { cpu: "100m" } } }),
    );
  });

  test.each([
    [
      "set resources deployment/web",
      "error: you must specify an update to requests or limits (in the form of --requests/--limits)\n",
    ],
    ["set resources deployment/web --limits=cpu", "error: invalid argument syntax cpu, expected <resource>=<value>\n"],
    [
      "set resources deployment/web --limits=cpu=much",
      "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n",
    ],
    ["set resources deployment/web -c nope --limits=cpu=1", "error: unable to find container named nope\n"],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });
});

describe("set selector", () => {
  beforeEach(() => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { app: "web", tier: "front" }, ports: [{ port: 80 }] },
    };
    shell.create(service);
  });

  test("replaces the labels of a Service's selector", async () => {
    expect((await shell.type("kubectl set selector svc web app=web,x=y")).out).toBe("service/web selector updated\n");
    expect(lastPatch()).toEqual(["strategic", { spec: { selector: { x: "y", tier: null } } }]);
  });

  test("sends an empty patch, too", async () => {
    expect((await shell.type("set selector svc web app=web,tier=front")).out).toBe("service/web selector updated\n");
    expect(lastPatch()).toEqual(["strategic", {}]);
  });

  test("writes only to the version given", async () => {
    const { code, err } = await shell.type("set selector svc web app=api --resource-version=1");
    expect(code).toBe(1);
    expect(err).toMatch(/^Error from server \(Conflict\): Operation cannot be fulfilled on services "web"/);
  });

  test.each([
    ["set selector", "error: one selector is required\n"],
    ["set selector deployment web app=web", "error: setting a selector is only supported for Services\n"],
    ["set selector svc web app!=web", "error: match expression [{app NotIn [web]}] not supported on this object\n"],
    ["set selector svc nope app=web", 'Error from server (NotFound): services "nope" not found\n'],
  ])("refuses %s", async (line, err) => {
    expect(await shell.type(line)).toEqual({ code: 1, out: "", err });
  });
});
