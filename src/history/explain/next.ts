/**
 * What the controllers would do next: their own syncs, run on the present objects, with an API server that accepts every write
 * and records none.
 */
import * as E from "fp-ts/lib/Either.js";
import { reconcileDeployment } from "../../controllers/deployment/sync.ts";
import type { Reconcile, Request, SyncResult } from "../../controllers/reconcile.ts";
import { reconcileReplicaSet } from "../../controllers/replica-set/controller.ts";
import type { BodySource } from "../../domain/bodies.ts";
import { notFound } from "../../domain/decide.ts";
import { drawUid } from "../../domain/draw.ts";
import type { DomainEvent } from "../../domain/events.ts";
import { evolve } from "../../domain/evolve.ts";
import {
  type Deployment,
  type Entity,
  type EntityKind,
  type EntityOf,
  type ObjectRef,
  refOf,
} from "../../domain/state.ts";
import type { Answer, Draft, Write } from "../../domain/write.ts";
import { DeploymentCaches } from "../../simulation/views/deployment-view.ts";
import { ReplicaSetCaches } from "../../simulation/views/replica-set-view.ts";

/** The objects as they are at the moment that is explained. */
export interface Objects {
  all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>>;
  get<K extends EntityKind>(ref: ObjectRef & { readonly kind: K }): EntityOf<K> | undefined;
}

interface PlannedWrite {
  readonly actor: string;
  /** `scale rs/web-5db6 3 → 2`. */
  readonly wants: string;
  /** It moves the rollout on; otherwise it only writes down what is. */
  readonly moves: boolean;
}

export interface Plan {
  readonly writes: readonly PlannedWrite[];
  /** The controllers' own objection to going on. */
  readonly error?: string;
  /** Which controller looks again first although nothing happens, and when, ms. */
  readonly looksAgain?: { readonly actor: string; readonly atMs: number };
}

const creation = (draft: Draft, ref: ObjectRef): DomainEvent => {
  const { labels, annotations, ownerReferences } = draft.meta;
  const meta = {
    uid: drawUid(0, ref.kind, ref.namespace, ref.name, 1),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
  };
  switch (draft.kind) {
    case "ReplicaSet":
      return { type: "ReplicaSetCreated", data: { ...meta, spec: draft.spec } };
    case "Pod":
      // Nobody reads the spec of a pod that is never made.
      return { type: "PodCreated", data: { ...meta, spec: draft.template.digest } };
    case "EndpointSlice": {
      const { addressType, ports, endpoints } = draft;
      return { type: "EndpointSliceCreated", data: { ...meta, addressType, ports, endpoints } };
    }
  }
};

const found = (entity: Entity | undefined, ref: ObjectRef): Answer =>
  entity ? E.right(entity) : E.left(notFound(ref));

/** Says yes to a write, as if it had been carried out. */
const accept = (write: Write, objects: Objects, nowMs: number): Answer => {
  switch (write.verb) {
    case "createDraft": {
      const { kind, meta } = write.draft;
      const ref: ObjectRef = { kind, namespace: meta.namespace, name: meta.name ?? `${meta.generateName ?? ""}new` };
      return found(evolve(undefined, { ...creation(write.draft, ref), at: nowMs, resourceVersion: 0 }, ref), ref);
    }
    case "replace":
      return E.right(write.entity);
    case "create":
    case "update":
      throw new Error(`no controller sends a manifest: ${write.verb} ${write.object.kind}`);
    case "patch":
    case "delete":
    case "strip":
    case "bind":
    case "report":
    case "reportNode":
    case "reportUnschedulable":
      return found(objects.get(write.ref), write.ref);
  }
};

interface Sync {
  readonly writes: readonly Write[];
  readonly result: SyncResult;
}

const drive = (sync: Reconcile<SyncResult>, objects: Objects, nowMs: number): Sync => {
  const writes: Write[] = [];
  const answer = (request: Request): readonly Answer[] => {
    if ("read" in request) return [found(objects.get(request.read), request.read)];
    writes.push(...request.writes);
    return request.writes.map((write) => accept(write, objects, nowMs));
  };
  let step = sync.next();
  while (!step.done) step = sync.next(answer(step.value));
  return { writes, result: step.value };
};

const pods = (count: number): string => (count === 1 ? "1 pod" : `${count} pods`);

const replacement = (write: Extract<Write, { readonly verb: "replace" }>, objects: Objects): PlannedWrite["wants"] => {
  const { entity, subresource } = write;
  const before = objects.get(refOf(entity));
  const short = entity.kind === "ReplicaSet" ? `rs/${entity.meta.name}` : `deploy/${entity.meta.name}`;
  if (subresource === "status") return `update the status of ${short}`;
  const [from, to] = [before, entity].map((one) => (one?.kind === "ReplicaSet" ? one.spec.replicas : undefined));
  return from === to ? `update ${short}` : `scale ${short} ${from ?? 0} → ${to ?? 0}`;
};

/** The writes of one sync in words; those of pods together, and those to one object's status. */
const inWords = (actor: string, writes: readonly Write[], objects: Objects, owner: string): readonly PlannedWrite[] => {
  const planned: PlannedWrite[] = [];
  let created = 0;
  let deleted = 0;
  for (const write of writes) {
    if (write.verb === "replace") {
      const wants = replacement(write, objects);
      const moves = write.subresource !== "status";
      if (moves || !planned.some((other) => other.wants === wants)) planned.push({ actor, wants, moves });
    } else if (write.verb === "delete") deleted += 1;
    else if (write.verb === "createDraft" && write.draft.kind === "Pod") created += 1;
    else if (write.verb === "createDraft" && write.draft.kind === "ReplicaSet") {
      const { meta, spec } = write.draft;
      planned.push({ actor, wants: `create rs/${meta.name ?? ""} with ${pods(spec.replicas)}`, moves: true });
    }
  }
  if (created > 0) planned.push({ actor, wants: `create ${pods(created)} of ${owner}`, moves: true });
  if (deleted > 0) planned.push({ actor, wants: `delete ${pods(deleted)} of ${owner}`, moves: true });
  return planned;
};

/** One sync of the Deployment, and one of each of its ReplicaSets, side by side. */
export const planFor = (deployment: Deployment, objects: Objects, bodies: BodySource, nowMs: number): Plan => {
  const deployments = new DeploymentCaches(bodies, objects);
  const replicaSets = new ReplicaSetCaches(bodies, objects);
  const writes: PlannedWrite[] = [];
  let looksAgain: Plan["looksAgain"];
  const run = (actor: string, owner: string, sync: Reconcile<SyncResult>): SyncResult => {
    const driven = drive(sync, objects, nowMs);
    writes.push(...inWords(actor, driven.writes, objects, owner));
    const atMs = nowMs + (driven.result.requeueAfterMs ?? Infinity);
    if (atMs < (looksAgain?.atMs ?? Infinity)) looksAgain = { actor, atMs };
    return driven.result;
  };
  const { namespace, name, uid } = deployment.meta;
  const { error } = run(
    "controller:deployment",
    `deploy/${name}`,
    reconcileDeployment(deployments, { namespace, name }, nowMs),
  );
  for (const replicaSet of deployments.replicaSetsOwnedBy(uid)) {
    const sync = reconcileReplicaSet(replicaSets, refOf(replicaSet), nowMs);
    run("controller:replicaset", `rs/${replicaSet.meta.name}`, sync);
  }
  return { writes, ...(error === undefined ? {} : { error }), ...(looksAgain ? { looksAgain } : {}) };
};
