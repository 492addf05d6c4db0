/** Owner references as the garbage collector reads them. */
import type { Entity, Meta, ObjectRef } from "../../domain/state.ts";
import { resourceTypeOfKind, storedKindOf } from "../../kubernetes/kinds.ts";
import type { OwnerReference } from "../../kubernetes/objects.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../kubernetes/well-known.ts";

/**
 * Where the owner should be: a namespaced owner is in the namespace of its dependent. Undefined for kinds that are not
 * stored here; nothing can be said about such an owner.
 */
export const ownerRef = (dependent: Meta, { kind, name }: OwnerReference): ObjectRef | undefined => {
  const type = resourceTypeOfKind(kind);
  const stored = type && storedKindOf(type);
  return stored && { kind: stored, namespace: type.namespaced ? dependent.namespace : "", name };
};

/** The owner waits for its dependents: it was deleted in the foreground. */
export const isDeletingDependents = ({ deletion, finalizers }: Meta): boolean =>
  deletion !== undefined && finalizers.includes(FOREGROUND_FINALIZER);

/** The owner was deleted but leaves its dependents behind. */
export const isOrphaningDependents = ({ deletion, finalizers }: Meta): boolean =>
  deletion !== undefined && finalizers.includes(ORPHAN_FINALIZER);

/** The owner may not go before this dependent. */
export const blocks = (dependent: Entity, owner: Meta): boolean =>
  dependent.meta.ownerReferences.some(
    ({ uid, blockOwnerDeletion }) => uid === owner.uid && blockOwnerDeletion === true,
  );
