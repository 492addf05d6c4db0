/**
 * The public library: an open ledger, to be spoken to in kubectl's words, to be let run, and to be read.
 *
 * @example
 * ```ts
 * import { openLedger } from "rollout-ledger";
 *
 * const ledger = openLedger(":memory:", { create: true, clock: "manual" });
 * await ledger.execute("kubectl create deployment web --image=nginx:1.14 --replicas=3");
 * await ledger.advance("1m");
 * const { stdout } = await ledger.execute("kubectl rollout status deployment/web");
 * console.log(stdout); // deployment "web" successfully rolled out
 * ledger.close();
 * ```
 */
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import * as E from "fp-ts/lib/Either.js";
import parseDuration from "parse-duration";
import type { CommandIo, ExitCode } from "./commands/command.ts";
import { readMoment } from "./commands/history/points.ts";
import { presentVerbs } from "./commands/registry.ts";
import { runCommand } from "./commands/run.ts";
import { type ImportOptions, type ImportReport, importLedger as importExport } from "./engine/import.ts";
import { createLedger, type InitOptions, type OpenOptions, openLedger as openExisting } from "./engine/open.ts";
import type { ViewQuery } from "./engine/queries.ts";
import { QueryError } from "./engine/query-error.ts";
import type { Session } from "./engine/session.ts";
import type { VerifyOptions } from "./engine/upkeep/upkeep.ts";
import type { LedgerReport } from "./engine/upkeep/verify.ts";
import { exportLine } from "./event-store/export/records.ts";
import type { EventFilter, RecordedEvent } from "./event-store/port.ts";
import type { QueryBounds } from "./event-store/query/process.ts";
import type { QueryResult } from "./event-store/query/select.ts";
import type { LedgerRollout } from "./history/rollouts.ts";
import type { ViewName, ViewRows } from "./history/views.ts";
import { resourceTypeNamed, storedKindOf } from "./kubernetes/kinds.ts";
import type { KubeEvent, KubeObject } from "./kubernetes/objects.ts";
import { filesOfDisk } from "./scenario/files.ts";
import { parseScript } from "./scenario/shell/parse.ts";
import { runScript } from "./scenario/shell/run.ts";

export type { ImportOptions, ImportReport } from "./engine/import.ts";
export type { ViewQuery } from "./engine/queries.ts";
export { QueryError } from "./engine/query-error.ts";
export type { VerifyOptions } from "./engine/upkeep/upkeep.ts";
export type { HeadClaim, LedgerFault, LedgerReport } from "./engine/upkeep/verify.ts";
export type { EventFilter, RecordedEvent } from "./event-store/port.ts";
export type { QueryResult, SqlCell } from "./event-store/query/select.ts";
export { StoreError } from "./event-store/store-error.ts";
export type { LedgerRollout } from "./history/rollouts.ts";
export type {
  AvailabilityViewRow,
  CommitViewRow,
  EventViewRow,
  ObjectViewRow,
  PodIntervalViewRow,
  RevisionViewRow,
  RolloutViewRow,
  ViewName,
  ViewRows,
} from "./history/views.ts";
export type { KubeEvent, KubeObject } from "./kubernetes/objects.ts";

export interface OpenLedgerOptions extends InitOptions, OpenOptions {
  /** Starts a ledger where there is none. The options of {@link InitOptions} count only then. */
  readonly create?: boolean;
  /** Who gives the commands; the login name by default. */
  readonly user?: string;
}

export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecuteOptions {
  /** What `-f -` reads. */
  readonly stdin?: string;
}

export interface FollowOptions extends EventFilter {
  /** The first seq; by default, the next that is recorded. */
  readonly from?: number;
  /** Aborted, there are no more. */
  readonly signal?: AbortSignal;
}

/** How many rows a query may have, and how long it may take (0: as long as it does). */
export type SqlOptions = Partial<QueryBounds>;

/** An open ledger. Nothing happens in it between two calls but what other processes do. */
export class Ledger {
  readonly #session: Session;
  readonly #actor: string;

  constructor(session: Session, actor: string) {
    this.#session = session;
    this.#actor = actor;
  }

  /** Cluster time, ms since the epoch. */
  get nowMs(): number {
    return this.#session.now();
  }

  /**
   * Carries out a command line (or several, as a shell would read them), exactly as the command line does. What it changed
   * is on disk when the promise resolves. Never rejects for what the cluster refuses: see `exitCode` and `stderr`.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true });
   * const { exitCode, stderr } = await ledger.execute("kubectl rollout undo deployment/web");
   * console.log(exitCode, stderr); // 1 Error from server (NotFound): deployments.apps "web" not found
   * ```
   */
  async execute(commandLine: string | readonly string[], { stdin = "" }: ExecuteOptions = {}): Promise<CommandResult> {
    const output = { stdout: "", stderr: "" };
    if (typeof commandLine !== "string") {
      const exitCode = await this.#run(commandLine, stdin, output);
      return { exitCode, ...output };
    }
    const script = parseScript(commandLine);
    if (E.isLeft(script)) return { exitCode: 1, stdout: "", stderr: `error: ${script.left.message}\n` };
    const exitCode = await runScript(script.right, {
      execute: (words, heredoc) => this.#run(words, heredoc || stdin, output),
      capture: async (words) => {
        const inner = { stdout: "", stderr: "" };
        await this.#run(words, "", inner);
        output.stderr += inner.stderr;
        return inner.stdout;
      },
    });
    return { exitCode, ...output };
  }

  /**
   * Lets the cluster run for a while, at once.
   *
   * @param duration ms, or text such as `"90s"`, `"1h30m"`; anything else throws a RangeError.
   */
  async advance(duration: number | string): Promise<void> {
    const durationMs = typeof duration === "number" ? duration : parseDuration(duration);
    if (durationMs === null || !Number.isFinite(durationMs) || durationMs < 0) {
      throw new RangeError(`not a duration: ${JSON.stringify(duration)}; write ms as a number, or text such as "90s"`);
    }
    await this.#session.advance(Math.round(durationMs));
  }

  /**
   * The ledger as it was at a point in history: `seq:812`, `deploy/web@rollout:3`, `revision:2`, an RFC 3339 time, `14:03:20` or
   * `-5m`, with `+10s` behind any of them. It reads as it did then; commands that would change anything reject, and so does
   * `advance`. A point that is none, or lies outside of what the ledger tells, is a RangeError. Valid until this ledger is closed.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true, clock: "manual" });
   * await ledger.execute("kubectl create deployment web --image=nginx:1.14 --replicas=3");
   * await ledger.advance("1m");
   * await ledger.execute("kubectl scale deployment/web --replicas=5");
   * await ledger.advance("1m");
   * console.log(ledger.list("pods").length, ledger.at("-90s").list("pods").length); // 5 3
   * ```
   */
  at(point: string, namespace = "default"): Ledger {
    const moment = readMoment(point, { session: this.#session, namespace });
    if (E.isLeft(moment)) throw new RangeError(moment.left);
    return new Ledger(this.#session.at(moment.right), this.#actor);
  }

  /** The object as `get -o json` shows it; `type` is any name kubectl knows it by. */
  get(type: string, name: string, namespace = "default"): KubeObject | undefined {
    const { kind, namespaced } = storedType(type);
    return this.#session.get({ kind, namespace: namespaced ? namespace : "", name });
  }

  /** The objects of a type in order of namespace and name; of all namespaces when none is given. */
  list(type: string, namespace?: string): readonly KubeObject[] {
    return this.#session.list(storedType(type).kind, namespace);
  }

  /** The Kubernetes events of the last hour, oldest first. */
  events(namespace?: string): readonly KubeEvent[] {
    return this.#session.events(namespace);
  }

  /**
   * Every rollout that a Deployment ever had, by number, also of one that is no more; none where there never was one.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true, clock: "manual" });
   * await ledger.execute("kubectl create deployment web --image=nginx:1.14");
   * await ledger.execute("kubectl set image deployment/web nginx=nginx:1.15");
   * for (const { number, images, outcome } of ledger.rollouts("web")) console.log(number, images, outcome);
   * ```
   */
  rollouts(deployment: string, namespace = "default"): readonly LedgerRollout[] {
    return this.#session.rollouts({ namespace, name: deployment });
  }

  /**
   * The log, oldest first, lazily. Reading never lets time pass.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger("rollout.db");
   * for (const event of ledger.log({ types: ["ReplicaSetScaled"] })) console.log(event.seq, event.actor, event.data);
   * ```
   */
  log(filter: EventFilter & { readonly from?: number; readonly to?: number } = {}): IterableIterator<RecordedEvent> {
    return this.#session.log(filter.from, filter.to, filter);
  }

  /**
   * The events that any process records from now on (or from `from` on), once they are on disk, until the signal is aborted. What
   * others write is seen within a fifth of a second. Following lets no time pass in the cluster.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true, clock: "manual" });
   * await ledger.execute("kubectl create deployment web --image=nginx:1.14");
   * for await (const event of ledger.follow({ types: ["DeploymentCreated"], from: 1, signal: AbortSignal.timeout(5000) })) {
   *   console.log(event.stream); // Deployment/default/web
   *   break;
   * }
   * ledger.close();
   * ```
   */
  async *follow({ from, signal, ...filter }: FollowOptions = {}): AsyncGenerator<RecordedEvent, void> {
    const first = from ?? this.#session.store.head().seq + 1;
    for await (const batch of this.#session.follow(first, filter, signal)) yield* batch;
  }

  /**
   * The rows of one of the ledger's SQL views, typed; `docs/queries.md` tells of each. They are of one state of the ledger, and
   * read as they are asked for.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true, clock: "manual", user: "alice" });
   * await ledger.execute("kubectl create deployment web --image=nginx:1.14 --replicas=2");
   * await ledger.advance("1m");
   * for await (const pod of ledger.query("v_pod_intervals", { where: { deployment: "web", state: "available" } })) {
   *   console.log(pod.replica_set, "since", pod.from_at); // since 2026-01-01T00:00:0
   * }
   * ledger.close();
   * ```
   */
  query<V extends ViewName>(view: V, query: ViewQuery<ViewRows[V]> = {}): AsyncGenerator<ViewRows[V], void> {
    return this.#session.queries.view(view, query);
  }

  /**
   * The answer to a query in SQL, which may only read. It runs in a process of its own, for 30 seconds and to 1000 rows unless
   * told otherwise. Rejects with a {@link QueryError}.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger(":memory:", { create: true });
   * const { rows } = await ledger.sql("select type from v_events order by seq limit 1");
   * console.log(rows[0]?.[0]); // LedgerInitialized
   * ledger.close();
   * ```
   */
  async sql(text: string, { limit = 1000, timeoutMs = 30_000, signal }: SqlOptions = {}): Promise<QueryResult> {
    const answer = await this.#session.queries.sql(text, { limit, timeoutMs, ...(signal ? { signal } : {}) });
    if (E.isLeft(answer)) throw new QueryError(answer.left);
    return answer.right;
  }

  /**
   * The whole ledger in lines of JSON (each with its line end), to be read by {@link importLedger}.
   *
   * @example
   * ```ts
   * import { Readable } from "node:stream";
   * import { importLedger, openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger("rollout.db");
   * const report = await importLedger("copy.db", Readable.from(ledger.export()));
   * console.log(report?.events, report?.hash);
   * ```
   */
  *export(): Generator<string, void> {
    for (const record of this.#session.queries.records()) yield exportLine(record);
  }

  /**
   * Proves that the ledger holds what was recorded, and that its read models are what it tells; `head` is a hash that was kept
   * elsewhere. Changes nothing. Undefined when it was aborted.
   *
   * @example
   * ```ts
   * import { openLedger } from "rollout-ledger";
   *
   * const ledger = openLedger("rollout.db");
   * const report = await ledger.verify();
   * console.log(report?.faults.length === 0, report?.head.hash);
   * ```
   */
  async verify(options: VerifyOptions = {}): Promise<LedgerReport | undefined> {
    const report = await this.#session.upkeep.verify(options);
    if (E.isLeft(report)) throw report.left;
    return report.right;
  }

  /** Calls the listener with every event that this process records, once it is on disk. Returns what ends it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void {
    return this.#session.subscribe(listener);
  }

  /** A digest of the whole history: equal for equal histories, whenever and wherever they were recorded. */
  digest(): string {
    return this.#session.digest();
  }

  close(): void {
    this.#session.close();
  }

  #run(words: readonly string[], stdin: string, output: { stdout: string; stderr: string }): Promise<ExitCode> {
    const io: CommandIo = {
      out: (text) => {
        output.stdout += text;
      },
      err: (text) => {
        output.stderr += text;
      },
      readStdin: () => stdin,
      ...filesOfDisk(),
      isTerminal: false,
      columns: 100,
    };
    const ctx = { session: this.#session, io, actor: this.#actor, defaultNamespace: "default" };
    return runCommand(ctx, words, presentVerbs);
  }
}

const storedType = (name: string) => {
  const type = resourceTypeNamed(name);
  const kind = type && storedKindOf(type);
  if (!kind) throw new RangeError(`the server doesn't have a resource type ${JSON.stringify(name)}`);
  return { kind, namespaced: type.namespaced };
};

/**
 * Opens a ledger. Throws a {@link StoreError} whose message says what to do when the file is missing, not a ledger, of a newer
 * version, truncated or damaged; such a file is left as it was.
 */
export const openLedger = (file: string, options: OpenLedgerOptions = {}): Ledger => {
  const actor = `user:${options.user ?? userInfo().username}`;
  const isNew = options.create === true && (file === ":memory:" || !existsSync(file));
  const opened = isNew ? createLedger(file, actor, options) : openExisting(file, options);
  if (E.isLeft(opened)) throw opened.left;
  return new Ledger(opened.right, actor);
};

/**
 * Starts a ledger with what {@link Ledger.export} or `rollout export` wrote: the same events, recorded at the same times, with the
 * same hashes. Every line is proven while it is read. Rejects with a {@link StoreError} that names the line when it is not as it was
 * exported, or the file when that exists; then no file is left behind. Answers undefined when it was aborted.
 */
export const importLedger = async (
  file: string,
  chunks: AsyncIterable<Uint8Array | string>,
  options: ImportOptions = {},
): Promise<ImportReport | undefined> => {
  const imported = await importExport(file, chunks, options);
  if (E.isLeft(imported)) throw imported.left;
  return imported.right;
};
