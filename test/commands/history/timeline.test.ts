import { beforeEach, describe, expect, test } from "vitest";
import type { CommandContext } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/run.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  await shell.type("set image deploy/web web=web:2");
  await shell.type("advance 1m");
});

const picture = async (line: string): Promise<string> => {
  const { out, err, code } = await shell.type(line);
  expect([err, code]).toEqual(["", 0]);
  return out;
};

describe("timeline", () => {
  test("draws the last rollout of a Deployment, 100 wide where there is no terminal", async () => {
    const drawn = await picture("rollout timeline deploy/web");
    expect(drawn).toMatch(/^deployment\.apps\/web in default, \+0s is 2026-01-01T00:00:10Z\n/);
    expect(drawn).toMatch(/^#2 +2 +\+0s +[\d.]+s +web:1 → 2 +user:test +rollout set image/m);
    expect(drawn).toMatch(/^revision 1 · web:1 · web-\w+$/m);
    expect(drawn.match(/^ {2}\w{5} +▇+╍+$/gm)).toHaveLength(3);
    expect(drawn.match(/^ {2}\w{5} +░?▒+▓+▇+$/gm)).toHaveLength(3);
    expect(drawn).toMatch(/ · lowest 3 available, floor 3 · highest 4 pods, ceiling 4\n$/);
    expect(Math.max(...drawn.split("\n").map((line) => line.length))).toBe(100);
  });

  test("tells of a deadline that passed after the rollout is over, too, and not before it did", async () => {
    await shell.type(`patch deploy/web -p {"spec":{"progressDeadlineSeconds":20}}`);
    await shell.type("set image deploy/web web=web:404");
    await shell.type("advance 10s");
    expect(await picture("timeline deploy/web")).toMatch(/^#3 +3 +\+0s +running for /m);
    await shell.type("advance 50s");
    expect(await picture("timeline deploy/web")).toMatch(/^#3 +3 +\+0s +stuck for 1m /m);
    await shell.type("undo deploy/web");
    await shell.type("advance 10s");
    const all = await picture("timeline deploy/web --all");
    expect(all).toMatch(/^#3 +3 +\S+ +replaced after 1m, past its deadline /m);
    expect(all).not.toMatch(/^#4 .*deadline/m);
    expect(await picture("timeline deploy/web --all --to +1m20s")).not.toContain("deadline");
  });

  test("tells what changed beside the images in the ledger's words", async () => {
    await shell.type("set env deploy/web A=b");
    await shell.type("advance 20s");
    await shell.type("restart deploy/web");
    const drawn = await picture("timeline deploy/web --all");
    expect(drawn).toMatch(/^#3 .* web:2, web: env/m);
    expect(drawn).toMatch(/^#4 .* web:2, restarted/m);
  });

  test("calls no moment the highest or lowest that was only the tightest", async () => {
    shell.create(deploymentManifest("api", { replicas: 4, spec: { strategy: { rollingUpdate: { maxSurge: 0 } } } }));
    await shell.type("advance 10s");
    expect(await picture("timeline deploy/api --all")).toMatch(
      / · lowest 3 available, floor 3 · highest 4 pods, ceiling 4$/m,
    );
    await shell.type("scale deploy/api --replicas=8");
    await shell.type("advance 10s");
    expect(await picture("timeline deploy/api --all")).toMatch(/ · highest 8 pods, ceiling 8$/m);
    await shell.type(`patch deploy/api -p {"spec":{"strategy":{"rollingUpdate":{"maxSurge":2}}}}`);
    await shell.type("scale deploy/api --replicas=9");
    await shell.type("advance 10s");
    expect(await picture("timeline deploy/api --all")).toMatch(/ · tightest 8 pods, ceiling 8$/m);
  });

  test("takes any spelling of the type, and finds the only Deployment by itself", async () => {
    const drawn = await picture("timeline deploy/web");
    for (const words of ["deployment web", "deployments.apps/web", ""]) {
      expect(await picture(`timeline ${words}`.trim())).toBe(drawn);
    }
  });

  test("of several Deployments shows the one that rolled out last, and names the others", async () => {
    shell.create(deploymentManifest("api"));
    await shell.type("advance 10s");
    await shell.type("rollout restart deploy/web");
    const { out, err } = await shell.type("rollout timeline");
    expect(out).toMatch(/^deployment\.apps\/web /);
    expect(err).toBe("Others: deploy/api\n");
  });

  test("shows everything with --all", async () => {
    expect(await picture("rollout timeline --all")).toMatch(/\+0s is 2026-01-01T00:00:00Z\n/);
  });

  test("shows a Deployment that is gone", async () => {
    await shell.type("delete deploy/web --wait=false");
    await shell.type("advance 1m");
    expect(await picture("rollout timeline deploy/web")).toMatch(/deleted at \+1m/);
  });

  test("shows the part between two times, by offsets from its own +0s or any other way", async () => {
    const shown = JSON.parse(await picture("rollout timeline deploy/web --from +1s --to +3s -o json")) as unknown;
    const range = { from: "2026-01-01T00:00:11.000Z", to: "2026-01-01T00:00:13.000Z" };
    expect(shown).toMatchObject({ origin: "2026-01-01T00:00:10.000Z", ...range });
    for (const typed of ["--from 2026-01-01T00:00:11Z --to 00:00:13", "--from -59s --to -57s"]) {
      const other = JSON.parse(await picture(`rollout timeline deploy/web ${typed} -o json`)) as unknown;
      expect(other).toMatchObject(range);
    }
  });

  test("is a model with -o json: rollouts, pods, availability", async () => {
    const shown = JSON.parse(await picture("rollout timeline -o json")) as { replicaSets: { pods: unknown[] }[] };
    expect(shown).toMatchObject({
      namespace: "default",
      deployment: "web",
      rollouts: [{ number: 1 }, { number: 2, images: ["web:2"] }],
      summary: { lowest: { pods: 3, bound: 3 }, shortfalls: [] },
    });
    expect(shown.replicaSets.map(({ pods }) => pods.length)).toEqual([3, 3]);
  });

  test("counts many pods unless each is asked for", async () => {
    await shell.type("scale deploy/web --replicas=50");
    await shell.type("advance 1m");
    expect(await picture("rollout timeline")).toMatch(/^ {2}ready +50 /m);
    expect((await picture("rollout timeline --pods")).match(/^ {2}\w{5} /gm)?.length).toBeGreaterThanOrEqual(50);
  });

  test("lets no time pass and records nothing", async () => {
    const before = [shell.session.now(), shell.session.digest()];
    await shell.type("rollout timeline deploy/web");
    expect([shell.session.now(), shell.session.digest()]).toEqual(before);
  });

  test("says where there is nothing to show", async () => {
    expect(await shell.type("rollout timeline -n other")).toEqual({
      code: 0,
      out: "",
      err: "No resources found in other namespace.\n",
    });
    expect(await shell.type("rollout timeline -n other -o json")).toEqual({
      code: 0,
      out: "null\n",
      err: "No resources found in other namespace.\n",
    });
  });

  test.each([
    ["deploy/nope", 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ["pod/web", "error: only deployments have a timeline, not pods\n"],
    ["thing/web", `error: the server doesn't have a resource type "thing"\n`],
    ["deploy/web -5m", 'error: "-5m" is a point in history: --from and --to take points\n'],
    ["deploy web rollout:2", 'error: "rollout:2" is a point in history: --from and --to take points\n'],
    ["deploy web api", "error: one deployment is shown at a time\n"],
    ["--from +30s --to +20s", "error: there is nothing to show: that time ends before it begins\n"],
    ["--from +1h", "error: the log tells nothing after 2026-01-01T00:01:10.000Z\n"],
    ["--to 2025-12-31T00:00:00Z", "error: there was no such deployment before 2026-01-01T00:00:00.000Z\n"],
    ["--from +99999999999999h", "error: the log tells nothing after 2026-01-01T00:01:10.000Z\n"],
    ["--from 2026-02-30T00:00:00Z", "error: 2026-02-30T00:00:00Z never was: the calendar has no 2026-02-30\n"],
    ["-o yaml", 'error: a timeline is printed as a picture or with -o json or svg, not as "yaml"\n'],
  ])("refuses %s", async (words, err) => {
    expect(await shell.type(`rollout timeline ${words}`)).toEqual({ code: 1, out: "", err });
  });
});

describe("colours and width", () => {
  const drawOn = async (columns: number, words: string, isTerminal = true): Promise<string> => {
    let drawn = "";
    const ctx: CommandContext = {
      session: shell.session,
      actor: "user:test",
      defaultNamespace: "default",
      io: {
        out: (text) => {
          drawn += text;
        },
        err: () => undefined,
        readStdin: () => "",
        readFile: () => "",
        listFolder: () => undefined,
        isTerminal,
        columns,
      },
    };
    await runCommand(ctx, words.split(" "));
    return drawn;
  };

  test("the picture is as wide as the terminal, or as asked for", async () => {
    const widest = (drawn: string): number => Math.max(...drawn.split("\n").map((line) => line.length));
    expect(widest(await drawOn(72, "timeline --no-color"))).toBe(72);
    expect(widest(await drawOn(72, "timeline --no-color --width 60"))).toBe(60);
  });

  test("the picture is as wide as a pipe is said to be", async () => {
    const widest = (drawn: string): number => Math.max(...drawn.split("\n").map((line) => line.length));
    expect(widest(await drawOn(72, "timeline", false))).toBe(72);
    expect(widest(await drawOn(0, "timeline", false))).toBe(100);
  });

  test.each(["99999999999", "1001", "39", "0", "-5"])("--width %s is out of range", async (width) => {
    for (const verb of ["timeline", "replay"]) {
      expect(await shell.type(`rollout ${verb} --width ${width}`)).toEqual({
        code: 1,
        out: "",
        err: `error: invalid argument "${width}" for "--width" flag: must be from 40 to 1000\nSee 'rollout ${verb} --help' for usage.\n`,
      });
    }
  });

  test("there are colours when asked for, and none with --no-color", async () => {
    expect(await drawOn(100, "timeline --color")).toContain("\u001b[38;5;39m");
    expect(await drawOn(100, "timeline --no-color --color")).not.toContain("\u001b");
    expect(await drawOn(100, "log --color")).toContain("\u001b[");
  });
});

describe("a picture of the log's end", () => {
  test("is the same whether the log is read from its beginning or from the state before", async () => {
    const pod = shell.session.list("Pod")[0]?.metadata.name ?? "";
    await shell.type(`fault crash pod/${pod}`);
    await shell.type("advance 20s");
    await shell.type("undo deploy/web");
    await shell.type("advance 20s");
    const all = await picture("timeline deploy/web --all --from +1m -o json");
    const whole = JSON.parse(await picture("timeline deploy/web --all -o json")) as {
      availability: { at: string }[];
    };
    const part = JSON.parse(all) as {
      from: string;
      availability: { at: string }[];
      rollouts: { number: number }[];
    };
    const after = whole.availability.filter(({ at }) => at > part.from);
    expect(part.availability.slice(1)).toEqual(after);
    expect(part.rollouts.map(({ number }) => number)).toEqual([2, 3]);
  });

  test("is an SVG file with -o svg", async () => {
    expect(await picture("timeline deploy/web -o svg")).toMatch(/^<svg .*<\/svg>\n$/s);
  });
});
