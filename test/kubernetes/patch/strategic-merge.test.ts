import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/kubernetes/json.ts";
import { applyStrategicMergePatch } from "../../../src/kubernetes/patch/strategic-merge.ts";
import { applied, containers, deployment } from "./support.ts";

describe("applyStrategicMergePatch", () => {
  const web = {
    name: "web",
    image: "web:1",
    ports: [{ containerPort: 80 }],
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
  };
  const side = { name: "side", image: "side:1" };
  const before = containers(web, side);

  test("merges containers, variables and ports by their keys", () => {
    const patch = containers({
      name: "web",
      image: "web:2",
      env: [
        { name: "B", value: "3" },
        { name: "C", value: "4" },
      ],
      ports: [{ containerPort: 80, name: "http" }],
    });
    expect(applied(before, patch)).toEqual(
      containers(
        {
          name: "web",
          image: "web:2",
          ports: [{ containerPort: 80, name: "http" }],
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "3" },
            { name: "C", value: "4" },
          ],
        },
        side,
      ),
    );
  });

  test("obeys $patch in elements and objects", () => {
    expect(applied(before, containers({ name: "side", $patch: "delete" }))).toEqual(containers(web));
    expect(applied(before, containers({ $patch: "replace" }, { name: "only" }))).toEqual(containers({ name: "only" }));
    expect(applied(before, { spec: { $patch: "delete" } })).toEqual({ spec: {} });
    expect(applied({ spec: { a: 1 } }, { spec: { $patch: "merge", b: 2 } })).toEqual({ spec: { a: 1, b: 2 } });
  });

  test("orders a list by $setElementOrder, what it does not name before what it stood before", () => {
    const patch = deployment({
      "$setElementOrder/containers": [{ name: "new" }, { name: "side" }],
      containers: [{ name: "new", image: "new:1" }],
    });
    expect(applied(before, patch)).toEqual(containers({ name: "new", image: "new:1" }, web, side));
  });

  test("removes scalars from a merged list of scalars, and adds others once", () => {
    const target = { metadata: { finalizers: ["a", "b"] } };
    expect(
      applied(target, { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"], finalizers: ["b", "c"] } }),
    ).toEqual({ metadata: { finalizers: ["b", "c"] } });
  });

  test("clears the other members of a union with $retainKeys", () => {
    const target = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(applied(target, patch)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  test("replaces lists that have no merge key, and merges those of other kinds by theirs", () => {
    const tolerations = (...keys: readonly string[]) => deployment({ tolerations: keys.map((key) => ({ key })) });
    expect(applied(tolerations("a", "b"), tolerations("c"))).toEqual(tolerations("c"));
    const service = { spec: { ports: [{ port: 80, nodePort: 30080 }] } };
    expect(applied(service, { spec: { ports: [{ port: 80, targetPort: 8080 }] } }, "Service")).toEqual({
      spec: { ports: [{ port: 80, nodePort: 30080, targetPort: 8080 }] },
    });
    const budget = { spec: { selector: { matchLabels: { a: "1" } } } };
    expect(applied(budget, { spec: { selector: { matchLabels: { b: "2" } } } }, "PodDisruptionBudget")).toEqual({
      spec: { selector: { matchLabels: { b: "2" } } },
    });
  });

  test.each<[JsonObject, string]>([
    [containers({ image: "x" }), "map: map[image:x] does not contain declared merge key: name"],
    [containers({ name: "web", $patch: "twist" }), "unknown patch type: twist in map: map[$patch:twist name:web]"],
    [{ spec: { strategy: { $retainKeys: ["type"], rollingUpdate: {} } } }, "invalid patch format of retainKeys"],
    [{ metadata: { "$deleteFromPrimitiveList/finalizers": "a" } }, "invalid patch format of primitive list"],
    [deployment({ "$setElementOrder/containers": 1 }), "invalid patch format of setElementOrder list"],
    [
      deployment({ "$setElementOrder/containers": [{ name: "web" }], containers: [{ name: "x" }] }),
      "The order in patch list:\n[map[name:x]]\n doesn't match $setElementOrder list:\n[map[name:web]]\n",
    ],
  ])("refuses %j", (patch, message) => {
    expect(applyStrategicMergePatch(before, patch, "Deployment")).toEqual(E.left(message));
  });
});
