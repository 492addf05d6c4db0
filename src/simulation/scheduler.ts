/**
 * The scheduler: binds each new pod to the node with room for it that has the fewest pods. A pod that fits nowhere is
 * marked Unschedulable and tried again whenever room may have appeared.
 */
import type { BodySource } from "../domain/bodies.ts";
import { conditionOf, type Node, type Pod, refOf } from "../domain/state.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import { milliUnits, wholeUnits } from "../kubernetes/quantity.ts";
import type { Actor, Change, Turn } from "./actor.ts";
import { type Agenda, slotOf } from "./agenda.ts";
import { latencies } from "./latencies.ts";
import { Cache, type EntitySource, inOrderOfName, isKind } from "./views/cache.ts";

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

/** A node as the scheduler sees it, its quantities read once. */
interface Candidate {
  readonly node: Node;
  readonly capacity: Resources;
}

const candidate = (node: Node): Candidate => ({
  node,
  capacity: {
    cpuMillis: milliUnits(node.capacity.cpu),
    memoryBytes: wholeUnits(node.capacity.memory),
    pods: wholeUnits(node.capacity.pods),
  },
});

const holdsPlace = (pod: Pod): boolean => pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";

const isWaiting = (pod: Pod | undefined): pod is Pod =>
  pod !== undefined && pod.nodeName === undefined && !pod.meta.deletion && holdsPlace(pod);

const byName = (a: Candidate, b: Candidate): number => (a.node.meta.name < b.node.meta.name ? -1 : 1);

const byAge = (a: Pod, b: Pod): number => a.meta.createdAtMs - b.meta.createdAtMs || inOrderOfName(a, b);

/** Why a node cannot take the pod, in the scheduler's words; undefined when it can. */
const obstacle = (
  { node, capacity }: Candidate,
  used: Resources,
  wanted: Resources,
  spec: PodSpec,
): string | undefined => {
  if (conditionOf(node.conditions, "Ready")?.status !== "True") {
    return "node(s) had untolerated taint {node.kubernetes.io/unreachable: }";
  }
  if (node.spec.unschedulable === true) return "node(s) were unschedulable";
  for (const key in spec.nodeSelector) {
    if (node.meta.labels[key] !== spec.nodeSelector[key]) return "node(s) didn't match Pod's node affinity/selector";
  }
  if (used.pods + wanted.pods > capacity.pods) return "Too many pods";
  if (used.cpuMillis + wanted.cpuMillis > capacity.cpuMillis) return "Insufficient cpu";
  if (used.memoryBytes + wanted.memoryBytes > capacity.memoryBytes) return "Insufficient memory";
  return undefined;
};

/** The task of trying every unschedulable pod again. */
const RETRY = "retry";

const nothing: Resources = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

export class Scheduler implements Actor {
  readonly name = "scheduler";
  readonly #rank: number;
  readonly #bodies: BodySource;
  readonly #pods = new Cache<Pod>();
  /** In order of name: of equally good nodes the first is taken. */
  #nodes: readonly Candidate[] = [];
  readonly #used = new Map<string, Resources>();
  readonly #requests = new Map<string, Resources>();
  /** Pods that fitted nowhere, by uid. */
  readonly #unschedulable = new Map<string, Pod>();

  constructor(rank: number, bodies: BodySource, source: EntitySource) {
    this.#rank = rank;
    this.#bodies = bodies;
    this.#nodes = Array.from(source.all("Node"), candidate).sort(byName);
    for (const pod of source.all("Pod")) {
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
    if ((freesRoom || isNode(after)) && this.#unschedulable.size > 0) this.#schedule(agenda, RETRY, atMs, seq);
  }

  run(key: string, turn: Turn): void {
    if (key === RETRY) {
      this.#retry(turn);
      return;
    }
    const [namespace = "", name = ""] = key.split("/");
    const pod = this.#pods.get(namespace, name);
    if (isWaiting(pod)) this.#place(pod, turn);
  }

  resync(nowMs: number, agenda: Agenda): void {
    for (const pod of [...this.#pods.all()].sort(byAge)) if (isWaiting(pod)) this.#plan(agenda, pod, nowMs, null);
  }

  save(): unknown {
    return null;
  }

  restore(): void {}

  #apply(change: Change): void {
    const { before, after } = change;
    if (isNode(before) || isNode(after))
      this.#moveNode(isNode(before) ? before : undefined, isNode(after) ? after : undefined);
    if (!isPod(before) && !isPod(after)) return;
    if (
      !isPod(before) ||
      !isPod(after) ||
      before.nodeName !== after.nodeName ||
      before.status.phase !== after.status.phase
    ) {
      if (isPod(before)) this.#account(before, -1);
      if (isPod(after)) this.#account(after, 1);
    }
    this.#pods.apply(change, isPod);
    if (isPod(before) && !isWaiting(isPod(after) ? after : undefined)) this.#unschedulable.delete(before.meta.uid);
  }

  /** Oldest first; when one pod finds no room, those of the same spec need not be tried. */
  #retry(turn: Turn): void {
    const hopeless = new Set<string>();
    for (const pod of [...this.#unschedulable.values()].sort(byAge)) {
      if (!hopeless.has(pod.spec) && !this.#place(pod, turn)) hopeless.add(pod.spec);
    }
  }

  /** Binds the pod to the best node, or says why there is none. */
  #place(pod: Pod, turn: Turn): boolean {
    const spec = this.#bodies.podSpec(pod.spec);
    const wanted = this.#requestsOf(pod);
    const obstacles: string[] = [];
    let best: { readonly name: string; readonly pods: number } | undefined;
    for (const one of this.#nodes) {
      const { name } = one.node.meta;
      const used = this.#used.get(name) ?? nothing;
      const why = obstacle(one, used, wanted, spec);
      if (why !== undefined) obstacles.push(why);
      else if (!best || used.pods < best.pods) best = { name, pods: used.pods };
    }
    const { uid } = pod.meta;
    if (best) turn.submit({ verb: "bind", ref: refOf(pod), uid, node: best.name });
    else {
      this.#unschedulable.set(uid, pod);
      turn.submit({ verb: "reportUnschedulable", ref: refOf(pod), uid, message: explain(obstacles) });
    }
    return best !== undefined;
  }

  #plan(agenda: Agenda, { meta }: Pod, fromMs: number, cause: number | null): void {
    this.#schedule(agenda, `${meta.namespace}/${meta.name}`, fromMs, cause);
  }

  #schedule(agenda: Agenda, key: string, fromMs: number, cause: number | null): void {
    const atMs = fromMs + latencies.schedulerMs;
    agenda.add({ atMs, rank: this.#rank, actor: this.name, key, slot: slotOf(this.name, key), cause });
  }

  #moveNode(before: Node | undefined, after: Node | undefined): void {
    const others = this.#nodes.filter(({ node }) => node.meta.name !== (before ?? after)?.meta.name);
    this.#nodes = after ? [...others, candidate(after)].sort(byName) : others;
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
