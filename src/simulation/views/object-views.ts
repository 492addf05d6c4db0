/** Views over every kind: the garbage collector's, by owner; the namespace controller's, by namespace. */
import type { GarbageCollectorView, NamespaceView } from "../../controllers/view.ts";
import type { Entity, EntityKind, Namespace, ObjectRef } from "../../domain/state.ts";
import { refOf, streamOf } from "../../domain/state.ts";
import type { Change } from "../actor.ts";
import { Cache, type EntitySource, Groups, isKind, type View } from "./cache.ts";

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

const isNamespace = isKind("Namespace");

export class OwnershipCaches implements GarbageCollectorView, View {
  readonly #objects = new Map<string, Entity>();
  /** By the owner's UID: the streams of its dependents. */
  readonly #dependents = new Groups<string, string, string>();

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

  *dependentsOf(owner: string): Iterable<Entity> {
    for (const stream of this.#dependents.values(owner)) {
      const dependent = this.#objects.get(stream);
      if (dependent) yield dependent;
    }
  }

  #move(stream: string, before: Entity | undefined, after: Entity | undefined): void {
    if (after) this.#objects.set(stream, after);
    else this.#objects.delete(stream);
    if (before?.meta.ownerReferences === after?.meta.ownerReferences) return;
    for (const { uid } of before?.meta.ownerReferences ?? []) this.#dependents.delete(uid, stream);
    for (const { uid } of after?.meta.ownerReferences ?? []) this.#dependents.set(uid, stream, stream);
  }
}

export class NamespaceCaches implements NamespaceView, View {
  readonly #namespaces = new Cache<Namespace>();
  readonly #contents = new Groups<string, string, Entity>();

  constructor(source: EntitySource) {
    for (const kind of everyKind) for (const entity of source.all(kind)) this.#put(streamOf(refOf(entity)), entity);
  }

  apply({ stream, before, after }: Change): void {
    if (after) this.#put(stream, after);
    else if (isNamespace(before)) this.#namespaces.remove("", before.meta.name);
    else if (before) this.#contents.delete(before.meta.namespace, stream);
  }

  namespace(name: string): Namespace | undefined {
    return this.#namespaces.get("", name);
  }

  namespaces(): Iterable<Namespace> {
    return this.#namespaces.all();
  }

  contents(namespace: string): Iterable<Entity> {
    return this.#contents.values(namespace);
  }

  #put(stream: string, entity: Entity): void {
    if (isNamespace(entity)) this.#namespaces.put(entity);
    else if (entity.meta.namespace !== "") this.#contents.set(entity.meta.namespace, stream, entity);
  }
}
