/** The garbage collector: what becomes of objects whose owners go. */
import type { Either } from "fp-ts/lib/Either.js";
import * as E from "fp-ts/lib/Either.js";
import { type Entity, type Meta, type ObjectRef, refOf } from "../../domain/state.ts";
import type { Answer, Propagation, Write } from "../../domain/write.ts";
import type { OwnerReference } from "../../kubernetes/objects.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../kubernetes/well-known.ts";
import { aggregateErrors } from "../claim.ts";
import { done, type Reconcile, readLive, type SyncResult, send, sendAll } from "../reconcile.ts";
import type { GarbageCollectorView } from "../view.ts";
import { blocks, isDeletingDependents, isOrphaningDependents, ownerRef } from "./ownership.ts";

/**
 * One look at one object.
 * - Deleted with `Orphan`: its dependents lose their references to it, then it goes.
 * - Deleted with `Foreground`: it goes once no dependent with `blockOwnerDeletion` is left.
 * - Not deleted, but none of its owners exists any more, or the last ones wait for their dependents: it is deleted.
 * - Some owners exist, others do not: it loses the references to those that do not.
 *
 * An owner exists if the object of that kind and name has the UID of the reference; one of the same name is another object.
 */
export function* collectGarbage(view: GarbageCollectorView, key: ObjectRef): Reconcile {
  const entity = view.object(key);
  if (!entity) return done;
  if (isOrphaningDependents(entity.meta)) return yield* orphanDependents(view, entity);
  if (isDeletingDependents(entity.meta)) return yield* finishForeground(view, entity);
  if (entity.meta.deletion !== undefined || entity.meta.ownerReferences.length === 0) return done;
  return yield* checkOwners(view, entity);
}

function* orphanDependents(view: GarbageCollectorView, owner: Entity): Reconcile {
  const strips: Write[] = [];
  for (const dependent of [...view.dependentsOf(owner.meta.uid)].sort(byName)) {
    strips.push({ verb: "strip", ref: refOf(dependent), uid: dependent.meta.uid, owners: [owner.meta.uid] });
  }
  const errors = errorsIn(strips.length === 0 ? [] : yield* sendAll(strips));
  if (errors.length > 0) {
    const { uid } = owner.meta;
    return { error: `failed to orphan dependents of owner ${uid}, got errors: ${aggregateErrors(errors)}` };
  }
  return yield* stripFinalizer(owner, ORPHAN_FINALIZER);
}

/** The dependents see to their own deletion; this only notices that they are gone. */
function* finishForeground(view: GarbageCollectorView, owner: Entity): Reconcile {
  for (const dependent of view.dependentsOf(owner.meta.uid)) {
    if (blocks(dependent, owner.meta)) return done;
  }
  return yield* stripFinalizer(owner, FOREGROUND_FINALIZER);
}

/** Writes need an order, and the view has none. */
const byName = (a: Entity, b: Entity): number =>
  compareText(a.meta.name, b.meta.name) ||
  compareText(a.meta.namespace, b.meta.namespace) ||
  compareText(a.kind, b.kind);

interface Owners {
  readonly solid: readonly OwnerReference[];
  /** They go, but not before their dependents. */
  readonly waiting: readonly OwnerReference[];
  readonly absent: readonly OwnerReference[];
}

function* checkOwners(view: GarbageCollectorView, entity: Entity): Reconcile {
  const classified = yield* classifyOwners(view, entity.meta);
  if (E.isLeft(classified)) return { error: classified.left };
  const { solid, waiting, absent } = classified.right;
  const ref = refOf(entity);
  const { uid } = entity.meta;
  if (solid.length === 0) {
    const propagation = propagationFor(view, entity, waiting.length > 0);
    return resultOf([yield* send({ verb: "delete", ref, uid, propagation })]);
  }
  const lost = [...absent, ...waiting].map((owner) => owner.uid);
  if (lost.length === 0) return done;
  return resultOf([yield* send({ verb: "strip", ref, uid, owners: lost })]);
}

/** An owner that the view does not show is looked for in the API server: the view may be behind. */
function* classifyOwners(view: GarbageCollectorView, dependent: Meta): Reconcile<Either<string, Owners>> {
  const solid: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  const absent: OwnerReference[] = [];
  for (const reference of dependent.ownerReferences) {
    const ref = ownerRef(dependent, reference);
    if (ref === undefined) {
      solid.push(reference);
      continue;
    }
    let owner = view.object(ref);
    if (owner?.meta.uid !== reference.uid) {
      const answer = yield* readLive(ref);
      if (E.isLeft(answer) && answer.left.reason !== "NotFound") return E.left(answer.left.message);
      owner = E.isRight(answer) ? answer.right : undefined;
    }
    if (owner?.meta.uid !== reference.uid) absent.push(reference);
    else if (isDeletingDependents(owner.meta)) waiting.push(reference);
    else solid.push(reference);
  }
  return E.right({ solid, waiting, absent });
}

/**
 * For a waiting owner the object goes in the foreground too, if it has dependents of its own. If one of those waits as
 * well, the owners may form a circle in which each waits for the next; then it goes at once, which breaks the circle.
 */
const propagationFor = (view: GarbageCollectorView, entity: Entity, ownerWaits: boolean): Propagation => {
  const { uid, finalizers } = entity.meta;
  const dependents = ownerWaits ? [...view.dependentsOf(uid)] : [];
  if (dependents.length > 0) {
    return dependents.some(({ meta }) => isDeletingDependents(meta)) ? "Background" : "Foreground";
  }
  if (finalizers.includes(ORPHAN_FINALIZER)) return "Orphan";
  return finalizers.includes(FOREGROUND_FINALIZER) ? "Foreground" : "Background";
};

function* stripFinalizer(entity: Entity, finalizer: string): Reconcile {
  return resultOf([yield* send({ verb: "strip", ref: refOf(entity), uid: entity.meta.uid, finalizer })]);
}

const resultOf = (answers: readonly Answer[]): SyncResult => {
  const errors = errorsIn(answers);
  return errors.length === 0 ? done : { error: aggregateErrors(errors) };
};

/** An object that is gone needs nothing more. */
const errorsIn = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap((answer) => (E.isLeft(answer) && answer.left.reason !== "NotFound" ? [answer.left.message] : []));
