/** A cluster in memory whose time somebody else moves: several commands wait in it at once, as several kubectls do. */
import * as E from "fp-ts/lib/Either.js";
import type { PodFact } from "../../../src/domain/events.ts";
import { type EntityKind, type Pod, refOf } from "../../../src/domain/state.ts";
import { render } from "../../../src/domain/wire/render.ts";
import type { Write } from "../../../src/domain/write.ts";
import { Ledger } from "../../../src/engine/ledger.ts";
import { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { Session, WatchEnd, WatchEvent, WatchOptions, WatchTarget } from "../../../src/engine/session.ts";
import { LEDGER } from "../../../src/engine/settings.ts";
import type { SqliteEventStore } from "../../../src/event-store/sqlite/store.ts";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import type { KubeEvent, KubeObject } from "../../../src/kubernetes/objects.ts";
import type { WatchedChange } from "./recording.ts";
import { NODE, standIn } from "./stand-in-kubelet.ts";

export const ACTOR = "user:recorded";

type Listener = (event: WatchEvent) => "continue" | "stop";

interface Watcher {
  readonly target: WatchTarget;
  readonly listener: Listener;
  readonly deadlineMs: number;
  readonly end: (end: WatchEnd) => void;
}

const matches = ({ kind, namespace, name }: WatchTarget, { kind: is, metadata }: KubeObject): boolean =>
  kind === is &&
  (namespace === undefined || namespace === metadata.namespace) &&
  (name === undefined || name === metadata.name);

/** The recording's kubelet and scheduler say nothing, so ours are not heard. */
const isHeard = ({ source }: KubeEvent): boolean =>
  source?.component !== "kubelet" && source?.component !== "default-scheduler";

/** What one command works with: as any session, but waiting in it moves no time. */
class WaitingSession extends LedgerSession {
  readonly #wait: Session["watch"];

  constructor(store: SqliteEventStore, ledger: Ledger, wait: Session["watch"]) {
    super(store, ledger, { roundTripMs: 0 });
    this.#wait = wait;
  }

  override events(namespace?: string): readonly KubeEvent[] {
    return super.events(namespace).filter(isHeard);
  }

  override catchUp(): Promise<void> {
    return Promise.resolve();
  }

  override watch(target: WatchTarget, listener: Listener, options: WatchOptions = {}): Promise<WatchEnd> {
    return this.#wait(target, listener, options);
  }
}

export class Cluster {
  /** Every change of an object since the start. */
  readonly changes: WatchedChange[] = [];
  readonly namespace: string;
  readonly #store: SqliteEventStore;
  readonly #ledger: Ledger;
  readonly #startMs: number;
  readonly #watchers = new Set<Watcher>();
  #untold: WatchEvent[] = [];

  /** @param startMs cluster time at which the recording's clock began. */
  constructor(namespace: string, startMs: number) {
    const store = openSqliteStore(":memory:", { synchronous: "normal" });
    if (E.isLeft(store)) throw store.left;
    this.namespace = namespace;
    this.#startMs = startMs;
    this.#store = store.right;
    this.#ledger = new Ledger(this.#store, { seed: 1, clock: "manual", version: "0", startMs }, standIn);
    this.#populate();
    this.#ledger.listen(({ before, after, atMs }) => {
      const entity = after ?? before;
      if (!entity) return;
      const type = !after ? "DELETED" : before ? "MODIFIED" : "ADDED";
      const object = render(entity, this.#ledger.bodies);
      this.changes.push({ t: atMs - startMs, type, object });
      this.#untold.push({ type, object, atMs });
    });
  }

  /** Since the start, ms. */
  get t(): number {
    return this.#ledger.now() - this.#startMs;
  }

  /** A session for one command; `onWait` hears when it begins to wait, and when it goes on. */
  session(onWait: (isWaiting: boolean) => void = () => undefined): Session {
    return new WaitingSession(this.#store, this.#ledger, (target, listener, options = {}) => {
      for (const object of this.list(target.kind)) {
        const event: WatchEvent = { type: "ADDED", object, atMs: this.#ledger.now() };
        if (matches(target, object) && listener(event) === "stop") return Promise.resolve("stopped");
      }
      return this.#watch(target, listener, options, onWait);
    });
  }

  /** Lets the next thing happen that is due by `untilT`, and tells those who wait for it; false when there is none. */
  step(untilT: number): boolean {
    const untilMs = this.#startMs + untilT;
    const deadlines = Array.from(this.#watchers, ({ deadlineMs }) => deadlineMs);
    const nextMs = Math.min(this.#ledger.nextTaskAtMs() ?? Infinity, ...deadlines);
    this.#ledger.transact(() => {
      if (nextMs <= untilMs) while ((this.#ledger.nextTaskAtMs() ?? Infinity) <= nextMs) this.#ledger.runNext(nextMs);
      this.#ledger.setClock(Math.min(nextMs, untilMs));
    });
    this.tell();
    for (const watcher of [...this.#watchers]) if (watcher.deadlineMs <= this.#ledger.now()) watcher.end("timeout");
    return nextMs <= untilMs;
  }

  /** Hands what happened to those who wait. */
  tell(): void {
    const events = this.#untold;
    this.#untold = [];
    for (const event of events) {
      for (const watcher of [...this.#watchers]) {
        if (matches(watcher.target, event.object) && watcher.listener(event) === "stop") watcher.end("stopped");
      }
    }
  }

  /** A write outside of any command. */
  request(write: Write, dryRun = false): ReturnType<Session["request"]> {
    return this.session().request(write, { actor: ACTOR, intent: {}, dryRun });
  }

  list(kind: EntityKind): readonly KubeObject[] {
    return this.session().list(kind);
  }

  /** Reports about a pod, unless it is on its way out. */
  report(name: string, factsOf: (pod: Pod) => readonly PodFact[]): void {
    const pod = this.#ledger.world.get({ kind: "Pod", namespace: this.namespace, name });
    if (pod?.kind !== "Pod" || pod.meta.deletion) return;
    this.request({ verb: "report", ref: refOf(pod), uid: pod.meta.uid, facts: factsOf(pod) });
  }

  close(): void {
    this.#ledger.close();
  }

  #watch(
    target: WatchTarget,
    listener: Listener,
    { timeoutMs, signal }: WatchOptions,
    onWait: (isWaiting: boolean) => void,
  ): Promise<WatchEnd> {
    return new Promise((resolve) => {
      const deadlineMs = timeoutMs === undefined ? Infinity : this.#ledger.now() + timeoutMs;
      const end = (how: WatchEnd): void => {
        this.#watchers.delete(watcher);
        onWait(false);
        resolve(how);
      };
      onWait(true);
      const watcher: Watcher = { target, listener, deadlineMs, end };
      this.#watchers.add(watcher);
      signal?.addEventListener("abort", () => end("stopped"));
    });
  }

  #populate(): void {
    const ledger = this.#ledger;
    const by = { actor: ACTOR, cause: null, view: 0, intent: null };
    const objects: readonly KubeObject[] = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } },
      { apiVersion: "v1", kind: "Node", metadata: { name: NODE } },
    ];
    ledger.transact(() => {
      ledger.commit(LEDGER, [{ type: "LedgerInitialized", data: ledger.settings }], by, this.#startMs);
      for (const object of objects) ledger.write({ verb: "create", object }, by, this.#startMs);
      ledger.setClock(this.#startMs);
    });
  }
}
