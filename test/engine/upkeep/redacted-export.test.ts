import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importLedger } from "../../../src/engine/import.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { type Output, started, typed } from "../../support/terminal.ts";
import { reopened } from "../ledgers.ts";
import { newPaths, verified } from "./story.ts";

const newPath = newPaths();

const login = (password: string): string =>
  `{ apiVersion: v1, kind: Secret, metadata: { name: login }, stringData: { password: ${password} } }`;
const files = { "one.yaml": login("open-sesame"), "two.yaml": login("hunter-two") };

let session: LedgerSession;
beforeAll(async () => {
  session = started();
  const lines = [
    "apply -f one.yaml",
    "apply -f two.yaml",
    "create deployment web --image=web:1 --replicas=2",
    "advance 10s",
    "set env deploy/web TOKEN=tok-12345",
    "annotate deploy/web kubernetes.io/change-cause=because-of-bob",
    "advance 10s",
    "set env deploy/web TOKEN=tok-67890",
    "advance 10s",
    "set env deploy/web TOKEN=tok-12345",
    "advance 10s",
  ];
  for (const line of lines) {
    const { code, err } = await typed(session, line, { files });
    if (code !== 0) throw new Error(err);
  }
});
afterAll(() => session.close());

async function* chunks(text: string): AsyncGenerator<string, void> {
  yield text;
}

const exported = async (flags: string): Promise<Output> => typed(session, `export${flags}`);

const imported = async (text: string): Promise<string> => {
  const path = newPath();
  const ledger = await importLedger(path, chunks(text));
  expect(ledger).toMatchObject({ _tag: "Right" });
  return path;
};

const sesame = Buffer.from("open-sesame").toString("base64");
const secrets = ["open-sesame", sesame, "hunter-two", "tok-12345", "tok-67890", "because-of-bob"];

describe("a redacted export", () => {
  it("holds nothing of what could be secret", async () => {
    const whole = (await exported("")).out;
    expect(secrets.filter((secret) => whole.includes(secret))).toEqual(secrets);
    const { code, out } = await exported(" --redact");
    expect(code).toBe(0);
    expect(secrets.filter((secret) => out.includes(secret))).toEqual([]);
  });

  it("becomes a sound ledger with the same events under the same seqs, that names what it is of", async () => {
    const path = await imported((await exported(" --redact")).out);
    expect((await verified(path)).faults).toEqual([]);
    const copy = reopened(path);
    const facts = (ledger: LedgerSession) =>
      Array.from(ledger.log(), ({ seq, stream, type, at, actor, cause, view }) => [
        seq,
        stream,
        type,
        at,
        actor,
        cause,
        view,
      ]);
    expect(facts(copy)).toEqual(facts(session));
    const [first] = copy.log(1, 1);
    const { seq, hash } = session.store.head();
    expect(first?.data).toMatchObject({ redactedFrom: { seq, hash } });
    expect(copy.store.head().hash).not.toBe(hash);
    expect((await typed(copy, "log --to 1")).out).toContain(`redacted copy of ${seq}:${hash}`);
    copy.close();
  });

  it("keeps equal what was equal, so that one sees what came back", async () => {
    const copy = reopened(await imported((await exported(" --redact")).out));
    const rollouts = async (ledger: LedgerSession) =>
      (await typed(ledger, "ledger deploy/web -o csv")).out
        .split("\n")
        .map((line) => line.split(",").slice(0, 8).join());
    expect(await rollouts(copy)).toEqual(await rollouts(session));
    const env = (await typed(copy, "get deploy web -o yaml")).out;
    expect(env).toMatch(/value: redacted:[0-9a-f]{12}/);
    expect((await typed(copy, "get secret login -o yaml")).out).not.toContain("last-applied");
    copy.close();
  });

  it("gives other replacements every time", async () => {
    const values = async () => new Set((await exported(" --redact")).out.match(/redacted:[0-9a-f]{12}/g));
    const [one, other] = [await values(), await values()];
    expect(one.size).toBeGreaterThan(5);
    expect([...one].filter((value) => other.has(value))).toEqual([]);
  });

  it("replaces only what it is asked to, and the data of Secrets always", async () => {
    const { out } = await exported(" --redact=env");
    expect(secrets.filter((secret) => out.includes(secret))).not.toContain(sesame);
    expect(out).toContain("because-of-bob");
    expect(await exported(" --redact=evn")).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        'error: --redact knows secrets, env, last-applied, commands, change-causes, not "evn"',
      ),
    });
    expect(await exported(" --redact -o csv")).toMatchObject({ code: 1, err: "error: --redact goes with -o jsonl\n" });
  });
});
