/**
 * An API server for one controller under test: it accepts every write that is not stale or told to be refused, and keeps a
 * record. It defaults and validates nothing.
 */
import * as E from "fp-ts/lib/Either.js";
import type { Answers, Reconcile, Request } from "../../src/controllers/reconcile.ts";
import type { DeploymentView } from "../../src/controllers/view.ts";
import {
  controllerOf,
  type Deployment,
  type Digest,
  type Entity,
  type ObjectRef,
  type ReplicaSet,
  refOf,
  streamOf,
} from "../../src/domain/state.ts";
import type { Answer, Draft, Write } from "../../src/domain/write.ts";
import type { PodTemplate } from "../../src/kubernetes/objects.ts";
import { type Refusal, refusal } from "../../src/kubernetes/refusal.ts";
import { metaOf, startMs, templateNamed, uidOf } from "./workloads.ts";

/** One accepted write: the object before (undefined: created) and after (undefined: deleted). */
export interface Change {
  readonly write: Write;
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

type Replace = Extract<Write, { readonly verb: "replace" }>;

const emptyStatus: ReplicaSet["status"] = {
  observedGeneration: 0,
  replicas: 0,
  fullyLabeledReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  conditions: [],
};

const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

export class FakeApi {
  readonly changes: Change[] = [];
  /** Every write that came in, also those that were refused or changed nothing. */
  readonly received: Write[] = [];
  /** What the API server refuses, whatever it thinks itself. */
  refuse: (write: Write) => Refusal | undefined = () => undefined;
  nowMs: number = startMs;
  readonly #objects = new Map<string, Entity>();
  #version = 1000;

  constructor(...entities: readonly Entity[]) {
    this.put(...entities);
  }

  /** Puts objects in place, past all rules. */
  put(...entities: readonly Entity[]): void {
    for (const entity of entities) this.#objects.set(streamOf(refOf(entity)), entity);
  }

  remove(entity: Entity): void {
    this.#objects.delete(streamOf(refOf(entity)));
  }

  get deployment(): Deployment {
    const [deployment] = this.#ofKind("Deployment");
    if (deployment === undefined) throw new Error("there is no Deployment");
    return deployment;
  }

  /** Oldest first. */
  get replicaSets(): readonly ReplicaSet[] {
    return this.#ofKind("ReplicaSet").sort((a, b) => a.meta.createdAtMs - b.meta.createdAtMs);
  }

  /** What a controller sees of the objects as they are now; later writes do not show in it. */
  view(templates: (digest: Digest) => PodTemplate = templateNamed): DeploymentView {
    const [deployments, replicaSets, pods] = [
      this.#ofKind("Deployment"),
      this.#ofKind("ReplicaSet"),
      this.#ofKind("Pod"),
    ];
    const named = (namespace: string, name: string) => (entity: Entity) =>
      entity.meta.namespace === namespace && entity.meta.name === name;
    return {
      template: templates,
      deployment: (namespace, name) => deployments.find(named(namespace, name)),
      deployments: (namespace) => deployments.filter(({ meta }) => meta.namespace === namespace),
      replicaSets: (namespace) => replicaSets.filter(({ meta }) => meta.namespace === namespace),
      podsOwnedBy: (owner) => pods.filter(({ meta }) => controllerOf(meta)?.uid === owner),
    };
  }

  /** Runs a sync to its end. */
  drive<T>(reconcile: Reconcile<T>): T {
    let step = reconcile.next();
    while (step.done !== true) step = reconcile.next(this.#answer(step.value));
    return step.value;
  }

  #answer(request: Request): Answers {
    if ("read" in request) return [this.#read(request.read)];
    this.received.push(...request.writes);
    return request.writes.map((write) => {
      const refused = this.refuse(write);
      return refused === undefined ? this.#accept(write) : E.left(refused);
    });
  }

  #accept(write: Write): Answer {
    switch (write.verb) {
      case "createDraft":
        return this.#create(write, write.draft);
      case "replace":
        return this.#replace(write);
      case "delete": {
        const found = this.#read(write.ref);
        if (E.isRight(found)) this.#record(write, found.right, undefined);
        return found;
      }
      default:
        throw new Error(`a Deployment controller does not ${write.verb}`);
    }
  }

  #create(write: Write, draft: Draft): Answer {
    if (draft.kind !== "ReplicaSet" || draft.meta.name === undefined) throw new Error(`cannot create a ${draft.kind}`);
    const { name } = draft.meta;
    const { namespace, labels = {}, annotations = {}, ownerReferences = [] } = draft.meta;
    if (this.#objects.has(streamOf({ kind: "ReplicaSet", namespace, name }))) {
      return E.left(refusal("AlreadyExists", `replicasets.apps "${name}" already exists`));
    }
    const meta = metaOf(name, {
      namespace,
      labels,
      annotations,
      ownerReferences,
      uid: uidOf(name),
      createdAtMs: Math.floor(this.nowMs / 1000) * 1000,
    });
    return E.right(this.#record(write, undefined, { kind: "ReplicaSet", meta, spec: draft.spec, status: emptyStatus }));
  }

  #replace(write: Replace): Answer {
    const { entity, subresource } = write;
    const found = this.#read(refOf(entity));
    if (E.isLeft(found)) return found;
    const stored = found.right;
    if (stored.meta.resourceVersion !== entity.meta.resourceVersion) {
      return E.left(refusal("Conflict", `the object "${entity.meta.name}" has been modified`));
    }
    return E.right(
      this.#record(write, stored, subresource === "status" ? statusOf(stored, entity) : mainOf(stored, entity)),
    );
  }

  #record<T extends Entity | undefined>(write: Write, before: Entity | undefined, after: T): T {
    const changed = differ(before, after);
    const stored =
      after === undefined || !changed ? after : { ...after, meta: { ...after.meta, resourceVersion: ++this.#version } };
    if (stored !== undefined) this.put(stored);
    else if (before !== undefined) this.remove(before);
    if (changed) this.changes.push({ write, before, after: stored });
    return stored;
  }

  #read(ref: ObjectRef): Answer {
    const found = this.#objects.get(streamOf(ref));
    return found === undefined
      ? E.left(refusal("NotFound", `${ref.kind.toLowerCase()}s "${ref.name}" not found`))
      : E.right(found);
  }

  #ofKind<K extends Entity["kind"]>(kind: K): Extract<Entity, { readonly kind: K }>[] {
    const isOfKind = (entity: Entity): entity is Extract<Entity, { readonly kind: K }> => entity.kind === kind;
    return [...this.#objects.values()].filter(isOfKind);
  }
}

/** A write to `/status` takes the annotations along and raises no generation. */
const statusOf = (stored: Entity, sent: Replace["entity"]): Entity => {
  const meta = { ...stored.meta, annotations: sent.meta.annotations };
  if (stored.kind === "Deployment" && sent.kind === "Deployment") return { ...stored, meta, status: sent.status };
  throw new Error(`no status of a ${sent.kind} is written here`);
};

/** A change of the spec raises the generation; so does one of a Deployment's annotations. */
const mainOf = (stored: Entity, sent: Replace["entity"]): Entity => {
  if (sent.kind === "ReplicaSet" && stored.kind === "ReplicaSet") {
    const generation = stored.meta.generation + (differ(stored.spec, sent.spec) ? 1 : 0);
    return { ...sent, meta: { ...sent.meta, generation }, status: stored.status };
  }
  if (sent.kind === "Deployment" && stored.kind === "Deployment") {
    const changed = differ(stored.spec, sent.spec) || differ(stored.meta.annotations, sent.meta.annotations);
    return {
      ...sent,
      meta: { ...sent.meta, generation: stored.meta.generation + (changed ? 1 : 0) },
      status: stored.status,
    };
  }
  throw new Error(`no ${sent.kind} is updated here`);
};
