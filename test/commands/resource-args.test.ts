import * as E from "fp-ts/lib/Either.js";
import { beforeAll, describe, expect, test } from "vitest";
import { failureText } from "../../src/commands/failure.ts";
import { present, type Query, select } from "../../src/commands/resource-args.ts";
import { openPrompt, type Prompt } from "../support/prompt.ts";

let prompt: Prompt;
beforeAll(async () => {
  prompt = openPrompt();
  await prompt.run("create ns other");
  await prompt.run("create configmap a");
  await prompt.run("create configmap b");
  await prompt.run("create configmap c -n other");
  await prompt.run("create service clusterip a --tcp=80");
  await prompt.run("label configmap a tier=front");
  await prompt.run("label configmap b tier=back");
});

const query = (line: string, rest: Partial<Query> = {}) =>
  select(prompt.session, { args: line.split(" ").filter(Boolean), namespace: "default", ...rest });

const names = (line: string, rest: Partial<Query> = {}): readonly string[] => {
  const selection = query(line, rest);
  if (E.isLeft(selection)) throw new Error(failureText([selection.left]));
  return selection.right.targets.map(({ type, name, object }) => `${type.plural}/${name}${object ? "" : "?"}`);
};

describe("objects are meant", () => {
  test("by type and names", () => {
    expect(names("cm b a")).toEqual(["configmaps/b", "configmaps/a"]);
    expect(names("configmaps/a Service/a")).toEqual(["configmaps/a", "services/a"]);
    expect(names("cm,svc a")).toEqual(["configmaps/a", "services/a"]);
  });

  test("by type alone, where the verb allows it", () => {
    expect(names("cm,svc", { typeAloneMeansAll: true })).toEqual(["configmaps/a", "configmaps/b", "services/a"]);
    expect(names("cm", { allNamespaces: true, all: true })).toEqual(["configmaps/a", "configmaps/b", "configmaps/c"]);
  });

  test("by labels and fields", () => {
    expect(names("cm", { labelSelector: "tier in (front)" })).toEqual(["configmaps/a"]);
    expect(names("cm", { labelSelector: "tier!=front" })).toEqual(["configmaps/b"]);
    expect(names("cm", { fieldSelector: "metadata.name=b" })).toEqual(["configmaps/b"]);
    expect(names("cm", { fieldSelector: "metadata.name!=b,metadata.namespace==default" })).toEqual(["configmaps/a"]);
  });

  test("by a cluster-scoped type, whatever the namespace", () => {
    expect(names("no/node-1", { namespace: "other" })).toEqual(["nodes/node-1"]);
    expect(names("no", { namespace: "other", all: true })).toEqual(["nodes/node-1", "nodes/node-2", "nodes/node-3"]);
  });

  test("even when they are not there", () => {
    const selection = query("cm a nope");
    if (E.isLeft(selection)) throw new Error("refused");
    const { found, failures } = present(selection.right.targets);
    expect(found.map(({ name }) => name)).toEqual(["a"]);
    expect(failureText(failures)).toBe('Error from server (NotFound): configmaps "nope" not found\n');
  });

  test("one or several", () => {
    const isSingle = (line: string) => E.isRight(query(line)) && E.toUnion(query(line));
    expect([isSingle("cm a"), isSingle("cm/a"), isSingle("cm a b")]).toMatchObject([
      { single: true },
      { single: true },
      { single: false },
    ]);
  });
});

const mixed =
  "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n";

describe("kubectl's errors", () => {
  test.each<[string, Partial<Query>, string]>([
    ["bogus", {}, `error: the server doesn't have a resource type "bogus"\n`],
    ["bogus/x", {}, `error: the server doesn't have a resource type "bogus"\n`],
    ["cm,", {}, `error: the server doesn't have a resource type ""\n`],
    ["cm", {}, "error: resource(s) were provided, but no name was specified\n"],
    ["cm/a svc", {}, mixed],
    ["cm a/b", {}, mixed],
    ["a/b/c", {}, "error: arguments in resource/name form may not have more than one slash\n"],
    ["cm/", {}, "error: arguments in resource/name form must have a single resource and name\n"],
    ["cm a", { labelSelector: "x=y" }, "error: name cannot be provided when a selector is specified\n"],
    ["cm/a", { all: true }, "error: selectors and the all flag cannot be used when passing resource/name arguments\n"],
    ["", { all: true }, "error: at least one resource must be specified to use a selector\n"],
    ["cm", { all: true, labelSelector: "a=b" }, "error: setting 'all' parameter but found a non empty selector. \n"],
    ["cm a", { allNamespaces: true }, "error: a resource cannot be retrieved by name across all namespaces\n"],
    [
      "po",
      { fieldSelector: "foo=bar" },
      'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "foo=bar": field label not supported: foo\n',
    ],
  ])("for %s %j", (line, rest, message) => {
    const selection = query(line, rest);
    expect(E.isLeft(selection) && failureText([selection.left])).toBe(message);
  });

  test("for nothing at all", () => {
    const selection = query("");
    expect(
      E.isLeft(selection) && failureText([selection.left]),
    ).toBe(`error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'
`);
  });
});
