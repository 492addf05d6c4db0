/**
 * The node lifecycle controller: a node that stays silent becomes NotReady and takes its pods' readiness along; after the
 * default tolerations its pods are evicted. They stay terminating until the node comes back to end them, or is removed.
 */
import type { NodeFact, PodFact } from "../domain/events.ts";
import { conditionOf, isPodReady, type Node, type Pod, refOf, streamOf } from "../domain/state.ts";
import type { Actor, Change, Turn } from "./actor.ts";
import { type Agenda, slotOf } from "./agenda.ts";
import { type Fault, faultSchema } from "./fault.ts";
import { latencies } from "./latencies.ts";
import { Cache, type EntitySource, Groups, inOrderOfName, isKind } from "./views/cache.ts";

type Does = "notReady" | "evict" | "ready" | "collect";

const podCollector = "controller:pod-garbage-collector";

const isReady = (node: Node): boolean => conditionOf(node.conditions, "Ready")?.status === "True";

const isPod = isKind("Pod");
const isNode = isKind("Node");

export class NodeLifecycle implements Actor {
  readonly name = "controller:node-lifecycle";
  readonly #rank: number;
  readonly #nodes = new Cache<Node>();
  readonly #podsOnNode = new Groups<string, string, Pod>();

  constructor(rank: number, source: EntitySource) {
    this.#rank = rank;
    for (const node of source.all("Node")) this.#nodes.put(node);
    for (const pod of source.all("Pod")) this.#movePod(streamOf(refOf(pod)), undefined, pod);
  }

  observe(change: Change, agenda: Agenda): void {
    const { stream, before, after, events, atMs, seq } = change;
    this.#nodes.apply(change, isNode);
    if (isPod(before) || isPod(after))
      this.#movePod(stream, isPod(before) ? before : undefined, isPod(after) ? after : undefined);
    if (isNode(before) && !after) this.#planCollection(agenda, before.meta.name, atMs, seq);
    for (const event of events) {
      if (event.type === "FaultInjected") this.#observeFault(faultSchema.parse(event.data.fault), atMs, seq, agenda);
    }
  }

  run(key: string, turn: Turn): void {
    const [does = "", name = ""] = key.split("/");
    const node = this.#nodes.get("", name);
    if (does === "collect" && !node) this.#collect(name, turn);
    if (does === "collect" || !node) return;
    if (does === "ready" && !isReady(node)) {
      const ready: NodeFact = { type: "NodeReady", data: {} };
      turn.submit({ verb: "reportNode", ref: refOf(node), facts: [ready] }, `kubelet:${name}`);
    }
    if (does === "notReady") this.#markNotReady(node, turn);
    if (does === "evict") this.#evict(node, turn);
  }

  /** A silent node is known from the fault that silenced it, a removed one from what it left behind. */
  resync(nowMs: number, agenda: Agenda): void {
    for (const node of [...this.#podsOnNode.keys()].sort()) {
      if (!this.#nodes.get("", node)) this.#planCollection(agenda, node, nowMs, null);
    }
  }

  save(): unknown {
    return null;
  }

  restore(): void {}

  #observeFault(fault: Fault, atMs: number, cause: number, agenda: Agenda): void {
    if (fault.type !== "node") return;
    if (fault.up) {
      agenda.cancel(this.#slot("notReady", fault.node));
      agenda.cancel(this.#slot("evict", fault.node));
      this.#plan(agenda, "ready", fault.node, atMs + latencies.kubeletMs, cause);
      return;
    }
    this.#plan(agenda, "notReady", fault.node, atMs + latencies.nodeMonitorGraceMs, cause);
    const evictAtMs = atMs + latencies.nodeMonitorGraceMs + latencies.nodeEvictionMs;
    this.#plan(agenda, "evict", fault.node, evictAtMs, cause);
  }

  #markNotReady(node: Node, turn: Turn): void {
    const data = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
    if (isReady(node)) {
      turn.submit({ verb: "reportNode", ref: refOf(node), facts: [{ type: "NodeNotReady", data }] });
    }
    for (const pod of this.#pods(node.meta.name)) {
      if (!isPodReady(pod)) continue;
      const unready: PodFact = { type: "PodUnready", data: { containers: [] } };
      turn.submit({ verb: "report", ref: refOf(pod), uid: pod.meta.uid, facts: [unready] });
    }
  }

  #evict({ meta }: Node, turn: Turn): void {
    for (const pod of this.#pods(meta.name)) {
      if (!pod.meta.deletion) turn.submit({ verb: "delete", ref: refOf(pod), uid: pod.meta.uid });
    }
  }

  /** The pod garbage collector: nobody runs the pods of a node that is gone, so nobody ends them in order. */
  #collect(node: string, turn: Turn): void {
    for (const pod of this.#pods(node)) {
      turn.submit({ verb: "delete", ref: refOf(pod), uid: pod.meta.uid, graceSeconds: 0 }, podCollector);
    }
  }

  #planCollection(agenda: Agenda, node: string, atMs: number, cause: number | null): void {
    this.#plan(agenda, "collect", node, atMs + latencies.podCollectionMs, cause);
  }

  /** In order of name, because the writes follow it. */
  #pods(node: string): readonly Pod[] {
    return [...this.#podsOnNode.values(node)].sort(inOrderOfName);
  }

  #movePod(stream: string, before: Pod | undefined, after: Pod | undefined): void {
    if (before?.nodeName !== undefined && before.nodeName !== after?.nodeName) {
      this.#podsOnNode.delete(before.nodeName, stream);
    }
    if (after?.nodeName !== undefined) this.#podsOnNode.set(after.nodeName, stream, after);
  }

  #slot(does: Does, node: string): string {
    return slotOf(this.name, `${does}/${node}`);
  }

  #plan(agenda: Agenda, does: Does, node: string, atMs: number, cause: number | null): void {
    const slot = this.#slot(does, node);
    agenda.add({ atMs, rank: this.#rank, actor: this.name, key: `${does}/${node}`, slot, cause });
  }
}
