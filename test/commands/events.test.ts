import { beforeEach, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, webManifest } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
});

const objectsOf = (out: string): readonly string[] =>
  out
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(/ {2,}/)[3]?.split("/")[0] ?? "");

test("events shows what was reported, about everything or one object", async () => {
  await prompt.run("create -f web.yaml");
  await prompt.run("advance 10s");
  const { code, out } = await prompt.run("kubectl events");
  expect(code).toBe(0);
  expect(out).toMatch(/^LAST SEEN {3}TYPE {5}REASON {14}OBJECT +MESSAGE\n/);
  expect(new Set(objectsOf(out))).toEqual(new Set(["Deployment", "ReplicaSet", "Pod"]));
  expect(objectsOf((await prompt.run("events --for deployment/web")).out)).toEqual(["Deployment"]);
  expect((await prompt.run("events -A --no-headers")).out).toMatch(/^default {3}10s /);
});

test("events can be limited to a type", async () => {
  await prompt.run("create deployment bad --image=bad:404");
  await prompt.run("advance 30s");
  const { out } = await prompt.run("events --types=Warning");
  const types = out
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(/ {2,}/)[1]);
  expect(new Set(types)).toEqual(new Set(["Warning"]));
});

test("events are objects with -o", async () => {
  await prompt.run("create -f web.yaml");
  await prompt.run("advance 10s");
  expect((await prompt.run("events --for deployment/web -o jsonpath={.items[*].reason}")).out).toBe(
    "ScalingReplicaSet",
  );
});

test("events says where there were none, and what it cannot read", async () => {
  expect(await prompt.run("events")).toEqual({ code: 0, out: "", err: "No events found in default namespace.\n" });
  expect(await prompt.run("events -A")).toEqual({ code: 0, out: "", err: "No events found.\n" });
  expect(await prompt.run("events --for deployment")).toEqual(refuses("error: --for must be in resource/name form\n"));
  expect(await prompt.run("events --types=Foo")).toEqual(refuses("error: valid --types are Normal or Warning\n"));
});

test("api-resources lists the types by group and name", async () => {
  const { out } = await prompt.run("api-resources");
  const rows = out
    .split("\n")
    .slice(0, -1)
    .map((row) => row.split(/ {3,}/));
  expect(rows[0]).toEqual(["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]);
  expect(rows.slice(1).map(([name]) => name)).toEqual([
    "configmaps",
    "endpoints",
    "events",
    "namespaces",
    "nodes",
    "pods",
    "secrets",
    "services",
    "deployments",
    "replicasets",
    "endpointslices",
    "poddisruptionbudgets",
  ]);
});
