import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../src/engine/open.ts";
import { VERSION } from "../../src/engine/version.ts";
import type { Check } from "../../src/scenario/expect/check.ts";
import type { Files } from "../../src/scenario/files.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { hasPassed, type ScenarioResult } from "../../src/scenario/result.ts";
import { type Happening, type RunOptions, runScenario } from "../../src/scenario/runner.ts";
import { scratchFolder } from "../support/folder.ts";
import { webManifest } from "../support/prompt.ts";

const noFiles: Files = {
  readFile: (path) => {
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  },
  listFolder: () => undefined,
};

const folder = scratchFolder();

interface Run {
  readonly result: ScenarioResult;
  readonly happenings: readonly Happening[];
}

const run = async (text: string, options: Partial<RunOptions> = {}): Promise<Run> => {
  const scenario = parseScenario(text, "s.yaml");
  if (E.isLeft(scenario)) throw new Error(scenario.left.map(({ message }) => message).join("\n"));
  const happenings: Happening[] = [];
  const listener = (happening: Happening): void => {
    happenings.push(happening);
  };
  const result = await runScenario(scenario.right, { files: noFiles, listener, ...options });
  if (E.isLeft(result)) throw result.left;
  return { result: result.right, happenings };
};

const failures = ({ result }: Run): readonly Check[] => result.checks.filter(({ holds }) => !holds);

const output = ({ happenings }: Run): string =>
  happenings.map((happening) => (happening.type === "printed" ? happening.text : "")).join("");

/** When each command was typed, ms since the beginning. */
const times = ({ happenings }: Run): readonly (readonly [string, number])[] =>
  happenings.flatMap((happening) =>
    happening.type === "typed" ? [[happening.command.typed, happening.atMs] as const] : [],
  );

describe("time", () => {
  it("is that of each step: at, after the one before, or directly", async () => {
    const ran = await run(`
steps:
  - run: get pods
  - {after: 30s, run: get rs}
  - {at: 1m, run: get deploy}
  - run: get svc
`);
    expect(times(ran)).toEqual([
      ["get pods", 0],
      ["get rs", 30_000],
      ["get deploy", 60_000],
      ["get svc", 60_000],
    ]);
    expect(ran.result.clusterMs).toBe(60_000);
  });

  it("that has passed already is a failure of its step, which is played all the same", async () => {
    const ran = await run("steps:\n  - run: rollout advance 2m\n  - at: 90s\n    run: get pods\n");
    expect(failures(ran)).toEqual([
      {
        what: "time of the step",
        holds: false,
        where: "s.yaml:3:5",
        difference: [
          { from: "expected", text: "at 1m30s" },
          { from: "actual", text: "the step before ended at 2m00s" },
        ],
      },
    ]);
    expect(times(ran)).toHaveLength(2);
  });

  it("starts where the file says", async () => {
    const ran = await run("start: 2027-05-01T08:00:00Z\nsteps: [{run: rollout advance 10s}]");
    expect(output(ran)).toBe("clock advanced by 10s to 2027-05-01T08:00:10Z\n");
  });
});

describe("commands", () => {
  it("are typed by user:scenario, unless the step says by whom", async () => {
    const ledger = join(folder, "actors.db");
    await run("steps: [{run: create ns a}, {as: alice, run: create ns b}, {run: create ns c --as bob}]", { ledger });
    const kept = openLedger(ledger);
    if (E.isLeft(kept)) throw kept.left;
    const actors = Array.from(kept.right.log(1, undefined, { types: ["NamespaceCreated"] }), ({ actor }) => actor);
    kept.right.close();
    expect(actors).toEqual(["user:scenario", "user:scenario", "user:alice", "user:bob"]);
  });

  it("find the files of the scenario before any others", async () => {
    const files: Files = {
      ...noFiles,
      readFile: (path) => (path === "rs.yaml" ? "kind: Nonsense" : noFiles.readFile(path)),
    };
    const ran = await run(
      `
files:
  web.yaml: |
${webManifest().replace(/^/gm, "    ")}
  more/ns.yaml: "{apiVersion: v1, kind: Namespace, metadata: {name: x}}"
steps:
  - run: |
      create -f ./web.yaml
      create -f more
  - {run: create -f rs.yaml, exit: 1}
  - {run: create -f nowhere.yaml, exit: 1, stderr: 'error: the path "nowhere.yaml" does not exist'}
`,
      { files },
    );
    expect(failures(ran)).toEqual([]);
    expect(output(ran)).toMatch(/^deployment.apps\/web created\nnamespace\/x created\n/);
  });

  it("read here-documents, and take the output of others", async () => {
    const ran = await run(`
steps:
  - run: |
      cat <<END | kubectl apply -f -
      {apiVersion: v1, kind: Namespace, metadata: {name: x}}
      END
      kubectl delete $(kubectl get ns x -o name)
    expect: |
      namespace/x created
      namespace "x" deleted
`);
    expect(failures(ran)).toEqual([]);
  });

  it("that fail unexpectedly are failures, and end the run", async () => {
    const ran = await run(
      "steps:\n  - fault: crash pod/web\n  - run: get pods\ninvariants: {deploy/web: {min-available: 1}}",
    );
    expect(times(ran)).toHaveLength(1);
    expect([ran.result.steps, hasPassed(ran.result)]).toEqual([1, false]);
    expect(
      failures(ran).map(({ what, where, difference }) => [what, where, difference.map(({ text }) => text)]),
    ).toEqual([["exit code", "s.yaml:2:5", ["0", "1"]]]);
  });
});

describe("expectations", () => {
  it("of output, messages and exit code are held against what came", async () => {
    const ran = await run(`
steps:
  - run: get deploy web
    exit: 1
    expect: ""
    stderr: 'Error from server (NotFound): deployments.apps "web" not found'
  - run: create ns x
    expect: namespace/y created
    exit: 0
`);
    expect(ran.result.checks.map(({ what, holds }) => [what, holds])).toEqual([
      ["exit code", true],
      ["output", true],
      ["messages", true],
      ["exit code", true],
      ["output", false],
    ]);
    expect(failures(ran)[0]?.difference).toEqual([
      { from: "expected", text: "namespace/y created" },
      { from: "actual", text: "namespace/x created" },
    ]);
  });

  it("of state are held against the objects as they are then", async () => {
    const ran = await run(`
steps:
  - run: create deployment web --image=web:1 --replicas=2
    expect-state:
      deploy/web: {spec.replicas: 2, status.availableReplicas: null, "{.metadata.name}": w*}
      deploy/shop: absent
      ns/default -n ignored: {status.phase: Active}
  - run: rollout status deploy/web
  - expect-state:
      deployment.apps/web:
        status.availableReplicas: 3
        status.conditions[?(@.type=="Available")].status: True
        spec.template.spec.containers[*].image: web:2
      deploy/web: absent
      rs/web: {spec.replicas: 2}
`);
    expect(failures(ran).map(({ what, difference }) => [what, difference.map(({ text }) => text)])).toEqual([
      ["deployment.apps/web status.availableReplicas", ["3", "2"]],
      ["deployment.apps/web spec.template.spec.containers[*].image", ["web:2", "web:1"]],
      ["deploy/web", ["absent", "there it is"]],
      ["rs/web", ["an object", "not found"]],
    ]);
  });

  it("of invariants are held against the whole log", async () => {
    const ran = await run(`
files:
  web.yaml: |
${webManifest().replace(/^/gm, "    ")}
steps:
  - run: create -f web.yaml
  - run: rollout status deploy/web
  - run: set image deploy/web web=nginx:404
  - {at: 1m, run: rollout undo deploy/web}
  - run: rollout status deploy/web
invariants:
  deploy/web: {min-available: floor, max-replicas: 3, finishes-within: 10m}
  deploy/wbe: {min-available: 1}
`);
    expect(failures(ran).map(({ what, where }) => [what, where])).toEqual([
      ["deploy/web: replicas asked for ≤ 3", expect.stringMatching(/^s\.yaml:\d+:/)],
      ["deploy/wbe: available pods ≥ 1", expect.stringMatching(/^s\.yaml:\d+:/)],
    ]);
    expect(failures(ran)[0]?.difference[1]?.text).toMatch(
      /^4 replicas asked for, 3 allowed, at 2(\.\d)?s \(seq \d+\)$/,
    );
  });
});

describe("the ledger of a run", () => {
  const story =
    "nodes: 2\nsteps:\n  - run: create deployment web --image=web:1 --replicas=3\n  - run: rollout status deploy/web\n";

  it("is the same for the same scenario and seed, and another one for another seed", async () => {
    const first = await run(story);
    const second = await run(story);
    const other = await run(story, { seed: 2 });
    expect(second.result.digest).toBe(first.result.digest);
    expect(second.result.events).toBe(first.result.events);
    expect(other.result.digest).not.toBe(first.result.digest);
    expect(other.result.seed).toBe(2);
  });

  it("has the nodes that the scenario names", async () => {
    const ran = await run(`
nodes: [{name: small, capacity: {cpu: 1, pods: 1}}]
steps:
  - run: create deployment web --image=web:1 --replicas=2
  - after: 10s
    run: get nodes,deploy
    expect: |
      NAME         STATUS   ROLES    AGE   VERSION
      node/small   Ready    <none>   10s   *

      NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
      deployment.apps/web   1/2     2            1           10s
`);
    expect(failures(ran)).toEqual([]);
  });

  it("behaves as the scenario says from the first step on", async () => {
    const ran = await run(`
behaviours:
  - {image: web:1, ready: 30s}
steps:
  - run: create deployment web --image=web:1
  - {at: 30s, run: get pods, expect: "NAME READY STATUS RESTARTS AGE\\nweb-* 0/1 Running 0 30s"}
  - {at: 32s, run: get pods, expect: "NAME READY STATUS RESTARTS AGE\\nweb-* 1/1 Running 0 32s"}
`);
    expect(failures(ran)).toEqual([]);
  });
});

it("the ledger that is kept says which scenario it is of, and is not written over", async () => {
  const ledger = join(folder, "kept.db");
  const story = "name: Two namespaces\nseed: 7\nsteps: [{run: create ns a}, {run: create ns b}]";
  const { result } = await run(story, { ledger });
  const kept = openLedger(ledger);
  if (E.isLeft(kept)) throw kept.left;
  expect(kept.right.digest()).toBe(result.digest);
  expect(Array.from(kept.right.log(1, undefined, { types: ["ScenarioStarted"] }), ({ data }) => data)).toEqual([
    { name: "Two namespaces", seed: 7, version: VERSION },
  ]);
  kept.right.close();
  await expect(run(story, { ledger })).rejects.toThrow("there is a ledger already");
});

it("an interrupted run ends after its step, has not passed, and judges nothing", async () => {
  const interruption = new AbortController();
  const listener = (happening: Happening): void => {
    if (happening.type === "said" && happening.text === "second") interruption.abort();
  };
  const ran = await run(
    "steps: [{run: create ns x}, {say: second}, {run: create ns y}]\ninvariants: {deploy/web: {min-available: 1}}",
    { listener, signal: interruption.signal },
  );
  expect(ran.result.steps).toBe(1);
  expect(ran.result.checks).toEqual([]);
  expect(hasPassed(ran.result)).toBe(false);
});
