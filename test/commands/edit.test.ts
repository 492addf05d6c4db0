import { beforeEach, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../support/prompt.ts";

let prompt: Prompt;
let shown: string[];
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
  await prompt.run("advance 10s");
  shown = [];
});

/** Answers each opening of the editor in turn; the last answer is repeated. */
const editing = (...answers: readonly ((text: string) => string)[]) => {
  prompt.edit = (text) => {
    shown.push(text);
    return (answers[shown.length - 1] ?? answers.at(-1) ?? String)(text);
  };
  return prompt.run("kubectl edit deployment web");
};
const replicas = (n: number | string) => (text: string) => text.replace(/^ {2}replicas: .*$/m, `  replicas: ${n}`);

test("edit shows the object and sends what changed as a patch", async () => {
  expect(await editing(replicas(8))).toEqual(says("deployment.apps/web edited\n"));
  expect(shown[0]).toMatch(/^# Please edit the object below\.(?:.*\n)+?#\napiVersion: apps\/v1\nkind: Deployment\n/);
  expect(prompt.requests.at(-1)).toMatchObject({
    write: { verb: "patch", patchType: "strategic", patch: { spec: { replicas: 8 } } },
    options: { intent: { verb: "edit", fieldManager: "kubectl-edit" } },
  });
});

test("edit without changes, or with an empty file, is cancelled", async () => {
  expect(await editing((text) => text)).toEqual({ code: 0, out: "", err: "Edit cancelled, no changes made.\n" });
  expect(await editing(() => "")).toEqual({ code: 0, out: "", err: "Edit cancelled, saved file was empty.\n" });
  expect(await editing((text) => text.replace("replicas: 3", "replicas:    3"))).toEqual(
    says("deployment.apps/web skipped\n"),
  );
  expect(prompt.requests).toHaveLength(1);
});

test("edit opens again with the reasons when the text is no object", async () => {
  expect(
    await editing(
      (text) => `${text} x: [\n`,
      (text) => text.replace(" x: [\n", "").replace("replicas: 3", "replicas: 4"),
    ),
  ).toEqual({
    code: 0,
    out: "deployment.apps/web edited\n",
    err: 'error: deployments.apps "web" is invalid\n',
  });
  expect(shown[1]).toMatch(
    /# deployments\.apps "web" was not valid:\n# \* error parsing web\.yaml: .*yaml: line \d+: /,
  );
  expect(shown[1]).toContain(" x: [\n");
});

test("edit opens again when the API server refuses, and gives up when nothing is corrected", async () => {
  const { code, err } = await editing(replicas(-1), (text) => text);
  expect(code).toBe(1);
  expect(err).toBe(
    'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\nerror: Edit cancelled, no valid changes were saved.\n',
  );
  expect(shown[1]).toContain(
    '# deployments.apps "web" was not valid:\n# * spec.replicas: Invalid value: -1: must be greater than or equal to 0\n#\n',
  );
  expect(prompt.session.list("Deployment")[0]).toMatchObject({ spec: { replicas: 3 } });
});

test("edit does not rename", async () => {
  expect(await editing((text) => text.replace("  name: web\n", "  name: other\n"))).toEqual(
    refuses("error: At least one of apiVersion, kind and name was changed\n"),
  );
});

test("edit needs an editor", async () => {
  expect(await prompt.run("edit deploy web")).toEqual(
    refuses("error: there is no editor without a terminal; use apply or patch instead\n"),
  );
});
