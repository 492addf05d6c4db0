import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
});

const rollOut = async () => {
  await prompt.run("create -f web.yaml");
  await prompt.run("wait deploy/web --for=jsonpath={.status.availableReplicas}=3");
};

/** Names without what is drawn: hashes, suffixes. */
const anonymous = (text: string): string => text.replace(/web-[0-9a-z]{7,10}(-[0-9a-z]{5})?\b/g, "web-HASH");

describe("get", () => {
  test("shows a table for each type, with the type in front of names", async () => {
    await rollOut();
    const { code, out, err } = await prompt.run("kubectl get deployments,rs,pods");
    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n\n").map((table) => table.split("\n")[0]?.trim().split(/ {3,}/))).toEqual([
      ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
      ["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
      ["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
    ]);
    expect(out.split("\n").slice(0, 3)).toEqual([
      "NAME                  READY   UP-TO-DATE   AVAILABLE   AGE",
      "deployment.apps/web   3/3     3            3           2s",
      "",
    ]);
    expect(anonymous(out)).toMatch(/^pod\/web-HASH +1\/1 {5}Running {3}0 {10}2s$/m);
  });

  test("shows one object bare, several as a List", async () => {
    await prompt.run("create cm a");
    await prompt.run("create cm b");
    expect(await prompt.run("get cm a -o jsonpath={.kind}")).toEqual(says("ConfigMap"));
    expect(await prompt.run("get cm -o jsonpath={.kind}-{.items[*].metadata.name}")).toEqual(says("List-a b"));
    expect(await prompt.run("get cm -l x=y -o yaml")).toEqual(
      says('apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n'),
    );
    expect(await prompt.run("get cm,no -o name")).toEqual(
      says("configmap/a\nconfigmap/b\nnode/node-1\nnode/node-2\nnode/node-3\n"),
    );
  });

  test("shows what is there, and complains of the rest", async () => {
    await prompt.run("create cm a");
    expect(await prompt.run("get cm nope a nada --no-headers")).toEqual({
      code: 1,
      out: "a     0     0s\n",
      err: 'Error from server (NotFound): configmaps "nope" not found\nError from server (NotFound): configmaps "nada" not found\n',
    });
    expect(await prompt.run("get cm nope -o json")).toEqual(
      refuses('Error from server (NotFound): configmaps "nope" not found\n'),
    );
    expect(await prompt.run("get cm nope --ignore-not-found -o json")).toEqual(says(""));
    expect(await prompt.run("get -f web.yaml")).toEqual(
      refuses('Error from server (NotFound): deployments.apps "web" not found\n'),
    );
  });

  test("says where it found nothing", async () => {
    const nothing = (err: string) => ({ code: 0, out: "", err });
    expect(await prompt.run("get deploy")).toEqual(nothing("No resources found in default namespace.\n"));
    expect(await prompt.run("get deploy,rs -n other")).toEqual(nothing("No resources found in other namespace.\n"));
    expect(await prompt.run("get deploy -A -l a=b")).toEqual(nothing("No resources found\n"));
    expect(await prompt.run("get ns -l a=b")).toEqual(nothing("No resources found\n"));
    expect(await prompt.run("get deploy --ignore-not-found")).toEqual(nothing(""));
  });

  test("shows namespaces with -A, labels and columns on request", async () => {
    await prompt.run("create cm a");
    await prompt.run("label cm a app=x tier=front");
    expect(await prompt.run("get cm -A -L app --show-labels")).toEqual(
      says("NAMESPACE   NAME   DATA   AGE   APP   LABELS\ndefault     a      0      0s    x     app=x,tier=front\n"),
    );
    expect(await prompt.run("get cm -o custom-columns=N:.metadata.name,X:.spec.foo")).toEqual(
      says("N     X\na     <none>\n"),
    );
  });

  test("sorts", async () => {
    await prompt.run("create cm a");
    await prompt.run("create cm b");
    await prompt.run("label cm a x=2");
    await prompt.run("label cm b x=1");
    expect(await prompt.run("get cm -o name --sort-by=.metadata.labels.x")).toEqual(says("configmap/b\nconfigmap/a\n"));
    expect(await prompt.run("get cm --sort-by=.metadata.foo")).toEqual(
      refuses(`error: couldn't find any field with path "{.metadata.foo}" in the list of objects\n`),
    );
  });

  test("all is pods, services, Deployments and ReplicaSets", async () => {
    await rollOut();
    await prompt.run("expose deploy web --port=80");
    const { out } = await prompt.run("get all -o name");
    expect([...new Set(out.split("\n").map((name) => name.split("/")[0]))]).toEqual([
      "pod",
      "service",
      "deployment.apps",
      "replicaset.apps",
      "",
    ]);
  });

  test("events are objects too", async () => {
    await rollOut();
    const { out } = await prompt.run(
      "get events --field-selector involvedObject.kind=Deployment,reason=ScalingReplicaSet",
    );
    expect(anonymous(out)).toBe(
      "LAST SEEN   TYPE     REASON              OBJECT           MESSAGE\n2s          Normal   ScalingReplicaSet   deployment/web   Scaled up replica set web-HASH from 0 to 3\n",
    );
  });

  test("without a type says what to do", async () => {
    expect(await prompt.run("kubectl get")).toEqual(
      refuses(`You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples
`),
    );
  });

  test.each([
    ["get cm -o foo", /^error: unable to match a printer suitable for the output format "foo", allowed formats are: /],
    ["get cm -o jsonpath", /^error: template format specified but no template given\n$/],
    ["get cm -o jsonpath={.x", /^error: error parsing jsonpath \{\.x, unclosed action\n$/],
    ["get bogus", /^error: the server doesn't have a resource type "bogus"\n$/],
  ])("%s is refused", async (line, err) => {
    const answer = await prompt.run(line);
    expect([answer.code, answer.out]).toEqual([1, ""]);
    expect(answer.err).toMatch(err);
  });
});

describe("get -w", () => {
  const idle = "Nothing has changed for an hour of cluster time; the watch ends.\n";

  test("shows a row for every change, under one header", async () => {
    await prompt.run("create -f web.yaml");
    const { code, out, err } = await prompt.run("kubectl get deployments -w");
    expect([code, err]).toEqual([0, idle]);
    const rows = out.split("\n").slice(0, -1);
    expect(rows[0]).toBe("NAME   READY   UP-TO-DATE   AVAILABLE   AGE");
    expect(rows[1]).toBe("web    0/3     0            0           0s");
    expect(rows.at(-1)).toBe("web    3/3     3            3           2s");
    expect(rows.filter((row) => row.startsWith("NAME"))).toHaveLength(1);
  });

  test("--watch-only leaves out what is there already", async () => {
    await rollOut();
    expect(await prompt.run("get deployments --watch-only")).toEqual({ code: 0, out: "", err: idle });
  });

  test("says what happened to objects, and counts those that leave the selection as deleted", async () => {
    await prompt.run("create -f web.yaml");
    await prompt.run("advance 10s");
    const [pod, other] = prompt.session.list("Pod").map(({ metadata }) => metadata.name);
    await prompt.run(`label pod ${pod} keep=yes`);
    await prompt.run(`label pod ${other} keep=yes`);
    await prompt.run(`delete pod ${pod} --wait=false`);
    const { out } = await prompt.run("get pods -l keep=yes -w --output-watch-events --no-headers");
    const events = out
      .split("\n")
      .filter(Boolean)
      .map((row) => row.split(/ +/).slice(0, 2));
    expect(events.slice(0, 2).toSorted()).toEqual([pod, other].toSorted().map((name) => ["ADDED", name]));
    expect(events.at(-1)).toEqual(["DELETED", pod]);
    expect(events.filter(([, name]) => name === other)).toHaveLength(1);
  });

  test("is for one type, and one object or all", async () => {
    expect(await prompt.run("get cm,no -w")).toEqual(refuses("error: you may only specify a single resource type\n"));
    expect(await prompt.run("get no node-1 node-9 -w")).toEqual(
      refuses('Error from server (NotFound): nodes "node-9" not found\n'),
    );
    const { code, out, err } = await prompt.run("get no node-1 node-2 -w");
    expect([code, out.split("\n").length, err]).toEqual([
      1,
      4,
      "error: you may only watch a single resource or type of resource at a time\n",
    ]);
  });

  test("ends when interrupted", async () => {
    const controller = new AbortController();
    controller.abort();
    prompt.signal = controller.signal;
    expect((await prompt.run("get no -w")).code).toBe(130);
  });
});
