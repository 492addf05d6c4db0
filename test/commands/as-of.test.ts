import { beforeAll, describe, expect, test } from "vitest";
import { pointsHelp } from "../../src/commands/history/points-help.ts";
import { deploymentManifest, openShell, type Shell } from "../support/shell.ts";

const withStory = async (): Promise<Shell> => {
  const shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  await shell.type("set image deploy/web web=web:2 --as alice");
  await shell.type("advance 20s");
  await shell.type("set image deploy/web web=web:3");
  await shell.type("advance 30s");
  await shell.type("rollout undo deploy/web --to-revision=1");
  await shell.type("advance 40s");
  return shell;
};

/** Reading the past changes nothing: one ledger is enough. */
let shell: Shell;
beforeAll(async () => {
  shell = await withStory();
});

const imageAt = async (point: string, more = ""): Promise<string> => {
  const { out, err } = await shell.type(
    `get deploy web -o jsonpath={.spec.template.spec.containers[0].image} --as-of ${point}${more}`,
  );
  return err === "" ? out : err;
};

const seqOf = (type: string, nth: number): number =>
  [...shell.session.log(1, undefined, { types: [type] })][nth]?.seq ?? 0;

describe("a point in history", () => {
  test.each([
    ["rollout:1", "web:1"],
    ["rollout:2", "web:2"],
    ["rollout:4", "web:1"],
    ["rollout:2+19s", "web:2"],
    ["rollout:2+21s", "web:3"],
    ["revision:2", "web:2"],
    ["revision:3", "web:3"],
    ["revision:4", "web:1"],
    ["2026-01-01T00:00:05Z", "web:1"],
    ["2026-01-01T01:00:15+01:00", "web:2"],
    ["2026-01-01T00:00:05Z+10s", "web:2"],
    ["00:00:15", "web:2"],
    ["00:00:15+20s", "web:3"],
    ["-1m", "web:3"],
    ["-75s", "web:2"],
    ["-75s+10s", "web:3"],
    ["+12s", "web:2"],
    ["deploy/web@rollout:2", "web:2"],
  ])("%s", async (point, image) => {
    expect(await imageAt(point)).toBe(image);
  });

  test("at a revision that undo has renumbered is where it was given", async () => {
    expect((await shell.type("rollout history deploy/web")).out).not.toMatch(/^1 /m);
    expect(await imageAt("revision:1")).toBe("web:1");
    const { out } = await shell.type("get deploy web --as-of revision:1 -o jsonpath={.metadata.resourceVersion}");
    expect(Number(out)).toBeGreaterThanOrEqual(seqOf("DeploymentRevisionAssigned", 0));
    expect(Number(out)).toBeLessThan(seqOf("DeploymentTemplateChanged", 0));
  });

  test("at a seq is the end of its commit", async () => {
    const inside = [...shell.session.log()].find(({ seq, commit }) => seq < commit.lastSeq);
    const { seq = 0, commit, stream = "" } = inside ?? {};
    const [kind = "", , name = ""] = stream.split("/");
    const { out } = await shell.type(`get ${kind} ${name} -o jsonpath={.metadata.resourceVersion} --as-of seq:${seq}`);
    expect(out).toBe(String(commit?.lastSeq));
  });

  test.each([
    ["3", '"3" could be several things: say revision:3 or rollout:3'],
    ["#3", '"#3" could be several things: say revision:3 or rollout:3'],
    ["rollout:9", 'deployment "web" in namespace default has no rollout:9: it has rollout:1 to rollout:4'],
    ["revision:9", 'deployment "web" in namespace default never had revision:9: it had 1, 2, 3, 4'],
    ["deploy/api@rollout:1", 'the log knows no deployment "api" in namespace default'],
    ["pod/web@rollout:1", "only deployments have rollouts and revisions, as in deploy/web@rollout:3, not pod/web"],
    [
      "tomorrow",
      '"tomorrow" is no point in history: say seq:812, rollout:3, revision:2, 2026-01-01T00:00:10Z, 14:03:20 or -5m (ago), with +10s behind it to go on',
    ],
    ["-1h", "-1h is 2025-12-31T23:01:40.000Z, before the ledger begins: 2026-01-01T00:00:00.000Z"],
    [
      "rollout:4+1m",
      "rollout:4+1m is 2026-01-01T00:02:00.000Z, and now it is 2026-01-01T00:01:40.000Z: that is still to come",
    ],
    [
      "-99999999999999h",
      "-99999999999999h is beyond every calendar, before the ledger begins: 2026-01-01T00:00:00.000Z",
    ],
    [
      "seq:1+99999999999999999h",
      "seq:1+99999999999999999h is beyond every calendar, and now it is 2026-01-01T00:01:40.000Z: that is still to come",
    ],
    ["2025-02-31T00:00:00Z", "2025-02-31T00:00:00Z never was: the calendar has no 2025-02-31"],
    ["2026-13-01T00:00:00Z+5s", "2026-13-01T00:00:00Z never was: the calendar has no 2026-13-01"],
  ])("not %s", async (point, message) => {
    expect(await imageAt(point)).toBe(`error: ${message}\n`);
  });

  test("not endlessly long ago, nor endlessly far ahead", async () => {
    const endless = `${"9".repeat(400)}h`;
    expect(await imageAt(`-${endless}`)).toContain("is beyond every calendar, before the ledger begins");
    expect(await imageAt(`+${endless}`)).toContain("is beyond every calendar, and now it is");
    expect(await imageAt(`-${endless}+${endless}`)).toMatch(/before the ledger begins|web:\d/);
  });

  test("in every form that help tells of", async () => {
    const forms = Array.from(pointsHelp.matchAll(/^ {2}(\S+) {2}/gm), ([, form = ""]) => form);
    expect(forms).toContain("deploy/web@rollout:3");
    for (const form of forms) expect(await imageAt(form), form).not.toContain("no point in history");
  });

  test("not a seq that the log has not come to", async () => {
    const last = shell.session.moment().seq;
    const none = `the log has no event seq:${last + 1}: it goes from seq:1 to seq:${last}`;
    expect(await imageAt(`seq:${last + 1}`)).toBe(`error: ${none}\n`);
    expect(await imageAt("seq:0")).toContain("the log has no event seq:0");
  });

  test("is about the Deployment that is named, or the only one", async () => {
    const crowd = await withStory();
    const rollout2 = "2026-01-01T00:00:10Z";
    const then = await crowd.type(`get pods --as-of ${rollout2}`);
    expect(await crowd.type("get pods --as-of rollout:2")).toEqual(then);
    crowd.create(deploymentManifest("api"));
    const { code, err } = await crowd.type("get pods --as-of rollout:2");
    expect([code, err]).toEqual([
      1,
      "error: the namespace default has several deployments: say which is meant, as in deploy/api@rollout:2\n",
    ]);
    expect(await crowd.type("get pods --as-of deploy/web@rollout:2")).toEqual(then);
    expect((await crowd.type("get deploy/web -o wide --as-of rollout:2")).out).toContain("web:2");
    expect((await crowd.type("get pods -n kube-system --as-of rollout:2")).err).toContain(
      "no deployment is in namespace kube-system",
    );
  });
});

describe("--as-of", () => {
  test("of rollout status says how far it was, and does not wait", async () => {
    const before = shell.session.moment();
    expect(await shell.type("rollout status deploy/web --as-of rollout:2+1s")).toEqual({
      code: 0,
      out: 'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...\n',
      err: "",
    });
    expect(shell.session.moment()).toEqual(before);
  });

  test("of rollout history and of timeline ends there", async () => {
    expect((await shell.type("rollout history deploy/web --as-of rollout:3")).out).toBe(
      "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n",
    );
    const { out } = await shell.type("timeline deploy/web --all --as-of rollout:2+5s");
    expect(out).toContain("#2");
    expect(out).not.toContain("#3");
  });

  test("of events and describe has the events of the hour before", async () => {
    const now = (await shell.type("events")).out.split("\n").length;
    const then = (await shell.type("events --as-of rollout:2")).out.split("\n").length;
    expect(then).toBeGreaterThan(1);
    expect(then).toBeLessThan(now);
    const { out } = await shell.type("describe deploy/web --as-of rollout:2+1s");
    expect(out).toContain("Image:         web:2");
    expect(out).toMatch(/ScalingReplicaSet {2}11s /);
  });

  test("of log stops there", async () => {
    const { seq } = shell.session
      .at({ seq: seqOf("DeploymentTemplateChanged", 0), atMs: shell.session.now() })
      .moment();
    expect((await shell.type(`log --as-of seq:${seq} --tail 1`)).out).toMatch(new RegExp(`^ *${seq} `));
  });

  test("is not for watching", async () => {
    expect(await shell.type("get pods -w --as-of -10s")).toEqual({
      code: 1,
      out: "",
      err: "error: what was does not change: leave out --watch or --as-of\n",
    });
  });
});
