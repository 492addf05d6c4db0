/**
 * The scheduler: binds each new pod to the node with room for it that has the fewest pods. A pod that fits nowhere is
 * marked Unschedulable and tried again whenever room may have appeared.
 */
import type { BodySource } from "../domain/bodies.ts";
import { conditionOf, type Node, type Pod, refOf } from "../domain/state.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import { milliUnits, wholeUnits } from "../kubernetes/quantity.ts";
import type { Actor, Change, Turn } from "./actor.ts";
import type { Agenda } from "./agenda.ts";
import { latencies } from "./latencies.ts";
import { Cache, type EntitySource, isKind } from "./views/cache.ts";

interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

const isPod = isKind("Pod");
const isNode = isKind("Node");

type Amount = (quantity: string | number | undefined) => number;

/** Effective requests: the containers' sum, or the largest init container where that is more. */
const requestsOf = (spec: PodSpec): Resources => {
  const of = (name: "cpu" | "memory", amount: Amount): number => {
    const main = spec.containers.reduce((sum, { resources }) => sum + amount(resources?.requests?.[name]), 0);
    const init = (spec.initContainers ?? []).map(({ resources }) => amount(resources?.requests?.[name]));
    return Math.max(main, ...init);
  };
  return { cpuMillis: of("cpu", milliUnits), memoryBytes: of("memory", wholeUnits), pods: 1 };
};

const capacityOf = ({ capacity }: Node): Resources => ({
  cpuMillis: milliUnits(capacity.cpu),
  memoryBytes: wholeUnits(capacity.memory),
  pods: wholeUnits(capacity.pods),
});

const holdsPlace = (pod: Pod): boolean => pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";

const isWaiting = (pod: Pod | undefined): pod is Pod =>
  pod !== undefined && pod.nodeName === undefined && !pod.meta.deletion && holdsPlace(pod);

/** Why a node cannot take the pod, in the scheduler's words; undefined when it can. */
const obstacle = (node: Node, used: Resources, wanted: Resources, spec: PodSpec): string | undefined => {
  if (conditionOf(node.conditions, "Ready")?.status !== "True") {
    return "node(s) had untolerated taint {node.kubernetes.io/unreachable: }";
  }
  if (node.spec.unschedulable === true) return "node(s) were unschedulable";
  const selector = Object.entries(spec.nodeSelector ?? {});
  if (selector.some(([key, value]) => node.meta.labels[key] !== value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const capacity = capacityOf(node);
  if (used.pods + wanted.pods > capacity.pods) return "Too many pods";
  if (used.cpuMillis + wanted.cpuMillis > capacity.cpuMillis) return "Insufficient cpu";
  if (used.memoryBytes + wanted.memoryBytes > capacity.memoryBytes) return "Insufficient memory";
  return undefined;
};

const nothing: Resources = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

export class Scheduler implements Actor {
  readonly name = "scheduler";
  readonly #rank: number;
  readonly #bodies: BodySource;
  readonly #pods = new Cache<Pod>();
  readonly #nodes = new Cache<Node>();
  readonly #used = new Map<string, Resources>();
  readonly #requests = new Map<string, Resources>();
  /** Pods that fitted nowhere, by uid, in the order they were tried. */
  readonly #unschedulable = new Map<string, Pod>();

  constructor(rank: number, bodies: BodySource, source: EntitySource) {
    this.#rank = rank;
    this.#bodies = bodies;
    for (const node of source.all("Node")) this.#nodes.put(node);
    const pods = [...source.all("Pod")].sort((a, b) => a.meta.resourceVersion - b.meta.resourceVersion);
    for (const pod of pods) {
      this.#pods.put(pod);
      this.#account(pod, 1);
      const isKnownToFail = conditionOf(pod.status.conditions, "PodScheduled")?.status === "False";
      if (isWaiting(pod) && isKnownToFail) this.#unschedulable.set(pod.meta.uid, pod);
    }
  }

  observe(change: Change, agenda: Agenda): void {
    this.#apply(change);
    const { before, after, atMs, seq } = change;
    if (!before && isPod(after) && isWaiting(after)) this.#plan(agenda, after, atMs, seq);
    const freesRoom = isPod(before) && before.nodeName !== undefined && (!isPod(after) || !holdsPlace(after));
    if (freesRoom || isNode(after)) {
      for (const pod of this.#unschedulable.values()) this.#plan(agenda, pod, atMs, seq);
    }
  }

  run(key: string, turn: Turn): void {
    const [namespace = "", name = ""] = key.split("/");
    const pod = this.#pods.get(namespace, name);
    if (!isWaiting(pod)) return;
    const spec = this.#bodies.podSpec(pod.spec);
    const wanted = this.#requestsOf(pod);
    const obstacles: string[] = [];
    let best: { readonly node: Node; readonly pods: number } | undefined;
    for (const node of [...this.#nodes.all()].sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1))) {
      const used = this.#used.get(node.meta.name) ?? nothing;
      const why = obstacle(node, used, wanted, spec);
      if (why !== undefined) obstacles.push(why);
      else if (!best || used.pods < best.pods) best = { node, pods: used.pods };
    }
    const { uid } = pod.meta;
    if (best) {
      this.#unschedulable.delete(uid);
      turn.submit({ verb: "bind", ref: refOf(pod), uid, node: best.node.meta.name });
      return;
    }
    this.#unschedulable.set(uid, pod);
    turn.submit({ verb: "reportUnschedulable", ref: refOf(pod), uid, message: explain(obstacles) });
  }

  resync(nowMs: number, agenda: Agenda): void {
    for (const pod of this.#pods.all()) if (isWaiting(pod)) this.#plan(agenda, pod, nowMs, null);
  }

  save(): unknown {
    return null;
  }

  restore(): void {}

  #apply(change: Change): void {
    const { before, after } = change;
    if (isNode(before) || isNode(after)) this.#nodes.apply(change, isNode);
    if (!isPod(before) && !isPod(after)) return;
    if (!isPod(before) || !isPod(after) || before.nodeName !== after.nodeName || before.status.phase !== after.status.phase) {
      if (isPod(before)) this.#account(before, -1);
      if (isPod(after)) this.#account(after, 1);
    }
    this.#pods.apply(change, isPod);
    if (isPod(before) && !isWaiting(isPod(after) ? after : undefined)) this.#unschedulable.delete(before.meta.uid);
  }

  #plan(agenda: Agenda, { meta }: Pod, fromMs: number, cause: number | null): void {
    const key = `${meta.namespace}/${meta.name}`;
    const atMs = fromMs + latencies.schedulerMs;
    agenda.add({ atMs, rank: this.#rank, actor: this.name, key, slot: `${this.name} ${key}`, cause });
  }

  #account(pod: Pod, by: 1 | -1): void {
    if (pod.nodeName === undefined || !holdsPlace(pod)) return;
    const used = this.#used.get(pod.nodeName) ?? nothing;
    const { cpuMillis, memoryBytes } = this.#requestsOf(pod);
    this.#used.set(pod.nodeName, {
      cpuMillis: used.cpuMillis + by * cpuMillis,
      memoryBytes: used.memoryBytes + by * memoryBytes,
      pods: used.pods + by,
    });
  }

  /** Pods of one template share their spec, so its requests are added up once. */
  #requestsOf(pod: Pod): Resources {
    let requests = this.#requests.get(pod.spec);
    if (!requests) {
      requests = requestsOf(this.#bodies.podSpec(pod.spec));
      this.#requests.set(pod.spec, requests);
    }
    return requests;
  }
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.` */
const explain = (obstacles: readonly string[]): string => {
  if (obstacles.length === 0) return "no nodes available to schedule pods";
  const counts = new Map<string, number>();
  for (const why of obstacles) counts.set(why, (counts.get(why) ?? 0) + 1);
  const reasons = [...counts].map(([why, count]) => `${count} ${why}`).sort();
  return `0/${obstacles.length} nodes are available: ${reasons.join(", ")}.`;
};
