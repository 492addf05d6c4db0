import { beforeEach, describe, expect, test } from "vitest";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  await shell.type("set image deploy/web web=web:2 --as alice");
  await shell.type("advance 1m");
});

const said = async (line: string): Promise<string> => {
  const { out, err, code } = await shell.type(line);
  expect([err, code]).toEqual(["", 0]);
  return out;
};

describe("report", () => {
  test("tells of the newest rollout, the verdict first", async () => {
    const text = await said("rollout report deploy/web");
    expect(text).toMatch(
      /^Rollout #2 of deployment\/web completed in [\d.]+s; availability never fell below its floor of 3\.\n\n/,
    );
    expect(text).toMatch(/^Rollout: +#2, revision 2$/m);
    expect(text).toMatch(/^Started: +2026-01-01T00:00:10Z by user:alice$/m);
    expect(text).toMatch(/^Command: +rollout set image deploy\/web web=web:2 --as alice$/m);
    expect(text).toMatch(/^Images: +web:1 → 2$/m);
    expect(text).toMatch(/^Floor: +3 of 3 pods; lowest 3, at \+0s$/m);
    expect(text).toMatch(/^Pods: +3 created, 0 lost, 0 container exits$/m);
    expect(text).toMatch(/^Slowest pods:\n {2}POD +NODE +CREATED +AVAILABLE +SPENT\n {2}web-/m);
  });

  test("tells of any other rollout by its number, and finds the only Deployment by itself", async () => {
    expect(await said("rollout report rollout:1")).toMatch(/^Rollout #1 of deployment\/web was up after /);
    expect(await said("report deployment web rollout:2")).toBe(await said("rollout report"));
  });

  test("tells of a rollout by the revision it was given, and of no other point", async () => {
    expect(await said("rollout report deploy/web revision:1")).toBe(await said("rollout report deploy/web rollout:1"));
    const complaints: readonly (readonly [string, string])[] = [
      ["revision:7", "deployment/web never had revision:7"],
      ["seq:7", 'a report is of one rollout: say rollout:3 or revision:2, not "seq:7"; --as-of takes other points'],
      ["-5m", 'a report is of one rollout: say rollout:3 or revision:2, not "-5m"; --as-of takes other points'],
      ["deploy/api", "one deployment is shown at a time"],
    ];
    for (const [words, message] of complaints) {
      expect(await shell.type(`rollout report deploy/web ${words}`)).toMatchObject({
        err: `error: ${message}\n`,
        code: 1,
      });
    }
  });

  test("tells what became of a rollout that is not the newest any more, and who did that", async () => {
    expect(await said("rollout report rollout:1")).toMatch(/^Then: +#2 took its place at \+10s by user:alice$/m);
    expect(await said("rollout report")).not.toMatch(/^Then:/m);
    await shell.type("delete deploy/web --as bob");
    expect(await said("rollout report deploy/web")).toMatch(/^Then: +deployment deleted at \+1m by user:bob$/m);
    const told: unknown = JSON.parse(await said("rollout report deploy/web -o json"));
    expect(told).toMatchObject({ closed: { actor: "user:bob", command: "rollout delete deploy/web --as bob" } });
  });

  test("tells what was promised before the deletion that ended the rollout", async () => {
    await shell.type("set image deploy/web web=web:404");
    await shell.type("advance 20s");
    await shell.type("delete deploy/web --wait=false");
    await shell.type("advance 20s");
    const text = await said("rollout report deploy/web");
    expect(text).toMatch(/^Floor: +3 of 3 pods; lowest 3, at \+0s$/m);
    expect(text).toMatch(/^Ceiling: +4 pods; highest 4, at \+0s$/m);
  });

  test("calls no floor reached that was given up", async () => {
    shell.create(deploymentManifest("api"));
    await shell.type("advance 100ms");
    await shell.type("delete deploy/api --wait=false");
    await shell.type("advance 10s");
    const text = await said("rollout report deploy/api");
    expect(text).toMatch(/; its floor of 3 was not reached\.$/m);
    expect(text).toMatch(/^ {2}\+0s +0 → 3 +created .* given up after \d+ms$/m);
  });

  test("of nothing is null as JSON, and says so on standard error", async () => {
    const err = "No resources found in other namespace.\n";
    expect(await shell.type("rollout report -n other")).toEqual({ code: 0, out: "", err });
    expect(await shell.type("rollout report -n other -o json")).toEqual({ code: 0, out: "null\n", err });
  });

  test("has a line for the deadline that was exceeded", async () => {
    await shell.type(`patch deploy/web -p {"spec":{"progressDeadlineSeconds":30}}`);
    await shell.type("set image deploy/web web=web:404");
    await shell.type("advance 1m");
    await shell.type("undo deploy/web");
    expect(await said("rollout report rollout:3")).toMatch(/^Deadline: +exceeded at \+3[01][.\d]*s$/m);
    expect(await said("rollout report rollout:2")).not.toContain("Deadline:");
  });

  test("tells what changed beside the images", async () => {
    await shell.type("set env deploy/web A=b");
    expect(await said("rollout report deploy/web")).toMatch(/^Images: +web:2, web: env$/m);
    await shell.type("restart deploy/web");
    expect(await said("rollout report deploy/web")).toMatch(/^Images: +web:2, restarted$/m);
  });

  test("counts the containers that ended after the rollout's end", async () => {
    const [pod] = shell.session.list("Pod");
    await shell.type(`fault crash pod/${pod?.metadata.name}`);
    await shell.type("advance 10s");
    expect(await said("rollout report")).toMatch(
      /^Pods: +3 created, 0 lost, 0 container exits; 1 container exit afterwards$/m,
    );
  });

  test("--as-of tells what it told then", async () => {
    await shell.type("set image deploy/web web=web:3 --as bob");
    await shell.type("advance 3s");
    const then = await said("rollout report deploy/web");
    await shell.type("advance 1m");
    expect(await said("rollout report deploy/web")).not.toBe(then);
    expect(await said("rollout report deploy/web --as-of -1m")).toBe(then);
    expect(await said("rollout report deploy/web --as-of rollout:2")).toMatch(/^Outcome: +in progress$/m);
  });

  test("keeps apart when a paused Deployment was changed and when its rollout began", async () => {
    await shell.type("rollout pause deploy/web");
    await shell.type("set image deploy/web web=web:3");
    const waiting = await said("rollout report deploy/web");
    expect(waiting).toMatch(/^Changed: +2026-\S+ by user:test\nStarted: +not, while paused$/m);
    expect(waiting).not.toContain("Duration:");
    await shell.type("advance 20s");
    await shell.type("rollout resume deploy/web");
    expect(await said("rollout report deploy/web")).toMatch(/^Started: +at \+20s, paused until then$/m);
  });

  test("shows what broke the floor, and where the log proves it", async () => {
    const [pod] = shell.session.list("Pod");
    await shell.type(`delete pod ${pod?.metadata.name} --wait=false --as carol`);
    await shell.type("advance 10s");
    const text = await said("rollout report deploy/web");
    expect(text).toMatch(
      /; afterwards it fell to 2, below its floor of 3, for [\d.]+s because user:carol deleted pod\/web-/,
    );
    expect(text).toMatch(
      /^Below the floor:\n {2}AT .*\n {2}\+1m +[\d.]+s +2 +3 +1 for [\d.]+s +user:carol deleted pod\/web-\S+ +seq:\d+$/m,
    );
    expect(text).toMatch(/^Pods lost:$/m);
  });

  test("is Markdown for a ticket, in which nothing that people typed is markup", async () => {
    await shell.type("annotate deploy/web kubernetes.io/change-cause=*bold*|cell");
    const text = await said("rollout report deploy/web -o markdown");
    expect(text).toMatch(/^## Rollout #2 of deployment\/web\n\n\*\*Rollout \\#2 /);
    expect(text).toContain("- **Change-cause:** \\*bold\\*\\|cell");
    expect(text).toMatch(
      /^\| Pod \| Node \| Created \| Available \| Spent \|\n\| --- \| --- \| --- \| --- \| --- \|\n\| web-/m,
    );
  });

  test("is all of it with -o json", async () => {
    const report = JSON.parse(await said("rollout report deploy/web -o json")) as unknown;
    expect(report).toMatchObject({
      deployment: "web",
      rollout: { number: 2, outcome: "complete", podsCreated: 3 },
      promise: { desired: 3, floor: 3, ceiling: 4 },
      shortfalls: [],
    });
  });

  test("lets no time pass and records nothing", async () => {
    const before = [shell.session.now(), shell.session.digest()];
    await said("rollout report deploy/web");
    expect([shell.session.now(), shell.session.digest()]).toEqual(before);
  });

  test.each([
    ["deploy/nope", 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ["pod/web", "error: only deployments have a report, not pods\n"],
    ["deploy/web rollout:7", "error: deployment/web has no rollout:7: it has rollout:1 to rollout:2\n"],
    ["deploy/web 2", 'error: "2" may be a revision or a rollout: say rollout:2\n'],
    ["deploy/web -o yaml", 'error: a report is printed as text or with -o json or markdown, not as "yaml"\n'],
  ])("refuses %s", async (words, err) => {
    expect(await shell.type(`rollout report ${words}`)).toEqual({ code: 1, out: "", err });
  });
});
