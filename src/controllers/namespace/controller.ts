/** The namespace controller: empties a namespace that was deleted, then lets it go. */
import * as E from "fp-ts/lib/Either.js";
import { type Entity, type EntityKind, type ObjectRef, refOf } from "../../domain/state.ts";
import type { Write } from "../../domain/write.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import { NAMESPACE_FINALIZER } from "../../kubernetes/well-known.ts";
import { aggregateErrors } from "../claim.ts";
import { done, type Reconcile, send, sendAll } from "../reconcile.ts";
import type { NamespaceView } from "../view.ts";

/** Owners go before their dependents, so that no controller tries to replace what is being taken away. */
const waveOf = (kind: EntityKind): number => {
  switch (kind) {
    case "Deployment":
      return 0;
    case "ReplicaSet":
    case "Service":
      return 1;
    default:
      return 2;
  }
};
const waves = [0, 1, 2];

/**
 * One sync of a namespace. While it is terminating, everything in it is deleted, owners first, pods with their grace; what is
 * already on its way out is left to go. When nothing is left, the namespace loses its finalizer, and thereby goes.
 */
export function* reconcileNamespace(view: NamespaceView, key: ObjectRef): Reconcile {
  const namespace = view.namespace(key.name);
  if (namespace?.meta.deletion === undefined || !namespace.meta.finalizers.includes(NAMESPACE_FINALIZER)) return done;

  const contents = [...view.contents(key.name)];
  if (contents.length === 0) {
    const { uid } = namespace.meta;
    const answer = yield* send({ verb: "strip", ref: refOf(namespace), uid, finalizer: NAMESPACE_FINALIZER });
    return E.isLeft(answer) && answer.left.reason !== "NotFound" ? { error: answer.left.message } : done;
  }

  const errors: string[] = [];
  const remaining = contents.filter((entity) => entity.meta.deletion === undefined).sort(byName);
  for (const wave of waves) {
    const writes = remaining.filter(({ kind }) => waveOf(kind) === wave).map(deletionOf);
    if (writes.length === 0) continue;
    for (const answer of yield* sendAll(writes)) {
      if (E.isLeft(answer) && answer.left.reason !== "NotFound") errors.push(answer.left.message);
    }
  }
  return errors.length === 0 ? done : { error: aggregateErrors(errors) };
}

const byName = (a: Entity, b: Entity): number => compareText(a.meta.name, b.meta.name) || compareText(a.kind, b.kind);

const deletionOf = (entity: Entity): Write => ({ verb: "delete", ref: refOf(entity), propagation: "Background" });
