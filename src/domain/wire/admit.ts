/** Wire objects, defaulted and validated, into what an entity holds of them. */
import type { JsonObject } from "../../kubernetes/json.ts";
import type {
  Deployment as DeploymentObject,
  DeploymentStrategy,
  KubeObject,
  Namespace as NamespaceObject,
  PodSpec,
  ReplicaSet as ReplicaSetObject,
  StoredObject,
} from "../../kubernetes/objects.ts";
import { NAMESPACE_FINALIZER } from "../../kubernetes/well-known.ts";
import type { Bodies, Content } from "../bodies.ts";
import type { PatchableMeta } from "../events.ts";
import type { DeploymentSpec, Digest, ReplicaSetSpec, Strategy } from "../state.ts";
import { admitAnnotations } from "./annotations.ts";
import { internTemplate } from "./template.ts";

/**
 * The metadata that clients may set. What holds a namespace until it is empty is none of theirs: it stands in the spec on the
 * wire, and stays if it is among the `stored` finalizers.
 */
export const admitMeta = ({ kind, metadata }: KubeObject, stored: readonly string[], bodies: Bodies): PatchableMeta => {
  const { labels = {}, annotations = {}, ownerReferences = [], finalizers = [] } = metadata;
  const servers = stored.filter((name) => kind === "Namespace" && name === NAMESPACE_FINALIZER);
  const clients = finalizers.filter((name) => kind !== "Namespace" || name !== NAMESPACE_FINALIZER);
  return {
    labels,
    annotations: admitAnnotations(annotations, bodies),
    ownerReferences,
    finalizers: [...clients, ...servers],
  };
};

const admitStrategy = ({ type, rollingUpdate, ...rest }: DeploymentStrategy): Strategy => {
  if (type === "Recreate") return { ...rest, type };
  const { maxUnavailable = "25%", maxSurge = "25%", ...others } = rollingUpdate ?? {};
  return { ...rest, type: "RollingUpdate", rollingUpdate: { ...others, maxUnavailable, maxSurge } };
};

export const admitDeploymentSpec = (object: DeploymentObject, bodies: Bodies): DeploymentSpec => {
  const { template, strategy = {}, replicas = 1, minReadySeconds = 0, paused = false, ...rest } = object.spec;
  return {
    ...rest,
    replicas,
    template: internTemplate(template, bodies).digest,
    strategy: admitStrategy(strategy),
    minReadySeconds,
    paused,
  };
};

export const admitReplicaSetSpec = (object: ReplicaSetObject, bodies: Bodies): ReplicaSetSpec => {
  const { template = { spec: { containers: [] } }, replicas = 1, minReadySeconds = 0, ...rest } = object.spec;
  return { ...rest, replicas, minReadySeconds, template: internTemplate(template, bodies) };
};

export const admitNamespaceSpec = ({ spec = {} }: NamespaceObject): JsonObject => {
  const { finalizers: _, ...rest } = spec;
  return rest;
};

/** A pod's spec without its node, which is state of its own. */
export const admitPodSpec = (spec: PodSpec, bodies: Bodies): { readonly spec: Digest; readonly nodeName?: string } => {
  // The very object, not a copy: pods of one template share it, and its digest is taken once.
  if (spec.nodeName === undefined) return { spec: bodies.intern(spec) };
  const { nodeName, ...body } = spec;
  return { spec: bodies.intern(body), nodeName };
};

/** Everything but type and metadata, as one body. */
export const admitContent = (
  object: Extract<StoredObject, { kind: "ConfigMap" | "Secret" }>,
  bodies: Bodies,
): Digest => {
  const { apiVersion: _1, kind: _2, metadata: _3, ...rest } = object;
  const content: Content = { ...rest };
  return bodies.intern(content);
};
