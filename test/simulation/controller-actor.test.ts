import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import type { Reconcile, SyncResult } from "../../src/controllers/reconcile.ts";
import { refusal } from "../../src/kubernetes/refusal.ts";
import { Agenda } from "../../src/simulation/agenda.ts";
import { ControllerActor, type ControllerSpec } from "../../src/simulation/controller-actor.ts";
import { refTo } from "../domain/api-server.ts";
import { podNamed } from "./views/pods.ts";

const key = refTo("Pod", "one");
const entity = podNamed("one");

/** A controller alone with its agenda: every change of a pod wakes it; `reconcile` decides how a sync goes. */
class Bench {
  readonly agenda = new Agenda();
  readonly syncs: number[] = [];
  readonly causes: (number | null)[] = [];
  actor: ControllerActor;
  readonly #reconcile: (sync: number) => Reconcile;
  readonly #spec: Partial<ControllerSpec>;

  constructor(reconcile: (sync: number) => Reconcile, spec: Partial<ControllerSpec> = {}) {
    this.#reconcile = reconcile;
    this.#spec = spec;
    this.actor = this.#newActor();
  }

  happens(atMs: number, seq = 1): void {
    this.actor.observe(
      { seq, atMs, stream: "Pod/default/one", events: [], before: undefined, after: entity },
      this.agenda,
    );
  }

  run(untilMs: number): void {
    for (let task = this.agenda.take(untilMs); task; task = this.agenda.take(untilMs)) {
      const send = () => [E.left(refusal("Conflict", "no"))];
      const submit = () => E.left(refusal("Conflict", "no"));
      this.causes.push(task.cause);
      this.actor.run(task.key, { nowMs: task.atMs, cause: task.cause, submit, send }, this.agenda);
    }
  }

  reload(): void {
    const saved = JSON.parse(JSON.stringify(this.actor.save()));
    this.actor = this.#newActor();
    this.actor.restore(saved);
  }

  #newActor(): ControllerActor {
    return new ControllerActor(0, {
      name: "controller:test",
      latencyMs: 10,
      view: { apply: () => {} },
      wakes: () => [key],
      all: () => [entity],
      reconcile: (_, nowMs) => {
        this.syncs.push(nowMs);
        return this.#reconcile(this.syncs.length);
      },
      readLive: () => E.right(entity),
      ...this.#spec,
    });
  }
}

function* ends(result: SyncResult): Reconcile {
  yield { read: key };
  return result;
}
const succeed = (): Reconcile => ends({});
const failing = (): Reconcile => ends({ error: "no" });

describe("a controller", () => {
  it("syncs a key once for all that happened before, as late after the first as a change needs to get there", () => {
    const bench = new Bench(succeed);
    bench.happens(100, 1);
    bench.happens(105, 2);
    bench.run(1000);
    expect(bench.syncs).toEqual([110]);
    expect(bench.causes).toEqual([1]);
    bench.happens(500, 3);
    bench.run(1000);
    expect(bench.syncs).toEqual([110, 510]);
  });

  it("tries a failed key again after 5 ms, doubled each time, and rests after as many retries as it has", () => {
    const bench = new Bench(failing, { maxRetries: 15 });
    bench.happens(0);
    bench.run(1e12);
    const waits = bench.syncs.slice(1).map((atMs, i) => atMs - (bench.syncs[i] ?? 0));
    expect(waits).toEqual(Array.from({ length: 15 }, (_, i) => 5 * 2 ** i));
    bench.happens(2e12);
    bench.run(2e12 + 15);
    expect(bench.syncs.slice(16)).toEqual([2e12 + 10, 2e12 + 15]);
  });

  it("without a bound goes on every 1000 s", () => {
    const bench = new Bench(failing);
    bench.happens(0);
    bench.run(20_000_000);
    expect(bench.syncs.at(-1)).toBeGreaterThan(19_000_000);
    expect((bench.syncs.at(-1) ?? 0) - (bench.syncs.at(-2) ?? 0)).toBe(1_000_000);
  });

  it("forgets its failures once a sync succeeds, and remembers them beyond its process", () => {
    const bench = new Bench((sync) => (sync === 4 ? succeed() : failing()));
    bench.happens(0);
    bench.run(15);
    bench.reload();
    bench.run(100);
    expect(bench.syncs).toEqual([10, 15, 25, 45]);
    bench.happens(1000);
    bench.run(1015);
    expect(bench.syncs.slice(4)).toEqual([1010, 1015]);
  });

  it("is woken when its sync asked for it, by the earliest such request", () => {
    const bench = new Bench(() => ends({ requeueAfterMs: 5000 }));
    bench.happens(0);
    bench.happens(3000);
    bench.run(3000);
    expect(bench.agenda.nextAtMs()).toBe(5010);
    bench.happens(3500);
    bench.run(5010);
    expect(bench.syncs).toEqual([10, 3510, 5010]);
  });

  it("hands a sync the answers to its writes and reads", () => {
    const seen: string[] = [];
    const bench = new Bench(function* () {
      const [live] = yield { read: key };
      const [refused] = yield { writes: [{ verb: "delete", ref: key }] };
      seen.push(live ? live._tag : "", refused ? refused._tag : "");
      return {};
    });
    bench.happens(0);
    bench.run(100);
    expect(seen).toEqual(["Right", "Left"]);
  });

  it("looks at every object when it starts over", () => {
    const bench = new Bench(succeed);
    bench.actor.resync(7000, bench.agenda);
    bench.run(10_000);
    expect(bench.syncs).toEqual([7010]);
  });
});
