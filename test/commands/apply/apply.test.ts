import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(() => {
  prompt = openPrompt();
});

const apply = (text: string, rest = "") => {
  prompt.stdin = text;
  return prompt.run(`kubectl apply -f -${rest}`);
};
const web = () => prompt.session.get({ kind: "Deployment", namespace: "default", name: "web" });

const missingAnnotation =
  "Warning: resource deployments/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n";

describe("apply", () => {
  test("creates, then changes, then leaves alone", async () => {
    expect(await apply(webManifest())).toEqual(says("deployment.apps/web created\n"));
    expect(await apply(webManifest("nginx:1.15"))).toEqual(says("deployment.apps/web configured\n"));
    expect(await apply(webManifest("nginx:1.15"))).toEqual(says("deployment.apps/web unchanged\n"));
    expect(prompt.requests.map(({ write }) => write.verb)).toEqual(["create", "patch"]);
  });

  test("keeps the manifest in the annotation exactly as kubectl writes it", async () => {
    await apply(webManifest("<none>&"));
    expect(web()?.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"]).toBe(
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{},"name":"web","namespace":"default"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"\\u003cnone\\u003e\\u0026","name":"web"}]}}}}\n',
    );
  });

  test("removes what the manifest no longer says, and keeps what others set", async () => {
    await apply(webManifest().replace("  replicas: 3\n", "  replicas: 3\n  minReadySeconds: 5\n"));
    await prompt.run("scale deploy web --replicas=7");
    await prompt.run("label deploy web by=hand");
    await apply(webManifest().replace("  replicas: 3\n", ""));
    expect(web()).toMatchObject({ metadata: { labels: { by: "hand" } } });
    // Kubernetes' defaults take the place of both fields that the manifest dropped.
    expect(web()).toMatchObject({ spec: { replicas: 1 } });
    expect(JSON.stringify(web())).not.toContain('"minReadySeconds":5');
  });

  test("of an object that was never applied warns once", async () => {
    prompt.files.set("web.yaml", webManifest());
    await prompt.run("create -f web.yaml");
    expect(await apply(webManifest())).toEqual({
      code: 0,
      out: "deployment.apps/web configured\n",
      err: missingAnnotation,
    });
    expect(await apply(webManifest())).toEqual(says("deployment.apps/web unchanged\n"));
  });

  test("dry runs record nothing", async () => {
    expect(await apply(webManifest(), " --dry-run=client")).toEqual(says("deployment.apps/web created (dry run)\n"));
    expect(await apply(webManifest(), " --dry-run=server")).toEqual(
      says("deployment.apps/web created (server dry run)\n"),
    );
    expect(web()).toBeUndefined();
    await apply(webManifest());
    const before = prompt.session.store.head();
    expect(await apply(webManifest(), " --dry-run=client")).toEqual(says("deployment.apps/web configured (dry run)\n"));
    expect(await apply(webManifest("nginx:1.15"), " --dry-run=server")).toEqual(
      says("deployment.apps/web configured (server dry run)\n"),
    );
    expect(prompt.session.store.head()).toEqual(before);
  });

  test("a refusal of one object leaves the others applied", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s1\n";
    expect(await apply(`${service}---\n${webManifest()}`)).toEqual({
      code: 1,
      out: "deployment.apps/web created\n",
      err: 'The Service "s1" is invalid: spec.ports: Required value\n  STDIN:1:1  spec.ports\n',
    });
  });

  test("a change that the API server refuses is told with its place", async () => {
    await apply(webManifest());
    const changed = webManifest().replaceAll("app: web", "app: other");
    expect(await apply(changed)).toEqual(
      refuses(
        'The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable\n  STDIN:7:3  spec.selector\n',
      ),
    );
  });

  test.each([
    [
      webManifest().replace("  name: web\n", "  namespace: elsewhere\n  name: web\n"),
      'Error from server (NotFound): error when creating "STDIN": namespaces "elsewhere" not found\n',
    ],
    [
      webManifest().replace("metadata:\n  name: web\n", "metadata: {}\n"),
      'error: error when retrieving current configuration of:\nResource: "apps/v1, Resource=deployments", GroupVersionKind: "apps/v1, Kind=Deployment"\nName: "", Namespace: "default"\nfrom server for: "STDIN": resource name may not be empty\n',
    ],
    [
      webManifest().replace("kind: Deployment", "kind: Deploymint"),
      'error: resource mapping not found for name: "web" namespace: "" from "STDIN": no matches for kind "Deploymint" in version "apps/v1"\nensure CRDs are installed first\n  STDIN:2:1  did you mean "Deployment"?\n',
    ],
    ["", "error: no objects passed to apply\n"],
  ])("%s is refused in kubectl's words", async (text, err) => {
    expect(await apply(text)).toEqual(refuses(err));
  });

  test("shows the objects with -o, several as a List", async () => {
    expect(await apply(webManifest(), " -o name")).toEqual(says("deployment.apps/web\n"));
    expect(await apply(webManifest(), " -o jsonpath={.kind}")).toEqual(says("Deployment"));
    const both = `${webManifest()}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n`;
    expect(await apply(both, " -o jsonpath={.items[*].kind}")).toEqual(says("Deployment ConfigMap"));
  });

  test("shows what was applied last", async () => {
    await apply(webManifest());
    expect(await prompt.run("kubectl apply view-last-applied deployment/web")).toEqual(
      says(`apiVersion: apps/v1
kind: Deployment
metadata:
  annotations: {}
  name: web
  namespace: default
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.14
        name: web
`),
    );
  });
});
