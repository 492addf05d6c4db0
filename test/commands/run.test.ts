import { beforeEach, describe, expect, test } from "vitest";
import { runCommand } from "../../src/commands/run.ts";
import type { Invocation, Verb } from "../../src/commands/verb.ts";
import { openPrompt, type Prompt, refuses } from "../support/prompt.ts";

let prompt: Prompt;
beforeEach(() => {
  prompt = openPrompt();
});

/** Runs a line with a few verbs that only tell how they were called. */
const called = async (line: string) => {
  const calls: { verb: string; invocation: Invocation; actor: string }[] = [];
  const verb = (name: string, traits: Partial<Verb> = {}): Verb => ({
    name,
    summary: name,
    usage: "",
    examples: [],
    flags: [{ name: "filename", short: "f", type: "list", help: "" }],
    run: async ({ actor }, invocation) => {
      calls.push({ verb: [traits.group, name].filter(Boolean).join(" "), invocation, actor });
      return 0;
    },
    ...traits,
  });
  const verbs = [
    verb("get"),
    verb("create"),
    verb("deployment", { group: "create", aliases: ["deploy"] }),
    verb("undo", { group: "rollout" }),
    verb("image", { group: "set" }),
    verb("timeline", { ours: true }),
  ];
  const io = { out: () => {}, err: () => {}, readStdin: () => "", readFile: () => "", listFolder: () => undefined };
  const ctx = {
    session: prompt.session,
    io: { ...io, isTerminal: false, columns: 80 },
    actor: "user:me",
    defaultNamespace: "default",
  };
  await runCommand(ctx, line.split(" "), verbs);
  return calls[0];
};

describe("the words in front", () => {
  test.each([
    "kubectl rollout undo web",
    "rollout rollout undo web",
    "rollout undo web",
    "undo web",
    "kubectl undo web",
  ])("%s is the undo of web", async (line) => {
    // The shell has already taken the first `rollout` of what a person types.
    const call = await called(line.replace(/^rollout rollout/, "rollout"));
    expect([call?.verb, call?.invocation.args]).toEqual(["rollout undo", ["web"]]);
  });

  test("kubectl rollout get is get", async () => {
    expect((await called("kubectl rollout get pods"))?.verb).toBe("get");
  });

  test("flags may stand before the verb, and their values are not mistaken for it", async () => {
    const call = await called("kubectl -n get create --namespace set deploy web");
    expect([call?.verb, call?.invocation.args, call?.invocation.namespace]).toEqual([
      "create deployment",
      ["web"],
      "set",
    ]);
  });

  test("a file called like a verb of the group is a file", async () => {
    expect((await called("create -f deployment"))?.verb).toBe("create");
  });
});

describe("what a verb is told", () => {
  test("the namespace and the actor", async () => {
    expect(await called("get pods")).toMatchObject({ actor: "user:me", invocation: { namespace: "default" } });
    expect(await called("get pods -n a --as bob")).toMatchObject({ actor: "user:bob", invocation: { namespace: "a" } });
  });

  test("the line as typed, for the log, and as --record writes it", async () => {
    const { invocation } = (await called("kubectl set -n a image deployment/web web=nginx:1.15 -f x.yaml")) ?? {};
    expect(invocation).toMatchObject({
      commandLine: "rollout set -n a image deployment/web web=nginx:1.15 -f x.yaml",
      changeCause: "kubectl set image deployment/web web=nginx:1.15 --namespace=a --filename=x.yaml",
      path: "kubectl set image",
    });
  });

  test("words with signs of the shell are quoted in the line", async () => {
    await prompt.run(`create configmap x --from-literal='a=it is' --from-literal=b='$c'`);
    expect(prompt.requests[0]?.options.intent.command).toBe(
      `rollout create configmap x '--from-literal=a=it is' '--from-literal=b=$c'`,
    );
  });

  test("our own verbs are called by our name", async () => {
    expect((await called("kubectl timeline"))?.invocation.path).toBe("rollout timeline");
  });
});

describe("wrong words", () => {
  test("an unknown verb", async () => {
    expect(await prompt.run("kubectl gett pods")).toEqual(
      refuses('error: unknown command "gett" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n'),
    );
    expect(await prompt.run("xyzzy")).toEqual(refuses('error: unknown command "xyzzy" for "rollout"\n'));
  });

  test("an unknown verb of a group", async () => {
    expect(await prompt.run("kubectl rollout bogus deployment/good")).toEqual(
      refuses("error: unknown command \"bogus deployment/good\"\nSee 'kubectl rollout -h' for help and examples\n"),
    );
    expect(await prompt.run("kubectl set bogus x")).toEqual(
      refuses("error: unknown command \"bogus x\"\nSee 'kubectl set -h' for help and examples\n"),
    );
  });

  test("unknown and wrong flags", async () => {
    expect(await prompt.run("get pods --foo")).toEqual(
      refuses("error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
    );
    expect(await prompt.run("kubectl scale deployment/good --replicas=abc")).toEqual(
      refuses(
        `error: invalid argument "abc" for "--replicas" flag: strconv.ParseInt: parsing "abc": invalid syntax\nSee 'kubectl scale --help' for usage.\n`,
      ),
    );
  });

  test("a required flag that is missing", async () => {
    expect(await prompt.run("kubectl create deployment x")).toEqual(
      refuses('error: required flag(s) "image" not set\n'),
    );
  });

  test("a group alone lists its verbs", async () => {
    const { code, out, err } = await prompt.run("kubectl set");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("rollout set image ");
    expect(err).not.toContain("rollout get");
  });
});

describe("help", () => {
  test("shows examples first, and needs no required flags", async () => {
    const { code, out, err } = await prompt.run("create deployment --help");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Create a Deployment\.\n\nExamples:\n {2}rollout create deployment web --image=nginx:1\.14/);
    expect(out).toMatch(/Usage:\n {2}rollout create deployment NAME --image=IMAGE/);
    expect(out).toContain("-r, --replicas INTEGER");
  });

  test("exists for every verb, with examples that are its own", async () => {
    const { out } = await prompt.run("--help");
    const verbs = Array.from(out.matchAll(/^ {2}rollout (.+?) {2}/gm), ([, name = ""]) => name.trim());
    expect(verbs.length).toBeGreaterThan(30);
    for (const verb of verbs) {
      const help = await prompt.run(`${verb} -h`);
      const first = verb.split(" ")[0] ?? "";
      expect([verb, help.code, new RegExp(`^ {2}.*rollout ${first}`, "m").test(help.out)]).toEqual([verb, 0, true]);
    }
  });
});

test("a deprecated flag says so", async () => {
  const { err } = await prompt.run("kubectl label node node-1 a=b --record");
  expect(err).toBe("Flag --record has been deprecated, --record will be removed in the future\n");
});
