import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(() => {
  prompt = openPrompt();
});

const configMap = (name: string, rest = "") => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;

describe("create -f", () => {
  test("creates the objects of files, folders and standard input", async () => {
    prompt.files.set("a.yaml", configMap("a"));
    prompt.files.set("dir/", "dir/b.yaml\ndir/c.yaml");
    prompt.files.set("dir/b.yaml", configMap("b"));
    prompt.files.set("dir/c.yaml", `${configMap("c")}---\n${configMap("d")}`);
    prompt.stdin = configMap("e");
    expect(await prompt.run("kubectl create -f a.yaml,dir -f -")).toEqual(
      says(["a", "b", "c", "d", "e"].map((name) => `configmap/${name} created\n`).join("")),
    );
  });

  test("puts objects into the namespace asked for, and refuses those of another", async () => {
    await prompt.run("create ns other");
    prompt.files.set("a.yaml", configMap("a"));
    await prompt.run("create -f a.yaml -n other");
    expect(prompt.session.list("ConfigMap").map(({ metadata }) => metadata.namespace)).toEqual(["other"]);
    prompt.files.set("b.yaml", configMap("b", "  namespace: other\n"));
    expect(await prompt.run("create -f b.yaml")).toEqual(says("configmap/b created\n"));
    expect(await prompt.run("create -f b.yaml -n default")).toEqual(
      refuses(
        `error: the namespace from the provided object "other" does not match the namespace "default". You must pass '--namespace=other' to perform this operation.\n`,
      ),
    );
  });

  test("records the command as tutorials show it", async () => {
    prompt.files.set("pc-deployment.yaml", webManifest());
    expect(await prompt.run("kubectl create -f pc-deployment.yaml --record=true")).toEqual({
      code: 0,
      out: "deployment.apps/web created\n",
      err: "Flag --record has been deprecated, --record will be removed in the future\n",
    });
    const [web] = prompt.session.list("Deployment");
    expect(web?.metadata.annotations?.["kubernetes.io/change-cause"]).toBe(
      "kubectl create --filename=pc-deployment.yaml --record=true",
    );
  });

  test("a refusal of one object leaves the others created", async () => {
    await prompt.run("create configmap b");
    prompt.files.set("x.yaml", ["a", "b", "c"].map((name) => configMap(name)).join("---\n"));
    expect(await prompt.run("create -f x.yaml")).toEqual({
      code: 1,
      out: "configmap/a created\nconfigmap/c created\n",
      err: 'Error from server (AlreadyExists): error when creating "x.yaml": configmaps "b" already exists\n',
    });
  });

  test("says which field is invalid, and where it stands", async () => {
    prompt.files.set("web.yaml", webManifest().replace("replicas: 3", "replicas: -1"));
    expect(await prompt.run("create -f web.yaml")).toEqual(
      refuses(
        'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n  web.yaml:6:3  spec.replicas\n',
      ),
    );
  });

  test("checks all objects before it sends the first", async () => {
    prompt.stdin = `${configMap("a")}---\n${webManifest().replace("replicas", "replica")}`;
    expect(await prompt.run("create -f -")).toEqual(
      refuses(
        `Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"\n  STDIN:11:3  did you mean "replicas"?\n`,
      ),
    );
    expect(prompt.requests).toEqual([]);
  });

  test("unknown fields are kept, or only told, on request", async () => {
    prompt.stdin = webManifest().replace("replicas", "replica");
    expect((await prompt.run("create -f - --validate=warn --dry-run=server")).err).toMatch(
      /^Warning: .*unknown field "spec\.replica"\n {2}STDIN:6:3 {2}did you mean "replicas"\?\n$/,
    );
    expect(await prompt.run("create -f - --validate=false")).toEqual(says("deployment.apps/web created\n"));
    expect(await prompt.run("create -f - --validate=foo")).toEqual(
      refuses('error: invalid - validate option "foo"; must be one of: strict (or true), warn, ignore (or false)\n'),
    );
  });

  test.each([
    ["create", "error: must specify one of -f and -k\n"],
    ["create foo", "error: Unexpected args: [foo]\nSee 'kubectl create -h' for help and examples\n"],
    ["create -f nope.yaml", 'error: the path "nope.yaml" does not exist\n'],
    ["create -f empty.yaml", "error: no objects passed to create\n"],
    ["create -f none", "error: error reading [none]: recognized file extensions are [.json .yaml .yml]\n"],
    [
      "create -f https://k8s.io/x.yaml",
      'error: cannot read "https://k8s.io/x.yaml": URLs are not fetched; download the file and name it instead\n',
    ],
    [
      "create -f empty.yaml -o foo",
      'error: unable to match a printer suitable for the output format "foo", allowed formats are: custom-columns,json,jsonpath,jsonpath-as-json,name,wide,yaml\n',
    ],
    [
      "create -f empty.yaml --dry-run=foo",
      'error: Invalid dry-run value (foo). Must be "none", "server", or "client".\n',
    ],
  ])("%s is refused", async (line, err) => {
    prompt.files.set("empty.yaml", "---\n");
    prompt.files.set("none/", "");
    expect(await prompt.run(line)).toEqual(refuses(err));
  });
});

describe("create from flags", () => {
  test("a Deployment as kubectl makes it", async () => {
    const line = "create deployment x --image=reg/a/web:v1@sha256:abc --image=b:1 --port=80 --replicas=2";
    expect(await prompt.run(`${line} --dry-run=client -o yaml`)).toEqual(
      says(`apiVersion: apps/v1
kind: Deployment
metadata:
  creationTimestamp: null
  labels:
    app: x
  name: x
spec:
  replicas: 2
  selector:
    matchLabels:
      app: x
  strategy: {}
  template:
    metadata:
      creationTimestamp: null
      labels:
        app: x
    spec:
      containers:
      - image: reg/a/web:v1@sha256:abc
        name: web
        ports:
        - containerPort: 80
        resources: {}
      - image: b:1
        name: b
        resources: {}
status: {}
`),
    );
    expect(prompt.requests).toEqual([]);
  });

  test("in a namespace that is shown only when it was asked for", async () => {
    const line = "create cm x --dry-run=client -o jsonpath={.metadata}";
    expect(await prompt.run(line)).toEqual(says('{"creationTimestamp":null,"name":"x"}'));
    expect(await prompt.run(`${line} -n foo`)).toEqual(says('{"creationTimestamp":null,"name":"x","namespace":"foo"}'));
  });

  test("a Deployment with a command", async () => {
    expect(await prompt.run("create deployment x --image=a:1 -- sh -c true")).toEqual(
      says("deployment.apps/x created\n"),
    );
    expect(prompt.requests[0]?.write).toMatchObject({
      object: { spec: { template: { spec: { containers: [{ command: ["sh", "-c", "true"] }] } } } },
    });
  });

  test("namespaces, ConfigMaps and Services", async () => {
    expect(await prompt.run("create ns a")).toEqual(says("namespace/a created\n"));
    expect(await prompt.run("create cm c --from-literal=a=b --from-literal=c=d,e -o jsonpath={.data}")).toEqual(
      says('{"a":"b","c":"d,e"}'),
    );
    expect(
      await prompt.run("create service clusterip s --tcp=80:8080,443 -o jsonpath={.spec.ports[*].targetPort}"),
    ).toEqual(says("8080 443"));
  });

  test.each([
    [
      "create deployment good --image=a:b",
      'error: failed to create deployment: deployments.apps "good" already exists',
    ],
    ["create ns default", 'Error from server (AlreadyExists): namespaces "default" already exists'],
    [
      "create deployment a b --image=a",
      "error: exactly one NAME is required, got 2\nSee 'kubectl create deployment -h' for help and examples",
    ],
    ["create deployment x --image=a --image=b -- sh", "error: cannot specify multiple --image options and command"],
    ["create cm c --from-literal=c", "error: invalid literal source c, expected key=value"],
    [
      "create cm c --from-literal=a=1 --from-literal=a=2",
      'error: cannot add key "a", another key by that name already exists in Data for ConfigMap "c"',
    ],
    ["create svc clusterip s", "error: at least one tcp port specifier must be provided"],
    ["create svc foo s", "error: unknown command \"foo s\"\nSee 'kubectl create service -h' for help and examples"],
  ])("%s is refused", async (line, message) => {
    await prompt.run("create deployment good --image=a:b");
    expect(await prompt.run(line)).toEqual(refuses(`${message}\n`));
  });

  test("a name that is none is told in one line", async () => {
    const { err } = await prompt.run("create deployment Bad --image=a:b");
    expect(err).toMatch(
      /^error: failed to create deployment: Deployment\.apps "Bad" is invalid: metadata\.name: Invalid value: "Bad": a lowercase RFC 1123 subdomain/,
    );
  });
});

describe("expose", () => {
  beforeEach(async () => {
    await prompt.run("create deployment web --image=a:1 --port=8080");
  });

  test("makes a Service for the pods, with the containers' port", async () => {
    expect(await prompt.run("expose deployment web --name=front --type=NodePort")).toEqual(
      says("service/front exposed\n"),
    );
    expect(prompt.requests.at(-1)?.write).toMatchObject({
      object: {
        metadata: { name: "front", namespace: "default", labels: { app: "web" } },
        spec: {
          type: "NodePort",
          selector: { app: "web" },
          ports: [{ port: 8080, targetPort: 8080, protocol: "TCP" }],
        },
      },
    });
  });

  test("takes ports, selector and labels from flags", async () => {
    const line = "expose deploy/web --port=80,81 --target-port=http --selector=a=b --labels=x=y --cluster-ip=None";
    expect(await prompt.run(`${line} --dry-run=client -o yaml`)).toEqual(
      says(`apiVersion: v1
kind: Service
metadata:
  creationTimestamp: null
  labels:
    x: "y"
  name: web
spec:
  clusterIP: None
  ports:
  - name: port-1
    port: 80
    protocol: TCP
    targetPort: http
  - name: port-2
    port: 81
    protocol: TCP
    targetPort: http
  selector:
    a: b
status:
  loadBalancer: {}
`),
    );
  });

  test.each([
    ["expose deploy web --port=a", 'error: strconv.Atoi: parsing "a": invalid syntax'],
    ["expose deploy portless", "error: couldn't find port via --port flag or introspection"],
    ["expose cm conf --port=80", "error: cannot expose a ConfigMap"],
    ["expose deploy nope", 'Error from server (NotFound): deployments.apps "nope" not found'],
  ])("%s is refused", async (line, message) => {
    await prompt.run("create deployment portless --image=a:1");
    await prompt.run("create cm conf");
    expect(await prompt.run(line)).toEqual(refuses(`${message}\n`));
  });
});
