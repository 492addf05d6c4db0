import * as E from "fp-ts/lib/Either.js";
import { beforeAll, describe, expect, test } from "vitest";
import { asJson } from "../../../src/kubernetes/json.ts";
import { applyJsonPatch } from "../../../src/kubernetes/patch/json-patch.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

/** Reading changes nothing: one ledger is enough. */
let shell: Shell;
let pod = "";
beforeAll(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  pod = shell.session.list("Pod", "default")[0]?.metadata.name ?? "";
  await shell.type("set image deploy/web web=web:2");
  await shell.type("scale deploy/web --replicas=5");
  await shell.type("advance 50s");
  await shell.type("rollout undo deploy/web");
  await shell.type("advance 1m");
});

describe("diff of two points", () => {
  test("shows two revisions by their templates, the images first", async () => {
    expect(await shell.type("rollout diff deploy/web revision:1 rollout:2")).toEqual({
      code: 1,
      err: "",
      out: expect.stringMatching(
        new RegExp(
          [
            "^deployment\\.apps/web: revision:1 \\(seq:\\d+, 2026-01-01T00:00:00\\.\\d+Z\\) → rollout:2 \\(seq:\\d+, 2026-01-01T00:00:10\\.000Z\\)",
            "  image of web: web:1 → 2",
            "",
            "diff -u -N revision:1/apps\\.v1\\.Deployment\\.default\\.web rollout:2/apps\\.v1\\.Deployment\\.default\\.web",
            "--- revision:1/apps\\.v1\\.Deployment\\.default\\.web",
            "\\+\\+\\+ rollout:2/apps\\.v1\\.Deployment\\.default\\.web",
            "@@ -\\d+,7 \\+\\d+,7 @@",
          ].join("\n"),
        ),
      ),
    });
    const { out } = await shell.type("diff deployment web revision:1 rollout:2");
    const changed = out.split("\n").filter((line) => /^[-+] /.test(line));
    expect(changed).toEqual(["-      - image: web:1", "+      - image: web:2"]);
  });

  test("finds the template that undo brought back the same, under each of its numbers", async () => {
    const same = { code: 0, out: "", err: "" };
    expect(await shell.type("diff deploy/web rollout:1 rollout:3")).toEqual(same);
    expect(await shell.type("diff deploy/web revision:1 revision:3")).toEqual(same);
    expect(await shell.type("diff deploy/web rollout:1")).toEqual(same);
    expect(await shell.type("diff deploy/web -1s")).toEqual(same);
  });

  test("shows whole objects between times, up to now unless another point is given", async () => {
    const { code, out } = await shell.type("diff deploy/web +9s -30s");
    expect(code).toBe(1);
    expect(out).toContain("  replicas: 3 → 5\n");
    expect(out).toContain("\n-  generation: 1\n");
    expect((await shell.type("diff deploy/web +9s")).out).toContain("+++ now/apps.v1.Deployment.default.web\n");
  });

  test("shows objects that come and go as a whole", async () => {
    const gone = await shell.type(`diff pod/${pod} +9s`);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain("  it is gone\n");
    expect(gone.out).toMatch(/\n@@ -1,\d+ \+0,0 @@\n-apiVersion: v1\n/);
    const come = await shell.type("diff deploy/web seq:1 +9s");
    expect(come.out).toContain("@@ -0,0 +1,");
  });

  test("is a JSON Patch with -o json, which makes the second of the first", async () => {
    const { code, out } = await shell.type("diff deploy/web revision:1 revision:2 -o json");
    const operation = { op: "replace", path: "/spec/template/spec/containers/0/image", value: "web:2" };
    expect([code, JSON.parse(out)]).toEqual([1, [operation]]);
    expect((await shell.type("diff deploy/web rollout:1 rollout:3 -o json")).out).toBe("[]\n");

    const [before, after] = await Promise.all(
      ["+9s", "+30s"].map(async (point) =>
        JSON.parse((await shell.type(`get deploy web -o json --as-of ${point}`)).out),
      ),
    );
    const patch = JSON.parse((await shell.type("diff deploy/web +9s +30s -o json")).out);
    expect(applyJsonPatch(asJson(before), patch)).toEqual(E.right(after));
  });

  test.each([
    ["deploy/web 1 2", 'error: "1" could be several things: say revision:1 or rollout:1\n'],
    ["deploy/web", "error: say since when: a point in history such as revision:2, rollout:3 or -5m\n"],
    ["deploy/web -1s -2s -3s", "error: two points are compared at a time, not 3\n"],
    ["deploy/web -1s -o yaml", 'error: a difference is printed as text or with -o json, not as "yaml"\n'],
    ["deploy/api -1s", 'Error from server (NotFound): deployments.apps "api" not found\n'],
    ["thing/web -1s", 'error: the server doesn\'t have a resource type "thing"\n'],
    ["-f web.yaml -o json", "error: -o goes with two points in history, not with -f\n"],
    ["", "error: must specify -f, or an object and two points in history: deploy/web revision:1 revision:2\n"],
  ])("of %s is an error", async (words, err) => {
    expect(await shell.type(`diff ${words}`.trim())).toEqual({ code: 2, out: "", err });
  });
});
