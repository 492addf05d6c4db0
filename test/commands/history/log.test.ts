import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { CommandContext } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/run.ts";
import { openLedger } from "../../../src/engine/open.ts";
import type { Session } from "../../../src/engine/session.ts";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";
import { started, typed } from "../../support/terminal.ts";

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

  test("is an object without loss with -o json, the hash of its row included", async () => {
    const hashes = Array.from(shell.session.store.rows(), ({ hash }) => hash);
    const printed = (await lines("rollout log -o json")).map((line): unknown => JSON.parse(line));
    expect(printed).toEqual(recorded().map((event, i) => ({ ...event, hash: hashes[i] })));
    const [some] = await lines("rollout log --type PodReady --tail 1 -o json");
    expect(JSON.parse(some ?? "")).toEqual(printed.findLast((event) => JSON.stringify(event).includes('"PodReady"')));
  });

  test("is a record under a header with -o csv", async () => {
    const [header, ...records] = await lines("rollout log -o csv --type DeploymentTemplateChanged");
    const [event] = recorded().filter(({ type }) => type === "DeploymentTemplateChanged");
    if (!event) throw new Error("the template never changed");
    const [row] = shell.session.store.rows(event.seq, event.seq);
    expect(header).toBe(
      "seq,at,source_at,recorded_at,stream,version,type,schema,actor,commit,first_seq,last_seq,cause,view,intent,data,hash",
    );
    const quoted = (value: unknown): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
    const { seq, recordedAt, version, commit, view, data } = event;
    expect(records).toEqual([
      [
        seq,
        "2026-01-01T00:00:10.000Z",
        "",
        new Date(recordedAt).toISOString(),
        "Deployment/default/web",
        version,
        "DeploymentTemplateChanged",
        1,
        "user:alice",
        "user:alice/1",
        commit.firstSeq,
        commit.lastSeq,
        "",
        view,
        quoted(commit.intent),
        quoted(data),
        row?.hash,
      ].join(","),
    ]);
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

  test("to actors, by their name alone, too", async () => {
    expect(await seqs("rollout log --actor alice")).toEqual(seqsOf(({ actor }) => actor === "user:alice"));
  });

  test("to a time in which nothing happened, which is no mistake", async () => {
    const nothing = { code: 0, out: "", err: "No events found.\n" };
    expect(await shell.type("rollout log --since +9s --until +9500ms")).toEqual(nothing);
    expect(await shell.type("rollout log --actor alice --until +9s")).toEqual(nothing);
    expect(await shell.type("rollout log --from 100000")).toEqual(nothing);
  });

  test("to the time since a rollout of the Deployment that is asked for", async () => {
    shell.create(deploymentManifest("api"));
    const began = recorded().find(({ type }) => type === "DeploymentTemplateChanged");
    const since = await seqs("rollout log deploy/web --since rollout:2");
    expect(since).toEqual(
      seqsOf(({ seq, stream }) => stream === "Deployment/default/web" && seq >= (began?.seq ?? Infinity)),
    );
  });

  test("to actors, one or all of a kind", async () => {
    expect(await seqs("rollout log --actor user:alice")).toEqual(seqsOf(({ actor }) => actor === "user:alice"));
    expect(await seqs("rollout log --actor kubelet,scheduler")).toEqual(
      seqsOf(({ actor }) => actor.startsWith("kubelet:") || actor === "scheduler"),
    );
  });

  test("to a namespace", async () => {
    expect(await shell.type("rollout log -n kube-system")).toEqual({
      code: 0,
      out: "",
      err: "No events found in kube-system namespace.\n",
    });
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
    expect(await shell.type("rollout log --since +1h")).toEqual({ code: 0, out: "", err: "No events found.\n" });
    expect((await shell.type("rollout log --since +1h -o csv")).out).toMatch(/^seq,.*\n$/);
  });

  test("to a commit, by its id or one of its events", async () => {
    const event = recorded().find(({ commit, seq }) => commit.firstSeq < seq);
    if (!event) throw new Error("every commit has one event");
    const wanted = seqsOf(({ commit }) => commit.id === event.commit.id);
    expect(wanted.length).toBeGreaterThan(1);
    expect(await seqs(`rollout log --commit ${event.commit.id}`)).toEqual(wanted);
    expect(await seqs(`rollout log --commit ${event.seq}`)).toEqual(wanted);
    expect(await seqs(`rollout log --commit ${event.seq} --from ${event.seq}`)).toEqual(
      wanted.filter((seq) => seq >= event.seq),
    );
  });

  test("to what an event caused", async () => {
    const cause = recorded().find(({ type }) => type === "DeploymentTemplateChanged")?.seq ?? 0;
    const wanted = seqsOf((event) => event.cause === cause);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await seqs(`rollout log --cause ${cause}`)).toEqual(wanted);
    expect(await seqs(`rollout log --cause ${cause} --type ReplicaSetCreated`)).toHaveLength(1);
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
    [
      "deploy/nope pod/web",
      'the log knows no deployment "nope" in namespace default, and no pod "web" in namespace default',
    ],
    ["--type PodRedy", 'no events are of type "PodRedy"; perhaps PodReady'],
    ["deploy", 'say TYPE/NAME, such as deploy/web, not "deploy"'],
    ["thing/web", `the server doesn't have a resource type "thing"`],
    [
      "--since yesterday",
      '"yesterday" is no point in history: say seq:812, rollout:3, revision:2, 2026-01-01T00:00:10Z, 14:03:20 or -5m (ago), with +10s behind it to go on',
    ],
    ["--actor nobody", 'no actor is called "nobody": there are user:alice, user:test, controller, kubelet, scheduler'],
    ["--actor alice,alcie", 'no actor is called "alcie"; perhaps user:alice'],
    ["--actor kubelets", 'no actor is called "kubelets"; perhaps kubelet'],
    ["--from 20 --to 10", "--from 20 --to 10: that range ends before it begins"],
    ["--since 5s --until 10s", "--since 5s --until 10s: that range ends before it begins"],
    ["--since rollout:2 --to 5", "--since rollout:2 --to 5: that range ends before it begins"],
    ["--from 60 --until +0s", "--from 60 --until +0s: that range ends before it begins"],
    ["--tail=-1", "--tail must not be negative: -1"],
    ["-o yaml", 'the log is printed as lines, -o json or -o csv, not as "yaml"'],
    [
      "--commit user:bob/9",
      'there is no commit "user:bob/9": say an id such as user:alice/12, or the seq of one of its events',
    ],
    ["--follow --to 9 --commit 3", "--follow has no end: leave out --to, --commit"],
  ])("not by %s", async (words, sentence) => {
    expect(await shell.type(`rollout log ${words}`)).toEqual({ code: 1, out: "", err: `error: ${sentence}\n` });
  });
});

test("an event that is not there has no commit and caused nothing", async () => {
  const last = recorded().length;
  for (const words of ["--commit 99999", "--cause 99999"]) {
    expect(await shell.type(`rollout log ${words}`)).toEqual({
      code: 1,
      out: "",
      err: `error: the log has no event 99999: its last is ${last}\n`,
    });
  }
});

test("reading lets no time pass and records nothing", async () => {
  const before = [shell.session.now(), recorded().length];
  await shell.type("rollout log");
  expect([shell.session.now(), recorded().length]).toEqual(before);
});

const contextOf = (
  out: (text: string) => void,
  signal?: AbortSignal,
  session: Session = shell.session,
): CommandContext => ({
  session,
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

describe("a log that is followed", () => {
  /** Follows until so many lines were written; answers with them and the exit code. */
  const follow = async (words: string, count: number, meanwhile: () => Promise<unknown>, session?: Session) => {
    const interrupt = new AbortController();
    let out = "";
    const ctx = contextOf(
      (text) => {
        out += text;
        if (out.split("\n").length > count) interrupt.abort();
      },
      interrupt.signal,
      session,
    );
    const ended = runCommand(ctx, ["log", "--follow", ...words.split(" ")]);
    await meanwhile();
    const code = await ended;
    return { code, lines: out.split("\n").slice(0, -1) };
  };

  test("tells what is recorded from now on that is wanted, and Ctrl-C ends it well", async () => {
    const before = recorded().length;
    const { code, lines } = await follow("--type DeploymentScaled -o json", 1, () =>
      shell.type("scale deploy/web --replicas=5"),
    );
    expect(code).toBe(0);
    const scaled = recorded().filter(({ seq, type }) => seq > before && type === "DeploymentScaled");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(scaled);
  });

  test("begins with the last ones, or with a point in the past, when asked to", async () => {
    const last = recorded().length;
    const noMore = async (): Promise<void> => undefined;
    expect((await follow("--tail 2", 2, noMore)).lines.map((line) => Number.parseInt(line, 10))).toEqual([
      last - 1,
      last,
    ]);
    expect((await follow("--from 1", last, noMore)).lines).toHaveLength(last);
    expect((await follow(`--from ${last}`, 1, noMore)).lines).toHaveLength(1);
  });

  test("lets no time pass", async () => {
    const before = [shell.session.now(), recorded().length];
    await follow("--tail 1", 1, async () => undefined);
    expect([shell.session.now(), recorded().length]).toEqual(before);
  });

  test("tells what another process records", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "rollout-follow-")), "rollout.db");
    const writer = started(path);
    const reader = openLedger(path);
    if (reader._tag === "Left") throw reader.left;
    const { lines } = await follow(
      "--type NamespaceCreated",
      1,
      () => typed(writer, "create namespace shop"),
      reader.right,
    );
    expect(lines.join()).toContain("ns/shop");
    writer.close();
    reader.right.close();
    rmSync(dirname(path), { recursive: true });
  });
});

describe("a reader that goes", () => {
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
