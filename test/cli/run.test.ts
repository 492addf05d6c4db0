/** `rollout run`: what it prints, and how it ends. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenScenarios } from "../scenario/broken-scenarios.ts";
import { scratchFolder } from "../support/folder.ts";
import { rollout } from "./rollout.ts";

const folder = scratchFolder();

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const story = file(
  "story.yaml",
  `name: A story
seed: 7
steps:
  - say: A namespace.
    run: kubectl create ns shop
    expect: namespace/shop created
  - at: 1m
    run: |
      kubectl get ns shop -o name
      kubectl get nothing
    exit: 1
    expect: namespace/shop
`,
);

const failing = file(
  "failing.yaml",
  `steps:
  - run: kubectl create ns shop
    expect: |
      namespace/shop created
      and more
  - run: kubectl get ns shop -o name
    expect: namespace/store
`,
);

describe("a story", () => {
  it("is told as it goes: time, command, output, expectations, and how it ended", async () => {
    const { code, out, err } = await rollout(["run", story]);
    expect([code, err]).toEqual([0, ""]);
    const told = out.replace(/in \d+\.\d\d s\)/, "in … s)").replace(/\d+ events/, "N events");
    expect(told).toBe(`A story  ${story}, seed 7, from 2026-01-01T00:00:00Z
# A namespace.
+0s $ kubectl create ns shop
namespace/shop created
✓ output

+1m00s $ kubectl get ns shop -o name
namespace/shop

+1m00s $ kubectl get nothing
error: the server doesn't have a resource type "nothing"
✓ exit code  ✓ output

✓ A story: 2 steps, 3 expectations held (N events; 1m00s of cluster time in … s)
`);
  });

  it("that goes wrong shows what was expected against what came, and fails", async () => {
    const { code, out } = await rollout(["run", failing]);
    expect(code).toBe(1);
    expect(out).toContain(`✗ output  ${failing}:3:5
  - expected  + actual
    namespace/shop created
  - and more
`);
    expect(out).toContain(`✗ output  ${failing}:7:5
  - expected  + actual
  - namespace/store
  + namespace/shop
`);
    expect(out).toMatch(/\n✗ failing: 2 of 2 expectations failed, 2 steps \(/);
  });

  it("may be told quietly, together with others", async () => {
    const { code, out } = await rollout(["run", "--quiet", story, failing]);
    const lines = out.trim().split("\n");
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^✓ A story: /);
    expect(lines.at(-1)).toBe("1 of 2 scenarios passed");
    expect(out).not.toContain("$ kubectl");
    expect(out).toContain("  - namespace/store\n");
  });

  it("may be told to a script", async () => {
    const { code, out } = await rollout(["run", "-o", "json", story, failing]);
    expect(code).toBe(1);
    const [first, second] = out
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(first).toMatchObject({
      name: "A story",
      file: story,
      passed: true,
      seed: 7,
      steps: 2,
      expectations: 3,
      failures: [],
    });
    expect(second).toMatchObject({
      passed: false,
      failures: [{ what: "output", where: `${failing}:3:5` }, { what: "output" }],
    });
  });

  it("may be told by its digest alone", async () => {
    const [digest, again, other] = await Promise.all([
      rollout(["run", "--digest", story]),
      rollout(["run", "--digest", story, "--seed", "7"]),
      rollout(["run", "--digest", story, "--seed", "8"]),
    ]);
    expect(digest.out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(again).toEqual(digest);
    expect(other.out).not.toBe(digest.out);
    const wrong = await rollout(["run", "--digest", failing]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(wrong.err).toContain("- namespace/store");
  });

  it("finds the files that lie beside it", async () => {
    mkdirSync(join(folder, "beside"));
    file("beside/ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n");
    const beside = file("beside/story.yaml", "steps: [{run: kubectl apply -f ns.yaml, expect: namespace/x created}]");
    expect((await rollout(["run", "-q", beside])).code).toBe(0);
  });
});

describe("its ledger", () => {
  it("is kept where --ledger says, and nowhere else", async () => {
    const cwd = join(folder, "empty");
    mkdirSync(cwd);
    await rollout(["run", "-q", story], { cwd, env: { ROLLOUT_LEDGER: join(cwd, "mine.db") } });
    expect(existsSync(join(cwd, "mine.db"))).toBe(false);
    expect(existsSync(join(cwd, "rollout.db"))).toBe(false);
    const ledger = join(cwd, "kept.db");
    expect((await rollout(["run", "-q", story, "--ledger", ledger])).code).toBe(0);
    expect((await rollout(["get", "ns", "-o", "name", "--ledger", ledger])).out).toBe(
      "namespace/default\nnamespace/shop\n",
    );
    const again = await rollout(["run", "-q", story, "--ledger", ledger]);
    expect(again).toEqual({ code: 1, out: "", err: `error: ${ledger}: there is a ledger already\n` });
  });
});

describe("files that are no scenarios", () => {
  it("are refused, all of them at once, before anything runs", async () => {
    const paths = brokenScenarios.map(({ text }, i) => file(`broken-${i}.yaml`, text));
    const { code, out, err } = await rollout(["run", story, ...paths], { cwd: folder });
    expect([code, out]).toEqual([1, ""]);
    for (const [i, { faults }] of brokenScenarios.entries()) {
      const path = paths[i] ?? "";
      const lines = faults.map((fault) => `  ${path}:${fault.replace("s.yaml", path)}\n`).join("");
      expect(err).toContain(`${path} is no scenario that can run; nothing was started\n${lines}`);
    }
    expect(existsSync(join(folder, "rollout.db"))).toBe(false);
  });

  it("leave no ledger behind", async () => {
    const ledger = join(folder, "none.db");
    const broken = file("broken.yaml", "steps:\n  - rnu: get pods\n");
    expect(await rollout(["run", broken, "--ledger", ledger])).toEqual({
      code: 1,
      out: "",
      err: `error: ${broken} is no scenario that can run; nothing was started
  ${broken}:2:5  unknown key "rnu"; did you mean "run"?
`,
    });
    expect(existsSync(ledger)).toBe(false);
    const missing = await rollout(["run", join(folder, "nowhere.yaml")]);
    expect(missing.err).toMatch(/^error: the scenario ".*nowhere\.yaml" does not exist\n$/);
    expect((await rollout(["run"])).err).toContain("a scenario file is required");
    expect((await rollout(["run", story, "-o", "yaml"])).err).toBe('error: --output is json or absent, not "yaml"\n');
  });
});
