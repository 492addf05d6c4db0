import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
  await prompt.run("advance 10s");
});

const count = (kind: "Deployment" | "ReplicaSet" | "Pod") => prompt.session.list(kind).length;

describe("delete", () => {
  test("asks for deletion in the background and waits until the object is gone", async () => {
    expect(await prompt.run("kubectl delete deployment web")).toEqual(says('deployment.apps "web" deleted\n'));
    expect(prompt.requests.at(-1)?.write).toEqual({
      verb: "delete",
      ref: { kind: "Deployment", namespace: "default", name: "web" },
      propagation: "Background",
    });
    expect([count("Deployment"), count("Pod")]).toEqual([0, 3]);
    await prompt.run("advance 60s");
    expect([count("ReplicaSet"), count("Pod")]).toEqual([0, 0]);
  });

  test("in the foreground waits for everything the object owns", async () => {
    expect(await prompt.run("delete deployment web --cascade=foreground")).toEqual(
      says('deployment.apps "web" deleted\n'),
    );
    expect([count("Deployment"), count("ReplicaSet"), count("Pod")]).toEqual([0, 0, 0]);
  });

  test("without waiting leaves a pod terminating", async () => {
    const [pod] = prompt.session.list("Pod");
    const line = `delete pod ${pod?.metadata.name} --wait=false`;
    expect(await prompt.run(line)).toEqual(says(`pod "${pod?.metadata.name}" deleted\n`));
    expect(
      prompt.session.list("Pod").find(({ metadata }) => metadata.uid === pod?.metadata.uid)?.metadata,
    ).toMatchObject({
      deletionGracePeriodSeconds: 30,
    });
  });

  test("leaves what it owns when told to orphan", async () => {
    await prompt.run("delete deployment web --cascade=orphan");
    await prompt.run("advance 60s");
    expect([count("Deployment"), count("ReplicaSet"), count("Pod")]).toEqual([0, 1, 3]);
  });

  test("by file, selector and all", async () => {
    expect(await prompt.run("delete -f web.yaml")).toEqual(says('deployment.apps "web" deleted\n'));
    expect(await prompt.run("delete -f web.yaml")).toEqual(
      refuses('Error from server (NotFound): error when deleting "web.yaml": deployments.apps "web" not found\n'),
    );
    expect(await prompt.run("delete deployments --all")).toEqual(says("No resources found\n"));
    await prompt.run("create cm a");
    await prompt.run("create cm b");
    await prompt.run("label cm b x=y");
    expect(await prompt.run("delete cm -l x=y -o name")).toEqual(says("configmap/b\n"));
    expect(await prompt.run("delete cm --all")).toEqual(says('configmap "a" deleted\n'));
  });

  test("deletes what is there, and complains of the rest", async () => {
    await prompt.run("create cm a");
    expect(await prompt.run("delete cm/nope cm/a")).toEqual({
      code: 1,
      out: 'configmap "a" deleted\n',
      err: 'Error from server (NotFound): configmaps "nope" not found\n',
    });
    expect(await prompt.run("delete deployment nope --ignore-not-found")).toEqual(says(""));
  });

  test("dry runs delete nothing", async () => {
    expect(await prompt.run("delete deploy web --dry-run=client")).toEqual(
      says('deployment.apps "web" deleted (dry run)\n'),
    );
    expect(await prompt.run("delete deploy web --dry-run=server")).toEqual(
      says('deployment.apps "web" deleted (server dry run)\n'),
    );
    expect(count("Deployment")).toBe(1);
  });

  test("by force gives no grace, and warns", async () => {
    const [pod] = prompt.session.list("Pod");
    const name = pod?.metadata.name;
    expect(await prompt.run(`delete pod ${name} --force --grace-period=0`)).toEqual({
      code: 0,
      out: `pod "${name}" force deleted\n`,
      err: "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    });
    expect(prompt.requests.at(-1)?.write).toMatchObject({ verb: "delete", graceSeconds: 0 });
  });

  test.each([
    ["--now", 1],
    ["--grace-period=0", 1],
    ["--grace-period=5", 5],
  ])("%s gives %d seconds", async (flag, graceSeconds) => {
    await prompt.run(`delete deploy web ${flag}`);
    expect(prompt.requests.at(-1)?.write).toMatchObject({ verb: "delete", graceSeconds });
  });

  test("a timeout ends the wait", async () => {
    const [pod] = prompt.session.list("Pod");
    await prompt.run("behave image=nginx:1.14 --stop 20s");
    const { code, out, err } = await prompt.run(`delete pod ${pod?.metadata.name} --timeout=5s`);
    expect([code, out]).toEqual([1, `pod "${pod?.metadata.name}" deleted\n`]);
    expect(err).toBe(`error: timed out waiting for the condition on pods/${pod?.metadata.name}\n`);
  });

  test("what holds an object forever is named once the cluster is at rest", async () => {
    await prompt.run("create cm a");
    await prompt.run(`patch cm a -p '{"metadata":{"finalizers":["example.com/hold"]}}'`);
    expect(await prompt.run("delete cm a")).toEqual({
      code: 1,
      out: 'configmap "a" deleted\n',
      err: "error: timed out waiting for the condition on configmaps/a\n  nothing has changed for an hour of cluster time, so nothing will: a is still there, held by its finalizers example.com/hold\n",
    });
  });

  test.each([
    ["--now --grace-period=4", "--now and --grace-period cannot be specified together"],
    ["--force --grace-period=4", "--force and --grace-period greater than 0 cannot be specified together"],
    ["--cascade=maybe", 'invalid cascade value (maybe). Must be "background", "foreground", or "orphan"'],
    ["-o yaml", "unexpected -o output mode: yaml. We only support '-o name'"],
  ])("delete deploy web %s is refused", async (flags, message) => {
    expect(await prompt.run(`delete deploy web ${flags}`)).toEqual(refuses(`error: ${message}\n`));
    expect(count("Deployment")).toBe(1);
  });

  test("nodes with a namespace get a warning", async () => {
    expect((await prompt.run("delete node node-3 -n default")).err).toBe(
      "Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n",
    );
  });
});
