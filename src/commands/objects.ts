/** Reading objects by type and name; events and Endpoints, which are derived, read like any others. */
import type { EntityKind, ObjectRef } from "../domain/state.ts";
import type { Session } from "../engine/session.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import { isJsonObject } from "../kubernetes/json.ts";
import type { ResourceType } from "../kubernetes/kinds.ts";
import { qualifiedPlural, storedKindOf } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { PrintableObject } from "../kubernetes/printing/columns/index.ts";
import { columnsOf } from "../kubernetes/printing/columns/index.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { refusal } from "../kubernetes/refusal.ts";
import { listEndpoints } from "./endpoints.ts";

/** An object that a command line names; `namespace` is empty for cluster-scoped types. */
export interface Name {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
}

/** The kind as the engine stores it; undefined for derived ones, which nobody can write or watch. */
export const storedKind: (type: ResourceType) => EntityKind | undefined = storedKindOf;

export const refTo = ({ type, namespace, name }: Name): ObjectRef | undefined => {
  const kind = storedKind(type);
  return kind === undefined ? undefined : { kind, namespace, name };
};

export const notFound = ({ type, name }: Name): Refusal =>
  refusal("NotFound", `${qualifiedPlural(type)} ${JSON.stringify(name)} not found`, {
    details: { name, group: type.group, kind: type.plural },
  });

const isPrintable = (object: KubeObject): object is PrintableObject => Object.hasOwn(columnsOf, object.kind);

/** The object as printers take it; a kind that we do not serve is a bug in the caller. */
export const printable = (object: KubeObject): PrintableObject => {
  if (!isPrintable(object)) throw new Error(`kind ${object.kind} cannot be printed`);
  return object;
};

const listDerived = (session: Session, { kind }: ResourceType, namespace?: string): readonly KubeObject[] =>
  kind === "Endpoints" ? listEndpoints(session, namespace) : session.events(namespace);

export const readObject = (session: Session, at: Name): KubeObject | undefined => {
  const ref = refTo(at);
  if (ref) return session.get(ref);
  return listDerived(session, at.type, at.namespace).find(({ metadata }) => metadata.name === at.name);
};

const isKubeObject = (value: JsonObject): value is JsonObject & KubeObject =>
  typeof value.apiVersion === "string" && typeof value.kind === "string" && isJsonObject(value.metadata);

/** JSON that was made from an object, as an object again. */
export const asKubeObject = (value: JsonObject): KubeObject => {
  if (!isKubeObject(value)) throw new Error("this JSON is no Kubernetes object");
  return value;
};

/** All objects of a type, in one namespace or (undefined) in all, in order of namespace and name. */
export const listObjects = (session: Session, type: ResourceType, namespace?: string): readonly KubeObject[] => {
  const kind = storedKind(type);
  const scope = type.namespaced ? namespace : undefined;
  return kind === undefined ? listDerived(session, type, scope) : session.list(kind, scope);
};
