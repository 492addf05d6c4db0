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
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import parseDuration from "parse-duration";
import type { CommandIo, ExitCode } from "./commands/command.ts";
import { runCommand } from "./commands/run.ts";
import { createLedger, type InitOptions, type OpenOptions, openLedger as openExisting } from "./engine/open.ts";
import type { Session } from "./engine/session.ts";
import type { EventFilter, RecordedEvent } from "./event-store/port.ts";
import { resourceTypeNamed, storedKindOf } from "./kubernetes/kinds.ts";
import type { KubeEvent, KubeObject } from "./kubernetes/objects.ts";
import { parseScript } from "./scenario/shell/parse.ts";
import { runScript } from "./scenario/shell/run.ts";

export type { EventFilter, RecordedEvent } from "./event-store/port.ts";
export { StoreError } from "./event-store/store-error.ts";
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
    await this.#session.catchUp();
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
      readFile: (path) => readFileSync(path, "utf8"),
      listFolder: (path, recursive) => {
        if (!statSync(path).isDirectory()) return undefined;
        const names = readdirSync(path, { recursive, encoding: "utf8" }).sort();
        return names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => join(path, name));
      },
      isTerminal: false,
      columns: 100,
    };
    return runCommand({ session: this.#session, io, actor: this.#actor, defaultNamespace: "default" }, words);
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
