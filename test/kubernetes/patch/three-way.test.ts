import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/kubernetes/json.ts";
import { lastApplied, withLastApplied } from "../../../src/kubernetes/patch/last-applied.ts";
import { createThreeWayPatch } from "../../../src/kubernetes/patch/strategic-diff.ts";
import { applied, containers, deployment } from "./support.ts";

describe("createThreeWayPatch", () => {
  const manifest = (image: string, spec: JsonObject = {}) =>
    deployment({ containers: [{ name: "web", image, ports: [{ containerPort: 8080 }] }] }, { replicas: 3, ...spec });
  /** As the API server keeps it: with defaults. */
  const live = (image: string) =>
    deployment(
      {
        containers: [
          { name: "web", image, ports: [{ containerPort: 8080, protocol: "TCP" }], imagePullPolicy: "IfNotPresent" },
        ],
        restartPolicy: "Always",
      },
      {
        replicas: 3,
        revisionHistoryLimit: 10,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } },
      },
    );

  test("says nothing when the manifest has not changed", () => {
    expect(createThreeWayPatch(manifest("web:1"), manifest("web:1"), live("web:1"), "Deployment")).toEqual({});
  });

  test("sets what changed, and restates the order of the list it changes", () => {
    expect(createThreeWayPatch(manifest("web:1"), manifest("web:2"), live("web:1"), "Deployment")).toEqual(
      deployment({ "$setElementOrder/containers": [{ name: "web" }], containers: [{ image: "web:2", name: "web" }] }),
    );
  });

  test("takes back what others changed, and keeps what only they set", () => {
    const patch = createThreeWayPatch(manifest("web:1"), manifest("web:1"), live("web:9"), "Deployment");
    expect(applied(live("web:9"), patch)).toEqual(live("web:1"));
  });

  test("deletes what was dropped since it was last applied, and only that", () => {
    const previous = manifest("web:1", { minReadySeconds: 5 });
    const now = { ...live("web:1"), metadata: { labels: { theirs: "1", ours: "1" } } };
    const patch = createThreeWayPatch(
      { ...previous, metadata: { labels: { ours: "1" } } },
      { ...manifest("web:1"), metadata: { labels: {} } },
      now,
      "Deployment",
    );
    expect(patch).toEqual({ spec: { minReadySeconds: null }, metadata: { labels: { ours: null } } });
    expect(applied(now, patch)).toEqual({ ...live("web:1"), metadata: { labels: { theirs: "1" } } });
  });

  test("deletes a dropped container, but not one that was injected", () => {
    const previous = containers({ name: "web" }, { name: "old" });
    const now = containers({ name: "proxy" }, { name: "web" }, { name: "old" });
    const patch = createThreeWayPatch(previous, containers({ name: "web" }), now, "Deployment");
    expect(patch).toEqual(
      deployment({
        "$setElementOrder/containers": [{ name: "web" }],
        containers: [{ $patch: "delete", name: "old" }],
      }),
    );
    expect(applied(now, patch)).toEqual(containers({ name: "proxy" }, { name: "web" }));
  });

  test("switches the strategy by naming what stays", () => {
    const patch = createThreeWayPatch(
      manifest("web:1"),
      manifest("web:1", { strategy: { type: "Recreate" } }),
      live("web:1"),
      "Deployment",
    );
    expect(patch).toEqual({ spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } });
    expect(applied(live("web:1"), patch)).toMatchObject({ spec: { strategy: { type: "Recreate" } } });
  });
});

describe("the last applied configuration", () => {
  test("is the manifest itself, keys in order, on one line", () => {
    const manifest = { kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "web" }, spec: { a: "<" } };
    expect(withLastApplied(manifest)).toEqual({
      ...manifest,
      metadata: {
        name: "web",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration":
            '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{},"name":"web"},"spec":{"a":"\\u003c"}}\n',
        },
      },
    });
  });

  test("does not contain itself, and is read back", () => {
    const manifest = { metadata: { name: "web", annotations: { note: "x" } } };
    const twice = withLastApplied(withLastApplied(manifest));
    expect(twice).toEqual(withLastApplied(manifest));
    expect(lastApplied(twice)).toEqual(E.right(manifest));
    expect(lastApplied(manifest)).toEqual(E.right(undefined));
  });

  test("that cannot be read is an error", () => {
    const annotated = (text: string) => ({
      metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": text } },
    });
    expect(lastApplied(annotated("{"))).toMatchObject({ _tag: "Left" });
    expect(lastApplied(annotated("[]"))).toMatchObject({ _tag: "Left" });
  });
});
