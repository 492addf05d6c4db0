import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Moment } from "../../../src/history/moment.ts";
import { begin, carryOut, troubledPlan } from "../../support/plan.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";
import { started, typed } from "../../support/terminal.ts";

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});

const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    const { code, err } = await shell.type(line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
  }
};

const printed = async (line: string): Promise<string> => {
  const { out, err, code } = await shell.type(line);
  expect([err, code]).toEqual(["", 0]);
  return out;
};

const begun = async (): Promise<void> => {
  shell.create(deploymentManifest("web"));
  await run("advance 10s");
};

describe("rollout ledger", () => {
  test("prints a line for each rollout", async () => {
    await begun();
    await run("set image deploy/web web=web:2 --as alice", "advance 20s", "set image deploy/web web=web:404");
    await run("advance 1m", "rollout undo deploy/web", "advance 10s");
    expect(await printed("rollout ledger deploy/web")).toMatchInlineSnapshot(`
      "#     REVISION   ACTOR        CHANGE         STARTED    DURATION   OUTCOME             LOWEST
      1     1          user:test    web:1          00:00:00   2s         complete            3/3 floor
      2     2 → 4      user:alice   web:1 → 2      00:00:10   6.1s       complete            3/3 floor
      3     3          user:test    web:2 → 404    00:00:30   1m         rolled back by #4   3/3 floor
      4     4          user:test    as #2: web:2   00:01:30   14ms       complete            3/3 floor
      "
    `);
  });

  test("takes any spelling, several names, and a selector; nothing at all means every Deployment", async () => {
    await begun();
    const table = await printed("rollout ledger deploy/web");
    for (const words of ["deployment/web", "deployments web", "-l app=web", ""]) {
      expect(await printed(`ledger ${words}`.trim())).toBe(table);
    }
    shell.create(deploymentManifest("api"));
    const both = await printed("ledger deploy/web deploy/api");
    expect(both).toMatch(/^DEPLOYMENT +# .*\nweb +1 +1 .*\napi +1 /);
    expect(await printed("ledger -A --no-headers")).toMatch(/^default +api +1 .*\ndefault +web +1 /);
  });

  test("gives no revision of a new Deployment to the rollouts of one that bore its name before", async () => {
    await begun();
    await run("set image deploy/web web=web:2", "advance 20s", "rollout undo deploy/web", "advance 20s");
    expect(await printed("ledger deploy/web")).toMatch(/^1 +1 → 3 .*\n2 +2 .*\n3 +3 /m);
    await run("delete deploy/web", "advance 1m");
    shell.create(deploymentManifest("web"));
    await run("advance 10s");
    expect(await printed("ledger deploy/web")).toMatch(/^1 +1 → gone .*\n2 +2 → gone .*\n3 +3 → gone .*\n4 +1 /m);
  });

  test("tells of a Deployment that is gone", async () => {
    await begun();
    await run("delete deploy/web --wait=false", "advance 1m");
    expect(await printed("ledger deploy/web")).toMatch(/^1 +1 → gone +user:test +web:1 +.* complete /m);
    expect((await shell.type("ledger -n other")).err).toBe("No resources found in other namespace.\n");
    expect((await shell.type("ledger deploy/nope")).err).toBe(
      'Error from server (NotFound): deployments.apps "nope" not found\n',
    );
    expect(await printed("ledger")).toMatch(/^1 +1 → gone /m);
  });

  test("fits a terminal by cutting what changed, and no narrower than it must; a pipe gets it whole", async () => {
    await begun();
    const image = `registry.example.com/shop/web-${"x".repeat(60)}:1`;
    await run(`set image deploy/web web=${image}`, "advance 1m");
    const { out } = await typed(shell.session, "ledger deploy/web", { columns: 100 });
    const lines = out.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBe(100);
    expect(lines[2]).toContain("…");
    expect(await printed("ledger deploy/web")).toContain(image);
    expect(await printed("ledger deploy/web -o wide")).toContain(image);
  });

  test("-o wide adds cause, command, the parts of the duration, pods and digests", async () => {
    await begun();
    await run("set image deploy/web web=web:2", "annotate deploy/web kubernetes.io/change-cause=monday", "advance 1s");
    await run("rollout pause deploy/web", "advance 5s", "rollout resume deploy/web", "advance 1m");
    const [header = "", , second = ""] = (await printed("ledger deploy/web -o wide")).split("\n");
    expect(header).toMatch(
      /HIGHEST +ENDED +PROGRESSING +PAUSED +WAITING +PODS +EXITS +TEMPLATE +REPLICASET +CAUSE +COMMAND$/,
    );
    expect(second).toMatch(
      / 2026-01-01T00:00:10Z .* 5s +0s +\+3 +0 +[0-9a-f]{12} +web-\w+ +monday +rollout set image /,
    );
  });

  test("-o json, yaml and csv hold everything, times to the millisecond", async () => {
    await begun();
    await run("set image deploy/web web=web:2", "advance 1m");
    const told: unknown = JSON.parse(await printed("ledger deploy/web -o json"));
    expect(told).toMatchObject([
      { deployment: "web", number: 1, images: ["web:1"], outcome: "complete", supersededBy: 2, inferred: true },
      {
        number: 2,
        revision: "2",
        revisionNow: "2",
        actor: "user:test",
        verb: "set image",
        command: "rollout set image deploy/web web=web:2",
        imagesBefore: ["web:1"],
        images: ["web:2"],
        startedAt: "2026-01-01T00:00:10.000Z",
        pausedMs: 0,
        waitingMs: 0,
        podsCreated: 3,
        podsLost: 0,
        lowest: { available: 3, floor: 3 },
        highest: { pods: 4, ceiling: 4 },
      },
    ]);
    expect(await printed("ledger deploy/web -o yaml")).toMatch(/^- actor: user:test\n/);
    const [header, ...records] = (await printed("ledger deploy/web -o csv")).trimEnd().split("\n");
    expect(header).toMatch(/^namespace,deployment,number,revision,revision_now,outcome,/);
    expect(records[1]).toMatch(/^default,web,2,2,2,complete,,,user:test,set image,false,/);
  });

  test("keeps telling of a deadline that passed, whatever became of the rollout then", async () => {
    await begun();
    await run(
      `patch deploy/web -p {"spec":{"progressDeadlineSeconds":20}}`,
      "set image deploy/web web=web:404",
      "advance 1m",
    );
    expect(await printed("ledger deploy/web")).toMatch(/^2 .* deadline exceeded +3\/3 floor$/m);
    await run("undo deploy/web", "advance 10s", "behave image=web:2 --ready 30s", "set image deploy/web web=web:2");
    await run("advance 5m");
    const table = await printed("ledger deploy/web");
    expect(table).toMatch(/^2 .* rolled back by #3, past its deadline +3\/3 floor$/m);
    expect(table).toMatch(/^3 .* complete +3\/3 floor$/m);
    expect(table).toMatch(/^4 .* complete, past its deadline +3\/3 floor$/m);
    const rows = (await printed("ledger deploy/web -o csv")).trimEnd().split("\n");
    const [columns = [], ...records] = rows.map((row) => row.split(","));
    const cells = (column: string) => records.map((record) => record[columns.indexOf(column)]);
    const moment = expect.stringMatching(/^2026-01-01T00:0\d:\d\d\.\d{3}Z$/);
    expect(cells("deadline_exceeded_at")).toEqual(["", moment, "", moment]);
    expect(cells("completed_at")).toEqual([moment, "", moment, moment]);
    const kept: unknown[] = [];
    for await (const row of shell.session.queries.view("v_rollouts", { orderBy: ["number"] })) {
      kept.push([row.deadline_exceeded_at ?? "", row.deadline_exceeded_ms]);
    }
    expect(kept).toEqual(cells("deadline_exceeded_at").map((at = "") => [at, at === "" ? null : Date.parse(at)]));
  });

  test("shows an outage that no floor forbids", async () => {
    shell.create(deploymentManifest("web", { spec: { strategy: { type: "Recreate" } } }));
    await run("advance 10s", "set image deploy/web web=web:2", "advance 20s");
    const table = await printed("ledger deploy/web");
    expect(table).toMatch(/^1 .* complete +3\/0 floor$/m);
    expect(table).toMatch(/^2 .* complete +0\/0 floor$/m);
  });

  test("refuses other formats and other types, and suggests what there is", async () => {
    await begun();
    expect((await shell.type("ledger deploy/web -o name")).err).toBe(
      'error: -o is wide, json, yaml or csv, not "name"\n',
    );
    const { err, code } = await shell.type("ledger svc/web");
    expect([err, code]).toEqual(["error: only deployments have rollouts, not services\n", 1]);
  });

  test("of any moment of the past prints what it printed then", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(10), async (plan) => {
        const session = started(":memory:", { seed: plan.seed });
        const of = { namespace: "default", name: "web" };
        const seen: [Moment, unknown][] = [];
        await begin(session, plan);
        for (const op of plan.ops) {
          await carryOut(session, op);
          seen.push([session.moment(), session.rollouts(of)]);
        }
        for (const [moment, rollouts] of seen) expect(session.at(moment).rollouts(of)).toEqual(rollouts);
        session.close();
      }),
      { numRuns: 8 },
    );
  });
});
