/**
 * A cluster in memory for controllers under test: every view by plain scanning, and an API server that accepts what is not
 * stale or told to be refused. It defaults and validates nothing.
 */
import * as E from "fp-ts/lib/Either.js";
import { isEndpointCurrent, isSelectedBy } from "../../src/controllers/endpoint-slice/endpoint.ts";
import { serviceNameOf } from "../../src/controllers/endpoint-slice/slice.ts";
import type { Answers, Reconcile, Request } from "../../src/controllers/reconcile.ts";
import { addPods, noPods } from "../../src/controllers/replica-set/counts.ts";
import type {
  DeploymentView,
  EndpointSliceView,
  GarbageCollectorView,
  NamespaceView,
  PodCounts,
  ReplicaSetView,
} from "../../src/controllers/view.ts";
import type { Change } from "../../src/controllers/wakeups.ts";
import { podOfEndpoint } from "../../src/domain/endpoints.ts";
import {
  controllerOf,
  type Digest,
  type Entity,
  type EntityKind,
  type EntityOf,
  isPodActive,
  type Meta,
  type ObjectRef,
  type Pod,
  type ReplicaSet,
  refOf,
  type Service,
  streamOf,
} from "../../src/domain/state.ts";
import { templateLabels } from "../../src/domain/wire/template.ts";
import type { Answer, Draft, Write } from "../../src/domain/write.ts";
import type { ContainerPort, PodTemplate } from "../../src/kubernetes/objects.ts";
import { type Refusal, refusal } from "../../src/kubernetes/refusal.ts";
import { matches } from "../../src/kubernetes/selector.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../src/kubernetes/well-known.ts";
import { metaOf, startMs, templateNamed, uidOf } from "./workloads.ts";

type WriteOf<V extends Write["verb"]> = Extract<Write, { readonly verb: V }>;

export class Cluster implements DeploymentView, ReplicaSetView, EndpointSliceView, GarbageCollectorView, NamespaceView {
  nowMs: number = startMs;
  /** Every change of an object, by a write or past all rules, in order. */
  readonly changes: Change[] = [];
  /** The requests of all syncs, in order. */
  readonly requests: Request[] = [];
  /** What the API server refuses, whatever it thinks itself. */
  refuse: (write: Write) => Refusal | undefined = () => undefined;
  /** The ports that the containers of a pod have, by the digest of its spec. */
  ports: (spec: Digest) => readonly ContainerPort[] = () => [];
  readonly #objects = new Map<string, Entity>();
  #version = 1000;

  constructor(...entities: readonly Entity[]) {
    this.put(...entities);
  }

  /** Puts objects in place, past all rules. */
  put(...entities: readonly Entity[]): void {
    for (const entity of entities) this.#store(refOf(entity), entity);
  }

  remove(entity: Entity): void {
    this.#store(refOf(entity), undefined);
  }

  /** Runs a sync to its end. */
  run<T>(reconcile: Reconcile<T>): T {
    let step = reconcile.next();
    while (step.done !== true) {
      this.requests.push(step.value);
      step = reconcile.next(this.#answers(step.value));
    }
    return step.value;
  }

  /** Runs the syncs that all changes so far, and those of the syncs, call for; answers with how many there were. */
  settle(keysOf: (change: Change) => readonly ObjectRef[], reconcile: (key: ObjectRef) => Reconcile, from = 0): number {
    let [seen, syncs] = [from, 0];
    const queue = new Map<string, ObjectRef>();
    for (;;) {
      while (seen < this.changes.length) {
        const change = this.changes[seen++];
        if (change) for (const key of keysOf(change)) queue.set(streamOf(key), key);
      }
      const [next] = queue.values();
      if (next === undefined) return syncs;
      if (++syncs > 10_000) throw new Error("the controller does not come to rest");
      queue.delete(streamOf(next));
      this.run(reconcile(next));
    }
  }

  get writes(): readonly Write[] {
    return this.requests.flatMap((request) => ("writes" in request ? request.writes : []));
  }

  writesOf<V extends Write["verb"]>(verb: V): readonly WriteOf<V>[] {
    const is = (write: Write): write is WriteOf<V> => write.verb === verb;
    return this.writes.filter(is);
  }

  all<K extends EntityKind>(kind: K, namespace?: string): readonly EntityOf<K>[] {
    const is = (entity: Entity): entity is EntityOf<K> =>
      entity.kind === kind && (namespace === undefined || entity.meta.namespace === namespace);
    return [...this.#objects.values()].filter(is);
  }

  get<K extends EntityKind>(kind: K, name: string, namespace = "default"): EntityOf<K> | undefined {
    return this.all(kind, namespace).find(({ meta }) => meta.name === name);
  }

  readonly template = (digest: Digest): PodTemplate => templateNamed(digest);
  readonly deployment = (namespace: string, name: string) => this.get("Deployment", name, namespace);
  readonly deployments = (namespace: string) => this.all("Deployment", namespace);
  readonly replicaSet = (namespace: string, name: string) => this.get("ReplicaSet", name, namespace);
  readonly replicaSets = (namespace: string) => this.all("ReplicaSet", namespace);
  readonly replicaSetsOwnedBy = (owner: string) =>
    this.all("ReplicaSet").filter(({ meta }) => controllerOf(meta)?.uid === owner);
  readonly podsOwnedBy = (owner: string) => this.all("Pod").filter(({ meta }) => controllerOf(meta)?.uid === owner);

  counts(replicaSet: ReplicaSet, nowMs: number): PodCounts {
    const { digest, hash } = replicaSet.spec.template;
    const labels = templateLabels(this.template(digest), hash);
    return addPods(noPods, this.activePods(replicaSet), replicaSet, labels, nowMs);
  }

  activePods(replicaSet: ReplicaSet): readonly Pod[] {
    return this.#controlled(replicaSet).filter(({ meta }) => matches(replicaSet.spec.selector, meta.labels));
  }

  strayPods(replicaSet: ReplicaSet): readonly Pod[] {
    return this.#controlled(replicaSet).filter(({ meta }) => !matches(replicaSet.spec.selector, meta.labels));
  }

  activePodsPerNode(replicaSet: ReplicaSet): ReadonlyMap<string, number> {
    const perNode = new Map<string, number>();
    for (const { nodeName = "" } of this.activePods(replicaSet))
      perNode.set(nodeName, (perNode.get(nodeName) ?? 0) + 1);
    return perNode;
  }

  orphanPods(namespace: string): readonly Pod[] {
    return this.all("Pod", namespace).filter((pod) => isPodActive(pod) && !controllerOf(pod.meta));
  }

  readonly service = (namespace: string, name: string) => this.get("Service", name, namespace);
  readonly services = (namespace: string) => this.all("Service", namespace);
  readonly pod = (namespace: string, name: string) => this.get("Pod", name, namespace);
  readonly node = (name: string) => this.get("Node", name, "");
  readonly containerPorts = (pod: Pod) => this.ports(pod.spec);

  slicesOf({ meta }: Service) {
    return this.all("EndpointSlice", meta.namespace).filter(
      (slice) => serviceNameOf(slice) === meta.name && slice.meta.deletion === undefined,
    );
  }

  slicesHolding(service: Service, podName: string) {
    return this.slicesOf(service).filter(({ endpoints }) => endpoints.some((it) => podOfEndpoint(it) === podName));
  }

  pendingPods(service: Service): readonly string[] {
    return this.candidatePods(service).filter((pod) => !isEndpointCurrent(this, service, pod));
  }

  /** Every pod that has anything to do with the Service, current or not. */
  candidatePods(service: Service): readonly string[] {
    const { namespace } = service.meta;
    const selected = this.all("Pod", namespace).filter(({ meta }) => isSelectedBy(service, namespace, meta.labels));
    const held = this.slicesOf(service).flatMap(({ endpoints }) => endpoints.map(podOfEndpoint));
    return [...new Set([...selected.map(({ meta }) => meta.name), ...held])];
  }

  readonly object = (ref: ObjectRef): Entity | undefined => this.#objects.get(streamOf(ref));
  readonly dependentsOf = (owner: string): readonly Entity[] =>
    [...this.#objects.values()].filter(({ meta }) => meta.ownerReferences.some(({ uid }) => uid === owner));
  readonly namespace = (name: string) => this.get("Namespace", name, "");
  readonly contents = (namespace: string): readonly Entity[] =>
    [...this.#objects.values()].filter(({ meta }) => meta.namespace === namespace);

  #controlled(replicaSet: ReplicaSet): readonly Pod[] {
    return this.all("Pod").filter((pod) => isPodActive(pod) && controllerOf(pod.meta)?.uid === replicaSet.meta.uid);
  }

  #answers(request: Request): Answers {
    if ("read" in request) return [this.#find(request.read)];
    return request.writes.map((write) => {
      const refused = this.refuse(write);
      return refused === undefined ? this.#accept(write) : E.left(refused);
    });
  }

  #accept(write: Write): Answer {
    switch (write.verb) {
      case "createDraft":
        return E.right(this.#create(write.draft));
      case "replace":
        return this.#replace(write);
      case "delete":
        return this.#change(write.ref, write.uid, (entity) => deleted(entity, write));
      case "strip":
        return this.#change(write.ref, write.uid, (entity) => stripped(entity, write));
      default:
        throw new Error(`no controller here does a ${write.verb}`);
    }
  }

  #create(draft: Draft): Entity {
    const serial = String(++this.#version);
    const name = draft.meta.name ?? `${draft.meta.generateName ?? ""}${serial}`;
    const meta = metaOf(name, {
      ...draft.meta,
      uid: uidOf(`${draft.kind}-${name}-${serial}`),
      createdAtMs: this.nowMs,
    });
    const ref = { kind: draft.kind, namespace: meta.namespace, name };
    switch (draft.kind) {
      case "Pod": {
        const status = { phase: "Pending", conditions: [], initContainers: [], containers: [] } as const;
        return this.#store(ref, { kind: "Pod", meta, spec: draft.template.digest, status });
      }
      case "EndpointSlice":
        return this.#store(ref, { ...draft, meta });
      case "ReplicaSet":
        throw new Error("no controller here creates ReplicaSets");
    }
  }

  #replace({ entity, subresource }: WriteOf<"replace">): Answer {
    return this.#change(refOf(entity), undefined, (stored) => {
      if (stored.meta.resourceVersion !== entity.meta.resourceVersion) return refusal("Conflict", "stale");
      if (subresource === undefined) return entity;
      if (stored.kind !== "ReplicaSet" || entity.kind !== "ReplicaSet")
        throw new Error(`no status of a ${entity.kind}`);
      return { ...stored, status: entity.status };
    });
  }

  #find(ref: ObjectRef): Answer {
    const found = this.object(ref);
    return found ? E.right(found) : E.left(refusal("NotFound", `${ref.kind.toLowerCase()}s "${ref.name}" not found`));
  }

  #change(ref: ObjectRef, uid: string | undefined, change: (entity: Entity) => Entity | Refusal | undefined): Answer {
    const found = this.#find(ref);
    if (E.isLeft(found)) return found;
    if (uid !== undefined && uid !== found.right.meta.uid) return E.left(refusal("Conflict", "another uid"));
    const after = change(found.right);
    if (after && "_tag" in after) return E.left(after);
    this.#store(ref, after);
    return E.right(after ? (this.object(ref) ?? after) : found.right);
  }

  #store<T extends Entity | undefined>(ref: ObjectRef, entity: T): T {
    const stream = streamOf(ref);
    const before = this.#objects.get(stream);
    const after = entity && { ...entity, meta: { ...entity.meta, resourceVersion: ++this.#version } };
    if (after) this.#objects.set(stream, after);
    else this.#objects.delete(stream);
    this.changes.push({ before, after });
    return after;
  }
}

const withMeta = <T extends Entity>(entity: T, over: Partial<Meta>): T => ({
  ...entity,
  meta: { ...entity.meta, ...over },
});

const finalizersFor: Readonly<Record<string, readonly string[]>> = {
  Foreground: [FOREGROUND_FINALIZER],
  Orphan: [ORPHAN_FINALIZER],
};

/** A scheduled pod gets its grace; anything else stays only as long as finalizers hold it. */
const deleted = (entity: Entity, { propagation = "Background" }: WriteOf<"delete">): Entity | undefined => {
  const others = entity.meta.finalizers.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  const finalizers = [...others, ...(finalizersFor[propagation] ?? [])];
  const isGraceful = entity.kind === "Pod" && entity.nodeName !== undefined;
  if (finalizers.length === 0 && !isGraceful) return undefined;
  return withMeta(entity, { finalizers, deletion: entity.meta.deletion ?? { deadlineMs: startMs, graceSeconds: 30 } });
};

const stripped = (entity: Entity, { finalizer, owners = [] }: WriteOf<"strip">): Entity | undefined => {
  const finalizers = entity.meta.finalizers.filter((name) => name !== finalizer);
  const ownerReferences = entity.meta.ownerReferences.filter(({ uid }) => !owners.includes(uid));
  if (entity.meta.deletion && finalizers.length === 0) return undefined;
  return withMeta(entity, { finalizers, ownerReferences });
};
