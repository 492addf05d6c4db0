import { beforeEach, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  await prompt.run("create deployment good --image=a:b --replicas=0");
});

const patch = (value: unknown, rest = "") =>
  prompt.run(`kubectl patch deployment good -p '${JSON.stringify(value)}'${rest}`);
const spec = () => {
  const object = prompt.session.get({ kind: "Deployment", namespace: "default", name: "good" });
  return object && "spec" in object ? object.spec : undefined;
};

test("a patch is strategic unless said otherwise", async () => {
  expect(await patch({ spec: { minReadySeconds: 1 } })).toEqual(says("deployment.apps/good patched\n"));
  expect(await patch([{ op: "replace", path: "/spec/minReadySeconds", value: 2 }], " --type=json")).toEqual(
    says("deployment.apps/good patched\n"),
  );
  expect(await patch({ spec: { revisionHistoryLimit: 1 } }, " --type merge")).toEqual(
    says("deployment.apps/good patched\n"),
  );
  expect(spec()).toMatchObject({ minReadySeconds: 2, revisionHistoryLimit: 1 });
  const types = prompt.requests.slice(1).map(({ write }) => write.verb === "patch" && write.patchType);
  expect(types).toEqual(["strategic", "json", "merge"]);
});

test("YAML will do, and files", async () => {
  expect(await prompt.run("patch deployment good -p 'spec: {minReadySeconds: 3}'")).toMatchObject({ code: 0 });
  prompt.files.set("p.yaml", "spec:\n  paused: true\n");
  expect(await prompt.run("patch deployment good --patch-file=p.yaml")).toMatchObject({ code: 0 });
  expect(spec()).toMatchObject({ minReadySeconds: 3, paused: true });
});

test("a patch that changes nothing says so", async () => {
  expect(await patch({})).toEqual(says("deployment.apps/good patched (no change)\n"));
  expect(await patch({ spec: { replicas: 0 } })).toEqual(says("deployment.apps/good patched (no change)\n"));
});

test("the scale has a name of its own", async () => {
  expect(await patch({ spec: { replicas: 2 } }, " --subresource=scale --type=merge")).toEqual(
    says("scale.autoscaling/good patched\n"),
  );
  expect(spec()).toMatchObject({ replicas: 2 });
});

test("dry runs change nothing", async () => {
  const shown = await patch({ spec: { replicas: 7 } }, " --dry-run=client -o jsonpath={.spec.replicas}");
  expect(shown).toEqual(says("7"));
  expect(await patch({ spec: { replicas: 7 } }, " --dry-run=server")).toEqual(says("deployment.apps/good patched\n"));
  expect(spec()).toMatchObject({ replicas: 0 });
});

test("--record writes the change-cause in a patch of its own", async () => {
  await patch({ spec: { minReadySeconds: 1 } }, " --record");
  const object = prompt.session.get({ kind: "Deployment", namespace: "default", name: "good" });
  expect(object?.metadata.annotations?.["kubernetes.io/change-cause"]).toBe(
    'kubectl patch deployment good --patch={"spec":{"minReadySeconds":1}} --record=true',
  );
});

test.each([
  ["-p {bad", "Error from server (BadRequest): invalid character 'b' looking for beginning of object key string"],
  [
    `-p '{"spec":{"replicas":-1}}'`,
    'The Deployment "good" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  ["", "error: must specify --patch or --patch-file containing the contents of the patch"],
  ["-p {} --patch-file=x", "error: cannot specify --patch and --patch-file together"],
  ["--patch-file=x", "error: unable to read patch file: open x: no such file or directory"],
  ["-p {} --type=foo", 'error: --type must be one of [json merge strategic], not "foo"'],
])("patch deployment good %s is refused", async (rest, message) => {
  expect(await prompt.run(`patch deployment good ${rest}`)).toEqual(refuses(`${message}\n`));
});

test("a patch that is no YAML is refused without being sent", async () => {
  const before = prompt.requests.length;
  const { code, err } = await prompt.run("patch deployment good -p 'a: ['");
  expect([code, prompt.requests.length]).toEqual([1, before]);
  expect(err).toMatch(/^error: unable to parse "a: \[": yaml: line 1: /);
});

test("what is there is patched, what is not is told", async () => {
  expect(await prompt.run(`patch deployment nope good -p '{"spec":{"replicas":1}}'`)).toEqual({
    code: 1,
    out: "deployment.apps/good patched\n",
    err: 'Error from server (NotFound): deployments.apps "nope" not found\n',
  });
  expect(await prompt.run("patch deployment nope -p {bad")).toEqual(
    refuses('Error from server (NotFound): deployments.apps "nope" not found\n'),
  );
});
