import { existsSync, readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, it } from "vitest";
import { Ledger } from "../../../src/engine/ledger.ts";
import { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { type LedgerSettings, MANUAL_START_MS } from "../../../src/engine/settings.ts";
import type { RedactionTarget } from "../../../src/engine/upkeep/redaction.ts";
import { VERSION } from "../../../src/engine/version.ts";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { typed } from "../../support/terminal.ts";
import { by, reopened } from "../ledgers.ts";
import { newPaths, storyFile, verified } from "./story.ts";

const newPath = newPaths();

const password = "correct-horse-battery";
const encoded = Buffer.from(password).toString("base64");
const login: RedactionTarget = { is: "object", ref: { kind: "Secret", namespace: "default", name: "login" } };

let path = "";
let session: LedgerSession;
beforeEach(async () => {
  path = await storyFile(newPath());
  session = reopened(path, { synchronous: "normal" });
});

/** Whether the text stands anywhere in the ledger's files. */
const isOnDisk = (text: string): boolean =>
  [path, `${path}-wal`, `${path}-journal`].some((file) => existsSync(file) && readFileSync(file).includes(text));

const redacted = (targets: readonly RedactionTarget[], options: Partial<typeof by> & { dryRun?: boolean } = {}) => {
  const report = session.redact(targets, "leaked", { ...by, ...options });
  if (report._tag === "Left") throw new Error(report.left);
  return report.right;
};

/** A session that does not wait for other processes. */
const impatient = (): LedgerSession => {
  const store = openSqliteStore(path, { busyTimeoutMs: 20, synchronous: "normal" });
  if (store._tag === "Left") throw store.left;
  const settings: LedgerSettings = { seed: 1, clock: "manual", version: VERSION, startMs: MANUAL_START_MS };
  return new LedgerSession(store.right, new Ledger(store.right, settings), { roundTripMs: 0 });
};

describe("redaction", () => {
  it("leaves no byte of a Secret's data in the files, and a chain that verifies", async () => {
    expect([isOnDisk(password), isOnDisk(encoded)]).toEqual([true, true]);
    const before = await verified(path);
    // Its data, and the configuration that apply keeps on it.
    const { bodies, isScrubbed } = redacted([login]);
    expect(bodies).toHaveLength(2);
    expect(isScrubbed).toBe(true);
    expect([isOnDisk(password), isOnDisk(encoded)]).toEqual([false, false]);
    session.close();
    expect([isOnDisk(password), isOnDisk(encoded)]).toEqual([false, false]);
    expect(await verified(path, before.head.hash, before.head.seq)).toMatchObject({
      faults: [],
      redacted: 2,
      bodies: before.bodies - 2,
    });
  });

  it("is a fact in the log", () => {
    const { bodies } = redacted([login]);
    const last = [...session.log()].at(-1);
    expect(last).toMatchObject({
      type: "BodiesRedacted",
      stream: "redactions",
      actor: by.actor,
      data: { reason: "leaked", digests: bodies.map(({ digest }) => digest) },
    });
  });

  it("leaves what was redacted readable as far as it is known", async () => {
    redacted([login]);
    const secret = (await typed(session, "get secret login -o yaml")).out;
    expect(secret).toContain("name: login");
    expect(secret).not.toMatch(/^data:|last-applied/m);
    expect((await typed(session, "get secret login")).out).toMatch(/^login +Opaque +0/m);
    session.close();
    session = reopened(path);
    expect((await typed(session, "get secret login -o yaml")).out).toBe(secret);
    expect((await typed(session, "log")).out).toMatch(/BodiesRedacted .*2 bodies: leaked/);
  });

  it("takes new data for a Secret that was redacted, which can be redacted again", async () => {
    redacted([login]);
    const again = "stringData: { password: battery-staple }";
    const manifest = `{ apiVersion: v1, kind: Secret, metadata: { name: login }, ${again} }`;
    expect(await typed(session, "apply -f s.yaml", { files: { "s.yaml": manifest } })).toMatchObject({ code: 0 });
    expect(isOnDisk("battery-staple")).toBe(true);
    expect(redacted([{ is: "secrets" }]).bodies).toHaveLength(2);
    expect(isOnDisk("battery-staple")).toBe(false);
    session.close();
    expect(await verified(path)).toMatchObject({ faults: [], redacted: 4 });
  });

  it("keeps of a template what containers there were, so that history tells the same", async () => {
    const images = (await typed(session, "timeline deploy/web --all")).out;
    await typed(session, "set env deploy/web TOKEN=hunter2");
    await typed(session, "advance 30s");
    await typed(session, "set env deploy/web TOKEN-");
    await typed(session, "advance 30s");
    await typed(session, 'patch deploy web -p {"spec":{"revisionHistoryLimit":0}}');
    await typed(session, "advance 30s");
    const body = [...session.store.blobs.all()].filter(({ body: text }) => text.includes("hunter2"));
    expect(body.length).toBeGreaterThan(1);
    redacted(body.map(({ digest }) => ({ is: "digest", digest })));
    expect([...session.store.blobs.all()].filter(({ body: text }) => text.includes("hunter2"))).toEqual([]);
    expect((await typed(session, "timeline deploy/web --all")).out).toContain("web:2");
    expect(images).toContain("web:2");
    session.close();
    expect((await verified(path)).faults).toEqual([]);
  });

  it("refuses what the cluster needs, what is unknown and what is ambiguous", () => {
    const refused = (target: RedactionTarget): unknown => session.redact([target], "", by);
    const [deployment] = session.world().all("Deployment");
    const digest = deployment?.spec.template ?? "";
    expect(refused({ is: "digest", digest })).toEqual({
      _tag: "Left",
      left: `body ${digest} is in use by Deployment web: change or delete it first`,
    });
    expect(refused({ is: "digest", digest: "0".repeat(64) })).toMatchObject({ left: /holds no body/ });
    expect(refused({ is: "digest", digest: "0" })).toMatchObject({ left: /too short/ });
    const nobody: RedactionTarget = { is: "object", ref: { kind: "Secret", namespace: "default", name: "nobody" } };
    expect(refused(nobody)).toMatchObject({ left: "there never was a Secret nobody" });
    expect(refused({ is: "object", ref: { kind: "Deployment", namespace: "default", name: "web" } })).toMatchObject({
      _tag: "Left",
    });
  });

  it("does nothing in a dry run but say what it would do", () => {
    const { seq } = session.store.head();
    expect(redacted([login], { dryRun: true })).toMatchObject({ bodies: [{}, {}], isScrubbed: false });
    expect(session.store.head().seq).toBe(seq);
    expect(isOnDisk(encoded)).toBe(true);
  });

  it("says that bytes may be left while another process reads, and makes good for it the next time", () => {
    session.close();
    session = impatient();
    const reader = new Database(path);
    reader.exec("BEGIN; SELECT count(*) FROM events;");
    reader.prepare("SELECT count(*) FROM events").get();
    expect(redacted([login])).toMatchObject({ bodies: [{}, {}], isScrubbed: false });
    reader.exec("COMMIT");
    reader.close();
    expect(redacted([login])).toEqual({ bodies: [], isScrubbed: true });
    expect(isOnDisk(encoded)).toBe(false);
  });

  it("is the only deletion of a body that the storage allows", () => {
    const { bodies } = redacted([login]);
    session.close();
    const db = new Database(path);
    expect(() => db.exec("DELETE FROM blobs")).toThrow("append-only");
    const put = db.prepare("INSERT INTO blobs (digest, body) VALUES (?, '{}')");
    put.run(bodies[0]?.digest);
    expect(() => db.prepare("DELETE FROM blobs WHERE digest = ?").run(bodies[0]?.digest)).not.toThrow();
    db.close();
  });
});
