import { beforeEach, describe, expect, test } from "vitest";
import type { CommandContext } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/run.ts";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

let shell: Shell;
beforeEach(async () => {
  shell = openShell();
  shell.create(deploymentManifest("web"));
  await shell.type("advance 10s");
  await shell.type("set image deploy/web web=web:2 --as alice");
  await shell.type("advance 20s");
});

const recorded = (): readonly RecordedEvent[] => [...shell.session.log()];
const lines = async (line: string): Promise<readonly string[]> => {
  const { out, err, code } = await shell.type(line);
  expect([err, code]).toEqual(["", 0]);
  return out.split("\n").slice(0, -1);
};
const seqs = async (line: string): Promise<readonly number[]> =>
  (await lines(line)).map((each) => Number.parseInt(each, 10));
const seqsOf = (isWanted: (event: RecordedEvent) => boolean): readonly number[] =>
  recorded()
    .filter(isWanted)
    .map(({ seq }) => seq);

describe("a line of the log", () => {
  test("says when, who, what, and why, and what was typed", async () => {
    const [line] = await lines("rollout log --type DeploymentTemplateChanged");
    expect(line).toMatch(
      /^ *\d+ {3}00:00:10\.000 {2}user:alice {2}deploy\/web {2}DeploymentTemplateChanged {2}image web:1 → 2 {2}\$ rollout set image deploy\/web web=web:2 --as alice$/,
    );
    const [scaled] = await lines("rollout log --type ReplicaSetScaled");
    const { seq, cause } = recorded().find(({ type }) => type === "ReplicaSetScaled") ?? {};
    expect(scaled).toMatch(
      new RegExp(`^ *${seq} .* controller:deployment +rs/web-\\w+ +ReplicaSetScaled +3 → 2 +←${cause}$`),
    );
  });

  test("has date and time when asked for", async () => {
    const [line] = await lines("rollout log --tail 1 --full-time");
    expect(line).toContain(" 2026-01-01T00:00:");
  });

  test("is there for every event, and lines of one commit hang together", async () => {
    const all = await lines("rollout log");
    expect(all).toHaveLength(recorded().length);
    const brackets = all.map((line) => /^ *\d+ (.)/.exec(line)?.[1]);
    for (const [i, { seq, commit }] of recorded().entries()) {
      const isAlone = commit.firstSeq === commit.lastSeq;
      const expected = isAlone ? " " : seq === commit.firstSeq ? "┌" : seq === commit.lastSeq ? "└" : "│";
      expect(brackets[i], `event ${seq}`).toBe(expected);
    }
    expect(brackets).toContain("┌");
  });

  test("is an object without loss with -o json", async () => {
    expect((await lines("rollout log -o json")).map((line): unknown => JSON.parse(line))).toEqual(recorded());
  });
});

describe("the log can be limited", () => {
  test("to objects", async () => {
    const name = shell.session.list("Pod")[0]?.metadata.name ?? "";
    const wanted = ["Deployment/default/web", `Pod/default/${name}`];
    expect(await seqs(`rollout log deploy/web --object pod/${name}`)).toEqual(
      seqsOf(({ stream }) => wanted.includes(stream)),
    );
  });

  test("to types, of one kind or of all", async () => {
    expect(await seqs("rollout log --type podready")).toEqual(seqsOf(({ type }) => type === "PodReady"));
    expect(await seqs("rollout log --type Scaled,Ready")).toEqual(
      seqsOf(({ type }) => ["DeploymentScaled", "ReplicaSetScaled", "PodReady", "NodeReady"].includes(type)),
    );
  });

  test("to actors, one or all of a kind", async () => {
    expect(await seqs("rollout log --actor user:alice")).toEqual(seqsOf(({ actor }) => actor === "user:alice"));
    expect(await seqs("rollout log --actor kubelet,scheduler")).toEqual(
      seqsOf(({ actor }) => actor.startsWith("kubelet:") || actor === "scheduler"),
    );
  });

  test("to a namespace", async () => {
    expect(await seqs("rollout log -n kube-system")).toEqual([]);
    expect(await seqs("rollout log -n default")).toEqual(seqsOf(({ stream }) => stream.split("/")[1] === "default"));
  });

  test("to a part, by seq or by time", async () => {
    const startMs = Date.UTC(2026, 0, 1);
    expect(await seqs("rollout log --from 10 --to 12")).toEqual([10, 11, 12]);
    const since = seqsOf(({ at }) => at >= startMs + 10_000);
    for (const time of ["+10s", "2026-01-01T00:00:10Z", "00:00:10", "-20s", "20s"]) {
      expect(await seqs(`rollout log --since ${time}`), time).toEqual(since);
    }
    expect(await seqs("rollout log --since +1s --until +10s")).toEqual(
      seqsOf(({ at }) => at >= startMs + 1000 && at <= startMs + 10_000),
    );
    expect(await seqs("rollout log --since +1h")).toEqual([]);
  });

  test("to its end, also after other limits", async () => {
    const last = recorded().length;
    expect(await seqs("rollout log --tail 3")).toEqual([last - 2, last - 1, last]);
    expect(await seqs("rollout log --tail 0")).toEqual([]);
    expect(await seqs("rollout log --tail 100000")).toHaveLength(last);
    expect(await seqs("rollout log --type PodReady --tail 2")).toEqual(
      seqsOf(({ type }) => type === "PodReady").slice(-2),
    );
  });

  test.each([
    ["--type PodRedy", 'no events are of type "PodRedy"; perhaps PodReady'],
    ["deploy", 'say TYPE/NAME, such as deploy/web, not "deploy"'],
    ["thing/web", `the server doesn't have a resource type "thing"`],
    [
      "--since yesterday",
      '"yesterday" is no time: say 2026-01-01T00:00:10Z, 14:03:20, -5m (ago) or +10s (from the start)',
    ],
    ["--tail=-1", "--tail must not be negative: -1"],
    ["-o yaml", 'the log is printed as lines or with -o json, not as "yaml"'],
  ])("not by %s", async (words, sentence) => {
    expect(await shell.type(`rollout log ${words}`)).toEqual({ code: 1, out: "", err: `error: ${sentence}\n` });
  });
});

test("reading lets no time pass and records nothing", async () => {
  const before = [shell.session.now(), recorded().length];
  await shell.type("rollout log");
  expect([shell.session.now(), recorded().length]).toEqual(before);
});

describe("a reader that goes", () => {
  const contextOf = (out: (text: string) => void, signal?: AbortSignal): CommandContext => ({
    session: shell.session,
    actor: "user:test",
    defaultNamespace: "default",
    ...(signal ? { signal } : {}),
    io: {
      out,
      err: () => undefined,
      readStdin: () => "",
      readFile: () => "",
      listFolder: () => undefined,
      isTerminal: false,
      columns: 100,
    },
  });
  /** More than a page. */
  const grow = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await shell.type("rollout restart deploy/web");
      await shell.type("advance 20s");
    }
    expect(recorded().length).toBeGreaterThan(1000);
  };

  test("by closing the pipe ends the log without an error", async () => {
    const closed = (): never => {
      throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    };
    expect(await runCommand(contextOf(closed), ["log"])).toBe(0);
  });

  test("by Ctrl-C ends the log after a page", async () => {
    await grow();
    const controller = new AbortController();
    let written = "";
    const ctx = contextOf((text) => {
      written += text;
    }, controller.signal);
    controller.abort();
    expect(await runCommand(ctx, ["log"])).toBe(130);
    expect(written.split("\n").length).toBeLessThan(recorded().length);
  });

  test("is written to in pages, which do not break commits apart", async () => {
    await grow();
    const pages: string[] = [];
    await runCommand(
      contextOf((text) => pages.push(text)),
      ["log"],
    );
    expect(pages.length).toBeGreaterThan(1);
    const all = pages.join("").split("\n").slice(0, -1);
    for (const [i, { seq, commit }] of recorded().entries()) {
      if (seq === commit.lastSeq && seq !== commit.firstSeq) expect(all[i]).toMatch(/^ *\d+ └/);
    }
  });
});
