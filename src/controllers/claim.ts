/**
 * How a controller settles which objects are its own: it adopts orphans that its selector matches and releases what its
 * selector no longer matches. Two owners with overlapping selectors never steal from each other: the owner reference decides.
 */

import type { Either } from "fp-ts/lib/Either.js";
import * as E from "fp-ts/lib/Either.js";
import { standardReference } from "../domain/owners.ts";
import { controllerOf, type Deployment, type Meta, type Pod, type ReplicaSet, refOf } from "../domain/state.ts";
import type { OwnerReference, StringMap } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { type Reconcile, readLive } from "./reconcile.ts";
import { replace } from "./replace.ts";

export type Owner = Deployment | ReplicaSet;
type Ownable = ReplicaSet | Pod;

/** The reference by which a controller owns an object. */
export const controllerReference = ({ kind, meta }: Owner): OwnerReference =>
  standardReference({ kind, name: meta.name, uid: meta.uid });

export const isControlledBy = (meta: Meta, owner: Owner): boolean => controllerOf(meta)?.uid === owner.meta.uid;

interface Claims<T extends Ownable> {
  /** The owner's objects, in the order of the candidates, as they are after adoption. */
  readonly claimed: readonly T[];
  /** What went wrong with single objects; the others are claimed all the same. */
  readonly errors: readonly string[];
}

/**
 * Claims among `candidates`, one write after the other. A refusal does not stop the claiming of the others; objects that are
 * gone are passed over. Before the first adoption the owner is read past the view, because the garbage collector
 * would take an object adopted by an owner that no longer exists.
 */
export function* claim<T extends Ownable>(
  owner: Owner,
  matches: (labels: StringMap) => boolean,
  candidates: Iterable<T>,
): Reconcile<Claims<T>> {
  const claimed: T[] = [];
  const errors: string[] = [];
  let mayAdopt: Either<string, void> | undefined;
  for (const candidate of candidates) {
    switch (relationTo(owner, matches, candidate.meta)) {
      case "foreign":
        break;
      case "owned":
        claimed.push(candidate);
        break;
      case "lost": {
        const released = yield* release(owner, candidate);
        if (E.isLeft(released)) errors.push(released.left.message);
        break;
      }
      case "orphaned": {
        mayAdopt ??= yield* canAdopt(owner);
        if (E.isLeft(mayAdopt)) {
          const { namespace, name, uid } = candidate.meta;
          errors.push(`can't adopt ${candidate.kind} ${namespace}/${name} (${uid}): ${mayAdopt.left}`);
          break;
        }
        const adopted = yield* adopt(owner, candidate);
        if (E.isRight(adopted)) claimed.push(adopted.right);
        else if (adopted.left.reason !== "NotFound") errors.push(adopted.left.message);
      }
    }
  }
  return { claimed, errors };
}

/** Several errors as the one text that Kubernetes makes of them. */
export const aggregateErrors = (errors: readonly string[]): string => {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct.join() : `[${distinct.join(", ")}]`;
};

type Relation = "owned" | "lost" | "orphaned" | "foreign";

const relationTo = (owner: Owner, matches: (labels: StringMap) => boolean, candidate: Meta): Relation => {
  const controller = controllerOf(candidate);
  const dying = owner.meta.deletion !== undefined;
  if (controller !== undefined) {
    if (controller.uid !== owner.meta.uid) return "foreign";
    if (matches(candidate.labels)) return "owned";
    return dying ? "foreign" : "lost";
  }
  const adoptable = !dying && candidate.deletion === undefined && matches(candidate.labels);
  return adoptable ? "orphaned" : "foreign";
};

function* canAdopt(owner: Owner): Reconcile<Either<string, void>> {
  const { namespace, name, uid } = owner.meta;
  const answer = yield* readLive(refOf(owner));
  if (E.isLeft(answer)) return E.left(`can't recheck DeletionTimestamp: ${answer.left.message}`);
  const fresh = answer.right.meta;
  if (fresh.uid !== uid) {
    const gone = `original ${owner.kind} ${namespace}/${name} is gone: got uid ${fresh.uid}, wanted ${uid}`;
    return E.left(`can't recheck DeletionTimestamp: ${gone}`);
  }
  if (fresh.deletion !== undefined) {
    return E.left(`${namespace}/${name} has just been deleted at ${goTime(fresh.deletion.deadlineMs)}`);
  }
  return E.right(undefined);
}

function* adopt<T extends Ownable>(owner: Owner, orphan: T): Reconcile<Either<Refusal, T>> {
  const ownerReferences = [...orphan.meta.ownerReferences, controllerReference(owner)];
  return yield* replace({ ...orphan, meta: { ...orphan.meta, ownerReferences } });
}

function* release<T extends Ownable>(owner: Owner, lost: T): Reconcile<Either<Refusal, void>> {
  const ownerReferences = lost.meta.ownerReferences.filter((reference) => reference.uid !== owner.meta.uid);
  const answer = yield* replace({ ...lost, meta: { ...lost.meta, ownerReferences } });
  // Gone, or no longer the object that was ours: either way it is released.
  if (E.isLeft(answer) && (answer.left.reason === "NotFound" || answer.left.reason === "Invalid"))
    return E.right(undefined);
  return E.isLeft(answer) ? answer : E.right(undefined);
}

/** `2026-01-01 00:00:00 +0000 UTC`, as Go prints a time. */
const goTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
