/** The objects of a world in Kubernetes' own form. */
import type { BodySource } from "../domain/bodies.ts";
import type { Entity, EntityKind, ObjectRef } from "../domain/state.ts";
import { render } from "../domain/wire/render.ts";
import type { World } from "../domain/world.ts";
import type { KubeObject } from "../kubernetes/objects.ts";

const inOrder = (a: Entity, b: Entity): number => {
  if (a.meta.namespace !== b.meta.namespace) return a.meta.namespace < b.meta.namespace ? -1 : 1;
  return a.meta.name < b.meta.name ? -1 : 1;
};

export const objectIn = (world: World, bodies: BodySource, ref: ObjectRef): KubeObject | undefined => {
  const entity = world.get(ref);
  return entity && render(entity, bodies);
};

/** In order of namespace, then name; of all namespaces when none is given. */
export const objectsIn = (
  world: World,
  bodies: BodySource,
  kind: EntityKind,
  namespace?: string,
): readonly KubeObject[] => {
  const entities: Entity[] = [];
  for (const entity of world.all(kind)) {
    if (namespace === undefined || entity.meta.namespace === namespace) entities.push(entity);
  }
  return entities.sort(inOrder).map((entity) => render(entity, bodies));
};
