import { beforeEach, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
});

const web = () => prompt.session.list("Deployment")[0];

test("replace takes the manifest for the whole object", async () => {
  await prompt.run("label deploy web a=b");
  prompt.files.set("web.yaml", webManifest("nginx:1.15"));
  expect(await prompt.run("kubectl replace -f web.yaml")).toEqual(says("deployment.apps/web replaced\n"));
  expect(web()?.metadata.labels).toBeUndefined();
  expect(JSON.stringify(web())).toContain("nginx:1.15");
});

test("replace of what is not there fails", async () => {
  prompt.files.set("api.yaml", webManifest().replace("name: web", "name: api"));
  expect(await prompt.run("replace -f api.yaml")).toEqual(
    refuses('Error from server (NotFound): error when replacing "api.yaml": deployments.apps "api" not found\n'),
  );
});

test("replace --force deletes the object and makes a new one", async () => {
  const before = web()?.metadata.uid;
  expect(await prompt.run("replace --force -f web.yaml")).toEqual(
    says('deployment.apps "web" deleted\ndeployment.apps/web replaced\n'),
  );
  expect(web()?.metadata.uid).not.toBe(before);
  expect(await prompt.run("replace --force -f web.yaml --dry-run=server")).toEqual(
    refuses("error: --dry-run can not be used when --force is set\n"),
  );
});

test("an old resourceVersion in the manifest is a conflict", async () => {
  const stale = `resourceVersion: "${web()?.metadata.resourceVersion}"`;
  await prompt.run("scale deploy web --replicas=5");
  prompt.files.set("web.yaml", webManifest().replace("  name: web\n", `  name: web\n  ${stale}\n`));
  expect((await prompt.run("replace -f web.yaml")).err).toBe(
    'Error from server (Conflict): error when replacing "web.yaml": Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again\n',
  );
});
