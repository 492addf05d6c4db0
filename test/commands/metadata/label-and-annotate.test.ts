import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  for (const name of ["good", "web"]) await prompt.run(`create configmap ${name}`);
});

const metadata = (name: string) => prompt.session.get({ kind: "ConfigMap", namespace: "default", name })?.metadata;

describe("label", () => {
  test("sets a label by a merge patch", async () => {
    expect(await prompt.run("kubectl label cm good a=b")).toEqual(says("configmap/good labeled\n"));
    expect(metadata("good")?.labels).toEqual({ a: "b" });
    expect(prompt.requests.at(-1)).toMatchObject({
      write: { verb: "patch", patchType: "merge", patch: { metadata: { labels: { a: "b" } } } },
      options: { intent: { command: "rollout label cm good a=b", verb: "label", fieldManager: "kubectl-label" } },
    });
  });

  test("refuses another value, all of them, unless told to overwrite", async () => {
    await prompt.run("label cm good a=b c=d");
    expect(await prompt.run("label cm good a=c")).toEqual(
      refuses("error: 'a' already has a value (b), and --overwrite is false\n"),
    );
    expect(await prompt.run("label cm good a=1 c=2 e=f")).toEqual(
      refuses(
        "'a' already has a value (b), and --overwrite is false\n'c' already has a value (d), and --overwrite is false\n",
      ),
    );
    expect(await prompt.run("label cm good a=c --overwrite")).toEqual(says("configmap/good labeled\n"));
    expect(metadata("good")?.labels).toEqual({ a: "c", c: "d" });
  });

  test("says what it did", async () => {
    await prompt.run("label cm good a=b");
    expect(await prompt.run("label cm good a=b")).toEqual(says("configmap/good not labeled\n"));
    expect(await prompt.run("label cm good a-")).toEqual(says("configmap/good unlabeled\n"));
    expect(await prompt.run("label cm good x=y z-")).toEqual(says('label "z" not found.\nconfigmap/good labeled\n'));
    expect(metadata("good")?.labels).toEqual({ x: "y" });
  });

  test("changes what is there, and complains of the rest", async () => {
    expect(await prompt.run("label cm good nope web x=y")).toEqual({
      code: 1,
      out: "configmap/good labeled\nconfigmap/web labeled\n",
      err: 'Error from server (NotFound): configmaps "nope" not found\n',
    });
  });

  test("dry runs change nothing", async () => {
    expect(await prompt.run("label cm good a=b --dry-run=client")).toEqual(says("configmap/good labeled (dry run)\n"));
    expect(await prompt.run("label cm good a=b --dry-run=server")).toEqual(
      says("configmap/good labeled (server dry run)\n"),
    );
    expect(metadata("good")?.labels).toBeUndefined();
  });

  test("lists labels, those of several objects under their names", async () => {
    await prompt.run("label cm good b=2 a=1");
    expect(await prompt.run("label cm good --list")).toEqual(says("a=1\nb=2\n"));
    expect(await prompt.run("label cm --all --list")).toEqual(
      says("Listing labels for ConfigMap./good:\n a=1\n b=2\nListing labels for ConfigMap./web:\n"),
    );
  });

  test.each([
    ["label cm good", "at least one label update is required"],
    ["label a=b", "one or more resources must be specified as <resource> <name> or <resource>/<name>"],
    ["label cm good a=b b", "all resources must be specified before label changes: b"],
    ["label cm good a=b a-", "can not both modify and remove a label in the same command"],
    ["label cm good a=b=c", "invalid label spec: a=b=c"],
    ["label cm good --list -o yaml", "--list and --output may not be specified together"],
    ["label cm good web a=b --resource-version=1", "--resource-version may only be used with a single resource"],
  ])("%s is refused", async (line, message) => {
    expect(await prompt.run(line)).toEqual(refuses(`error: ${message}\n`));
  });

  test("a value that is no label value is refused before anything is sent", async () => {
    const before = prompt.requests.length;
    const { code, err } = await prompt.run("label cm good 'k=bad value'");
    expect([code, prompt.requests.length]).toEqual([1, before]);
    expect(err).toMatch(
      /^error: invalid label value: "k=bad value": a valid label must be an empty string or consist of/,
    );
  });

  test("another version than the one named is a conflict", async () => {
    const { code, err } = await prompt.run("label cm good a=b --resource-version=1");
    expect([code, err]).toEqual([
      1,
      'Error from server (Conflict): Operation cannot be fulfilled on configmaps "good": the object has been modified; please apply your changes to the latest version and try again\n',
    ]);
    expect(metadata("good")?.labels).toBeUndefined();
  });
});

describe("annotate", () => {
  test("sets and removes annotations", async () => {
    expect(await prompt.run("annotate cm good note=hello 'text=it is'")).toEqual(says("configmap/good annotated\n"));
    expect(metadata("good")?.annotations).toEqual({ note: "hello", text: "it is" });
    expect(await prompt.run("annotate cm good note-")).toEqual(says("configmap/good annotated\n"));
    expect(metadata("good")?.annotations).toEqual({ text: "it is" });
  });

  test("refuses another value unless told to overwrite, but never a change-cause", async () => {
    await prompt.run("annotate cm good a=1 b=2 kubernetes.io/change-cause=x");
    expect(await prompt.run("annotate cm good a=3 b=4")).toEqual(
      refuses(
        "error: --overwrite is false but found the following declared annotation(s): 'a' already has a value (1); 'b' already has a value (2)\n",
      ),
    );
    expect(await prompt.run("annotate cm good a=1 kubernetes.io/change-cause=y")).toEqual(
      says("configmap/good annotated\n"),
    );
    expect(metadata("good")?.annotations).toEqual({ a: "1", b: "2", "kubernetes.io/change-cause": "y" });
  });

  test("records the command on request, in kubectl's spelling", async () => {
    await prompt.run("annotate cm good r=1 --record -n default");
    expect(metadata("good")?.annotations).toEqual({
      r: "1",
      "kubernetes.io/change-cause": "kubectl annotate cm good r=1 --record=true --namespace=default",
    });
  });

  test.each([
    ["annotate cm good", "at least one annotation update is required"],
    ["annotate cm good a=b a-", "can not both modify and remove the following annotation(s) in the same command: a"],
  ])("%s is refused", async (line, message) => {
    expect(await prompt.run(line)).toEqual(refuses(`error: ${message}\n`));
  });

  test("of an object that is not there fails", async () => {
    expect(await prompt.run("kubectl annotate deployment nope a=b")).toEqual(
      refuses('Error from server (NotFound): deployments.apps "nope" not found\n'),
    );
  });

  test("a selector that finds nothing says nothing", async () => {
    expect(await prompt.run("annotate cm -l x=y a=b")).toEqual(says(""));
  });
});
