import * as E from "fp-ts/lib/Either.js";
import { qualifiedPlural, resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { StoredObject } from "../../kubernetes/objects.ts";
import { type Refusal, refusal } from "../../kubernetes/refusal.ts";
import type { Bodies } from "../bodies.ts";
import type { DomainEvent } from "../events.ts";
import type { Entity, EntityKind, Meta, ObjectRef } from "../state.ts";
import type { World } from "../world.ts";

/** Everything a decision may depend on. */
export interface DecideContext {
  readonly world: World;
  readonly bodies: Bodies;
  readonly seed: number;
  /** The log's last seq. */
  readonly headSeq: number;
  /** Cluster time of the write, ms. */
  readonly atMs: number;
}

/** What an accepted write becomes. No events: it changes nothing, and nothing is recorded. */
interface Decision {
  readonly ref: ObjectRef;
  readonly events: readonly DomainEvent[];
}

export type Decided = E.Either<Refusal, Decision>;

export const accept = (ref: ObjectRef, events: readonly DomainEvent[]): Decided => E.right({ ref, events });

const detailsOf = (kind: EntityKind, name: string): NonNullable<Refusal["details"]> => {
  const type = resourceTypeOf(kind);
  return { name, ...(type.group === "" ? {} : { group: type.group }), kind: type.plural };
};

/** `deployments.apps "web"`: how refusals name an object. */
const quoted = (kind: EntityKind, name: string): string => `${qualifiedPlural(resourceTypeOf(kind))} "${name}"`;

export const notFound = (ref: ObjectRef): Refusal =>
  refusal("NotFound", `${quoted(ref.kind, ref.name)} not found`, { details: detailsOf(ref.kind, ref.name) });

export const alreadyExists = (ref: ObjectRef): Refusal =>
  refusal("AlreadyExists", `${quoted(ref.kind, ref.name)} already exists`, { details: detailsOf(ref.kind, ref.name) });

export const conflict = (ref: ObjectRef, why: string): Refusal =>
  refusal("Conflict", `Operation cannot be fulfilled on ${quoted(ref.kind, ref.name)}: ${why}`, {
    details: detailsOf(ref.kind, ref.name),
  });

export const staleVersion = (ref: ObjectRef): Refusal =>
  conflict(ref, "the object has been modified; please apply your changes to the latest version and try again");

export const otherUid = (ref: ObjectRef, wanted: string, actual: string): Refusal =>
  conflict(ref, `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${actual}`);

export const forbidden = (kind: EntityKind, name: string, why: string, causes: Refusal["causes"] = []): Refusal =>
  refusal("Forbidden", `${quoted(kind, name)} is forbidden: ${why}`, { details: detailsOf(kind, name), causes });

/** The object a write names, or why it cannot be written: it is gone, or another object has its name now. */
export const existing = (ctx: DecideContext, ref: ObjectRef, uid?: string): E.Either<Refusal, Entity> => {
  const entity = ctx.world.get(ref);
  if (!entity) return E.left(notFound(ref));
  if (uid !== undefined && entity.meta.uid !== uid) return E.left(otherUid(ref, uid, entity.meta.uid));
  return E.right(entity);
};

/** The namespace that a manifest means; empty for cluster-scoped kinds. */
export const namespaceOf = ({ kind, metadata }: StoredObject): string =>
  resourceTypeOf(kind).namespaced ? metadata.namespace || "default" : "";

/** Namespaced objects are created only in a namespace that exists and is not on its way out. */
export const namespaceRefusal = (
  ctx: DecideContext,
  kind: EntityKind,
  namespace: string,
  name: string,
): Refusal | undefined => {
  if (!resourceTypeOf(kind).namespaced) return undefined;
  const ref = { kind: "Namespace", namespace: "", name: namespace } as const;
  const entity = ctx.world.get(ref);
  if (!entity) return notFound(ref);
  if (!entity.meta.deletion) return undefined;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    field: "metadata.namespace",
    message: `namespace ${namespace} is being terminated`,
  };
  return forbidden(kind, name, why, [cause]);
};

/** A finished deletion: marked, no grace left, and nothing holds the object any more. */
export const isReleased = (meta: Meta, finalizers: readonly string[]): boolean =>
  meta.deletion?.graceSeconds === 0 && finalizers.length === 0;

export const gone = ({ kind }: Entity): DomainEvent => ({ type: `${kind}Deleted`, data: {} });
