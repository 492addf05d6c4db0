import type { Entity, EntityKind, EntityOf } from "../../domain/state.ts";
import { compareText } from "../../kubernetes/sorted.ts";
import type { Change } from "../actor.ts";

/** A part of an actor's view: moves along the log one change at a time. */
export interface View {
  apply(change: Change): void;
}

/** The kinds of objects that a view can be built from at its start. */
export interface EntitySource {
  all<K extends EntityKind>(kind: K): Iterable<EntityOf<K>>;
}

/** The objects of one kind as far as the view has read, by namespace and name. */
export class Cache<E extends Entity> {
  readonly #byNamespace = new Map<string, Map<string, E>>();

  get(namespace: string, name: string): E | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  in(namespace: string): Iterable<E> {
    return this.#byNamespace.get(namespace)?.values() ?? [];
  }

  *all(): Iterable<E> {
    for (const objects of this.#byNamespace.values()) yield* objects.values();
  }

  put(entity: E): void {
    const { namespace, name } = entity.meta;
    let objects = this.#byNamespace.get(namespace);
    if (!objects) {
      objects = new Map();
      this.#byNamespace.set(namespace, objects);
    }
    objects.set(name, entity);
  }

  remove(namespace: string, name: string): void {
    this.#byNamespace.get(namespace)?.delete(name);
  }

  /** Takes the after-image over; `is` tells this cache's kind. */
  apply({ before, after }: Change, is: (entity: Entity | undefined) => entity is E): void {
    if (is(after)) this.put(after);
    else if (is(before)) this.remove(before.meta.namespace, before.meta.name);
  }
}

export const isKind =
  <K extends EntityKind>(kind: K) =>
  (entity: Entity | undefined): entity is EntityOf<K> =>
    entity?.kind === kind;

/**
 * For objects of one kind. A view lists in the order in which it came to know its objects, which differs between the process
 * that saw them appear and one that loaded them: where the order of listing would be that of writes, it is this one.
 */
export const inOrderOfName = (a: Entity, b: Entity): number =>
  compareText(a.meta.namespace, b.meta.namespace) || compareText(a.meta.name, b.meta.name);

/** Sets of values by key, without empty sets. */
export class Groups<K, N, V> {
  readonly #groups = new Map<K, Map<N, V>>();

  keys(): Iterable<K> {
    return this.#groups.keys();
  }

  get(key: K): ReadonlyMap<N, V> | undefined {
    return this.#groups.get(key);
  }

  values(key: K): Iterable<V> {
    return this.#groups.get(key)?.values() ?? [];
  }

  set(key: K, name: N, value: V): void {
    let group = this.#groups.get(key);
    if (!group) {
      group = new Map();
      this.#groups.set(key, group);
    }
    group.set(name, value);
  }

  delete(key: K, name: N): void {
    const group = this.#groups.get(key);
    group?.delete(name);
    if (group?.size === 0) this.#groups.delete(key);
  }
}
