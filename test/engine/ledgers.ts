/** Ledgers in memory and on disk, with a person who writes to them. */
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import type { Write } from "../../src/domain/write.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { createLedger, type InitOptions, type OpenOptions, openLedger } from "../../src/engine/open.ts";
import type { RequestOptions } from "../../src/engine/session.ts";
import type { KubeObject } from "../../src/kubernetes/objects.ts";
import { scratchFolder } from "../support/folder.ts";

const folder = scratchFolder();

let files = 0;
export const newPath = (): string => join(folder, `${++files}.db`);

export const by: RequestOptions = { actor: "user:alice", intent: { command: "rollout test" } };

const opened = <T>(ledger: E.Either<Error, T>): T => {
  if (E.isLeft(ledger)) throw ledger.left;
  return ledger.right;
};

/** A new ledger with a manual clock on which nothing takes time by itself. */
export const created = (path = ":memory:", options: InitOptions & OpenOptions = {}): LedgerSession =>
  opened(createLedger(path, "user:alice", { clock: "manual", roundTripMs: 0, ...options }));

export const reopened = (path: string, options: OpenOptions = {}): LedgerSession =>
  opened(openLedger(path, { roundTripMs: 0, ...options }));

/** Sends a write; a refusal throws. */
export const send = (session: LedgerSession, write: Write): KubeObject => {
  const answer = session.request(write, by);
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

export const typesIn = (session: LedgerSession, from = 1): readonly string[] =>
  Array.from(session.log(from), ({ type }) => type);

export const headOf = (session: LedgerSession): number => session.store.head().seq;

/** Has the read model of objects told to the end: who asks in SQL finds the objects of now. */
export const settle = (session: LedgerSession): void => {
  session.queries.columnsOf("objects");
};
