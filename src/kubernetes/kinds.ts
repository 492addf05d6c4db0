/** The resource types we serve: their names, short names and scope, as `kubectl api-resources` lists them. */
import type { Kind, KubeObject, StoredObject } from "./objects.ts";

/** Kinds that nobody stores or writes: events are read from the log, Endpoints from EndpointSlices. */
export type DerivedKind = "Event" | "Endpoints";

export interface ResourceType {
  readonly kind: Kind | DerivedKind;
  readonly apiVersion: string;
  /** API group, empty for the core group. */
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Listed by `get all`. */
  readonly inAll: boolean;
}

const resource = (
  kind: Kind | DerivedKind,
  apiVersion: string,
  plural: string,
  shortNames: readonly string[],
  traits: { namespaced?: boolean; inAll?: boolean } = {},
): ResourceType => ({
  kind,
  apiVersion,
  group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
  plural,
  singular: kind.toLowerCase(),
  shortNames,
  namespaced: traits.namespaced ?? true,
  inAll: traits.inAll ?? false,
});

/** In the order `get all` prints them. */
export const resourceTypes: readonly ResourceType[] = [
  resource("Pod", "v1", "pods", ["po"], { inAll: true }),
  resource("Service", "v1", "services", ["svc"], { inAll: true }),
  resource("Deployment", "apps/v1", "deployments", ["deploy"], { inAll: true }),
  resource("ReplicaSet", "apps/v1", "replicasets", ["rs"], { inAll: true }),
  resource("Endpoints", "v1", "endpoints", ["ep"]),
  resource("EndpointSlice", "discovery.k8s.io/v1", "endpointslices", []),
  resource("Node", "v1", "nodes", ["no"], { namespaced: false }),
  resource("Namespace", "v1", "namespaces", ["ns"], { namespaced: false }),
  resource("ConfigMap", "v1", "configmaps", ["cm"]),
  resource("Secret", "v1", "secrets", []),
  resource("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets", ["pdb"]),
  resource("Event", "v1", "events", ["ev"]),
];

const byKind = new Map(resourceTypes.map((type) => [type.kind as string, type]));

const byName = new Map(
  resourceTypes.flatMap((type) =>
    [
      type.plural,
      type.singular,
      ...type.shortNames,
      `${type.plural}.${type.group}`,
      `${type.singular}.${type.group}`,
    ].map((name) => [name, type] as const),
  ),
);

/** Looks a type up by any name kubectl accepts: `deploy`, `deployment`, `deployments`, `deployments.apps`. */
export const resourceTypeNamed = (name: string): ResourceType | undefined => byName.get(name.toLowerCase());

/** The resource type of a kind; a kind outside the list is a bug in the caller. */
export const resourceTypeOf = (kind: Kind | DerivedKind): ResourceType => {
  const type = byKind.get(kind);
  if (!type) throw new Error(`no resource type for kind ${kind}`);
  return type;
};

export const resourceTypeOfKind = (kind: string): ResourceType | undefined => byKind.get(kind);

/** `deployments.apps`, or `pods` for the core group: how errors and `-o name` speak of a type. */
export const qualifiedPlural = (type: ResourceType): string =>
  type.group ? `${type.plural}.${type.group}` : type.plural;

/** `deployment.apps/web`, or `pod/web`: how result lines speak of an object. */
export const qualifiedName = (type: ResourceType, name: string): string =>
  `${type.group ? `${type.singular}.${type.group}` : type.singular}/${name}`;

/** The type's kind, when the engine stores objects of it. */
export const storedKindOf = ({ kind }: ResourceType): Kind | undefined =>
  kind === "Event" || kind === "Endpoints" ? undefined : kind;

/** Whether we store objects of this kind. Nothing is said about the fields. */
export const isStoredObject = (object: KubeObject): object is StoredObject => {
  const type = byKind.get(object.kind);
  return type !== undefined && storedKindOf(type) !== undefined;
};
