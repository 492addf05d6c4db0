/** Views over every kind: the garbage collector's, by owner; the namespace controller's, by namespace. */
import type { GarbageCollectorView, NamespaceView } from "../../controllers/view.ts";
import type { Entity, EntityKind, Namespace, ObjectRef } from "../../domain/state.ts";
import { refOf, streamOf } from "../../domain/state.ts";
import type { Change } from "../actor.ts";
import { type EntitySource, Groups, type View } from "./cache.ts";

const everyKind: readonly EntityKind[] = [
  "Deployment",
  "ReplicaSet",
  "Pod",
  "Service",
  "EndpointSlice",
  "Node",
  "Namespace",
  "ConfigMap",
  "Secret",
  "PodDisruptionBudget",
];

export class ObjectCaches implements GarbageCollectorView, NamespaceView, View {
  readonly #objects = new Map<string, Entity>();
  readonly #dependents = new Groups<string, string, Entity>();
  readonly #contents = new Groups<string, string, Entity>();

  constructor(source: EntitySource) {
    for (const kind of everyKind)
      for (const entity of source.all(kind)) this.#move(streamOf(refOf(entity)), undefined, entity);
  }

  apply({ stream, before, after }: Change): void {
    if (before || after) this.#move(stream, before, after);
  }

  object(ref: ObjectRef): Entity | undefined {
    return this.#objects.get(streamOf(ref));
  }

  all(): Iterable<Entity> {
    return this.#objects.values();
  }

  dependentsOf(owner: string): Iterable<Entity> {
    return this.#dependents.values(owner);
  }

  namespace(name: string): Namespace | undefined {
    const entity = this.object({ kind: "Namespace", namespace: "", name });
    return entity?.kind === "Namespace" ? entity : undefined;
  }

  *namespaces(): Iterable<Namespace> {
    for (const entity of this.#objects.values()) if (entity.kind === "Namespace") yield entity;
  }

  contents(namespace: string): Iterable<Entity> {
    return this.#contents.values(namespace);
  }

  #move(stream: string, before: Entity | undefined, after: Entity | undefined): void {
    if (before && before.meta.ownerReferences !== after?.meta.ownerReferences) {
      for (const { uid } of before.meta.ownerReferences) this.#dependents.delete(uid, stream);
    }
    if (!after) {
      this.#objects.delete(stream);
      if (before) this.#contents.delete(before.meta.namespace, stream);
      return;
    }
    this.#objects.set(stream, after);
    for (const { uid } of after.meta.ownerReferences) this.#dependents.set(uid, stream, after);
    if (after.meta.namespace !== "") this.#contents.set(after.meta.namespace, stream, after);
  }
}
