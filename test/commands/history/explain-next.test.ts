/** `rollout explain` of a rollout that waits: what it foretells must come, to the millisecond. */
import { beforeEach, describe, expect, test } from "vitest";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});

const recorded = (): readonly RecordedEvent[] => [...shell.session.log()];
const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) expect(await shell.type(line), line).toMatchObject({ code: 0 });
};
const explain = async (words = "deploy/web"): Promise<string> => {
  const { out, err, code } = await shell.type(`explain ${words}`);
  expect([err, code]).toEqual(["", 0]);
  return out.replace(/\s+/g, " ");
};

interface Foretold {
  readonly rollout: {
    readonly blocks: readonly { readonly kind: string; readonly since?: string }[];
    readonly scheduled: readonly { readonly actor: string; readonly does: string; readonly at: string }[];
    readonly pods: readonly object[];
  };
}
const foretold = async (): Promise<Foretold["rollout"]> => {
  const told: Foretold = JSON.parse((await shell.type("explain deploy/web -o json")).out);
  return told.rollout;
};

const timesOf = (type: string, from = 0): readonly string[] =>
  recorded()
    .filter((event) => event.type === type && event.seq > from)
    .map(({ at }) => new Date(at).toISOString());

const head = (): number => recorded().at(-1)?.seq ?? 0;

const nodeOfNewPod = (): string => {
  const scheduled = recorded().findLast(({ type }) => type === "PodScheduled");
  const { data } = scheduled ?? {};
  return typeof data === "object" && data !== null && "node" in data ? String(data.node) : "";
};

describe("what comes by itself of a silent node", () => {
  test("is that its pods are deleted, which lets the rollout go on", async () => {
    await run("create deployment web --image=web:1 --replicas=3", "advance 5s");
    await run("set image deploy/web web=web:2", "advance 500ms");
    const node = nodeOfNewPod();
    await run(`fault node ${node} down`, "advance 10s");
    expect(await explain()).toContain(`controller:node-lifecycle marks node/${node} NotReady at 00:00:45 (in 30s)`);
    await run("advance 50s");
    const text = await explain();
    expect(text).toMatch(
      /controller:node-lifecycle deletes (pod\/web-\w+-\w+, )?pod\/web-\w+-\w+ at 00:05:45 \(in 4m40s\)/,
    );
    expect(text).not.toContain("NotReady at");
    expect(text).not.toContain("until something changes");
    const { scheduled } = await foretold();
    const before = head();
    await run("advance 5m");
    expect(timesOf("PodDeletionRequested", before)[0]).toBe(scheduled[0]?.at);
    expect(await explain()).not.toContain("node-lifecycle deletes");
  });

  test("counts from the first time that it was said to be down, and is off once it is back", async () => {
    await run("create deployment web --image=web:1 --replicas=3", "advance 5s");
    await run("set image deploy/web web=web:2", "advance 500ms");
    const node = nodeOfNewPod();
    await run(`fault node ${node} down`, "advance 60s", `fault node ${node} down`, "advance 10s");
    const { scheduled } = await foretold();
    const before = head();
    await run("advance 6m");
    expect(timesOf("PodDeletionRequested", before)[0]).toBe(scheduled[0]?.at);
    await run(`fault node ${node} up`);
    expect((await foretold()).scheduled.filter(({ actor }) => actor === "controller:node-lifecycle")).toEqual([]);
  });

  test("of many pods is told in one line", async () => {
    await run("create deployment web --image=web:1 --replicas=30", "advance 5s");
    await run("fault node node-2 down", "advance 60s");
    expect(await explain()).toMatch(/controller:node-lifecycle deletes \d+ pods on node-2 at 00:05:45/);
  });

  test("that was removed is that the garbage collector clears up behind it", async () => {
    await run("create deployment web --image=web:1 --replicas=3", "advance 5s");
    await run("fault node node-2 down", "delete node node-2", "advance 10s");
    const { scheduled } = await foretold();
    expect(scheduled).toMatchObject([{ actor: "controller:pod-garbage-collector" }]);
    const before = head();
    await run("advance 60s");
    expect(timesOf("PodDeleted", before)[0]).toBe(scheduled[0]?.at);
  });
});

describe("what comes by itself of pods that must end before new ones are made", () => {
  const recreate = { strategy: { type: "Recreate" } };

  test("is when they have ended", async () => {
    shell.create(deploymentManifest("web", { replicas: 2, spec: recreate }));
    await run("behave image=web:1 --stop 20s", "advance 10s", "set image deploy/web web=web:2", "advance 5s");
    const { scheduled } = await foretold();
    expect(scheduled.map(({ does }) => does)).toEqual([
      expect.stringMatching(/^ends pod\/web-/),
      expect.stringMatching(/^ends pod\/web-/),
    ]);
    const before = head();
    await run("advance 60s");
    expect(timesOf("PodDeleted", before)).toEqual(scheduled.map(({ at }) => at));
  });

  test("is when they are killed, where they do not end by themselves", async () => {
    shell.create(deploymentManifest("web", { replicas: 1, spec: recreate }));
    await run("behave image=web:1 --ignore-sigterm", "advance 10s", "set image deploy/web web=web:2", "advance 5s");
    const { scheduled } = await foretold();
    const before = head();
    await run("advance 60s");
    expect(timesOf("PodDeleted", before)).toEqual(scheduled.map(({ at }) => at));
  });
});

describe("what comes by itself of a container that does not run", () => {
  const crashing = async (behaviour: string): Promise<void> => {
    await run(`behave image=web:2 ${behaviour}`, "create deployment web --image=web:1 --replicas=1", "advance 5s");
    await run("set image deploy/web web=web:2");
  };
  const expectForetold = async (type: string): Promise<void> => {
    const { scheduled } = await foretold();
    expect(scheduled).toHaveLength(1);
    const before = head();
    await run("advance 5m1s");
    expect(timesOf(type, before)[0]).toBe(scheduled[0]?.at);
  };

  test("is its next start after every crash", async () => {
    await crashing("--crash-after 2s --never-ready --start 3s");
    for (const wait of ["9s", "9s", "25s", "48s"]) {
      await run(`advance ${wait}`);
      const { scheduled } = await foretold();
      if (scheduled.length > 0) await expectForetold("PodContainerStarted");
    }
    expect(timesOf("PodContainerStarted").length).toBeGreaterThan(4);
  });

  test("is told in one line with its time", async () => {
    await crashing("--crash-after 2s --never-ready");
    await run("advance 10s");
    expect(await explain()).toMatch(
      /kubelet:node-\d starts container web of pod\/web-\w+-\w+ again at 00:00:2\d \(in 1?\d(\.\d)?s\)/,
    );
  });

  test("is its next pull, as often as it was pulled in vain", async () => {
    await crashing("--fail-pull");
    for (const wait of ["5s", "10s", "30s", "5m"]) {
      await run(`advance ${wait}`);
      expect((await foretold()).scheduled[0]?.does).toMatch(/^pulls the image of container web of pod\/\S+ again$/);
      const { scheduled } = await foretold();
      const before = head();
      await run("advance 301s");
      expect(timesOf("PodImagePullFailed", before)).toContain(scheduled[0]?.at);
    }
  });

  test("is nothing while its node is silent, and what the kubelet does at once when it is back", async () => {
    await crashing("--fail-pull");
    await run("advance 20s");
    const node = nodeOfNewPod();
    await run(`fault node ${node} down`, "advance 60s");
    expect((await foretold()).scheduled.map(({ actor }) => actor)).toEqual(["controller:node-lifecycle"]);
    await run(`fault node ${node} up`, "advance 50ms");
    await expectForetold("PodImagePullFailed");
  });

  test("is the next start of an init container that fails", async () => {
    await run("behave image=prep:1 --crash-after 2s");
    const podSpec = {
      initContainers: [{ name: "prep", image: "prep:1" }],
      containers: [{ name: "web", image: "web:1" }],
    };
    shell.create(deploymentManifest("web", { replicas: 1, podSpec }));
    await run("advance 8s");
    expect(await explain()).toMatch(
      /1 pod crashes again and again \(prep ended with exit code 1 \(Error\), restarted once\)/,
    );
    expect((await foretold()).scheduled[0]?.does).toMatch(/^starts init container prep of pod\/\S+ again$/);
    await expectForetold("PodInitContainerStarted");
    await run("advance 5m");
    for (let i = 0; i < 700 && !(await explain()).includes("runs again"); i++) await run("advance 1s");
    expect(await explain()).toMatch(/1 pod crashed \d+ times \(prep ended .*\), runs again since/);
  });

  test("is nothing where no container is started again", async () => {
    const podSpec = { restartPolicy: "Always", containers: [{ name: "web", image: "web:1" }] };
    shell.create(deploymentManifest("web", { podSpec }));
    await run("advance 5s", "pause deploy/web", "set image deploy/web web=web:2", "advance 1m");
    expect(await foretold()).toMatchObject({ scheduled: [] });
    expect(await explain()).toContain("Next the controllers would do nothing until something changes");
  });
});

describe("a container that crashes", () => {
  const seconds = (time: string | undefined): string => time?.slice(11, 19) ?? "";

  beforeEach(async () => {
    await run("behave image=web:2 --crash-after 8s --ready 20s", "create deployment web --image=web:1 --replicas=1");
    await run("advance 5s", "set image deploy/web web=web:2", "advance 7s");
  });

  test("runs but is not ready as long as it has not crashed", async () => {
    expect(await explain()).toContain("1 new pod runs but is not ready (container web)");
  });

  test("once has crashed once", async () => {
    await run("advance 2500ms");
    const [first] = timesOf("PodContainerTerminated");
    expect(await explain()).toContain(
      `is not moving: 1 new pod crashed once (web ended with exit code 1 (Error)) Awaited`,
    );
    expect(await explain()).toContain(`crashed once (web ended with exit code 1 (Error)), since ${seconds(first)} (`);
    await run("advance 1s");
    const started = timesOf("PodContainerStarted").at(-1);
    expect(await explain()).toContain(
      `1 new pod crashed once (web ended with exit code 1 (Error), restarted once), runs again since ${seconds(started)} (`,
    );
  });

  test("again and again has done so since its first crash", async () => {
    await run("advance 13s");
    const [first] = timesOf("PodContainerTerminated");
    expect(await explain()).toMatch(
      new RegExp(`crashes again and again \\(web .* restarted once\\), since ${seconds(first)} \\(`),
    );
    expect((await foretold()).blocks[0]).toMatchObject({ kind: "crashLooping", since: first });
  });

  test("and runs again says how often it crashed, and since when it runs", async () => {
    await run("advance 24s");
    const started = timesOf("PodContainerStarted").at(-1);
    expect(timesOf("PodContainerTerminated").length).toBe(2);
    const text = await explain();
    expect(text).toContain(
      "is not moving: 1 new pod crashed 2 times (web ended with exit code 1 (Error), restarted 2 times), runs again, not ready yet",
    );
    expect(text).toMatch(new RegExp(`, runs again since ${seconds(started)} \\([^)]*\\), not ready yet`));
    const pod = shell.session.list("Pod").find(({ metadata }) => text.includes(metadata.name));
    expect(await explain(`pod/${pod?.metadata.name ?? ""}`)).toMatch(
      new RegExp(
        `Running on node-\\d again since ${seconds(started)} \\(.*\\), not ready yet; crashed 2 times before: web`,
      ),
    );
  });

  test("is not reproached with it once it has been ready in its present run", async () => {
    await run("behave image=web:2 --crash-after 10m --ready 1s", "advance 60s");
    const name = shell.session.list("Pod")[0]?.metadata.name ?? "";
    await run(`fault unready pod/${name}`, "advance 1s");
    expect(await explain()).toContain("1 pod runs but is not ready (container web)");
  });
});
