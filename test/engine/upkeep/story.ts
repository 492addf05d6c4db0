/** A short history with every kind of fact that upkeep has to care about, as a file to do things to. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Upkeep } from "../../../src/engine/upkeep/upkeep.ts";
import type { LedgerReport, ProofOptions } from "../../../src/engine/upkeep/verify.ts";
import { scratchFolder } from "../../support/folder.ts";
import { type Output, started, typed } from "../../support/terminal.ts";

/** Paths of files that do not exist yet. */
export const newPaths = (): (() => string) => {
  const folder = scratchFolder();
  let files = 0;
  return () => join(folder, `${++files}.db`);
};

const files = {
  "settings.yaml": `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: debug }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: correct-horse-battery }
`,
};

const lines = [
  "apply -f settings.yaml",
  "create deployment web --image=web:1 --replicas=3",
  "advance 10s",
  "set image deploy/web web=web:2",
  "advance 10s",
  "rollout undo deploy/web",
  "advance 10s",
];

const written = async (path: string): Promise<Buffer> => {
  const session = started(path, { synchronous: "normal" });
  for (const line of lines) {
    const said: Output = await typed(session, line, { files });
    if (said.code !== 0) throw new Error(`${line}: ${said.err}`);
  }
  session.close();
  return readFileSync(path);
};

/** Played once; every test gets a copy. */
let story: Promise<Buffer> | undefined;

/** Writes the story into this new file and answers with its path. */
export const storyFile = async (path: string): Promise<string> => {
  story ??= written(path);
  writeFileSync(path, await story);
  return path;
};

export const copied = (path: string, copy: string): string => {
  copyFileSync(path, copy);
  return copy;
};

/** Changes the database past the product: without triggers, without defence, and without a trace of that. */
export const tamper = (path: string, change: (db: Database.Database) => void): void => {
  const db = new Database(path);
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  for (const { sql } of triggers) db.exec(sql);
  db.close();
};

export const verified = async (path: string, head?: string, seq?: number): Promise<LedgerReport> => {
  const claim = head === undefined ? {} : { head: { hash: head, ...(seq === undefined ? {} : { seq }) } };
  return proven(path, claim);
};

export const proven = async (path: string, options: ProofOptions): Promise<LedgerReport> => {
  const found = await Upkeep.ofFile(path).verify(options);
  if (found._tag === "Left") throw found.left;
  if (found.right === undefined) throw new Error("it was not stopped");
  return found.right;
};
