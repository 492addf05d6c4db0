/** The process around the verbs: its arguments, its ledger, its exit codes and how it ends. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../src/engine/open.ts";
import type { Session } from "../../src/engine/session.ts";
import { asJson } from "../../src/kubernetes/json.ts";
import { renderJsonPath } from "../../src/kubernetes/printing/jsonpath.ts";
import { scratchFolder } from "../support/folder.ts";
import { started, typed } from "../support/terminal.ts";
import { bash, rollout, startRollout } from "./rollout.ts";

const folder = scratchFolder();
let count = 0;
/** The path of a ledger that is not there yet. */
const newLedger = (): string => join(folder, `${++count}.db`);

/** A ledger with a manual clock and a Deployment in it. */
const startedLedger = async (): Promise<string> => {
  const path = newLedger();
  const session = started(path);
  await typed(session, "create deployment web --image=web:1 --replicas=2");
  session.close();
  return path;
};

/** Reads a ledger as it lies on the disk. */
const reading = <T>(path: string, read: (session: Session) => T): T => {
  const ledger = openLedger(path);
  if (E.isLeft(ledger)) throw ledger.left;
  const result = read(ledger.right);
  ledger.right.close();
  return result;
};

const digestOf = (path: string): string => reading(path, (session) => session.digest());
const namesOf = (path: string, kind: "Namespace" | "Node"): readonly string[] =>
  reading(path, (session) => session.list(kind).map(({ metadata }) => metadata.name));

describe("rollout alone", () => {
  it("says what to try first, in ten lines", async () => {
    const { code, out, err } = await rollout([]);
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toMatch(/^ {2}rollout run scenarios\/canary-and-rollback\.yaml /m);
    expect(
      out
        .trim()
        .split("\n")
        .filter((line) => line !== ""),
    ).toHaveLength(10);
  });

  it("lists its verbs, and tells of one", async () => {
    const all = await rollout(["--help"]);
    expect(all.code).toBe(0);
    for (const verb of ["run", "sh", "init", "advance", "set image", "undo", "apply"]) {
      expect(all.out).toMatch(new RegExp(`^ {2}rollout ${verb} `, "m"));
    }
    expect(all.out).toContain("--ledger");
    const one = await rollout(["help", "set", "image"]);
    expect(one.out).toContain("rollout set image deployment/web web=nginx:1.15");
    expect((await rollout(["set", "image", "--help"])).out).toBe(one.out);
  });

  it("tells how points in history are typed", async () => {
    const { code, out } = await rollout(["help", "points"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}deploy\/web@rollout:3 /m);
  });

  it("suggests what a mistyped verb may have meant", async () => {
    const { code, out, err } = await rollout(["rnu"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain('error: unknown command "rnu" for "rollout"');
    expect(err).toContain("\trun\n");
  });
});

it("prints as wide as COLUMNS says where there is no terminal", async () => {
  const env = { ROLLOUT_LEDGER: await startedLedger() };
  await rollout(["advance", "10s"], { env });
  const widthWith = async (COLUMNS: string): Promise<number> => {
    const { out } = await rollout(["timeline"], { env: { ...env, COLUMNS } });
    return Math.max(...out.split("\n").map((line) => line.length));
  };
  expect(await widthWith("60")).toBe(60);
  expect(await widthWith("wide")).toBe(100);
});

describe("a ledger that is not there", () => {
  it("is not made by reading: it is said how one starts", async () => {
    const ledger = newLedger();
    for (const words of [
      ["get", "pods"],
      ["advance", "1s"],
    ]) {
      expect(await rollout([...words, "--ledger", ledger])).toEqual({
        code: 1,
        out: "",
        err: `error: there is no ledger ${ledger} yet; "rollout init" starts one, as do apply, create and behave, in real time\n`,
      });
    }
    expect(existsSync(ledger)).toBe(false);
  });

  it("is started by the first command that writes, and that is said", async () => {
    const ledger = newLedger();
    const { code, out, err } = await rollout(["create", "ns", "shop"], { env: { ROLLOUT_LEDGER: ledger } });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "namespace/shop created\n",
      err: `started a new ledger: ${ledger}\n`,
    });
    expect(namesOf(ledger, "Namespace")).toEqual(["default", "shop"]);
  });

  it("is started once by commands that come at the same time, and serves all of them", async () => {
    const ledger = newLedger();
    const names = ["a", "b", "c", "d", "e"];
    const ended = await Promise.all(names.map((name) => rollout(["create", "ns", name, "--ledger", ledger])));
    expect(ended.map(({ code, out }) => [code, out])).toEqual(names.map((name) => [0, `namespace/${name} created\n`]));
    expect(ended.filter(({ err }) => err !== "").map(({ err }) => err)).toEqual([`started a new ledger: ${ledger}\n`]);
    expect(namesOf(ledger, "Namespace")).toEqual([...names, "default"].sort());
  });

  it("is started in an empty file, which reading leaves as it is", async () => {
    const ledger = newLedger();
    writeFileSync(ledger, "");
    const { code, err } = await rollout(["get", "pods", "--ledger", ledger]);
    expect([code, err]).toEqual([1, `error: ${ledger}: an empty file; "rollout init" starts one\n`]);
    expect(readFileSync(ledger, "utf8")).toBe("");
    expect((await rollout(["create", "ns", "shop", "--ledger", ledger])).out).toBe("namespace/shop created\n");
  });

  it("cannot be started in a folder that is not there", async () => {
    const directory = join(folder, "nowhere");
    const { code, out, err } = await rollout(["create", "ns", "shop", "--ledger", join(directory, "x.db")]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "",
      err: `rollout: the directory ${directory} does not exist\n`,
    });
  });

  it("is not made by a command that writes nothing", async () => {
    const ledger = newLedger();
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replcas: 3\n");
    for (const words of [
      ["apply", "-f", broken],
      ["create", "deployment"],
      ["apply", "--foo"],
    ]) {
      const { code, out, err } = await rollout([...words, "--ledger", ledger]);
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/^(error|Error from server)/);
    }
    expect(existsSync(ledger)).toBe(false);
  });

  it("is not needed to know the version, or how a verb is used", async () => {
    const ledger = newLedger();
    for (const words of [["version"], ["get", "--help"]]) {
      expect((await rollout([...words, "--ledger", ledger])).code).toBe(0);
    }
    expect(existsSync(ledger)).toBe(false);
  });
});

describe("rollout init", () => {
  it("starts a ledger as it is told", async () => {
    const ledger = newLedger();
    const words = ["init", "--clock", "manual", "--seed", "7", "--nodes", "2", "--start", "2027-05-01T08:00:00Z"];
    expect(await rollout([...words, "--ledger", ledger])).toEqual({
      code: 0,
      out: `started ${ledger} with 2 nodes and a manual clock at 2027-05-01T08:00:00Z: it moves by "rollout advance 60s" and by commands that wait\n`,
      err: "",
    });
    expect(namesOf(ledger, "Node")).toEqual(["node-1", "node-2"]);
    const advanced = await rollout(["advance", "1h", "--ledger", ledger]);
    expect(advanced.out).toBe("clock advanced by 1h to 2027-05-01T09:00:00Z\n");
  });

  it("leaves a ledger alone that is there, and any other file", async () => {
    const ledger = await startedLedger();
    const digest = digestOf(ledger);
    const again = await rollout(["init", "--ledger", ledger]);
    expect(again).toEqual({ code: 1, out: "", err: `error: ${ledger}: there is a ledger already\n` });
    expect(digestOf(ledger)).toBe(digest);
    const letter = join(folder, "letter.txt");
    writeFileSync(letter, "Dear Kubernetes\n");
    for (const words of [["init"], ["create", "ns", "x"]]) {
      const { code, err } = await rollout([...words, "--ledger", letter]);
      expect(code).toBe(1);
      expect(err).toMatch(/^error: .*letter\.txt is not a ledger/);
    }
    expect(readFileSync(letter, "utf8")).toBe("Dear Kubernetes\n");
  });

  it("refuses what it cannot start with", async () => {
    const ledger = newLedger();
    const input = `init --clock sun
init --nodes -1
init --start noon --clock=manual
init --start 2027-05-01T08:00:00Z
init rollout.db
`;
    const { code, err } = await rollout(["sh", "--ledger", ledger], { input });
    expect(code).toBe(1);
    expect(err).toBe(`error: --clock is wall or manual, not "sun"
error: --nodes is a number from 0 to 10000: -1
error: --start is a time such as 2026-01-01T00:00:00Z: "noon"
error: --start is for a manual clock; a wall clock shows real time
error: init takes no arguments; the file is named by --ledger rollout.db
See 'rollout init -h' for help and examples
`);
    expect(existsSync(ledger)).toBe(false);
  });
});

describe("who acts", () => {
  it("is the login name, or whom --as names", async () => {
    const ledger = await startedLedger();
    await rollout(["create", "ns", "a", "--ledger", ledger]);
    await rollout(["--as", "alice", "create", "ns", "b", "--ledger", ledger]);
    const actors = reading(ledger, (session) =>
      Array.from(session.log(1, undefined, { types: ["NamespaceCreated"] }), ({ actor }) => actor),
    );
    expect(actors.slice(1)).toEqual([expect.stringMatching(/^user:\w+/), "user:alice"]);
    expect(actors[1]).not.toBe("user:alice");
  });
});

describe("exit codes and streams", () => {
  it("tell data from messages, and success from failure", async () => {
    const ledger = await startedLedger();
    const none = await rollout(["get", "pods", "-n", "shop", "--ledger", ledger]);
    expect(none).toEqual({ code: 0, out: "", err: "No resources found in shop namespace.\n" });
    const missing = await rollout(["get", "deploy", "shop", "--ledger", ledger]);
    expect(missing).toEqual({
      code: 1,
      out: "",
      err: 'Error from server (NotFound): deployments.apps "shop" not found\n',
    });
    await rollout(["set", "image", "deploy/web", "web=web:404", "--ledger", ledger]);
    const status = await rollout(["rollout", "status", "deploy/web", "--timeout=5s", "--ledger", ledger]);
    expect(status.code).toBe(1);
    expect(status.err).toBe("error: timed out waiting for the condition\n");
  });

  it("have no colours where there is no terminal", async () => {
    const { out } = await rollout(["run", "scenarios/rollover.yaml"]);
    expect(out).not.toContain("\u001b");
  });

  it("end quietly when the reader goes", async () => {
    const { code, out, err } = await bash("rollout run scenarios/*.yaml | head -n 1");
    expect([code, err]).toEqual([141, ""]);
    expect(out).toMatch(/^Canary and rollback /);
  });

  it("tell of what was not foreseen in one line, and where only when asked", async () => {
    const ledger = await startedLedger();
    const words = ["edit", "deploy/web", "--ledger", ledger];
    const short = await rollout(words, { env: { EDITOR: "false" } });
    expect([short.code, short.out]).toEqual([1, ""]);
    expect(short.err.split("\n")[0]).toMatch(/^rollout: the editor \(false\) ended with status 1/);
    expect(short.err).not.toContain("    at ");
    const long = await rollout(words, { env: { EDITOR: "false", ROLLOUT_DEBUG: "1" } });
    expect(long.err).toContain("    at ");
  });
});

describe("an editor", () => {
  it("is the one that the user has chosen", async () => {
    const ledger = await startedLedger();
    const env = { KUBE_EDITOR: "sed -i s/web:1/web:2/", EDITOR: "false" };
    const edited = await rollout(["edit", "deploy/web", "--ledger", ledger], { env });
    expect(edited).toEqual({ code: 0, out: "deployment.apps/web edited\n", err: "" });
    const image = reading(ledger, (session) => {
      const web = session.get({ kind: "Deployment", namespace: "default", name: "web" });
      return web && renderJsonPath("{.spec.template.spec.containers[0].image}", asJson(web));
    });
    expect(image).toEqual(E.right("web:2"));
  });
});

describe("Ctrl-C", () => {
  it("ends a command that waits in real time", async () => {
    const ledger = newLedger();
    await rollout(["create", "ns", "shop", "--ledger", ledger]);
    const watching = startRollout(["get", "ns", "-w", "--ledger", ledger]);
    while (!watching.said().includes("shop")) await new Promise((resolve) => setTimeout(resolve, 20));
    watching.process.kill("SIGINT");
    const { code, err } = await watching.ended;
    expect([code, err]).toEqual([130, ""]);
  });
});

describe("several processes", () => {
  it("that advance one ledger at once leave the log that one would have written", async () => {
    const [one, several] = [await startedLedger(), await startedLedger()];
    expect((await rollout(["advance", "10m", "--ledger", one])).code).toBe(0);
    const ended = await Promise.all(["5m", "7m", "10m"].map((span) => rollout(["advance", span, "--ledger", several])));
    expect(ended.map(({ code, err }) => [code, err])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    expect(digestOf(several)).toBe(digestOf(one));
  });

  it("that start one ledger at once start it once", async () => {
    const ledger = newLedger();
    const ended = await Promise.all([1, 2, 3].map(() => rollout(["init", "--ledger", ledger])));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
    expect(namesOf(ledger, "Node")).toHaveLength(3);
  });
});
