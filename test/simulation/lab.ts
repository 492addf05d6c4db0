/** A simulated cluster in memory: an API server, the simulation, and everything that happened, without a file. */
import * as E from "fp-ts/lib/Either.js";
import type { DomainEvent, FoldedEvent } from "../../src/domain/events.ts";
import { type EntityKind, type EntityOf, type ObjectRef, type Pod, streamOf } from "../../src/domain/state.ts";
import type { Answer, Write } from "../../src/domain/write.ts";
import type { KubeObject } from "../../src/kubernetes/objects.ts";
import { refusal } from "../../src/kubernetes/refusal.ts";
import type { Change } from "../../src/simulation/actor.ts";
import type { BehaviourRule } from "../../src/simulation/behaviour.ts";
import { BEHAVIOURS, FAULTS, type Fault, type RecordedFault } from "../../src/simulation/fault.ts";
import { type Authorship, type Cluster, Simulation } from "../../src/simulation/simulation.ts";
import { ApiServer, manifest, podManifest, startMs } from "../domain/api-server.ts";

/** One event as it stands in the log. */
export interface Entry {
  readonly seq: number;
  readonly atMs: number;
  readonly actor: string;
  readonly cause: number | null;
  readonly view: number;
  readonly stream: string;
  readonly event: DomainEvent;
}

export interface LabOptions {
  readonly seed?: number;
  /** Nodes `node-1` to `node-N`; default 3. */
  readonly nodes?: number;
  readonly capacity?: object;
}

const user = { actor: "user:test", cause: null } as const;

export class Lab implements Cluster {
  readonly api: ApiServer;
  readonly log: Entry[] = [];
  readonly rules: BehaviourRule[] = [];
  readonly faults: RecordedFault[] = [];
  /** Is told every change, after the simulation was. */
  onChange: (change: Change) => void = () => {};
  simulation: Simulation;
  nowMs = startMs;

  constructor({ seed = 1, nodes = 3, capacity }: LabOptions = {}) {
    this.api = new ApiServer(seed);
    this.simulation = new Simulation(this, { restartAtMs: startMs });
    for (let i = 1; i <= nodes; i++) {
      this.create(manifest("v1", "Node", `node-${i}`, capacity ? { status: { capacity } } : {}));
    }
  }

  get bodies() {
    return this.api.bodies;
  }

  all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>> {
    return this.api.world.all(kind);
  }

  headSeq(): number {
    return this.api.seq;
  }

  submit(write: Write, by: Authorship, atMs: number): Answer {
    this.api.nowMs = atMs;
    const decided = this.api.decide(write);
    if (E.isLeft(decided)) return decided;
    const { ref, events } = decided.right;
    const before = this.api.world.record(streamOf(ref)).entity;
    const after = events.length > 0 ? this.#commit(streamOf(ref), events, by, atMs) : before;
    const answer = after ?? before;
    if (!answer) throw new Error("a write left nothing");
    return E.right(answer);
  }

  readLive(ref: ObjectRef): Answer {
    const entity = this.api.world.get(ref);
    return entity ? E.right(entity) : E.left(refusal("NotFound", `${ref.name} not found`));
  }

  /** A person's write, now; a refusal throws. */
  write(write: Write): void {
    const answer = this.submit(write, { ...user, view: this.headSeq() }, this.nowMs);
    if (E.isLeft(answer)) throw new Error(answer.left.message);
  }

  create(object: KubeObject): void {
    this.write({ verb: "create", object });
  }

  fault(fault: Fault): void {
    this.faults.push({ seq: this.headSeq() + 1, fault });
    this.#commit(FAULTS, [{ type: "FaultInjected", data: { fault } }], { ...user, view: this.headSeq() }, this.nowMs);
  }

  behave(rule: BehaviourRule): void {
    this.rules.push(rule);
    this.#commit(BEHAVIOURS, [{ type: "BehaviourSet", data: rule }], { ...user, view: this.headSeq() }, this.nowMs);
  }

  advance(ms: number): void {
    this.nowMs += ms;
    while (this.simulation.runNext(this.nowMs) !== undefined) if (this.log.length > 200_000) throw new Error("no rest");
  }

  /** The simulation is loaded anew from what it left, as by another process. */
  reload(): void {
    this.simulation = new Simulation(this, JSON.parse(JSON.stringify(this.simulation.state())));
  }

  /** The simulation starts over without what it left. */
  restart(): void {
    this.simulation = new Simulation(this, { restartAtMs: this.nowMs });
  }

  pod(name = "one"): Pod {
    return this.api.get("Pod", name);
  }

  pods(): readonly Pod[] {
    return [...this.all("Pod")];
  }

  /** What happened to the pod: `1s Started`, each with the seconds since the start; data of interest behind it. */
  life(name = "one", from = 0): readonly string[] {
    return this.log
      .filter(({ stream, seq }) => stream === `Pod/default/${name}` && seq > from)
      .map(({ atMs, event }) => `${((atMs - startMs) / 1000).toFixed(1)} ${wordsOf(event)}`);
  }

  #commit(stream: string, events: readonly DomainEvent[], by: Authorship, atMs: number) {
    const before = this.api.world.record(stream).entity;
    const from = this.api.seq;
    this.api.nowMs = atMs;
    this.api.apply(stream, events);
    const seq = this.api.seq;
    const after = this.api.world.record(stream).entity;
    for (const [i, event] of events.entries()) this.log.push({ seq: from + i + 1, atMs, stream, event, ...by });
    const folded = events.map((event): FoldedEvent => ({ ...event, at: atMs, resourceVersion: seq }));
    const change: Change = { seq, atMs, stream, events: folded, before, after };
    this.simulation.observe(change);
    this.onChange(change);
    return after;
  }
}

const wordsOf = ({ type, data }: DomainEvent): string => {
  const words = [type.replace(/^Pod/, "")];
  for (const key of ["container", "exitCode", "reason", "delayMs", "graceSeconds", "node"]) {
    const value: unknown = Reflect.get(data, key);
    if (value !== undefined) words.push(String(value));
  }
  return words.join(" ");
};

/** A container that is called like its image. */
export const container = (name: string) => ({ name, image: `${name}:1` });

/** A cluster in which the pod `one` has just been created; the behaviours are by image. */
export const labWithPod = (
  spec: object,
  behaviours: Readonly<Record<string, BehaviourRule["behaviour"]>> = {},
): Lab => {
  const lab = new Lab();
  for (const [image, behaviour] of Object.entries(behaviours)) lab.behave({ selector: { image }, behaviour });
  lab.create(podManifest(spec));
  return lab;
};
