import { createPatch } from "rfc6902";
import type { OwnerReference } from "../../../kubernetes/objects.ts";
import type { ConditionChange, DomainEvent, Patch, PatchableMeta } from "../../events.ts";
import { withConditionChange, withoutOwner } from "../../evolve/meta.ts";
import type { Condition, Meta } from "../../state.ts";

/** Whether two JSON values are the same; key order does not matter. */
export const sameJson = (a: unknown, b: unknown): boolean => a === b || createPatch(a, b).length === 0;

const patchableMeta = ({ labels, annotations, ownerReferences, finalizers }: PatchableMeta): PatchableMeta => ({
  labels,
  annotations,
  ownerReferences,
  finalizers,
});

/** RFC 6902 operations from one metadata to the other; empty when nothing changed. */
export const metadataPatch = (before: PatchableMeta, after: PatchableMeta): Patch => {
  const same =
    before.labels === after.labels &&
    before.annotations === after.annotations &&
    before.ownerReferences === after.ownerReferences &&
    before.finalizers === after.finalizers;
  return same ? [] : createPatch(patchableMeta(before), patchableMeta(after));
};

const sameCondition = (a: Condition, b: Condition): boolean =>
  a === b ||
  (a.type === b.type &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.lastUpdateMs === b.lastUpdateMs &&
    a.lastTransitionMs === b.lastTransitionMs);

/** Only what differs from the condition as it was, so that a refreshed time costs a time. */
const conditionChange = (before: Condition | undefined, after: Condition): ConditionChange => {
  if (!before) return after;
  const changed = Object.entries(after).filter(
    ([field, value]) => field === "type" || before[field as keyof Condition] !== value,
  );
  return Object.fromEntries(changed) as ConditionChange;
};

/**
 * The changes that lead from one list of conditions to the other, or undefined when no sequence of them gives the new
 * order (a writer that inserts in the middle): then the whole list has to be recorded.
 */
export const conditionChanges = (
  before: readonly Condition[],
  after: readonly Condition[],
): readonly ConditionChange[] | undefined => {
  if (before === after) return [];
  const changes: ConditionChange[] = [];
  for (const old of before) {
    if (!after.some(({ type }) => type === old.type)) changes.push({ type: old.type, removed: true });
  }
  for (const condition of after) {
    const old = before.find(({ type }) => type === condition.type);
    const lostField = old && Object.keys(old).some((field) => !(field in condition));
    if (lostField) return undefined;
    if (!old || !sameCondition(old, condition)) changes.push(conditionChange(old, condition));
  }
  let result = before;
  for (const change of changes) result = withConditionChange(result, change);
  const agrees =
    result.length === after.length &&
    result.every((condition, i) => sameCondition(condition, after[i] ?? condition) && after[i] !== undefined);
  return agrees ? changes : undefined;
};

/** The one controller reference that came or went; undefined for any other change, or none. */
const ownershipChange = (
  before: readonly OwnerReference[],
  after: readonly OwnerReference[],
): { readonly is: "Adopted" | "Released"; readonly owner: OwnerReference } | undefined => {
  if (before === after) return undefined;
  const uids = (owners: readonly OwnerReference[]): string => owners.map(({ uid }) => uid).join();
  const added = after.at(-1);
  if (added?.controller === true && uids([...before, added]) === uids(after)) return { is: "Adopted", owner: added };
  for (const owner of before) {
    const isReleased = owner.controller === true && uids(withoutOwner(before, owner.uid)) === uids(after);
    if (isReleased) return { is: "Released", owner };
  }
  return undefined;
};

/** An adoption or release as its own event, and the metadata as they are after it. */
export const ownershipEvents = (
  kind: "Pod" | "ReplicaSet",
  before: Meta,
  next: Meta,
): { readonly events: readonly DomainEvent[]; readonly meta: Meta } => {
  const change = ownershipChange(before.ownerReferences, next.ownerReferences);
  if (!change) return { events: [], meta: before };
  const { is, owner } = change;
  const ownerReferences =
    is === "Adopted" ? [...before.ownerReferences, owner] : withoutOwner(before.ownerReferences, owner.uid);
  return { events: [{ type: `${kind}${is}`, data: { owner } }], meta: { ...before, ownerReferences } };
};
