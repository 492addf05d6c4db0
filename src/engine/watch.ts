/** Waiting for changes: in virtual time at once, on a wall clock as real time passes. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { type Entity, refOf, streamOf } from "../domain/state.ts";
import { render } from "../domain/wire/render.ts";
import type { Ledger } from "./ledger.ts";
import type { WatchEnd, WatchEvent, WatchOptions, WatchTarget } from "./session.ts";
import { step } from "./steps.ts";

/** On a manual clock, a wait for something that has not changed for so long will not end by itself. */
const idleMs = 3_600_000;
/**
 * On a manual clock, how long a client takes to leave once it has seen what it waited for. The controllers answer meanwhile: the
 * sync that finds a rollout complete is the one that cleans up old ReplicaSets, and must not always lose to the next command.
 */
const leavingMs = 50;
/** How often a wall clock's wait looks for what other processes wrote. */
const pollMs = 100;

type Listener = (event: WatchEvent) => "continue" | "stop";

interface Seen {
  readonly type: WatchEvent["type"];
  readonly entity: Entity;
  readonly atMs: number;
}

const matches = ({ kind, namespace, name }: WatchTarget, entity: Entity | undefined): entity is Entity =>
  entity !== undefined &&
  entity.kind === kind &&
  (namespace === undefined || entity.meta.namespace === namespace) &&
  (name === undefined || entity.meta.name === name);

/** What the watch has told so far; after another process wrote, the difference to this is told. */
class Told {
  readonly #entities = new Map<string, Entity>();

  note({ type, entity }: Seen): void {
    const stream = streamOf(refOf(entity));
    if (type === "DELETED") this.#entities.delete(stream);
    else this.#entities.set(stream, entity);
  }

  difference(current: Iterable<Entity>, atMs: number): readonly Seen[] {
    const seen: Seen[] = [];
    const present = new Set<string>();
    for (const entity of current) {
      const stream = streamOf(refOf(entity));
      present.add(stream);
      const told = this.#entities.get(stream);
      if (!told) seen.push({ type: "ADDED", entity, atMs });
      else if (told.meta.resourceVersion !== entity.meta.resourceVersion) seen.push({ type: "MODIFIED", entity, atMs });
    }
    for (const [stream, entity] of this.#entities) {
      if (!present.has(stream)) seen.push({ type: "DELETED", entity, atMs });
    }
    return seen;
  }
}

export const watchLedger = async (
  ledger: Ledger,
  target: WatchTarget,
  listener: Listener,
  { timeoutMs, signal }: WatchOptions,
): Promise<WatchEnd> => {
  ledger.refresh();
  const told = new Told();
  let seen: Seen[] = [];
  const current = (): Iterable<Entity> =>
    [...ledger.world.all(target.kind)].filter((entity) => matches(target, entity));
  let loads: number | undefined;
  /** When memory was filled anew, all that is seen is what differs from what was told. */
  const collect = (): void => {
    if (ledger.loads === loads) return;
    loads = ledger.loads;
    seen = [...told.difference(current(), ledger.now())];
  };
  const tell = (): boolean => {
    const events = seen;
    seen = [];
    for (const event of events) {
      told.note(event);
      const object = render(event.entity, ledger.bodies);
      if (listener({ type: event.type, object, atMs: event.atMs }) === "stop") return true;
    }
    return false;
  };
  const unlisten = ledger.listen(({ before, after, atMs }) => {
    const entity = after ?? before;
    if (!matches(target, entity)) return;
    seen.push({ type: after ? (before ? "MODIFIED" : "ADDED") : "DELETED", entity, atMs });
  });
  try {
    collect();
    if (tell()) return "stopped";
    const startMs = ledger.now();
    const deadlineMs = timeoutMs === undefined ? Infinity : startMs + timeoutMs;
    return ledger.settings.clock === "manual"
      ? await watchVirtual(ledger, deadlineMs, () => seen.length > 0, collect, tell, signal)
      : await watchReal(ledger, deadlineMs, collect, tell, signal);
  } finally {
    unlisten();
  }
};

const watchVirtual = async (
  ledger: Ledger,
  deadlineMs: number,
  hasSeen: () => boolean,
  collect: () => void,
  tell: () => boolean,
  signal: AbortSignal | undefined,
): Promise<WatchEnd> => {
  let changedMs = ledger.now();
  while (!signal?.aborted) {
    const limitMs = Math.min(deadlineMs, changedMs + idleMs);
    const isOver = step(ledger, limitMs, hasSeen);
    collect();
    if (hasSeen()) {
      changedMs = ledger.now();
      if (tell()) {
        step(ledger, ledger.now() + leavingMs);
        return "stopped";
      }
    } else if (isOver) {
      ledger.transact(() => ledger.setClock(limitMs));
      return limitMs === deadlineMs ? "timeout" : "idle";
    }
    await setImmediate();
  }
  return "stopped";
};

const watchReal = async (
  ledger: Ledger,
  deadlineMs: number,
  collect: () => void,
  tell: () => boolean,
  signal: AbortSignal | undefined,
): Promise<WatchEnd> => {
  while (!signal?.aborted) {
    const isOver = step(ledger, Math.min(ledger.now(), deadlineMs));
    collect();
    if (tell()) return "stopped";
    if (ledger.now() >= deadlineMs) return "timeout";
    if (isOver) await sleep(Math.min(pollMs, Math.max(1, deadlineMs - ledger.now())));
    else await setImmediate();
  }
  return "stopped";
};
