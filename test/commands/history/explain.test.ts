import { describe, expect, test } from "vitest";
import { deploymentManifest } from "../../support/shell.ts";
import { explain, explainAnew, flat, json, podNames, recorded, run, shell } from "./explaining.ts";

explainAnew();

describe("a pod", () => {
  test("replaced by a rollout: who wanted it, and who wanted it gone", async () => {
    const [old = ""] = podNames();
    await run("set image deploy/web web=web:2 --as alice", "advance 30s");
    const text = await explain(`pod/${old}`);
    expect(text).toMatch(new RegExp(`^pod/${old} {2}gone since 00:00:\\d\\d \\(.* ago\\), there from 00:00:00`));
    expect(flat(text)).toContain("Why it was made: it is one of the first pods of rs/web-");
    expect(flat(text)).toMatch(
      /Why it went: rs\/web-\w+ scaled \d → \d; it began with user:alice: deploy\/web template: image web:1 → 2/,
    );
    expect(flat(text)).toContain("$ rollout set image deploy/web web=web:2 --as alice");
    expect(await json(`pod/${old}`)).toMatchObject({
      of: "pod",
      went: { kind: "scaleDown", chain: { origin: "person" } },
    });
  });

  test("that crashes because of a fault tells of the fault", async () => {
    const [name = ""] = podNames();
    await run(`fault crash pod/${name} --as eve`, "advance 500ms");
    const text = flat(await explain(`pod/${name}`));
    expect(text).toContain(`pod/${name} Error on node-`);
    expect(text).toMatch(/Why it is in trouble: .* it began with user:eve: fault injected: crash pod/);
  });

  test("that was given up, and the one in its place", async () => {
    const [name = ""] = podNames();
    await run(`fault fail pod/${name} --as eve`, "advance 10s");
    expect(flat(await explain(`pod/${name}`))).toContain(
      "Why it ended: its kubelet gave it up (container terminated: web exit 137;",
    );
    const successor = podNames().find((each) =>
      recorded().some(({ stream, seq }) => stream.endsWith(each) && seq > 40),
    );
    expect(flat(await explain(`pod/${successor ?? ""}`))).toContain(
      `Why it was made: it replaces pod/${name}; it began with user:eve: fault injected`,
    );
  });

  test("deleted by hand, and of a name that was borne before", async () => {
    const bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: one, image: one}]}\n";
    for (const _ of [1, 2]) {
      expect(await shell.type("create -f -", bare)).toMatchObject({ code: 0 });
      await run("advance 5s", "delete pod one --as mallory", "advance 5s");
    }
    expect(await explain("pod one")).toContain("2 objects have been called pod/one; this is the last of them.");
    expect(await json("pod/one")).toMatchObject({
      bearers: 2,
      went: { kind: "person", text: "user:mallory deleted it" },
    });
  });

  test("on a node that fell silent: replaced, and not ended by anybody", async () => {
    const name = podNames().find((each) =>
      recorded().some(({ stream, data }) => stream.endsWith(each) && JSON.stringify(data) === '{"node":"node-2"}'),
    );
    await run("fault node node-2 down --as carol", "advance 60s");
    expect(flat(await explain("deploy/web"))).toContain(
      "deploy/web is rolled out, but 2 of 3 pods are available: 1 pod is cut off with its node (node-2 does not answer)",
    );
    await run("advance 6m");
    const text = flat(await explain(`pod/${name ?? ""}`));
    expect(text).toContain("node-2 does not answer, so that nobody ends it");
    expect(text).toContain(
      "Why it is ending: its node was silent for too long; it began with user:carol: fault injected: node node-2 down",
    );
  });
});

describe("a Deployment", () => {
  test("that is complete says so, and who made it so", async () => {
    const text = await explain("deploy/web");
    expect(text).toMatch(/^deploy\/web is rolled out: all 3 pods are new and available\n/);
    expect(text).toContain("deploy/web created: 3 replicas, image web:1");
    expect(await json("deploy/web")).toMatchObject({ rollout: { complete: true, blocks: [], awaits: [] } });
  });

  test("whose image cannot be pulled: the pod, both limits, and then the deadline", async () => {
    await run("set image deploy/web web=web:404", "advance 3m");
    const text = await explain("deploy/web");
    expect(flat(text)).toMatch(/^deploy\/web is not moving: 1 new pod cannot pull its image \(web: Back-off pulling/);
    expect(flat(text)).toContain("Awaited 2 of 3 new pods to be made, 1 new pod to become available, 3 old pods to go");
    expect(flat(text)).toContain(
      "floor reached: no old pod may go, 3 of 3 must stay available (maxUnavailable 25%) and 3 are",
    );
    expect(flat(text)).toContain("ceiling reached: no new pod may come, at most 4 may exist (maxSurge 25%) and 4 do");
    expect(text).toMatch(/web-\w+-\w+ {2}new {2}ImagePullBackOff +0 {2}node-\d {2}00:00:10 \(3m ago\)/);
    expect(flat(text)).toMatch(
      /Next the controllers would do nothing now; what is due: kubelet:node-\d pulls the image of container web of pod\/web-\w+-\w+ again at 00:05:20 \(in 2m\w*\) controller:deployment looks again at 00:10:11/,
    );
    expect(text).toMatch(/Deadline +00:10:10 \(in 7m/);
    await run("advance 10m");
    expect(await json("deploy/web")).toMatchObject({
      rollout: {
        moving: false,
        blocks: [{ kind: "pulling" }, { kind: "floor" }, { kind: "ceiling" }, { kind: "deadline" }],
        deadline: { exceeded: true },
      },
    });
  });

  test("that is paused names who paused it and how to go on", async () => {
    await run("pause deploy/web --as dave");
    expect(flat(await explain("deploy/web"))).toContain("it is paused, so that changes of its template wait");
    await run("set image deploy/web web=web:2 --as bob", "advance 1m");
    const text = flat(await explain("deploy/web"));
    expect(text).toContain(
      'deploy/web is not moving: it is paused by user:dave; "rollout resume deploy/web" lets it go on',
    );
    expect(text).toContain("Awaited 3 of 3 new pods to be made, 3 old pods to go");
  });

  test("whose pods find no node, crash, or are never ready", async () => {
    await run("behave image=web:2 --crash-after 2s", "set image deploy/web web=web:2", "advance 2m");
    expect(flat(await explain("deploy/web"))).toMatch(
      /crash(es)? again and again \(web ended with exit code 1 \(Error\), restarted/,
    );
    await run("behave image=web:3 --never-ready", "set image deploy/web web=web:3", "advance 2m");
    expect(flat(await explain("deploy/web"))).toContain(
      "is not moving: 1 new pod runs but is not ready (container web)",
    );
    const containers = [{ name: "big", image: "big:1", resources: { requests: { cpu: "6" } } }];
    shell.create(deploymentManifest("big", { podSpec: { containers } }));
    await run("delete deploy web", "advance 1m", "set image deploy/big big=big:2", "advance 1m");
    expect(flat(await explain("deploy/big"))).toContain(
      "is not moving: 1 new pod finds no node (0/3 nodes are available: 3 Insufficient cpu.)",
    );
  });

  test("that makes no new pod before the old ones have ended", async () => {
    shell.create(deploymentManifest("api", { spec: { strategy: { type: "Recreate" } } }));
    await run("behave image=api:1 --stop 20s", "advance 10s", "set image deploy/api api=api:2", "advance 5s");
    expect(flat(await explain("deploy/api"))).toContain(
      "deploy/api is rolling out: 3 old pods must end before new ones are made (strategy Recreate)",
    );
  });

  test("that only waits for its pods is rolling out", async () => {
    shell.create(
      deploymentManifest("api", {
        spec: {
          minReadySeconds: 30,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        },
      }),
    );
    await run("advance 2m", "set image deploy/api api=api:2", "advance 10s");
    const text = flat(await explain("deploy/api"));
    expect(text).toContain(
      "deploy/api is rolling out: 1 new pod is ready, but not for long enough (minReadySeconds is 30)",
    );
    expect(text).toMatch(/until 00:02:4\d \(in 2\d/);
    expect(text).toMatch(/controller:replicaset looks again at 00:02:4\d/);
    await run("advance 5m");
    expect(await explain("deploy/api")).toMatch(/^deploy\/api is rolled out/);
  });

  test("that has just been created is told of without saying anything twice", async () => {
    await run("create deployment api --image=api:1");
    const text = await explain("deploy/api");
    expect(text).toContain("deploy/api created: 1 replica, image api:1");
    expect(text.match(/would update the status of deploy\/api/g)).toHaveLength(1);
  });

  test("that has just been changed: what the controllers are about to do, and nothing of it is recorded", async () => {
    await run("set image deploy/web web=web:2");
    const before = recorded().length;
    const told = await json("deploy/web");
    expect(told).toMatchObject({ rollout: { moving: true, blocks: [] } });
    const text = await explain("deploy/web");
    expect(text).toMatch(/Next +controller:deployment would create rs\/web-\w+ with 1 pod\n/);
    expect(recorded()).toHaveLength(before);
    await run("advance 10ms");
    const created = recorded().find(({ type, seq }) => type === "ReplicaSetCreated" && seq > before);
    expect(text).toContain(`create rs/${created?.stream.split("/")[2] ?? "?"} with 1 pod`);
  });

  test("as it was then", async () => {
    await run("set image deploy/web web=web:404", "advance 3m", "undo deploy/web", "advance 1m");
    expect(await explain("deploy/web")).toContain("is rolled out");
    expect(await explain("deploy/web --as-of 00:01:00")).toContain("is not moving: 1 new pod cannot pull its image");
  });

  test("that wants no pods is complete", async () => {
    await run("scale deploy/web --replicas=0", "advance 1m");
    expect(await explain("deploy/web")).toMatch(/^deploy\/web is rolled out: it wants no pods\n/);
  });

  test("that is gone tells who deleted it", async () => {
    await run("delete deploy web --as mallory", "advance 1m");
    const text = await explain("deploy/web");
    expect(text).toMatch(/^deploy\/web {2}gone since 00:00:10/);
    expect(text).toMatch(/Why it went:\n.*\n.* user:mallory {2}deploy\/web gone\n/);
  });
});

test("a ReplicaSet tells why it was made and what scaled it last", async () => {
  await run("set image deploy/web web=web:2 --as alice", "advance 30s");
  const [, , ...rest] = recorded().filter(({ type }) => type === "ReplicaSetCreated");
  expect(rest).toEqual([]);
  const old =
    recorded()
      .find(({ type }) => type === "ReplicaSetCreated")
      ?.stream.split("/")[2] ?? "";
  const text = flat(await explain(`rs/${old}`));
  expect(text).toContain(": wants 0 pods, has 0, 0 available");
  expect(text).toContain(`What changed last: rs/${old} scaled 1 → 0; it began with user:alice`);
});

describe("an event", () => {
  test("has every cause above it, with its time, its writer and what that one had read", async () => {
    const ready = recorded().findLast(({ type }) => type === "PodReady");
    const lines = (await explain(`seq:${ready?.seq ?? 0} --full`)).split("\n").filter((line) => /^ +\d+ /.test(line));
    const seqs = lines.map((line) => Number.parseInt(line, 10));
    let cause: number | null | undefined = ready?.seq;
    for (const seq of seqs.toReversed()) {
      const event = recorded()[seq - 1];
      expect(seq).toBe(cause);
      expect(lines[seqs.indexOf(seq)]).toContain(event?.actor);
      cause = event?.cause;
    }
    expect(cause).toBeNull();
    expect(lines.at(-1)).toMatch(/^ +\d+ {2}00:00:02 +\+2s {2}kubelet:node-\d +all {2}pod\/web-\S+ ready$/);
  });

  test("is followed by everything that it led to", async () => {
    await run("set image deploy/web web=web:2 --as alice", "advance 30s");
    const root = recorded().find(({ type }) => type === "DeploymentTemplateChanged");
    const text = await explain("deploy/web --forward --limit 1000");
    expect(text).toMatch(new RegExp(`^\\d+ writes followed from seq:${root?.seq} of 00:00:10`));
    expect(await json(`seq:${root?.seq ?? 0} --forward --limit 1000`)).toMatchObject({ root: { seq: root?.seq } });
    const followers = new Set([root?.seq]);
    for (const { cause, commit } of recorded())
      if (cause !== null && followers.has(cause)) followers.add(commit.lastSeq);
    expect(text).toContain(`${followers.size - 1} writes followed`);
    expect(await explain("deploy/web --forward --limit 5")).toContain(
      `… and ${followers.size - 6} more, shown with --limit`,
    );
  });
});

test("no line is wider than a terminal of 100 columns", async () => {
  const [name = ""] = podNames();
  await run("set image deploy/web web=web:404 --as alice", "advance 3m");
  for (const words of [`pod/${name}`, "deploy/web", "deploy/web --forward", "deploy/web --forward --limit 1000"]) {
    for (const line of (await explain(words)).split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  }
});

const refusals: readonly (readonly [string, string | RegExp])[] = [
  ["deploy/wbe", 'Error from server (NotFound): deployments.apps "wbe" not found\nPerhaps deploy/web\n'],
  ["pod/x", 'Error from server (NotFound): pods "x" not found\n'],
  ["seq:9999", /^error: there is no event seq:9999; the last one is seq:\d+\n$/],
  ["seq:one", 'error: "seq:one" is no event: seqs are numbers from 1, as in seq:812\n'],
  ["812", "error: a bare number could mean much: say seq:812\n"],
  [
    "deployment.spec",
    /^error: explain tells why one object is as it is: say deploy\/web\nFields of types are documented/,
  ],
  ["thing/x", `error: the server doesn't have a resource type "thing"\n`],
  ["deploy/web -o yaml", 'error: an explanation is printed as text or with -o json, not as "yaml"\n'],
  ["deploy/web --limit 5", "error: --limit bounds what followed: it needs --forward\n"],
  ["deploy/web --forward --limit 0", "error: --limit must be at least 1: 0\n"],
];

test("what cannot be explained is refused with what to say instead", async () => {
  for (const [words, expected] of refusals) {
    const { out, err, code } = await shell.type(`explain ${words}`);
    expect([out, code], words).toEqual(["", 1]);
    if (typeof expected === "string") expect(err, words).toBe(expected);
    else expect(err, words).toMatch(expected);
  }
});
