import { createPatch } from "rfc6902";
import type { OwnerReference } from "../../../kubernetes/objects.ts";
import type { ConditionChange, Patch, PatchableMeta } from "../../events.ts";
import { withConditionChange } from "../../evolve/meta.ts";
import type { Condition, Meta } from "../../state.ts";

/** Whether two JSON values are the same; key order does not matter. */
export const sameJson = (a: unknown, b: unknown): boolean => a === b || createPatch(a, b).length === 0;

export const patchableMeta = ({ labels, annotations, ownerReferences, finalizers }: PatchableMeta): PatchableMeta => ({
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

const controllers = (meta: Meta): readonly OwnerReference[] =>
  meta.ownerReferences.filter((owner) => owner.controller === true);

/** An adoption or release, seen as the one controller reference that came or went; undefined for anything else. */
export const ownershipChange = (
  before: Meta,
  after: Pick<Meta, "ownerReferences">,
): { readonly adopted: OwnerReference } | { readonly released: OwnerReference } | undefined => {
  if (before.ownerReferences === after.ownerReferences) return undefined;
  const uids = (meta: Pick<Meta, "ownerReferences">): string => meta.ownerReferences.map(({ uid }) => uid).join();
  const added = after.ownerReferences.at(-1);
  if (added?.controller === true && uids({ ownerReferences: [...before.ownerReferences, added] }) === uids(after)) {
    return { adopted: added };
  }
  for (const owner of controllers(before)) {
    const rest = before.ownerReferences.filter((other) => other !== owner);
    if (uids({ ownerReferences: rest }) === uids(after)) return { released: owner };
  }
  return undefined;
};
