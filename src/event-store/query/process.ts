/**
 * Queries of people run in a process of their own. SQLite works without a pause from one row to the next, and a query can ask
 * for work without end: a process can be ended from outside, whatever it does. This module is both sides: imported, it starts the
 * process; run, it is the process.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import * as E from "fp-ts/lib/Either.js";
import { connect } from "../sqlite/connect.ts";
import { type QueryResult, runSelect, type SelectRefusal } from "./select.ts";

export interface QueryBounds {
  /** Rows; what lies behind is cut off. */
  readonly limit: number;
  /** 0: as long as it takes. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type QueryRefusal =
  | SelectRefusal
  | { readonly _tag: "TimedOut"; readonly timeoutMs: number }
  | { readonly _tag: "Interrupted" }
  /** The process came to its end without an answer: there was not enough memory, or somebody ended it. */
  | { readonly _tag: "Ended" };

interface Task {
  readonly path: string;
  readonly sql: string;
  readonly limit: number;
  readonly timeoutMs: number;
}

type Reply = E.Either<SelectRefusal, QueryResult>;

const program = fileURLToPath(import.meta.url);
const role = "rollout-query";

/** Runs the query on the ledger at the path, which is opened for reading only. */
export const queryInProcess = (
  path: string,
  sql: string,
  bounds: QueryBounds,
): Promise<E.Either<QueryRefusal, QueryResult>> => {
  const { limit, timeoutMs, signal } = bounds;
  if (signal?.aborted) return Promise.resolve(E.left({ _tag: "Interrupted" }));
  const startedMs = performance.now();
  const child: ChildProcess = fork(program, [role], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const interrupt = (): void => {
    child.kill("SIGKILL");
  };
  signal?.addEventListener("abort", interrupt);
  return new Promise<E.Either<QueryRefusal, QueryResult>>((resolve, reject) => {
    let reply: Reply | undefined;
    child.on("message", (message: Reply) => {
      reply = message;
    });
    child.on("error", reject);
    child.on("exit", () => {
      if (reply) resolve(reply);
      else if (signal?.aborted) resolve(E.left({ _tag: "Interrupted" }));
      else if (timeoutMs > 0 && performance.now() - startedMs >= timeoutMs)
        resolve(E.left({ _tag: "TimedOut", timeoutMs }));
      else resolve(E.left({ _tag: "Ended" }));
    });
    child.send({ path, sql, limit, timeoutMs } satisfies Task);
  }).finally(() => signal?.removeEventListener("abort", interrupt));
};

/** A thread beside the query. Even when nobody is left who waits for the rows, the process ends. */
const watchdog = `setTimeout(() => process.kill(process.pid, "SIGKILL"), require("node:worker_threads").workerData)`;

const perform = ({ path, sql, limit, timeoutMs }: Task): Reply => {
  if (timeoutMs > 0) new Worker(watchdog, { eval: true, workerData: timeoutMs, execArgv: [] }).unref();
  const db = connect(path, { readOnly: true });
  if (E.isLeft(db)) return E.left({ _tag: "Refused", message: db.left.message });
  // Sorting much needs room, but no memory.
  db.right.pragma("temp_store = FILE");
  const reply = runSelect(db.right, sql, limit);
  db.right.close();
  return reply;
};

if (process.argv[1] === program && process.argv[2] === role) {
  process.once("message", (task: Task) => {
    process.send?.(perform(task), undefined, {}, () => process.disconnect());
  });
}
