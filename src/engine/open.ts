/** Opening a ledger: a file that exists, or a new one. */
import { statSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import { defaultCapacity } from "../domain/decide.ts";
import { openSqliteStore, type SqliteEventStore } from "../event-store/sqlite/store.ts";
import { StoreError } from "../event-store/store-error.ts";
import type { KubeObject, StringMap } from "../kubernetes/objects.ts";
import { Ledger } from "./ledger.ts";
import { LedgerSession, type SessionOptions } from "./ledger-session.ts";
import { LEDGER, type LedgerSettings, ledgerSettingsSchema, MANUAL_START_MS } from "./settings.ts";
import { VERSION } from "./version.ts";

interface InitialNode {
  readonly name: string;
  /** Quantities by resource (`cpu`, `memory`, `pods`); what is left out is as with any new node. */
  readonly capacity?: StringMap;
}

export interface InitOptions {
  /** Every draw is keyed by it: ledgers with the same seed and the same commands are the same. Default 1. */
  readonly seed?: number;
  /** `wall` (default): real time plus an offset. `manual`: time moves by `advance` and by commands that wait. */
  readonly clock?: LedgerSettings["clock"];
  /** Nodes to begin with: how many, or which; default 3. */
  readonly nodes?: number | readonly InitialNode[];
  /** Where a manual clock starts, ms; default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
}

export interface OpenOptions extends SessionOptions {
  /**
   * `full` (default): what was returned as done survives a loss of power. `normal` is faster with many small commits;
   * a loss of power may take the last of them, a crash of the process none.
   */
  readonly synchronous?: "full" | "normal";
}

/** What opening can meet: a file that is not a ledger, or no file; `message` says what to do. */
export type OpenError = StoreError;

const settingsOf = (store: SqliteEventStore): LedgerSettings | undefined => {
  for (const event of store.read(LEDGER, 1, 1)) {
    const parsed = ledgerSettingsSchema.safeParse(event.data);
    if (parsed.success) return parsed.data;
  }
  return undefined;
};

const nodeManifest = ({ name, capacity }: InitialNode): KubeObject & { readonly status: object } => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
  status: { capacity: { ...defaultCapacity, ...capacity } },
});

const namespaceManifest = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
});

/**
 * The first commits of a ledger: its settings, the namespace `default` and its nodes. False when another process has been
 * faster.
 */
const populate = (ledger: Ledger, nodes: readonly InitialNode[], actor: string): boolean => {
  const { startMs } = ledger.settings;
  return ledger.transact(() => {
    if (ledger.headSeq() > 0) return false;
    const by = { actor, cause: null, view: 0, intent: null };
    ledger.commit(LEDGER, [{ type: "LedgerInitialized", data: ledger.settings }], by, startMs);
    for (const object of [namespaceManifest("default"), ...nodes.map(nodeManifest)]) {
      const answer = ledger.write({ verb: "create", object }, { ...by, cause: 1, view: ledger.headSeq() }, startMs);
      if (E.isLeft(answer)) throw new Error(`a new ledger refuses ${object.metadata.name}: ${answer.left.message}`);
    }
    ledger.setClock(startMs);
    return true;
  });
};

const numbered = (count: number): readonly InitialNode[] =>
  Array.from({ length: count }, (_, i) => ({ name: `node-${i + 1}` }));

/**
 * Starts a new ledger; `:memory:` keeps it in memory. A file that exists and holds anything is refused.
 *
 * @param actor who starts it, as in `user:alice`.
 */
export const createLedger = (
  path: string,
  actor: string,
  options: InitOptions & OpenOptions = {},
): E.Either<OpenError, LedgerSession> => {
  const opened = openSqliteStore(path, { synchronous: options.synchronous ?? "full" });
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const taken = (): E.Either<OpenError, never> => {
    store.close();
    return E.left(new StoreError("Foreign", `${path}: there is a ledger already`));
  };
  if (store.head().seq > 0) return taken();
  const clock = options.clock ?? "wall";
  const startMs = options.startMs ?? (clock === "manual" ? MANUAL_START_MS : Date.now());
  const ledger = new Ledger(store, { seed: options.seed ?? 1, clock, version: VERSION, startMs });
  const { nodes = 3 } = options;
  if (!populate(ledger, typeof nodes === "number" ? numbered(nodes) : nodes, actor)) return taken();
  return E.right(new LedgerSession(store, ledger, options));
};

/**
 * Opens a ledger that exists. A file that is not ours, newer, truncated or damaged is refused untouched; one that is missing
 * or has nothing in it yet is so as `Missing`.
 */
export const openLedger = (path: string, options: OpenOptions = {}): E.Either<OpenError, LedgerSession> => {
  const missing = (what: string): E.Either<OpenError, never> =>
    E.left(new StoreError("Missing", `${path}: ${what}; "rollout init" starts one`));
  if (path !== ":memory:") {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return missing("no such ledger");
    if (stat.isFile() && stat.size === 0) return missing("an empty file");
  }
  const opened = openSqliteStore(path, { synchronous: options.synchronous ?? "full" });
  if (E.isLeft(opened)) return opened;
  const settings = settingsOf(opened.right);
  if (!settings) {
    opened.right.close();
    return missing("an empty ledger");
  }
  return E.right(new LedgerSession(opened.right, new Ledger(opened.right, settings), options));
};
