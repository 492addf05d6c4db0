/**
 * The simulated cluster: actors that read the log and answer with writes, at times the agenda sets. It has no clock of its
 * own: somebody hands it the commits and says how far time may go.
 */
import { z } from "zod";
import { reconcileDeployment } from "../controllers/deployment/sync.ts";
import { reconcileService } from "../controllers/endpoint-slice/controller.ts";
import { collectGarbage } from "../controllers/garbage-collector/controller.ts";
import { reconcileNamespace } from "../controllers/namespace/controller.ts";
import { reconcileReplicaSet } from "../controllers/replica-set/controller.ts";
import {
  deploymentKeys,
  garbageCollectorKeys,
  namespaceKeys,
  replicaSetKeys,
  serviceKeys,
} from "../controllers/wakeups.ts";
import type { BodySource } from "../domain/bodies.ts";
import type { FoldedEvent } from "../domain/events.ts";
import type { ObjectRef } from "../domain/state.ts";
import type { Answer, Write } from "../domain/write.ts";
import type { Actor, Change } from "./actor.ts";
import { Agenda, agendaStateSchema } from "./agenda.ts";
import { type BehaviourRule, behaviourRuleSchema } from "./behaviour.ts";
import { ControllerActor } from "./controller-actor.ts";
import { FAULTS, type RecordedFault } from "./fault.ts";
import { Kubelets } from "./kubelet/kubelets.ts";
import { latencies } from "./latencies.ts";
import { NodeLifecycle } from "./node-lifecycle.ts";
import { Scheduler } from "./scheduler.ts";
import type { EntitySource } from "./views/cache.ts";
import { DeploymentCaches } from "./views/deployment-view.ts";
import { EndpointSliceCaches } from "./views/endpoint-slice-view.ts";
import { NamespaceCaches, OwnershipCaches } from "./views/object-views.ts";
import { ReplicaSetCaches } from "./views/replica-set-view.ts";

/** Who writes, why, and how far it had read. */
export interface Authorship {
  readonly actor: string;
  readonly cause: number | null;
  readonly view: number;
}

/** What the simulation needs of the ledger that it runs in. */
export interface Cluster extends EntitySource {
  readonly bodies: BodySource;
  readonly rules: readonly BehaviourRule[];
  /** Every fault there was, oldest first. */
  readonly faults: readonly RecordedFault[];
  /** Seq of the last event. */
  headSeq(): number;
  submit(write: Write, by: Authorship, atMs: number): Answer;
  readLive(ref: ObjectRef): Answer;
}

/** The simulation between two processes: everything that the log does not say. */
export const simulationStateSchema = z.object({
  agenda: agendaStateSchema,
  rules: z.array(behaviourRuleSchema),
  memories: z.record(z.string(), z.unknown()),
});

export type SimulationState = z.infer<typeof simulationStateSchema>;

/** What runs pods: the actors of the first three ranks. Whoever replaces them says when pods start, are ready and end. */
export type Machines = (cluster: Cluster, rules: () => readonly BehaviourRule[]) => readonly Actor[];

const simulatedMachines: Machines = (cluster, rules) => [
  new Kubelets(0, cluster.bodies, rules, cluster),
  new NodeLifecycle(1, cluster),
  new Scheduler(2, cluster.bodies, cluster),
];

/** The Deployment and EndpointSlice controllers' own bound; the others of Kubernetes have none. */
const maxRetries = 15;

const controllersOf = (cluster: Cluster): readonly Actor[] => {
  const { bodies } = cluster;
  const deployments = new DeploymentCaches(bodies, cluster);
  const replicaSets = new ReplicaSetCaches(bodies, cluster);
  const slices = new EndpointSliceCaches(bodies, cluster);
  const objects = new OwnershipCaches(cluster);
  const contents = new NamespaceCaches(cluster);
  const readLive = (ref: ObjectRef): Answer => cluster.readLive(ref);
  const { controllerMs, garbageCollectorMs } = latencies;
  return [
    new ControllerActor(3, {
      name: "controller:replicaset",
      latencyMs: controllerMs,
      view: replicaSets,
      wakes: (change) => replicaSetKeys(replicaSets, change),
      all: () => replicaSets.allReplicaSets(),
      reconcile: (key, nowMs) => reconcileReplicaSet(replicaSets, key, nowMs),
      readLive,
    }),
    new ControllerActor(4, {
      name: "controller:deployment",
      latencyMs: controllerMs,
      maxRetries,
      view: deployments,
      wakes: (change) => deploymentKeys(deployments, change),
      all: () => deployments.allDeployments(),
      reconcile: (key, nowMs) => reconcileDeployment(deployments, key, nowMs),
      readLive,
    }),
    new ControllerActor(5, {
      name: "controller:endpointslice",
      latencyMs: controllerMs,
      maxRetries,
      view: slices,
      wakes: (change) => serviceKeys(slices, change),
      all: () => slices.allServices(),
      reconcile: (key) => reconcileService(slices, key),
      readLive,
    }),
    new ControllerActor(6, {
      name: "controller:garbage-collector",
      latencyMs: garbageCollectorMs,
      view: objects,
      wakes: (change) => garbageCollectorKeys(objects, change),
      all: () => objects.all(),
      reconcile: (key) => collectGarbage(objects, key),
      readLive,
    }),
    new ControllerActor(7, {
      name: "controller:namespace",
      latencyMs: controllerMs,
      view: contents,
      wakes: (change) => namespaceKeys(contents, change),
      all: () => contents.namespaces(),
      reconcile: (key) => reconcileNamespace(contents, key),
      readLive,
    }),
  ];
};

export class Simulation {
  readonly #cluster: Cluster;
  readonly #actors: readonly Actor[];
  readonly #byName: ReadonlyMap<string, Actor>;
  readonly #agenda: Agenda;
  #rules: readonly BehaviourRule[];
  /** Requests that the actor at work has sent in this turn. */
  #sent = 0;

  /**
   * Builds the actors' views from the cluster as it is now; without a saved state every actor starts over at `restartAtMs`.
   * Ties between actors are broken in their order: machines, then controllers.
   */
  constructor(
    cluster: Cluster,
    start: SimulationState | { readonly restartAtMs: number },
    machines: Machines = simulatedMachines,
  ) {
    this.#cluster = cluster;
    this.#rules = "rules" in start ? start.rules : cluster.rules;
    this.#actors = [...machines(cluster, () => this.#rules), ...controllersOf(cluster)];
    this.#byName = new Map(this.#actors.map((actor) => [actor.name, actor]));
    if ("restartAtMs" in start) {
      this.#agenda = new Agenda();
      this.#restart(start.restartAtMs);
      return;
    }
    this.#agenda = new Agenda(start.agenda);
    for (const actor of this.#agenda.actors()) this.#actor(actor);
    for (const actor of this.#actors) {
      const memory = start.memories[actor.name];
      if (memory !== undefined && memory !== null) actor.restore(memory);
    }
  }

  /** Everybody sees the change, in canonical order: later when the actor at work had sent other requests before it. */
  observe(change: Change): void {
    for (const event of change.events) {
      if (event.type === "BehaviourSet") this.#rules = [...this.#rules, behaviourRuleSchema.parse(event.data)];
    }
    const seen = this.#sent === 0 ? change : { ...change, atMs: change.atMs + this.#sent * latencies.requestMs };
    for (const actor of this.#actors) actor.observe(seen, this.#agenda);
  }

  nextAtMs(): number | undefined {
    return this.#agenda.nextAtMs();
  }

  /** Carries out the next task that is due by `limitMs`; answers when it was due, or undefined when there is none. */
  runNext(limitMs: number): number | undefined {
    const task = this.#agenda.take(limitMs);
    if (!task) return undefined;
    const actor = this.#actor(task.actor);
    const { atMs, cause } = task;
    const view = this.#cluster.headSeq();
    const submit = (write: Write, as: string = actor.name): Answer =>
      this.#cluster.submit(write, { actor: as, cause, view }, atMs);
    const send = (writes: readonly Write[]): readonly Answer[] => {
      const answers = writes.map((write) => submit(write));
      this.#sent += 1;
      return answers;
    };
    actor.run(task.key, { nowMs: atMs, cause, submit, send }, this.#agenda);
    this.#sent = 0;
    return atMs;
  }

  state(): SimulationState {
    const memories = Object.fromEntries(this.#actors.map((actor) => [actor.name, actor.save()]));
    return { agenda: this.#agenda.state(), rules: [...this.#rules], memories };
  }

  /** A node that a fault took down is silent still; everything else about the actors can be told from the objects. */
  #restart(atMs: number): void {
    const silent = new Map<string, RecordedFault>();
    for (const recorded of this.#cluster.faults) {
      const { fault } = recorded;
      if (fault.type === "node" && fault.up) silent.delete(fault.node);
      else if (fault.type === "node") silent.set(fault.node, recorded);
    }
    for (const { seq, fault } of silent.values()) {
      const event: FoldedEvent = { type: "FaultInjected", data: { fault }, at: atMs, resourceVersion: seq };
      this.observe({ seq, atMs, stream: FAULTS, events: [event], before: undefined, after: undefined });
    }
    for (const actor of this.#actors) actor.resync(atMs, this.#agenda);
  }

  #actor(name: string): Actor {
    const actor = this.#byName.get(name);
    if (!actor) throw new Error(`the agenda names an unknown actor: ${name}`);
    return actor;
  }
}
