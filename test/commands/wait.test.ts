import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
});

describe("wait", () => {
  test("lets time go on until the condition is true", async () => {
    const startMs = prompt.session.now();
    expect(await prompt.run("kubectl wait deployment/web --for=condition=Available --timeout=20s")).toEqual(
      says("deployment.apps/web condition met\n"),
    );
    expect(prompt.session.now()).toBeGreaterThan(startMs);
    expect(prompt.session.now()).toBeLessThan(startMs + 20_000);
  });

  test("does not take a condition of an older generation for an answer", async () => {
    await prompt.run("wait deployment/web --for=condition=Available");
    const before = prompt.session.now();
    await prompt.run("scale deployment/web --replicas=4");
    await prompt.run("wait deployment/web --for=condition=Available");
    const [web] = prompt.session.list("Deployment");
    expect(web).toMatchObject({ metadata: { generation: 2 }, status: { observedGeneration: 2 } });
    expect(prompt.session.now()).toBeGreaterThanOrEqual(before);
  });

  test("waits for each of several", async () => {
    await prompt.run("advance 1s");
    const pods = prompt.session.list("Pod").map(({ metadata }) => metadata.name);
    expect(pods).toHaveLength(3);
    expect(await prompt.run("wait pod -l app=web --for=condition=Ready --timeout=5s")).toEqual(
      says(pods.map((name) => `pod/${name} condition met\n`).join("")),
    );
  });

  test("for a value at a path, or any value there", async () => {
    for (const spelling of ["{.status.readyReplicas}=3", ".status.readyReplicas=3", "{.status.readyReplicas}"]) {
      expect(await prompt.run(`wait deployment/web --for=jsonpath=${spelling}`)).toEqual(
        says("deployment.apps/web condition met\n"),
      );
    }
  });

  test("for the end of an object", async () => {
    await prompt.run("wait deploy/web --for=condition=Available");
    const [pod] = prompt.session.list("Pod");
    await prompt.run(`delete pod ${pod?.metadata.name} --wait=false`);
    expect(await prompt.run(`wait pod/${pod?.metadata.name} --for=delete`)).toEqual(
      says(`pod/${pod?.metadata.name} condition met\n`),
    );
    expect(await prompt.run("wait deploy/nope --for=delete")).toEqual(says(""));
  });

  test("for an object that is there, and one that never comes", async () => {
    expect(await prompt.run("wait deploy/web --for=create")).toEqual(says("deployment.apps/web condition met\n"));
    expect(await prompt.run("wait deploy/nope --for=create --timeout=5s")).toEqual(
      refuses("error: timed out waiting for the condition\n"),
    );
  });

  test("times out on each that is not ready, and tells of the others", async () => {
    await prompt.run("behave image=never:1 --never-ready");
    await prompt.run("create deployment api --image=never:1");
    expect(await prompt.run("wait deploy/web deploy/api --for=condition=Available --timeout=10s")).toEqual({
      code: 1,
      out: "deployment.apps/web condition met\n",
      err: "error: timed out waiting for the condition on deployments/api\n",
    });
  });

  test("says what is missing when the cluster has come to rest", async () => {
    await prompt.run("create deployment idle --image=a:1 --replicas=0");
    const { code, err } = await prompt.run("wait deploy/idle --for=jsonpath={.status.readyReplicas}=1 --timeout=-1s");
    expect(code).toBe(1);
    expect(err).toBe(
      "error: timed out waiting for the condition on deployments/idle\n  nothing has changed for an hour of cluster time, so nothing will: {.status.readyReplicas} is not there\n",
    );
  });

  test("of no time looks once", async () => {
    expect(await prompt.run("wait deploy/web --for=condition=Available --timeout=0")).toEqual(
      refuses("error: condition not met for deployments/web\n"),
    );
    await prompt.run("advance 10s");
    expect((await prompt.run("wait deploy/web --for=condition=available=TRUE --timeout=0")).code).toBe(0);
  });

  test.each([
    ["deploy/web --for=foo", 'error: unrecognized condition: "foo"'],
    ["deploy/web", 'error: unrecognized condition: ""'],
    ["deploy/nope --for=condition=Ready", 'Error from server (NotFound): deployments.apps "nope" not found'],
    ["deploy -l a=b --for=condition=Ready", "error: no matching resources found"],
    ["deploy --for=delete", "error: resource(s) were provided, but no name was specified"],
    ["deploy/web --for=jsonpath=", "error: jsonpath expression cannot be empty"],
    [
      "deploy/web --for=jsonpath={.a}=",
      "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    ],
    ["deploy/web --for=jsonpath={.spec}=2", "error: jsonpath leads to a nested object or list which is not supported"],
  ])("wait %s is refused", async (line, message) => {
    const { code, out, err } = await prompt.run(`wait ${line}`);
    expect([code, out, err]).toEqual([1, "", `${message}\n`]);
  });

  test("an object that is deleted meanwhile is an error", async () => {
    await prompt.run("behave image=never:1 --never-ready");
    await prompt.run("create deployment api --image=never:1");
    await prompt.run("advance 5s");
    const [pod] = prompt.session.list("Pod").filter(({ metadata }) => metadata.name.startsWith("api"));
    await prompt.run(`delete pod ${pod?.metadata.name} --wait=false`);
    const { code, err } = await prompt.run(`wait pod/${pod?.metadata.name} --for=condition=Ready --timeout=120s`);
    expect([code, err]).toEqual([1, `Error from server (NotFound): pods "${pod?.metadata.name}" not found\n`]);
  });

  test("ends with the code of an interrupt", async () => {
    const controller = new AbortController();
    controller.abort();
    prompt.signal = controller.signal;
    expect((await prompt.run("wait deploy/web --for=condition=Available")).code).toBe(130);
  });
});
