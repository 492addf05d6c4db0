/** How a controller refers to what it owns, and how the log says it: nearly all references follow from kind, name and uid. */
import { resourceTypeOfKind } from "../kubernetes/kinds.ts";
import type { OwnerReference } from "../kubernetes/objects.ts";

/** The owner that manages an object, by what does not follow from its being one. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** An object's owners as its `…Created` event says them: the usual single controller in few words, anything else in full. */
export interface RecordedOwners {
  readonly controller?: Controller;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** The reference that a controller sets on what it makes: it manages the object, and its foreground deletion waits for it. */
export const standardReference = ({ kind, name, uid }: Controller): OwnerReference => ({
  apiVersion: resourceTypeOfKind(kind)?.apiVersion ?? "",
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

const isStandard = (reference: OwnerReference): boolean => {
  const standard = standardReference(reference);
  return (
    Object.keys(reference).length === Object.keys(standard).length &&
    reference.apiVersion === standard.apiVersion &&
    reference.controller === true &&
    reference.blockOwnerDeletion === true
  );
};

export const recordedOwners = (references: readonly OwnerReference[]): RecordedOwners => {
  const [only, another] = references;
  if (!only) return {};
  if (another || !isStandard(only)) return { ownerReferences: references };
  return { controller: { kind: only.kind, name: only.name, uid: only.uid } };
};

const none: readonly never[] = Object.freeze([]);

/** The owners that were recorded, in full. */
export const ownersOf = ({ controller, ownerReferences }: RecordedOwners): readonly OwnerReference[] =>
  controller ? [standardReference(controller)] : (ownerReferences ?? none);
