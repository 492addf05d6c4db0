/** Wire objects, defaulted and validated, into what an entity holds of them. */
import type {
  Deployment as DeploymentObject,
  KubeObject,
  PodSpec,
  ReplicaSet as ReplicaSetObject,
  StoredObject,
} from "../../kubernetes/objects.ts";
import type { Bodies, Content } from "../bodies.ts";
import type { PatchableMeta } from "../events.ts";
import type { DeploymentSpec, Digest, ReplicaSetSpec } from "../state.ts";
import { internTemplate } from "./template.ts";

/** The metadata that clients may set. */
export const admitMeta = ({ metadata }: KubeObject): PatchableMeta => ({
  labels: metadata.labels ?? {},
  annotations: metadata.annotations ?? {},
  ownerReferences: metadata.ownerReferences ?? [],
  finalizers: metadata.finalizers ?? [],
});

export const admitDeploymentSpec = (object: DeploymentObject, bodies: Bodies): DeploymentSpec => {
  const { template, strategy, replicas, minReadySeconds, paused, ...rest } = object.spec;
  const { maxUnavailable = "25%", maxSurge = "25%" } = strategy?.rollingUpdate ?? {};
  return {
    ...rest,
    replicas: replicas ?? 1,
    template: internTemplate(template, bodies).digest,
    strategy:
      strategy?.type === "Recreate"
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: { maxUnavailable, maxSurge } },
    minReadySeconds: minReadySeconds ?? 0,
    paused: paused ?? false,
  };
};

export const admitReplicaSetSpec = (object: ReplicaSetObject, bodies: Bodies): ReplicaSetSpec => {
  const { template, replicas, minReadySeconds, ...rest } = object.spec;
  return {
    ...rest,
    replicas: replicas ?? 1,
    minReadySeconds: minReadySeconds ?? 0,
    template: internTemplate(template ?? { spec: { containers: [] } }, bodies),
  };
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
