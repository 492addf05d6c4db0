import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import type { PrintableObject } from "../../../src/kubernetes/printing/columns/index.ts";
import { type GetOptions, noResourcesFound, printObjects } from "../../../src/kubernetes/printing/get.ts";
import { parseOutputFormat } from "../../../src/kubernetes/printing/output-format.ts";
import { printTypedJson } from "../../../src/kubernetes/printing/structured.ts";
import { printWatched, type WatchState, watchStart } from "../../../src/kubernetes/printing/watch.ts";
import { nowMs, webDeployment, webPod, webReplicaSet } from "./samples.ts";

const replicaSet = webReplicaSet("cf7bb55df", "registry.example/web:v1", 5);
const pods = [webPod("web-cf7bb55df-2hgzj"), webPod("web-cf7bb55df-7wzn6")];
const everything: readonly PrintableObject[] = [webDeployment, replicaSet, ...pods];

const print = (objects: readonly PrintableObject[], output = "", options: Partial<GetOptions> = {}): string => {
  const printed = E.chain((format: GetOptions["output"]) =>
    printObjects(objects, { output: format, nowMs, ...options }),
  )(parseOutputFormat(output));
  return E.getOrElse((error: string) => `error: ${error}`)(printed);
};

describe("tables", () => {
  test("of one kind have no prefix", () => {
    expect(print(pods)).toBe(`NAME                  READY   STATUS    RESTARTS   AGE
web-cf7bb55df-2hgzj   1/1     Running   0          23s
web-cf7bb55df-7wzn6   1/1     Running   0          23s
`);
  });

  test("of several kinds stand apart, each with its own columns", () => {
    expect(print(everything, "wide", { showKind: true })).toBe(
      `NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES                    SELECTOR
deployment.apps/web   5/5     5            5           22s   web          registry.example/web:v2   app=web

NAME                            DESIRED   CURRENT   READY   AGE   CONTAINERS   IMAGES                    SELECTOR
replicaset.apps/web-cf7bb55df   5         5         5       20s   web          registry.example/web:v1   app=web,pod-template-hash=cf7bb55df

NAME                      READY   STATUS    RESTARTS   AGE   IP             NODE     NOMINATED NODE   READINESS GATES
pod/web-cf7bb55df-2hgzj   1/1     Running   0          23s   10.244.2.186   fake-0   <none>           <none>
pod/web-cf7bb55df-7wzn6   1/1     Running   0          23s   10.244.2.186   fake-0   <none>           <none>
`,
    );
  });

  test("without headers stand together, and their columns are narrower", () => {
    expect(print(everything, "", { showKind: true, noHeaders: true })).toBe(`deployment.apps/web   5/5   5     5     22s
replicaset.apps/web-cf7bb55df   5     5     5     20s
pod/web-cf7bb55df-2hgzj   1/1   Running   0     23s
pod/web-cf7bb55df-7wzn6   1/1   Running   0     23s
`);
  });

  test("show labels, single ones and all, behind the other columns", () => {
    const options = { showLabels: true, labelColumns: ["app", "example.com/Tier"] };
    expect(print([webDeployment, replicaSet], "", options)).toBe(
      `NAME   READY   UP-TO-DATE   AVAILABLE   AGE   APP      TIER     LABELS
web    5/5     5            5           22s   <none>   <none>   <none>

NAME            DESIRED   CURRENT   READY   AGE   APP   TIER     LABELS
web-cf7bb55df   5         5         5       20s   web   <none>   app=web,pod-template-hash=cf7bb55df
`,
    );
  });

  test("of all namespaces name the namespace, except for kinds that have none", () => {
    const namespace: PrintableObject = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", creationTimestamp: "2026-11-20T12:47:00Z" },
      status: { phase: "Active" },
    };
    expect(print([webDeployment, namespace], "", { allNamespaces: true })).toBe(
      `NAMESPACE   NAME   READY   UP-TO-DATE   AVAILABLE   AGE
shop        web    5/5     5            5           22s

NAME   STATUS   AGE
shop   Active   60s
`,
    );
  });

  test("without objects are empty; what to say instead depends on where was looked", () => {
    expect(print([])).toBe("");
    expect(noResourcesFound("shop")).toBe("No resources found in shop namespace.\n");
    expect(noResourcesFound(undefined)).toBe("No resources found\n");
  });

  test("can be sorted, but not those of several kinds", () => {
    expect(print(pods.toReversed(), "name", { sortBy: ".metadata.name" })).toBe(
      "pod/web-cf7bb55df-2hgzj\npod/web-cf7bb55df-7wzn6\n",
    );
    expect(print(pods, "", { sortBy: ".metadata.creationTimestamp" })).toBe(print(pods));
    expect(print(everything, "", { showKind: true, sortBy: ".metadata.name" })).toBe(
      'error: couldn\'t find any field with path "{.metadata.name}" in the list of objects',
    );
  });
});

describe("structured outputs", () => {
  const [pod = webPod("web")] = pods;
  const small: PrintableObject = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "a", labels: { z: "1", a: "<&>" } },
    data: {},
  };

  test("put several objects into a List, keys in order, with Go's escapes", () => {
    expect(print([small], "json")).toBe(`{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "data": {},
            "kind": "ConfigMap",
            "metadata": {
                "labels": {
                    "a": "\\u003c\\u0026\\u003e",
                    "z": "1"
                },
                "name": "a"
            }
        }
    ],
    "kind": "List",
    "metadata": {
        "resourceVersion": ""
    }
}
`);
    expect(print([], "yaml")).toBe('apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n');
  });

  test("print one object that was asked for by name bare, without its managed fields", () => {
    const managed = { ...small, metadata: { ...small.metadata, managedFields: [{ manager: "kubectl" }] } };
    expect(print([managed], "yaml", { single: true })).toBe(
      'apiVersion: v1\ndata: {}\nkind: ConfigMap\nmetadata:\n  labels:\n    a: <&>\n    z: "1"\n  name: a\n',
    );
  });

  test("name objects by type and group", () => {
    expect(print(everything, "name")).toBe(
      "deployment.apps/web\nreplicaset.apps/web-cf7bb55df\npod/web-cf7bb55df-2hgzj\npod/web-cf7bb55df-7wzn6\n",
    );
  });

  test("evaluate paths on the List, or on the one object", () => {
    expect(print(pods, "jsonpath={.items[*].metadata.name}")).toBe("web-cf7bb55df-2hgzj web-cf7bb55df-7wzn6");
    expect(print([pod], "jsonpath={.metadata.name}", { single: true })).toBe("web-cf7bb55df-2hgzj");
    expect(print([pod], "custom-columns=N:.metadata.name,R:.spec.replicas")).toBe(
      "N                     R\nweb-cf7bb55df-2hgzj   <none>\n",
    );
  });

  test("of the API's types keep the order of their fields", () => {
    const shuffled = {
      spec: replicaSet.spec,
      metadata: replicaSet.metadata,
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
    };
    const text = printTypedJson(shuffled);
    expect(Object.keys(JSON.parse(text))).toEqual(["kind", "apiVersion", "metadata", "spec"]);
    expect(Object.keys(JSON.parse(text).metadata)).toEqual([
      "name",
      "namespace",
      "uid",
      "creationTimestamp",
      "labels",
      "annotations",
      "ownerReferences",
    ]);
    expect(Object.keys(JSON.parse(text).metadata.labels)).toEqual(["app", "pod-template-hash"]);
  });
});

describe("parseOutputFormat", () => {
  test.each([
    ["go-template", 'unable to match a printer suitable for the output format "go-template", allowed formats are: '],
    ["go-template={{.x}}", 'unable to match a printer suitable for the output format "go-template={{.x}}", '],
    ["jsonpath", "template format specified but no template given"],
    ["jsonpath=", "template format specified but no template given"],
    ["custom-columns", "custom-columns format specified but no custom columns given"],
    ["custom-columns=", "custom-columns format specified but no custom columns given"],
  ])("refuses %s", (format, message) => {
    expect(print(pods, format)).toContain(`error: ${message}`);
  });

  test("does not care for capitals", () => {
    expect(parseOutputFormat("JSON")).toEqual(E.right({ form: "json" }));
  });
});

describe("a watch", () => {
  const watch = (output: string, showEventTypes: boolean) => {
    let state: WatchState = watchStart;
    return (type: "ADDED" | "MODIFIED" | "DELETED", ...objects: readonly PrintableObject[]): string => {
      const format = E.getOrElse((): GetOptions["output"] => ({ form: "json" }))(parseOutputFormat(output));
      const printed = printWatched(state, type, objects, { output: format, nowMs, showEventTypes });
      if (E.isLeft(printed)) throw new Error(printed.left);
      state = printed.right.state;
      return printed.right.text;
    };
  };
  const pending = webPod("web-cf7bb55df-h8xbz", { phase: "Pending", conditions: [], containerStatuses: [] });
  const terminating = { ...pending, metadata: { ...pending.metadata, deletionTimestamp: "2026-11-20T12:48:03Z" } };

  test("prints its header with the first row, and rows as wide as the widest so far", () => {
    const report = watch("", true);
    expect(report("ADDED")).toBe("");
    expect(
      report("ADDED", pending) +
        report("MODIFIED", terminating) +
        report("DELETED", terminating) +
        report("ADDED", pending),
    ).toBe(`EVENT      NAME                  READY   STATUS    RESTARTS   AGE
ADDED      web-cf7bb55df-h8xbz   0/1     Pending   0          23s
MODIFIED   web-cf7bb55df-h8xbz   0/1     Terminating   0          23s
DELETED    web-cf7bb55df-h8xbz   0/1     Terminating   0          23s
ADDED      web-cf7bb55df-h8xbz   0/1     Pending       0          23s
`);
  });

  test("prints documents one after another", () => {
    const report = watch("yaml", false);
    const texts = report("ADDED", pending) + report("MODIFIED", terminating);
    expect(texts.split("---\n")).toHaveLength(2);
    expect(texts).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    expect(watch("name", false)("ADDED", pending)).toBe("pod/web-cf7bb55df-h8xbz\n");
    expect(watch("json", true)("DELETED", pending)).toMatch(
      /^\{\n {4}"type": "DELETED",\n {4}"object": \{\n {8}"apiVersion"/,
    );
  });

  test("prints the header of custom columns once", () => {
    const report = watch("custom-columns=N:.metadata.name", false);
    expect(report("ADDED", pending) + report("MODIFIED", pending)).toBe(
      "N\nweb-cf7bb55df-h8xbz\nweb-cf7bb55df-h8xbz\n",
    );
  });
});
